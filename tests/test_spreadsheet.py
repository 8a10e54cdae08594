"""What a spreadsheet holds: texts as texts, numbers with formats, the same content again."""

import datetime as dt
import io
import xml.etree.ElementTree as ET
import zipfile

import pytest

from crmlib.spreadsheet import Sheet, csv_cp932, names, not_in_cp932, xlsx

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "http://example.com", "{{7*7}}", "<b>x</b>", "0012", "1E5", "𠮷野家"]


MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(book):
    """The first sheet as it is stored: texts as str, numbers as float."""
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        shared = ["".join(t.itertext()) for t in ET.fromstring(package.read("xl/sharedStrings.xml"))]
        rows = ET.fromstring(package.read("xl/worksheets/sheet1.xml")).iter(f"{MAIN}row")
        return [[_stored(cell, shared) for cell in row] for row in rows]


def _stored(cell, shared):
    value = cell.findtext(f"{MAIN}v")
    return None if value is None else shared[int(value)] if cell.get("t") == "s" else float(value)


def test_every_text_is_a_text_whatever_it_looks_like():
    book = xlsx([Sheet("a", ["text"], [[text] for text in HOSTILE])])
    assert cells(book) == [["text"], *[[text] for text in HOSTILE]]
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert not [name for name in package.namelist() if "externalLink" in name or "vba" in name.lower()]


def test_numbers_days_and_blanks_keep_their_kind():
    row = [0.4123, 1234567, dt.date(2025, 3, 31), None, 12]
    book = xlsx([Sheet("a", ["s", "i", "d", "n", "t"], [row], ["share", "int", "date", "number", "text"])])
    assert cells(book)[1] == [0.4123, 1234567.0, 45747.0, None, 12.0]  # 45747 is 2025-03-31
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        assert "0.0%" in package.read("xl/styles.xml").decode()
        assert '<pane ySplit="1"' in package.read("xl/worksheets/sheet1.xml").decode()


def test_the_same_content_again_without_author_or_time():
    sheets = [Sheet("a", ["x"], [["y"]])]

    def content(book):
        with zipfile.ZipFile(io.BytesIO(book)) as package:
            return {name: package.read(name) for name in package.namelist()}

    made = content(xlsx(sheets))
    assert made == content(xlsx(sheets))
    assert b"2000-01-01" in made["docProps/core.xml"]
    assert b"<dc:creator></dc:creator>" in made["docProps/core.xml"]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [(["x" * 40], ["x" * 31]), (["a:b", "a?b"], ["a-b", "a-b (2)"]), ([""], ["1"]), (["y" * 31, "y" * 31], ["y" * 31, "y" * 27 + " (2)"])],
)  # fmt: skip
def test_names_of_sheets(wanted, given):
    assert names(wanted) == given


def test_the_csv_is_what_japanese_excel_opens():
    made = csv_cp932(Sheet("a", ["氏名", "金額"], [["髙﨑㈱", 100], ["𠮷野\N{GRINNING FACE}", -5], ["=cmd", None]]))
    assert made.decode("cp932") == "氏名,金額\r\n髙﨑㈱,100\r\n〓野〓,-5\r\n'=cmd,\r\n"


def test_characters_that_cp932_lacks_are_counted_where_they_are_replaced():
    sheet = Sheet("a", ["\N{GRINNING FACE}"], [["髙﨑①㈱", "ok"], ["𠮷田", 1], [None, "=\N{SNOWMAN}"]])
    assert not_in_cp932(sheet) == csv_cp932(sheet).decode("cp932").count("〓") == 3
    assert not_in_cp932(Sheet("a", ["x"], [["①㈱髙﨑"]])) == 0
