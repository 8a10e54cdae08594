"""Dates as people write them, to days since 1970; a column that could mean two things refuses the file."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.errors import DataError, Problem
from crmlib.intake import eras, serials
from crmlib.intake.values import BLANK, Value, plain

EPOCH = dt.date(1970, 1, 1).toordinal()
HALF = r"(?:\s*午(?:前|後))?"
CLOCK = rf"(?:[T ]?{HALF}\s*(?:[01]?[0-9]|2[0-3])[:時][0-5][0-9](?:[:分](?:[0-5][0-9]|60)秒?(?:[.,][0-9]+)?)?分?(?:\s*[AaPp][Mm])?)?"
ZONE = r"(?P<zone>\s*(?:Z|UTC|GMT|JST|[+-][0-9]{2}(?::?[0-9]{2})?))?"
WEEKDAY = r"(?:\s*\((?:月|火|水|木|金|土|日|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\))?"
TAIL = f"{WEEKDAY}(?P<clock>{CLOCK}){ZONE}"
YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})" + TAIL)
KANJI = re.compile(r"(?P<y>[0-9]{4})年\s*(?P<m>[0-9]{1,2})月\s*(?P<d>[0-9]{1,2})日" + TAIL)
COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?P<clock>(?:[0-9]{6})?)(?P<zone>)")
YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<y>[0-9]{4})" + TAIL)
SHORT_YEAR = re.compile(rf"[0-9]{{1,2}}([-/.])[0-9]{{1,2}}\1[0-9]{{1,2}}{CLOCK}")
NAIVE_CLOCK = f"{CLOCK[:-1]}$"  # "?" dropped: here the time of day must be there
SIMPLE_CLOCK = r"[T ]\s*(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?$"  # as databases write it
OFFSETS = {"Z": "+00:00", "UTC": "+00:00", "GMT": "+00:00", "JST": "+09:00"}
Reader = Callable[[str], Value]


class Told(NamedTuple):
    """What is declared about a column of dates; see `reader`."""

    where: str
    declared: str | None
    timezone: str
    written_in: str | None = None

    @property
    def shifts(self) -> bool:
        """Whether the time of day decides on the day."""
        return self.written_in is not None and self.written_in != self.timezone


def reader(
    texts: Iterable[str], where: str, declared: str | None, timezone: str, written_in: str | None = None
) -> Reader:
    """The pure function that reads one date of this column.

    Args:
        texts: The column's distinct texts: what decides between day first and month first.
        where: File and column, for messages.
        declared: The format that client.yaml declares (`dates:`): excel1900, excel1904, or as strptime has it; None: by
            shape, and what could be something else refuses the file; shape: the same without the refusal.
        timezone: The client's time zone; a time with an offset is put on that zone's calendar.
        written_in: The time zone of the file's own times without an offset; None: the client's.

    Raises:
        DataError: 03/04/2025 with nothing to decide, a column that mixes both, serial numbers or two-digit years that
            nobody declared.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    home = zoneinfo.ZoneInfo(written_in) if written_in else zone
    if declared in serials.SYSTEMS:
        by_shape = reader(texts, where, "shape", timezone, written_in)
        return lambda text: serials.read(plain(text)[0], str(declared)) or by_shape(text)
    if declared is not None and declared != "shape":
        clock = "" if any(part in declared for part in ("%H", "%I", "%X", "%c", "%T")) else NAIVE_CLOCK
        return lambda text: _by_format(text, declared, clock, (home, zone))
    normal = [plain(text)[0] for text in texts]
    if declared is None:
        _refuse_undeclared(normal, where)
    day_first = _day_first(normal, where)
    return lambda text: _by_shape(text, day_first, (home, zone))


