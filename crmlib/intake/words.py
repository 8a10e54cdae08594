"""Coded words, flags, rates and months of birth: one text to one value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from crmlib.intake.dates import EPOCH, Reader
from crmlib.intake.values import BLANK, Value, plain

STEPS = 1_000_000  # a rate is kept in millionths until it becomes a float
RATE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<sign>%)?")
FLAGS: Mapping[str, str] = {
    "1": "yes", "true": "yes", "t": "yes", "y": "yes", "yes": "yes", "on": "yes", "有": "yes", "○": "yes", "〇": "yes",
    "0": "no", "false": "no", "f": "no", "n": "no", "no": "no", "off": "no", "無": "no", "×": "no",
}  # fmt: skip


def meaning(ours: Sequence[str], said: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Word (after NFKC, trimming and without capitals) -> our word; our own words mean themselves.

    Example:
        >>> meaning(("treated", "control"), {"control": ["Holdout"]})["holdout"]
        'control'
    """
    own = {word: word for word in ours}
    return own | {plain(word)[0].casefold(): name for name, told in said.items() for word in told}


def flag(text: str, known: Mapping[str, str]) -> Value:
    """Yes (1) or no (0)."""
    word = plain(text)[0].casefold()
    if not word:
        return Value(None, BLANK)
    return Value(int(known[word] == "yes")) if word in known else Value(None, "bad_flag")


def rate(text: str, *, per_cent: bool) -> Value:
    """A share in millionths: 0.45, 45 %; with `per_cent` also 45. 45 without a sign is bad where a share is meant.

    Example:
        >>> rate("45%", per_cent=False).value, rate("8", per_cent=True).value, rate("45", per_cent=False).reason
        (450000, 80000, 'bad_share')
    """
    normal, repairs = plain(text)
    if not normal:
        return Value(None, BLANK)
    shape = RATE.fullmatch(normal)
    if shape is None:
        return Value(None, "bad_share")
    number = float(shape["number"])
    hundredth = bool(shape["sign"]) or (per_cent and number >= 1)
    share = number / 100 if hundredth else number
    return Value(round(share * STEPS), "", repairs) if share <= 1 else Value(None, "bad_share")


def birth_month(text: str, day: Reader) -> Value:
    """A month of the year, 1 to 12, given as such or within a date of birth; what is no date counts as not given.

    Example:
        >>> birth_month("7", lambda text: Value(None, "bad_date")).value
        7
    """
    normal, repairs = plain(text)
    if not normal:
        return Value(None, BLANK)
    if re.fullmatch(r"0?[1-9]|1[0-2]", normal):
        return Value(int(normal), "", repairs)
    found = day(text)
    if found.value is None:
        return Value(None, BLANK, ("birth_unreadable",))
    return Value(dt.date.fromordinal(found.value + EPOCH).month, "", found.repairs)
