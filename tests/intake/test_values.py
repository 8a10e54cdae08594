"""Values as people write them, through the whole intake: eras, serial numbers, zones, units, tax, returns, ids."""

from __future__ import annotations

import datetime as dt

import pytest

from crmlib.intake import dates, eras, months, serials
from tests.intake.conftest import COLUMNS, Make

HEAD = "注文番号,会員ID,受注日,金額\n"
DAY = dt.date(2025, 3, 5).toordinal() - dates.EPOCH


def day(text: str, declared: str | None = "shape", zone: str = "Asia/Tokyo", written_in: str | None = None) -> str:
    found = dates.reader([text], "f.csv, column 'd'", declared, zone, written_in)(text)
    return dt.date.fromordinal(found.value + dates.EPOCH).isoformat() if found.value is not None else found.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和7年3月5日", "2025-03-05"), ("令和元年5月1日", "2019-05-01"), ("㋿7年3月5日", "2025-03-05"), ("R7.3.5", "2025-03-05"),
        ("Ｒ７．３．５", "2025-03-05"), ("R07/03/05", "2025-03-05"), ("R070305", "2025-03-05"), ("r7-3-5", "2025-03-05"),
        ("平成31年4月30日", "2019-04-30"), ("平成31年5月1日", "2019-05-01"), ("H31.4.30", "2019-04-30"), ("㍻30年1月5日", "2018-01-05"),
        ("昭和64年1月7日", "1989-01-07"), ("S63.12.31", "1988-12-31"), ("令和7年3月5日 10:15", "2025-03-05"),
        ("令和7年2月30日", "impossible_date"), ("R1.4.30", "impossible_date"), ("平成元年1月7日", "impossible_date"), ("R7.13.1", "impossible_date"),
        ("2025/3/5(水)", "2025-03-05"), ("2025年3月5日（水） 午後3時05分", "2025-03-05"), ("2025-03-05 11:59 PM", "2025-03-05"),
        ("2025-03-05 12:00:00+09", "2025-03-05"), ("2025-03-05T15:00:00 JST", "2025-03-05"), ("2025-03-05 15:00 UTC", "2025-03-06"),
        ("7.3.5", "two_digit_year"), ("25-03-05", "two_digit_year"), ("X7.3.5", "bad_date"), ("令和7年", "bad_date"),
    ],
)  # fmt: skip
def test_dates(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "system", "expected"),
    [
        ("45721", "excel1900", "2025-03-05"), ("45721.75", "excel1900", "2025-03-05"), ("44259", "excel1904", "2025-03-05"),
        ("1", "excel1900", "1900-01-01"), ("59", "excel1900", "1900-02-28"), ("61", "excel1900", "1900-03-01"),
        ("60", "excel1900", "impossible_date"), ("2025/3/5", "excel1900", "2025-03-05"), ("20250305", "excel1900", "2025-03-05"),
        ("", "excel1900", "blank"),
    ],
)  # fmt: skip
def test_serial_numbers_of_a_declared_system(text: str, system: str, expected: str) -> None:
    """Excel's own examples: 1 is the first of January 1900, 60 is a day that never was."""
    assert day(text, system) == expected
    assert set(serials.SYSTEMS) == {"excel1900", "excel1904"}


def test_a_naive_clock_in_another_zone_moves_the_day() -> None:
    assert day("2025-03-05 14:59", zone="Asia/Tokyo", written_in="UTC") == "2025-03-05"
    assert day("2025-03-05 15:00", zone="Asia/Tokyo", written_in="UTC") == "2025-03-06"
    assert day("2025-03-09 03:30", zone="UTC", written_in="America/New_York") == "2025-03-09"
    assert day("2025-07-05 23:30", zone="UTC", written_in="America/New_York") == "2025-07-06"  # summer time: four hours
    assert day("2025-01-05 19:30", zone="UTC", written_in="America/New_York") == "2025-01-06"  # winter time: five


@pytest.mark.parametrize(
    "text",
    ["2025-03", "2025/3", "2025年3月", "２０２５年３月度", "202503", "R7.3", "令和7年3月", "2025-03-31", "2025/3/1"],
)
def test_months(text: str) -> None:
    found = months.reader(dates.reader([], "", "shape", "Asia/Tokyo"))(text)
    assert found.value == dt.date(2025, 3, 1).toordinal() - dates.EPOCH
    assert eras.month("R7.3") == (2025, 3)


def test_serials_and_short_years_refuse_the_file_until_they_are_declared(make: Make) -> None:
    serial = make({"a.csv": HEAD + "A1,1,45296,5\nA2,1,45297,6\n"}).message()
    assert "raw/a.csv, column '受注日': holds a spreadsheet's serial numbers, such as '45296'" in serial
    assert "Say dates: excel1900" in serial
    done = make({"a.csv": HEAD + "A1,1,45296,5\nA2,1,45297,6\n"}, source="dates: excel1900").run()
    assert (done.totals.rows_used, done.totals.repairs["date_serial"]) == (2, 2)
    short = make({"a.csv": HEAD + "A1,1,24/01/05,5\nA2,1,24/01/06,6\n"}).message()
    assert "holds years of two digits, such as '24/01/05'" in short
    assert make({"a.csv": HEAD + "A1,1,24/01/05,5\n"}, source="dates: '%y/%m/%d'").run().totals.rows_used == 1


