"""What a number's tip says, and that no number is given another's."""

from __future__ import annotations

from typing import Any

from crmlib.deck import tips
from crmlib.deck.collect import Collected
from crmlib.findings.model import Findings
from crmlib.numbers.model import Ledger, Number


def slide(**parts: Any) -> dict[str, Any]:
    """A slide whose texts are `title` and whose table is `rows`, with `numbers` named by its templates."""
    texts = {"title": parts.get("title", ""), "yen": "", "points": [], "literals": parts.get("literals", [])}
    table = {"kind": "table", "rows": parts.get("rows", []), "literals": []}
    return {"id": "base.one", "texts": {"en": texts}, "exhibits": {"en": [table]}, "numbers": parts.get("numbers", {})}


def told(numbers: dict[str, Number], **parts: Any) -> dict[str, Any]:
    named = {key: numbers[key] for key in parts.pop("named", ())}
    ledger = Ledger((), "JPY", numbers)
    return tips.told(Collected((slide(numbers=named, **parts),), ledger, Findings(())), "en")


def keys(made: dict[str, Any], *text: list[str]) -> dict[str, str]:
    return {token: made["said"][place][-1] for token, place in tips.of(made, "base.one", *text).items()}


F2 = Number(0.2726, "share", 0.2559, 0.2902, 0.95, 2702, "retention.f2_km")


def test_a_number_says_definition_interval_n_and_key(sample_texts: None) -> None:
    made = told({"base.f2": F2}, title="27.3% buy again", named=["base.f2"])
    assert made["said"] == [["", "27.3%, 95% CI 25.6% to 29.0%, n = 2,702", "base.f2"]]
    assert keys(made, ["27.3% buy", "again"]) == {"27.3": "base.f2"}


def test_bounds_are_the_same_number(sample_texts: None) -> None:
    made = told({"base.f2": F2}, title="25.6% to 29.0%", named=["base.f2"])
    assert keys(made, ["25.6% to 29.0%"]) == {"25.6": "base.f2", "29.0": "base.f2"}


def test_a_text_s_number_that_two_would_explain_says_nothing(sample_texts: None) -> None:
    numbers = {"base.a": Number(40, "count"), "base.b": Number(40, "count", n=7)}
    assert keys(told(numbers, title="40 customers", named=["base.a", "base.b"]), ["40 customers"]) == {}
    assert keys(told(numbers, title="40 customers", named=["base.a"]), ["40 customers"]) == {"40": "base.a"}


def test_a_template_s_own_digits_say_nothing(sample_texts: None) -> None:
    made = told({"base.days": Number(90, "days")}, title="90 days", literals=["90"], named=["base.days"])
    assert keys(made, ["90 days"]) == {}


def test_a_row_s_numbers_are_of_one_family(sample_texts: None) -> None:
    numbers = {
        "base.entry.1.n": Number(120, "count"), "base.entry.1.amount": Number(5400, "money"),
        "base.entry.2.n": Number(130, "count"), "base.other.left": Number(120, "count"),
    }  # fmt: skip
    made = told(numbers, rows=[["First", "120", "¥5,400"], ["Second", "130", ""]])
    assert keys(made, ["First"], ["120"], ["¥5,400"]) == {"120": "base.entry.1.n", "5,400": "base.entry.1.amount"}
    assert keys(made, ["Second"], ["130"], []) == {"130": "base.entry.2.n"}


def test_a_short_number_of_a_row_needs_company(sample_texts: None) -> None:
    numbers = {"base.a.n": Number(12, "count"), "base.a.share": Number(0.305, "share"), "base.b.n": Number(7, "count")}
    made = told(numbers, rows=[["A", "12", "30.5%"], ["B", "7", ""]])
    assert keys(made, ["A"], ["12"], ["30.5%"]) == {"12": "base.a.n", "30.5": "base.a.share"}
    assert keys(made, ["B"], ["7"], []) == {}


def test_another_diagnostic_s_number_is_not_sought(sample_texts: None) -> None:
    assert keys(told({"ltv.x": Number(1234, "count")}, rows=[["A", "1,234"]]), ["A"], ["1,234"]) == {}


def test_a_number_is_marked_where_it_stands() -> None:
    known = {"27.3": 0, "1,234": 1}
    assert tips.marks(["F2 is 27.3%, of", "1,234 customers"], known, "en") == [
        [("F2 is ", None), ("27.3%", 0), (", of", None)],
        [("", None), ("1,234", 1), (" customers", None)],
    ]


def test_a_date_over_two_lines_is_no_number() -> None:
    assert tips.marks(["2025年", "3月31日の31人"], {"31": 4, "3": 5}, "ja") == [
        [("2025年", None)], [("3月31日の", None), ("31", 4), ("人", None)],
    ]  # fmt: skip
