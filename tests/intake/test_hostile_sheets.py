"""Hostile workbooks: layouts of Excel, values as Excel stores them, and what no Excel writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import xlsxwriter

from tests.intake.conftest import COLUMNS, Make
from tests.intake.hostile import (
    HEADERS,
    MAIN,
    SHOP,
    XML_ROWS,
    Read,
    Refused,
    check_read,
    check_refused,
    crafted,
    sheet,
    workbook,
    xml_row,
    zipped,
)  # fmt: skip

Build = Callable[[xlsxwriter.Workbook], None]
ROW = ("A1", "0001", "2024-01-05", 1000)
NEXT = ("A2", "0002", "2024-01-06", 2000)
LAUGHS = "<!DOCTYPE l [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
)
FOREIGN = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"


def formatted(book: xlsxwriter.Workbook) -> None:
    """Days, times, 令和, ids with leading zeros and money, all as numbers with a format."""
    page = sheet(book)
    zeros, yen = book.add_format({"num_format": "00000"}), book.add_format({"num_format": '"¥"#,##0;[Red]-"¥"#,##0'})
    dates = ("yyyy/mm/dd", 'yyyy"年"m"月"d"日" h:mm', '[$-411]ggge"年"m"月"d"日"', 14)
    for row, code in enumerate(dates, 1):
        page.write(row, 0, f"A{row}")
        page.write_number(row, 1, row, zeros)
        page.write_number(row, 2, 45291 + row + 0.98, book.add_format({"num_format": code}))
        page.write_number(row, 3, -1000 if row == 4 else 1000, yen)


def from_1904(book: xlsxwriter.Workbook) -> None:
    page = sheet(book)
    for row in range(1, 5):
        page.write_row(row, 0, [f"A{row}", "1"])
        page.write_number(row, 2, 43829 + row, book.add_format({"num_format": 14}))
        page.write_number(row, 3, 500)


def titled(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet()
    page.merge_range(0, 0, 0, 3, "受注一覧 2024年")
    for row, cells in enumerate([HEADERS, ROW, ("合計", "", "", 1000), ("", "", "", ""), ("※税込",)], 2):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)


def two_headers(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet()
    page.merge_range(0, 0, 0, 1, "注文")
    page.merge_range(0, 2, 1, 2, "会員ID")
    for row, cells in enumerate([("番号", "日", None, "金額"), ("A1", "2024-01-05", "0001", 1000)], 1):
        for column, cell in enumerate(cells):
            if cell is not None:
                page.write(row, column, cell)


def computed(book: xlsxwriter.Workbook) -> None:
    page = sheet(book, *[(f"B{i}", "1", "2024-01-05", 1) for i in range(40)])
    for row, (formula, value) in enumerate([("=5*2", 10), ("=5*2", ""), ("=1/0", "#DIV/0!")], 41):
        for column, cell in enumerate(("A1", "1", "2024-01-05")):
            page.write(row, column, f"{cell}{row if column == 0 else ''}")
        page.write_formula(row, 3, formula, None, value)


def odd_numbers(book: xlsxwriter.Workbook) -> None:
    page = sheet(book, *[(f"B{i}", "1", "2024-01-05", 1) for i in range(60)])
    values = [(1001, 0.1 + 0.2), (1002, 1234.0), (1.23e20, 5), (1003, 999999999999), ("1004", "1,234円")]
    for row, (customer, amount) in enumerate(values, 61):
        for column, cell in enumerate((f"A{row}", customer, "2024-01-05", amount)):
            page.write(row, column, cell)


def months(book: xlsxwriter.Workbook) -> None:
    sheet(book, ROW, name="1月")
    sheet(book, NEXT, name="2月")


def hidden(book: xlsxwriter.Workbook) -> None:
    page = sheet(book, ROW, NEXT)
    page.set_row(2, None, None, {"hidden": True})
    sheet(book, ("A3", "3", "2024-01-07", 7), name="old").hide()


def covered(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("表紙").write(0, 0, "受注データ")
    book.add_worksheet("空")
    sheet(book, ROW, name="データ")


READ = [
    Read("a plain sheet", {"a.xlsx": workbook(lambda b: sheet(b, ROW, NEXT))}, 2, 3000),
    Read("a workbook named .csv", {"a.csv": workbook(lambda b: sheet(b, ROW, NEXT))}, 2, 3000),
    Read("days, zeros and money by format", {"a.xlsx": workbook(formatted)}, 4, 2000),
    Read("days counted from 1904", {"a.xlsx": workbook(from_1904, date_1904=True)}, 4, 2000),
    Read("merged title, blank row, total, note", {"a.xlsx": workbook(titled)}, 1, 1000, excluded={"preamble": 1, "total_row": 1, "footer": 1}),
    Read("merged header of two rows", {"a.xlsx": workbook(two_headers)}, 1, 1000, client={"columns": COLUMNS.replace("注文番号", "注文 番号").replace("受注日", "注文 日")}),
    Read("formulas: cached, never calculated, failed", {"a.xlsx": workbook(computed)}, 41, 50, {"bad_amount": 2}),
    Read("numbers as Excel keeps them", {"a.xlsx": workbook(odd_numbers)}, 63, 60 + 1234 + 999999999999 + 1234, {"damaged_id": 1, "fraction_of_minor_unit": 1}),
    Read("the only sheet with all columns", {"a.xlsx": workbook(covered)}, 1, 1000),
    Read("a hidden row counts, a hidden sheet does not", {"a.xlsx": workbook(hidden)}, 2, 3000, repairs={"hidden_row": 1}),
    Read("a sheet per month, all declared", {"a.xlsx": workbook(months)}, 2, 3000, client={"source": "sheet: '*月'"}),
    Read("one of the sheets declared", {"a.xlsx": workbook(months)}, 1, 2000, client={"source": "sheet: 2月"}),
    Read("a dimension that lies", {"a.xlsx": crafted(*XML_ROWS, dimension="A1:XFD1048576")}, 1, 1000),
    Read("formatted blanks far away", {"a.xlsx": crafted(*XML_ROWS, '<row r="1048576"><c r="XFD1048576" s="9"/></row>')}, 1, 1000),
    Read("cells without references", {"a.xlsx": crafted("<row>" + "".join(f'<c t="str"><v>{h}</v></c>' for h in HEADERS) + "</row>", '<row><c t="str"><v>A1</v></c><c><v>7</v></c><c t="d"><v>2024-01-05T00:00:00</v></c><c><v>1E+3</v></c></row>')}, 1, 1000),
    Read("readings beside the kanji", {"a.xlsx": crafted(xml_row(1, *HEADERS), '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="inlineStr"><is><t>5</t><rPh sb="0" eb="1"><t>ゴ</t></rPh></is></c></row>', parts={"xl/sharedStrings.xml": f'<sst {MAIN}><si><t>A1</t><rPh sb="0" eb="1"><t>エーイチ</t></rPh></si><si><r><t>0</t></r><r><t>01</t></r></si><si><t>2024-01-05</t><rPh sb="0" eb="1"><t>ヨミ</t></rPh></si></sst>'})}, 1, 5),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_sheet_read_to_the_row_and_the_yen(case: Read, make: Make) -> None:
    check_read(case, make)


@pytest.mark.parametrize(("build", "epoch"), [(formatted, False), (from_1904, True)])
def test_the_days_of_number_cells(build: Build, epoch: bool, make: Make) -> None:
    folder = make({"a.xlsx": workbook(build, date_1904=epoch)})
    folder.run()
    assert sorted(row["order_date"].isoformat() for row in folder.store()) == [f"2024-01-0{day}" for day in range(1, 5)]


def test_leading_zeros_of_a_format_are_part_of_the_id(make: Make) -> None:
    text = "".join(f"A{i},{i:05d},2024-01-0{i},1000\n" for i in range(1, 5))
    numbers, texts = make({"a.xlsx": workbook(formatted)}), "注文番号,会員ID,受注日,金額\n" + text
    numbers.run()
    customers = [row["customer_id"] for row in numbers.store()]
    (numbers.path / "raw" / "a.xlsx").unlink()
    again = make({"a.csv": texts})
    again.run()
    assert [row["customer_id"] for row in again.store()] == customers


def test_the_raw_row_of_a_sheet_is_kept_as_csv(make: Make) -> None:
    folder = make({"a.xlsx": workbook(lambda b: sheet(b, ROW, ("A2", '0"2', "never", "=1+1")))}, **SHOP)
    folder.run()
    assert 'raw/a.xlsx,3,受注日,bad_date,xxxxx,"A2,""0""""2"",never,#UNCALCULATED!"' in folder.quarantine()


