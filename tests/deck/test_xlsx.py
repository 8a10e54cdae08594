"""The workbook behind the deck: every number of the ledger, each page's tables as numbers."""

import pytest

from crmlib.deck import to_xlsx
from crmlib.text import Words


@pytest.mark.parametrize(
    ("shown", "cell", "kind"),
    [
        ("41.2%", 0.412, "share"),
        ("\N{MINUS SIGN}3.1%", -0.031, "share"),
        ("1,234", 1234, "int"),
        ("+5", 5, "int"),
        ("0.25", 0.25, "ratio"),
        ("\u00a512,000", 12000, "int"),
        ("\N{MINUS SIGN}20,799\u5186", -20799, "int"),
        ("49\u4e07\u5186", "49\u4e07\u5186", "text"),
        ("2.1m", "2.1m", "text"),
        ("423\u2013584", "423\u2013584", "text"),
        ("2024", "2024", "text"),
        ("0012", "0012", "text"),
        ("2024-03", "2024-03", "text"),
        ("12,34", "12,34", "text"),
        ("\u2013", None, ""),
        ("", None, ""),
        ("=1+1", "=1+1", "text"),
    ],
)
def test_a_shown_cell_is_the_number_that_it_is(shown, cell, kind):
    assert to_xlsx.typed(shown) == (cell, kind)


def test_every_number_of_the_ledger_has_a_row_with_its_parts(parts):
    sheet = to_xlsx._numbers(parts, Words("en"))
    assert [row[0] for row in sheet.rows] == list(parts.ledger)
    for row in sheet.rows:
        number = parts.ledger[row[0]]
        assert row[2:8] == [number.value, number.lower, number.upper, number.level, number.n, number.unit]


def test_every_table_of_every_page_is_a_sheet_in_each_language(parts):
    tables = sum(one["kind"] == "table" for slide in parts.slides for one in slide["exhibits"]["ja"])
    for language in ("ja", "en"):
        sheets = [sheet for sheet, _ in to_xlsx._tables(parts, Words(language))]
        assert len(sheets) == tables > 0
        assert all(sheet.name.startswith(language) for sheet in sheets)
        assert all(len(row) == len(sheet.columns) for sheet in sheets for row in sheet.rows)


def test_the_same_workbook_again(parts):
    assert to_xlsx.render(parts, ["ja", "en"]) == to_xlsx.render(parts, ["ja", "en"])