def without_clock(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The column with the time of day of naive times cut off, so that few distinct texts remain to be read."""
    cut = pc.replace_substring_regex(
        column.dictionary, rf"^([0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}){SIMPLE_CLOCK}", r"\1"
    )
    again = cut.dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(column.indices), again.dictionary)


Zones = tuple[zoneinfo.ZoneInfo, zoneinfo.ZoneInfo]  # in which a naive time is written, the client's


def _by_format(text: str, declared: str, clock: str, zones: Zones) -> Value:
    normal, repairs = plain(text)
    normal = re.sub(clock, "", normal) if clock else normal
    if not normal:
        return Value(None, BLANK)
    try:
        moment = dt.datetime.strptime(normal, declared)  # noqa: DTZ007 - a naive time is local time
    except ValueError as error:
        return Value(None, "bad_date" if "match" in str(error) or "unconverted" in str(error) else "impossible_date")
    return Value(_local(moment, zones), "", (*repairs, "date_declared"))


def _local(moment: dt.datetime, zones: Zones) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zones[0])
    return aware.astimezone(zones[1]).toordinal() - EPOCH


def _by_shape(text: str, day_first: bool, zones: Zones) -> Value:
    normal, repairs = plain(text)
    if not normal:
        return Value(None, BLANK)
    found = _parts(normal, day_first)
    if found is None:
        return Value(None, "two_digit_year" if SHORT_YEAR.fullmatch(normal) else "bad_date")
    (year, month, day), clock, offset, kind = found
    try:
        date = dt.date(year, month, day)
        moves = offset or (clock and zones[0] is not zones[1])
        days = _moved(date, clock, offset, zones) if moves else date.toordinal() - EPOCH
    except (ValueError, OverflowError):
        return Value(None, "impossible_date")
    return Value(days, "", (*repairs, *([kind] if kind else []), *(["time_zone"] if moves else [])))


def _parts(normal: str, day_first: bool) -> tuple[tuple[int, int, int], str, str, str] | None:
    """Year, month, day; clock; offset; the kind of writing, "" for ISO. None: no date."""
    for form, kind in ((YEAR_FIRST, ""), (KANJI, "date_kanji"), (COMPACT, "date_compact"), (YEAR_LAST, "date_slashes")):
        shape = form.fullmatch(normal)
        if shape:
            part = shape.groupdict()
            last = (part.get("b"), part.get("a")) if day_first else (part.get("a"), part.get("b"))
            month, day = (part["m"], part["d"]) if "m" in part else last
            written = kind or {"/": "date_slashes", ".": "date_dots"}.get(part["s"], "")
            numbers = (int(part["y"]), int(month or 0), int(day or 0))
            return numbers, part["clock"], (part["zone"] or "").strip(), written
    era = eras.date(normal)
    return (era, "", "", "date_era") if era else None


def _moved(date: dt.date, clock: str, offset: str, zones: Zones) -> int:
    """The day in the client's time zone of a moment: 2025-03-05T23:30Z is the 6th in Tokyo."""
    compact = re.fullmatch(r"[0-9]{6}", clock)
    digits = [clock[:2], clock[2:4], clock[4:]] if compact else re.findall(r"[0-9]+", clock)
    hour, minute, second = ([*map(int, digits), 0, 0, 0])[:3]
    late = "pm" in clock.lower() or "後" in clock
    hour = hour % 12 + 12 * late if late or "am" in clock.lower() or "前" in clock else hour
    moment = dt.datetime(date.year, date.month, date.day, hour, minute, min(second, 59))  # noqa: DTZ001 - see _local
    if offset:
        offset = OFFSETS.get(offset, offset)
        minutes = int(offset[-2:]) if len(offset) > 3 else 0
        away = dt.timedelta(hours=int(offset[1:3]), minutes=minutes) * (-1 if offset[0] == "-" else 1)
        moment = moment.replace(tzinfo=dt.timezone(away))
    return _local(moment, zones)


def _refuse_undeclared(texts: list[str], where: str) -> None:
    """Serial numbers and two-digit years are read only when client.yaml says what they are."""
    filled = [text for text in texts if text]
    number = [text for text in filled if serials.NUMBER.fullmatch(text)]
    short = [text for text in filled if SHORT_YEAR.fullmatch(text)]
    if len(number) * 2 > len(filled):
        what = f"holds a spreadsheet's serial numbers, such as '{number[0]}'"
        hint = (
            "Say dates: excel1900 in client.yaml (excel1904 where the workbook says so), or export dates as YYYY-MM-DD."
        )
        raise DataError(Problem(what, where, "dates", hint))
    if len(short) * 2 > len(filled):
        what = f"holds years of two digits, such as '{short[0]}'"
        hint = "Say dates: '%y/%m/%d' (or '%d/%m/%y', …) in client.yaml, or export dates as YYYY-MM-DD."
        raise DataError(Problem(what, where, "dates", hint))


def _day_first(texts: Iterable[str], where: str) -> bool:
    shapes = [shape for text in texts if (shape := YEAR_LAST.fullmatch(text))]
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