def test_a_unit_in_the_header_is_never_guessed(make: Make) -> None:
    text = HEAD.replace("金額", "金額(千円)") + "A1,1,2024-01-05,12\nA2,1,2024-01-06,1.5\n"
    columns = COLUMNS.replace("金額", "金額(千円)")
    message = make({"a.csv": text}, columns=columns).message()
    assert "raw/a.csv, column '金額(千円)': its header names a unit ('千円')" in message
    assert make({"a.csv": text}, columns=columns, source="unit: 1000").run().totals.amount_used == 13_500
    assert (
        make({"a.csv": text}, columns=columns, source="unit: 1", extra="accept_quarantined: true")
        .run()
        .totals.amount_used
        == 12
    )


TAXED = "注文番号,会員ID,受注日,金額,税率\nA1,1,2024-01-05,1001,8\nA2,1,2024-01-05,1001,10%\nA3,1,2024-01-05,-1001,0.1\nA4,1,2024-01-05,50,\n"


@pytest.mark.parametrize(
    ("said", "amounts"),
    [
        ("tax_rounding: down", [1001 + 80, 1001 + 100, -1001 - 100]),
        ("tax_rounding: half_up", [1001 + 80, 1001 + 100, -1001 - 100]),
        ("tax_rounding: up", [1001 + 81, 1001 + 101, -1001 - 101]),
        ("tax_rate: 0.08", [1001 + 80, 1001 + 100, -1001 - 100, 54]),  # the file's own rate comes first
    ],
)
def test_tax_on_top(make: Make, said: str, amounts: list[int]) -> None:
    columns = COLUMNS[:-1] + ", tax_rate: 税率}"
    folder = make(
        {"a.csv": TAXED}, columns=columns, source=f"tax: excluded\n    {said}", extra="accept_quarantined: true"
    )
    done = folder.run()
    assert sorted(row["amount"] for row in folder.store()) == sorted(amounts)
    assert done.totals.rows_quarantined == 4 - len(amounts)


def test_tax_that_nothing_tells_refuses_the_file(make: Make) -> None:
    message = make({"a.csv": HEAD + "A1,1,2024-01-05,5\n"}, source="tax: excluded").message()
    assert "raw/a.csv: tax is excluded, and nothing says how much it is" in message
    assert "Say tax_rate: 0.1" in message


def test_returns_negate_only_if_that_is_said(make: Make) -> None:
    text = HEAD[:-1] + ",状況\nA1,1,2024-01-05,500,発送済み\nA2,1,2024-01-06,200,返品\n"
    columns = COLUMNS[:-1] + ", status: 状況}"
    status = "status: {completed: [発送済み], returned: [返品]}"
    done = make({"a.csv": text}, columns=columns, source=status).run()
    assert (done.totals.amount_used, done.totals.exclusions) == (500, {"returned": 1})
    done = make({"a.csv": text}, columns=columns, source=f"{status}\n    returns: negate").run()
    assert (done.totals.amount_used, done.totals.exclusions) == (300, {})


def test_ids_in_other_clothes(make: Make) -> None:
    rows = ["A1,\u200b0001\ufeff", "A2,'0001", "A3,Taro@Example.com", "A4,taro@example.com", "A5,1.0E+07", "A6,００01 "]
    text = HEAD + "".join(f"{row},2024-01-05,5\n" for row in rows)
    folder = make({"a.csv": text}, extra="accept_quarantined: true")
    done = folder.run()
    assert done.totals.reasons == {"damaged_id": 1}
    assert {kind: done.totals.repairs[kind] for kind in ("invisible", "text_mark", "capitals", "full_width")} == {
        "invisible": 1, "text_mark": 1, "capitals": 1, "full_width": 1,
    }  # fmt: skip
    assert len({row["customer_id"] for row in folder.store()}) == 2


def test_a_customer_of_several_columns(make: Make) -> None:
    text = "注文番号,姓,名,電話,受注日,金額\nA1,山田,花子,03-1,2024-01-05,5\nA2, 山田 ,花子,03-1,2024-01-06,5\nA3,山田,,,2024-01-06,5\nA4,,,,2024-01-07,5\n"
    columns = COLUMNS.replace("会員ID", "[姓, 名, 電話]")
    folder = make({"a.csv": text}, columns=columns, extra="accept_quarantined: true")
    done = folder.run()
    assert (done.totals.rows_used, done.totals.reasons) == (3, {"blank_customer_id": 1})
    assert len({row["customer_id"] for row in folder.store()}) == 2
    assert '"姓 名 電話"' in folder.quarantine() or ",姓 名 電話," in folder.quarantine()
