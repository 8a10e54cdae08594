"""Every number that a slide shows is a displayed form of a number in the ledger, and both languages show the same ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmlib import display
from crmlib.deck import svg
from crmlib.deck.collect import Collected
from crmlib.deck.slide import APPENDIX
from crmlib.errors import DataError, Problem
from crmlib.numbers.model import PARTS, Ledger
from crmlib.schema import LANGUAGES

MINUS = display.MINUS
TOKEN = re.compile(
    rf"(?<![A-Za-z0-9_.,])[+{MINUS}]?(?:CN¥|[¥$€£₩])?\d+(?:,\d{{3}})*(?:\.\d+)?(?: ?(?:%|万|億|bn|[mk])(?![A-Za-z]))?"
)
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?|(?:19|20)\d\d[-/]\d\d(?:[-/]\d\d)?"
    rf"|(?:\d{{1,2}} )?(?:{MONTHS})[a-z]* (?:19|20)\d\d|(?:19|20)\d\d)(?![\d,.]\d)"
)
IDENTIFIER = re.compile(
    r"(?<![\w.])(?:\d+\.\d+\.\d+[\w.]*|[0-9a-f]{12,64}(?!\w))"
)  # versions and hashes are no measurements
SHARE, WHOLE, DECIMAL = ("pct", "pct0", "spct", "spct_sign"), ("int", "sint"), ("dec1", "dec2", "dec3")
UNIT_FORMATS: Mapping[str, Sequence[str]] = {
    "share": SHARE,
    "points": SHARE,
    "count": WHOLE,
    "money": ("money", "int", "dec2"),
    "days": (*WHOLE, "dec1"),
    "weeks": (*WHOLE, "dec1"),
    "months": (*WHOLE, "dec1"),
    "ratio": (*DECIMAL, *SHARE),
    "parameter": DECIMAL,
    "log_likelihood": ("int", *DECIMAL),
}
SHOWN = 80  # characters of the offending text in a message
Part = tuple[str, str]


def tokens(text: str) -> list[str]:
    """The numbers of a text without dates, currency signs, per cent signs and plus signs.

    Example:
        >>> tokens("F2 rose by +3.1% to ¥34.5m by 1997-09-30 (n = 1,234)")
        ['3.1', '34.5m', '1,234']
    """
    return [re.sub(r"[+ %¥$€£₩]|CN", "", token) for token in TOKEN.findall(DATE.sub("\0", IDENTIFIER.sub("\0", text)))]


def forms(ledger: Ledger, language: str) -> dict[str, set[Part]]:
    """Displayed form -> the ledger's parts that are shown so."""
    shown: dict[str, set[Part]] = {}
    for key, number in ledger.numbers.items():
        for part in (*PARTS, "level"):
            value = getattr(number, part)
            formats = {"n": ("int",), "level": SHARE}.get(part) or UNIT_FORMATS.get(number.unit, ())
            if isinstance(value, str):
                formats = ("label",)
            if value is None:
                continue
            for form in formats:
                for token in tokens(display.shown(value, form, language, ledger.currency)):
                    shown.setdefault(token, set()).add((key, part))
    return shown


def check(parts: Collected) -> None:
    """Lint of the whole deck.

    Raises:
        DataError: Every unbound number and every difference between the languages at once, with slide and token.
    """
    known = {language: forms(parts.ledger, language) for language in LANGUAGES}
    problems = list(dict.fromkeys(problem for slide in parts.slides for problem in _problems(slide, known)))
    if problems:
        raise DataError(problems)


def _problems(slide: Mapping[str, Any], known: Mapping[str, Mapping[str, set[Part]]]) -> Iterator[Problem]:
    for language in LANGUAGES:
        if slide["section"] != APPENDIX and not re.search(r"\d", slide["texts"][language]["title"]):
            yield Problem("the title holds no number", f"slide {slide['id']} ({language})")
        for place, text, allowed in _places(slide, language):
            for token in tokens(text):
                if token not in known[language] and token not in allowed:
                    what = f"'{token}' in the {place} is not a number of the ledger: {text[:SHOWN]}"
                    yield Problem(what, f"slide {slide['id']} ({language})")
    yield from _differences(slide, known)


def _places(slide: Mapping[str, Any], language: str) -> Iterator[tuple[str, str, set[str]]]:
    """Where, text, and the digits that are the committed templates' own."""
    texts = slide["texts"][language]
    own = _numbers(texts["literals"])
    for name in ("title", "yen", "source", "definition", "notes"):
        yield name, texts[name], own
    yield from (("heading", head, own) for head in texts["heads"])
    yield from (("points", point, own) for point in texts["points"])
    for exhibit in slide["exhibits"][language]:
        allowed = _numbers(exhibit["literals"])
        yield from ((place, text, allowed) for place, text in exhibit_texts(exhibit))


def exhibit_texts(exhibit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a chart (but for tick labels) or of a table."""
    if exhibit["kind"] == "figure":
        yield from (("chart", label) for label in svg.labels(svg.checked(exhibit["svg"], "figure")))
        return
    yield from (("table", cell) for row in (exhibit["columns"], *exhibit["rows"]) for cell in row)


def _numbers(literals: Sequence[str]) -> set[str]:
    return {token for literal in literals for token in tokens(literal.rstrip(",."))}


def _differences(slide: Mapping[str, Any], known: Mapping[str, Mapping[str, set[Part]]]) -> Iterator[Problem]:
    """A number shown in one language only; amounts are compared by the ledger's part, not by their words."""
    own = {token for language in LANGUAGES for _, _, allowed in _places(slide, language) for token in allowed}
    shown = {language: _bound(slide, language, known[language], own) for language in LANGUAGES}
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        everywhere = set().union(*shown[other].values())
        for token, parts in shown[language].items():
            if not parts & everywhere:
                where = f"slide {slide['id']}"
                yield Problem(f"'{token}' ({min(parts)[0]}) is shown in {language} but not in {other}", where)


def _bound(
    slide: Mapping[str, Any], language: str, known: Mapping[str, set[Part]], own: set[str]
) -> dict[str, set[Part]]:
    """Tokens bound to the ledger; those that are a template's own in either language ("2回目", "second") are not compared."""
    return {
        token: known[token]
        for _, text, _ in _places(slide, language)
        for token in tokens(text)
        if token in known and token not in own
    }
