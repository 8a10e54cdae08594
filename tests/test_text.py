import re
from pathlib import Path

import pytest

from crmlib.errors import CrmError
from crmlib.home import ROOT
from crmlib.numbers.model import Ledger, Measure
from crmlib.text import PLACEHOLDER, Words, catalogue

JA, EN = catalogue("ja"), catalogue("en")
SOURCES = [path.read_text("utf-8") for path in [*ROOT.glob("crmlib/**/*.py"), *ROOT.glob("notebooks/**/*.ipynb")]]


def placeholders(text):
    texts = text if isinstance(text, tuple) else (text,)
    return sorted(match.groups(default="") for one in texts for match in PLACEHOLDER.finditer(one))


def test_both_languages_have_the_same_keys():
    assert sorted(JA) == sorted(EN)


@pytest.mark.parametrize("key", sorted(set(JA) & set(EN)))
def test_both_languages_have_the_same_placeholders_and_formats(key):
    assert type(JA[key]) is type(EN[key])
    assert placeholders(JA[key]) == placeholders(EN[key])


def chains(code):
    """All dotted names of two or more parts that begin after a quote, a brace or a dot, and end before one."""
    found = set()
    for before, name, after in re.findall(r"([\"'{.]?)([\w\-]+(?:\.[\w\-]+)+)([.\"'}]?)", code):
        parts = name.split(".")
        for start in range(0 if before else 1, len(parts) - 1):
            found |= {".".join(parts[start:end]) for end in range(start + 2, len(parts) + (1 if after else 0))}
    return found


def test_no_key_is_unused():
    """A key is used when the code, a notebook or another text names it, whole or by its varying part."""
    used = chains("\n".join(SOURCES))
    roots = ("slide.", "definition.", "finding.", "why.", "owner.", "note.")  # addressed by ids: tested below

    def named(key):
        parts = key.split(".")
        return any(".".join(parts[:end]) in used for end in range(len(parts), 1, -1))

    assert [key for key in EN if not key.startswith(roots) and not named(key)] == []


@pytest.mark.parametrize("kind", ["slide", "finding", "owner", "why", "note"])
def test_no_id_is_unused(kind):
    code = "\n".join(SOURCES)
    ids = {
        key.split(".")[1] if kind == "owner" else ".".join(key.split(".")[1:3])
        for key in EN
        if key.startswith(kind + ".")
    }
    assert sorted(i for i in ids if f"{i}" not in code and i.rpartition(".")[2] not in code) == []


@pytest.fixture
def folder(tmp_path):
    for language in ("ja", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.toml").write_text('[a]\nb = "x"\n', "utf-8")
    return tmp_path


def test_a_key_in_two_files_is_an_error(folder):
    Path(folder / "en" / "b.toml").write_text('"a.b" = "y"\n', "utf-8")
    with pytest.raises(CrmError, match=r"b\.toml \(en\): text key 'a\.b' is defined twice"):
        catalogue("en", folder)


def test_texts_are_filled_from_the_ledger_and_locals():
    words = Words("en")
    words.texts = {"t": "{d.rate.90d:pct} [{d.rate.90d.lower:pct0}] in {month}", "list": ("a", "b {month}")}
    ledger = Ledger([Measure("d.rate.{days}d", "share", "d.rate")])
    ledger.add("d.rate.90d", 0.4123, lower=0.4)
    assert words.fill("t", ledger, month="May") == "41.2% [40%] in May"
    assert words.fill_all("list", month="May") == ("a", "b May")
    with pytest.raises(CrmError, match="placeholder 'month' was given no value"):
        words.fill("t", ledger)
    with pytest.raises(CrmError, match="'list' is a list"):
        words.fill("list")
    with pytest.raises(CrmError, match="text key 'none' is missing in en"):
        words.fill("none")


def test_an_unknown_language_is_an_error():
    with pytest.raises(CrmError, match="language 'fr' is not one of ja, en"):
        Words("fr")


@pytest.mark.parametrize(("value", "shown"), [(-1450464.8849996, "−1,450,464.89"), (2.5, "2.50")])
def test_a_number_is_rounded_as_the_ledger_keeps_it(value, shown):
    """Ten digits first, two decimals then: what a table prints is what the lint finds in the ledger."""
    ledger = Ledger([Measure("a.b", "log_likelihood", "ltv.log_likelihood")])
    ledger.add("a.b", value)
    words = Words("en")
    assert words.number(value, "dec2") == words.filled("{a.b:dec2}", ledger) == shown
