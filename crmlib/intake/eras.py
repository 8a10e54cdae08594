"""Dates and months in Japanese eras: written out, by their first letter, or compact (R070305)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

# Era -> the year before its first, and its first day. Source: the cabinet's proclamations of 1868, 1912, 1926, 1989, 2019.
ERAS: Mapping[str, tuple[int, dt.date]] = {
    "R": (2018, dt.date(2019, 5, 1)), "H": (1988, dt.date(1989, 1, 8)), "S": (1925, dt.date(1926, 12, 25)),
    "T": (1911, dt.date(1912, 7, 30)), "M": (1867, dt.date(1868, 10, 23)),
}  # fmt: skip
SIGNS: Mapping[str, str] = {"令": "R", "平": "H", "昭": "S", "大": "T", "明": "M"}
NAME = r"(?P<era>[RHSTMrhstm]|令(?:和)?|平(?:成)?|昭(?:和)?|大(?:正)?|明(?:治)?)\.?\s*"
CLOCK = r"(?:[T ]\s*[0-9]{1,2}[:時][0-9]{2}.*)?"
DATE = re.compile(
    NAME + r"(?P<y>[0-9]{1,2}|元)\s*[年./-]\s*(?P<m>[0-9]{1,2})\s*[月./-]\s*(?P<d>[0-9]{1,2})日?(?:\(.+\))?" + CLOCK
)
COMPACT = re.compile(r"(?P<era>[RHS])(?P<y>[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")
MONTH = re.compile(NAME + r"(?P<y>[0-9]{1,2}|元)\s*[年./-]\s*(?P<m>[0-9]{1,2})月?")


def date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date in an era; None where it is none. A day before the era's first becomes day 0.

    An era that has ended is taken for what it legally means: the 5th of May of Heisei 31 is one of 2019.

    Example:
        >>> date("R7.3.5"), date("H31/4/30"), date("S64-01-07"), date("R1.4.30"), date("7.3.5")
        ((2025, 3, 5), (2019, 4, 30), (1989, 1, 7), (2019, 4, 0), None)
    """
    shape = DATE.fullmatch(text) or COMPACT.fullmatch(text)
    if shape is None:
        return None
    before, first = _era(shape["era"])
    year, month, day = before + _number(shape["y"]), int(shape["m"]), int(shape["d"])
    return (year, month, day if (year, month, day) >= (first.year, first.month, first.day) else 0)


def month(text: str) -> tuple[int, int] | None:
    """Year and month of a month in an era; None where it is none.

    Example:
        >>> month("R7.3")
        (2025, 3)
    """
    shape = MONTH.fullmatch(text)
    return (_era(shape["era"])[0] + _number(shape["y"]), int(shape["m"])) if shape else None


def _era(name: str) -> tuple[int, dt.date]:
    return ERAS[SIGNS.get(name[0], name[0].upper())]


def _number(year: str) -> int:
    return int(year) if year.isdigit() else 1
