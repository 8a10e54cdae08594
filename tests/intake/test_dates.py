"""Date texts one by one, and the column that decides between day first and month first."""

import datetime as dt

import pyarrow as pa
import pytest

from crmlib.errors import DataError
from crmlib.intake import dates


def day(text: str, declared: str | None = None, zone: str = "Asia/Tokyo") -> str:
    found = dates.reader([text], "f.csv, column 'd'", declared, zone)(text)
    return dt.date.fromordinal(found.value + dates.EPOCH).isoformat() if found.value is not None else found.reason


READ = [
    ("2024-02-29", "2024-02-29"), ("2024/1/5", "2024-01-05"), ("2024.01.05", "2024-01-05"), ("20240105", "2024-01-05"),
    ("２０２４／０１／０５", "2024-01-05"), ("2024年1月5日", "2024-01-05"), ("2024-01-05 12:34:56", "2024-01-05"),
    ("2024-01-05T00:00:00.123", "2024-01-05"), ("20240105123456", "2024-01-05"), ("2025-03-05T23:30Z", "2025-03-06"),
    ("2025-03-05T23:30:00+00:00", "2025-03-06"), ("2025-03-06T00:30:00+09:00", "2025-03-06"),
    ("2026-05-14 11:23:45 +0100", "2026-05-14"), ("2024-01-05T12:00:00-0800", "2024-01-06"), ("1969-12-31", "1969-12-31"),
    ("13/04/2024", "2024-04-13"), ("04/13/2024", "2024-04-13"), ("5/5/2024", "2024-05-05"),
    ("2023-02-29", "impossible_date"), ("2024-13-01", "impossible_date"), ("0000-00-00", "impossible_date"),
    ("9999-12-31T23:30Z", "impossible_date"), ("", "blank"), ("2024/01-05", "bad_date"),
    ("2024-01-05 25:00", "bad_date"), ("2024-01", "bad_date"), ("today", "bad_date"),
    ("2024-01-05 x", "bad_date"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ)
def test_by_shape(text: str, expected: str) -> None:
    assert day(text) == expected


def test_daylight_saving_time_moves_the_day() -> None:
    assert day("2024-07-01T04:30Z", zone="America/New_York") == "2024-07-01"  # UTC-4
    assert day("2024-01-01T04:30Z", zone="America/New_York") == "2023-12-31"  # UTC-5


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("03/04/2024", "%d/%m/%Y", "2024-04-03"),
        ("03/04/2024", "%m/%d/%Y", "2024-03-04"),
        ("03/04/2024 10:15", "%d/%m/%Y", "2024-04-03"),
        ("24/01/05", "%y/%m/%d", "2024-01-05"),
        ("31/02/2024", "%d/%m/%Y", "impossible_date"),
        ("2024-01-05", "%d/%m/%Y", "bad_date"),
        ("2024-03-05 23:30 +0000", "%Y-%m-%d %H:%M %z", "2024-03-06"),
    ],
)
def test_by_declared_format(text: str, declared: str, expected: str) -> None:
    assert day(text, declared) == expected


def test_one_decisive_date_decides_the_column() -> None:
    read = dates.reader(["03/04/2024", "13/04/2024", ""], "", None, "Asia/Tokyo")
    assert read("03/04/2024").value == dt.date(2024, 4, 3).toordinal() - dates.EPOCH


def test_nothing_decides() -> None:
    with pytest.raises(DataError, match=r"^f, column 'd': '03/04/2024' can be day/month or month/day"):
        dates.reader(["03/04/2024", "05/06/2024"], "f, column 'd'", None, "Asia/Tokyo")


def test_the_time_of_day_is_cut_without_losing_the_bad_ones() -> None:
    texts = ["2024-01-05 12:34:56", "2024-01-05", "2024-01-05 25:00:00", "2024-01-05 01:02:03Z", None]
    cut = dates.without_clock(pa.array(texts).dictionary_encode())
    assert cut.to_pylist() == ["2024-01-05", "2024-01-05", "2024-01-05 25:00:00", "2024-01-05 01:02:03Z", None]
    assert len(cut.dictionary) == 3
