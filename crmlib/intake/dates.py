"""Dates as people write them, to days since 1970; a column that could mean two things refuses the file."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.errors import DataError, Problem
from crmlib.intake.values import BLANK, Value, plain

EPOCH = dt.date(1970, 1, 1).toordinal()
CLOCK = r"(?:[T ]\s*(?:[01]?[0-9]|2[0-3])[:時][0-5][0-9](?:[:分](?:[0-5][0-9]|60)秒?(?:[.,][0-9]+)?)?分?)?"
ZONE = r"(?P<zone>\s*(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?"
YEAR_FIRST = re.compile(
    r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})" + f"(?P<clock>{CLOCK})" + ZONE
)
KANJI = re.compile(r"(?P<y>[0-9]{4})年\s*(?P<m>[0-9]{1,2})月\s*(?P<d>[0-9]{1,2})日" + f"(?P<clock>{CLOCK})(?P<zone>)")
COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?P<clock>(?:[0-9]{6})?)(?P<zone>)")
YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<y>[0-9]{4})" + f"(?P<clock>{CLOCK})(?P<zone>)")
NAIVE_CLOCK = f"{CLOCK[:-1]}$"  # "?" dropped: here the time of day must be there
Reader = Callable[[str], Value]


def reader(texts: Iterable[str], where: str, declared: str | None, timezone: str) -> Reader:
    """The pure function that reads one date of this column.

    Args:
        texts: The column's distinct texts: what decides between day first and month first.
        where: File and column, for messages.
        declared: The format that client.yaml declares (`dates:`), as strptime understands it; None: by shape.
        timezone: The client's time zone; a time with an offset is put on that zone's calendar.

    Raises:
        DataError: 03/04/2025 with nothing to decide, or a column that mixes both.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    if declared is not None:
        clock = "" if any(part in declared for part in ("%H", "%I", "%X", "%c", "%T")) else NAIVE_CLOCK
        return lambda text: _by_format(text, declared, clock, zone)
    day_first = _day_first(texts, where)
    return lambda text: _by_shape(text, day_first, zone)


def without_clock(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The column with the time of day of naive times cut off, so that few distinct texts remain to be read."""
    cut = pc.replace_substring_regex(
        column.dictionary, rf"^([0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}){NAIVE_CLOCK}", r"\1"
    )
    again = cut.dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(column.indices), again.dictionary)


def _by_format(text: str, declared: str, clock: str, zone: zoneinfo.ZoneInfo) -> Value:
    normal, repairs = plain(text)
    normal = re.sub(clock, "", normal) if clock else normal
    if not normal:
        return Value(None, BLANK)
    try:
        moment = dt.datetime.strptime(normal, declared)  # noqa: DTZ007 - a naive time is the client's local time
    except ValueError as error:
        return Value(None, "bad_date" if "match" in str(error) or "unconverted" in str(error) else "impossible_date")
    return Value(_local(moment, zone), "", repairs)


def _local(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> int:
    there = moment.astimezone(zone) if moment.tzinfo else moment
    return there.toordinal() - EPOCH


def _by_shape(text: str, day_first: bool, zone: zoneinfo.ZoneInfo) -> Value:
    normal, repairs = plain(text)
    if not normal:
        return Value(None, BLANK)
    shape = next((m for form in (YEAR_FIRST, KANJI, COMPACT, YEAR_LAST) if (m := form.fullmatch(normal))), None)
    if shape is None:
        return Value(None, "bad_date")
    part = shape.groupdict()
    month, day = (
        (part["m"], part["d"]) if "m" in part else (part["b"], part["a"]) if day_first else (part["a"], part["b"])
    )
    try:
        date = dt.date(int(part["y"]), int(month), int(day))
        days = _moved(date, part["clock"], part["zone"].strip(), zone) if part["zone"] else date.toordinal() - EPOCH
    except (ValueError, OverflowError):
        return Value(None, "impossible_date")
    return Value(days, "", repairs)


def _moved(date: dt.date, clock: str, offset: str, zone: zoneinfo.ZoneInfo) -> int:
    """The day in the client's time zone of a moment with an offset: 2025-03-05T23:30Z is the 6th in Tokyo."""
    hour, minute, second = ([*map(int, re.findall(r"[0-9]+", clock)), 0, 0, 0])[:3]
    offset = "+00:00" if offset in ("Z", "UTC") else offset
    away = dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])) * (-1 if offset[0] == "-" else 1)
    moment = dt.datetime(date.year, date.month, date.day, hour, minute, min(second, 59), tzinfo=dt.timezone(away))
    return _local(moment, zone)


def _day_first(texts: Iterable[str], where: str) -> bool:
    shapes = [shape for text in texts if (shape := YEAR_LAST.fullmatch(plain(text)[0]))]
    day = next((s[0] for s in shapes if int(s["a"]) > 12 >= int(s["b"])), None)
    month = next((s[0] for s in shapes if int(s["b"]) > 12 >= int(s["a"])), None)
    differ = next((s[0] for s in shapes if s["a"] != s["b"]), None)
    if differ is None or bool(day) != bool(month):
        return bool(day)
    form = "'%d/%m/%Y' (day first) or dates: '%m/%d/%Y' (month first)"
    if day and month:
        what = f"mixes day first ('{day}') and month first ('{month}')"
        raise DataError(
            Problem(what, where, "one order in the whole column", "Ask the client; export the dates as YYYY-MM-DD.")
        )
    what = f"'{differ}' can be day/month or month/day, and no date in the column decides it"
    raise DataError(Problem(what, where, hint=f"Say dates: {form} in client.yaml."))
