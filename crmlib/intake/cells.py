"""A sheet's numbers as the text that its reader saw: dates by their format, leading zeros by theirs, 15 digits."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import Decimal

DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built-in formats, Japanese ones included
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
DATE_LETTERS = re.compile(r"[ymdhsge]", re.IGNORECASE)
ZEROS = re.compile(r"0[0-]*0")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
FALSE_DAY = 60  # 29 February 1900, which never was
LAST_DAY = 2_958_465  # 31 December 9999
EXACT = 1e15  # beyond this Excel no longer keeps every digit


def unescaped(text: str) -> str:
    r"""A text of a sheet, its escaped control characters as they were.

    Example:
        >>> unescaped("a_x000D_b_x005F_")
        'a\rb_'
    """
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Formats:
    """How the cells of a workbook's styles are read: "date", a pattern of zeros, or "" for a plain number."""

    def __init__(self, styles: Sequence[tuple[int, str]], epoch_1904: bool) -> None:
        self.kinds = [_kind(number, code) for number, code in styles]
        self.epoch_1904 = epoch_1904

    def text(self, number: str, style: str) -> str:
        """A number's text under a style.

        Args:
            number: As the file holds it.
            style: Index of the cell's style, "" for none.
        """
        kind = self.kinds[int(style)] if style.isascii() and style.isdigit() and int(style) < len(self.kinds) else ""
        if not kind:
            return plain(number)
        return day(number, self.epoch_1904) if kind == "date" else _padded(plain(number), kind)


def _kind(number: int, code: str) -> str:
    if not code:
        return "date" if number in DATES else ""
    if code.lower() == "general":
        return ""
    first = LITERAL.sub("", code.partition(";")[0])
    if DATE_LETTERS.search(re.sub(r"e[+-]|general", "", first, flags=re.IGNORECASE)):
        return "date"
    return first if ZEROS.fullmatch(first) else ""


def plain(number: str) -> str:
    """A number's text: whole numbers without a point, others with the 15 digits that Excel shows.

    Example:
        >>> plain("1001.0"), plain("0.30000000000000004"), plain("1.23E+3"), plain("1.2E+20")
        ('1001', '0.3', '1230', '1.2E+20')
    """
    if number.lstrip("-").isdigit():
        return number
    try:
        value = float(number)
    except ValueError:
        return number
    if not math.isfinite(value) or abs(value) >= EXACT:
        return number
    return str(int(value)) if value == int(value) else f"{Decimal(f'{value:.15g}'):f}"


def _padded(number: str, pattern: str) -> str:
    """A whole number filled up with the zeros of its format.

    Example:
        >>> _padded("123", "00000"), _padded("1540002", "000-0000")
        ('00123', '154-0002')
    """
    if not number.isdigit():
        return number
    digits = number.zfill(pattern.count("0"))
    text, places = "", pattern[::-1]
    for mark in places[: places.rindex("0") + 1]:
        if mark == "0":
            digits, text = digits[:-1], digits[-1] + text
        else:
            text = mark + text
    return digits + text


def day(number: str, epoch_1904: bool) -> str:
    """A serial number as a day, with its time where it has one; what is no day stays a number.

    Example:
        >>> day("45296", False), day("45296.5", False), day("43834", True), day("60", False)
        ('2024-01-05', '2024-01-05 12:00:00', '2024-01-05', '1900-02-29')
    """
    try:
        value = float(number)
    except ValueError:
        return number
    if not 0 <= value < LAST_DAY:
        return plain(number)
    whole, seconds = divmod(round(value * 86_400), 86_400)
    clock = str(dt.timedelta(seconds=seconds)).zfill(8)
    if whole == 0 and not epoch_1904:
        return clock
    if whole == FALSE_DAY and not epoch_1904:
        date = "1900-02-29"
    else:
        start = dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30 + (whole < FALSE_DAY))
        date = (start + dt.timedelta(days=whole)).isoformat()
    return f"{date} {clock}" if seconds else date
