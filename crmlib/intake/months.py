"""Months as people write them, to the first day of the month in days since 1970."""

from __future__ import annotations

import datetime as dt
import re

from crmlib.intake import eras
from crmlib.intake.dates import EPOCH, Reader
from crmlib.intake.values import BLANK, Value, plain

SHAPES = (
    re.compile(r"(?P<y>[0-9]{4})\s*[-/.年]\s*(?P<m>[0-9]{1,2})月?(?:度|分)?"),
    re.compile(r"(?P<y>[0-9]{4})(?P<m>0[1-9]|1[0-2])"),
)


def reader(day: Reader) -> Reader:
    """The pure function that reads one month.

    Args:
        day: Reads a whole date, of which the month is taken.

    Example:
        >>> read = reader(lambda text: Value(None, "bad_date"))
        >>> [read(text).value for text in ("2025-03", "2025/3", "202503", "R7.3")] == [20148] * 4
        True
        >>> read("March").reason
        'bad_month'
    """
    return lambda text: _month(text, day)


def _month(text: str, day: Reader) -> Value:
    normal, repairs = plain(text)
    if not normal:
        return Value(None, BLANK)
    shape = next((found for form in SHAPES if (found := form.fullmatch(normal))), None)
    said = (int(shape["y"]), int(shape["m"])) if shape else eras.month(normal)
    if said is None:
        whole = day(text)
        if whole.value is None:
            return Value(None, "bad_month")
        said = dt.date.fromordinal(whole.value + EPOCH).timetuple()[:2]
    if not 1 <= said[1] <= 12:
        return Value(None, "bad_month")
    return Value(dt.date(*said, 1).toordinal() - EPOCH, "", repairs)
