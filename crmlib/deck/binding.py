"""Which number of the ledger a printed number is: the binding that lint checks and that the HTML's tooltips show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from crmlib import display
from crmlib.numbers.model import PARTS, Ledger

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
MOVED = "ltv.bs.what_if."  # numbers that only a slider shows: no page prints them
Part = tuple[str, str]


def tokens(*texts: str) -> list[str]:
    """The numbers of texts without dates, currency signs, per cent signs and plus signs.

    Example:
        >>> tokens("F2 rose by +3.1% to ¥34.5m by 1997-09-30 (n = 1,234)")
        ['3.1', '34.5m', '1,234']
    """
    return [token for text in texts for _, _, token in spans(text)]


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each number of a text stands, and its token.

    Example:
        >>> list(spans("F2 rose by +3.1%"))
        [(11, 16, '3.1')]
    """
    masked = DATE.sub(_blank, IDENTIFIER.sub(_blank, text))
    for match in TOKEN.finditer(masked):
        yield match.start(), match.end(), re.sub(r"[+ %¥$€£₩]|CN", "", match[0])


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def forms(ledger: Ledger, language: str) -> dict[str, set[Part]]:
    """Displayed form -> the ledger's parts that are shown so."""
    shown: dict[str, set[Part]] = {}
    for key, number in ledger.numbers.items():
        if key.startswith(MOVED):
            continue
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