REFUSED = [
    Refused("two sheets with all columns", {"a.xlsx": workbook(months)}, ("raw/a.xlsx: has 2 sheets with all columns: 1月, 2月", "Say sheet: in client.yaml")),
    Refused("no sheet with all columns", {"a.xlsx": workbook(lambda b: (sheet(b, head=("x",)), sheet(b, head=("y",))))}, ("has no sheet with all columns", "one sheet with the columns 注文番号, 会員ID, 受注日, 金額")),
    Refused("a sheet that is not there", {"a.xlsx": workbook(months)}, ("has no visible sheet 3月", "The sheets are: 1月, 2月"), {"source": "sheet: 3月"}),
    Refused("an empty sheet", {"a.xlsx": workbook(lambda b: b.add_worksheet())}, ("raw/a.xlsx: is empty",)),
    Refused("a header only", {"a.xlsx": workbook(sheet)}, ("raw/a.xlsx: has a header, but no rows",)),
    Refused("a DTD in a sheet", {"a.xlsx": crafted(*XML_ROWS, before="<!DOCTYPE a>")}, ("raw/a.xlsx: holds a DTD (xl/worksheets/s.xml)",)),
    Refused("a billion laughs", {"a.xlsx": crafted(*XML_ROWS, parts={"xl/sharedStrings.xml": f"{LAUGHS}]><sst {MAIN}><si><t>&j;</t></si></sst>"})}, ("holds a DTD (xl/sharedStrings.xml)",)),
    Refused("a foreign entity", {"a.xlsx": crafted(*XML_ROWS, parts={"xl/styles.xml": f"{FOREIGN}<styleSheet {MAIN}>&x;</styleSheet>"})}, ("holds a DTD (xl/styles.xml)",)),
    Refused("a filled cell far to the right", {"a.xlsx": crafted(*XML_ROWS, '<row r="3"><c r="XFD3"><v>1</v></c></row>')}, ("has a filled cell in row 3, column 16,384", "At most 2,000 columns are read")),
    Refused("rows that go back", {"a.xlsx": crafted(xml_row(3, *HEADERS), xml_row(2, "A1", "1", "2024-01-05", "5"))}, ("is a damaged Excel file (row 2 after row 3)",)),
    Refused("a row beyond the last", {"a.xlsx": crafted(*XML_ROWS, '<row r="1048577"><c><v>1</v></c></row>')}, ("is a damaged Excel file (row 1048577",)),
    Refused("one cell twice", {"a.xlsx": crafted(XML_ROWS[0], XML_ROWS[1].replace("B2", "A2"))}, ("row 2 holds one cell twice",)),
    Refused("a text that is not there", {"a.xlsx": crafted(XML_ROWS[0], '<row r="2"><c t="s"><v>7</v></c></row>')}, ("row 2 names a text that is not there",)),
    Refused("half a sheet", {"a.xlsx": crafted(*XML_ROWS, '<row r="3"><c')}, ("is a damaged Excel file (xl/worksheets/s.xml line 1)",)),
    Refused("no workbook inside", {"a.xlsx": zipped({"xl/workbook.xml": "<workbook/>"})}, ("is a damaged Excel file (xl/_rels/workbook.xml.rels is missing)",)),
    Refused("binary Excel", {"a.xlsb": zipped({"xl/workbook.bin": b"x"})}, ("is a binary Excel file (.xlsb)", "Save it as .xlsx")),
    Refused("OpenDocument", {"a.ods": zipped({"mimetype": "x", "content.xml": "<a/>"})}, ("is an OpenDocument file (.ods)",)),
    Refused("Word", {"a.docx": zipped({"word/document.xml": "<a/>"})}, ("is a Word document",)),
    Refused("protected by a password", {"a.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")}, ("raw/a.xlsx: is protected by a password", "Save it without a password")),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_sheet_refused_with_a_sentence(case: Refused, make: Make) -> None:
    check_refused(case, make)
