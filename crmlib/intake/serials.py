"""A spreadsheet's serial numbers of days, in the system that client.yaml declares."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from crmlib.intake.values import Value

NUMBER = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")  # 1927 to 2173
ANY = re.compile(r"[0-9]{1,6}(?:\.[0-9]+)?")
# Day 0 of each system. Excel for Windows counts a 29 February 1900 that never was (serial 60): its day 0 holds from 61 on.
SYSTEMS: Mapping[str, dt.date] = {"excel1900": dt.date(1899, 12, 30), "excel1904": dt.date(1904, 1, 1)}


def read(text: str, system: str) -> Value | None:
    """The day of a serial number, as days since 1970; None where the text is no number.

    Source: Microsoft, "Differences between the 1900 and the 1904 date system in Excel".

    Example:
        >>> read("45721", "excel1900").value == read("44259.75", "excel1904").value == 20152
        True
        >>> read("60", "excel1900").reason
        'impossible_date'
    """
    if ANY.fullmatch(text) is None:
        return None
    number = int(text.partition(".")[0])
    if system == "excel1900" and number in (0, 60):
        return Value(None, "impossible_date")
    number += system == "excel1900" and number < 60
    day = SYSTEMS[system] + dt.timedelta(days=number)
    return Value((day - dt.date(1970, 1, 1)).days, "", ("date_serial",))
