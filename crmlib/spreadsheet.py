"""The one writer of spreadsheets: XLSX and the CSV that Japanese Excel opens. A client's text can never become a formula."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Cell = str | int | float | dt.date | None

# Excel's number formats by kind of value; "text" is never anything but text
FORMATS = {
    "text": "@", "int": "#,##0", "share": "0.0%", "points": "+0.0%;\N{MINUS SIGN}0.0%;0.0%", "money": "#,##0", "ratio": "0.00",
    "number": "#,##0.########", "date": "yyyy-mm-dd",
}  # fmt: skip
MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the same bytes each time; the format knows no time zone
NAME_LENGTH, WIDEST = 31, 60.0
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
GETA = "\N{GETA MARK}"  # what Japanese print shows for a character that a font or code lacks


@dataclass(frozen=True)
class Sheet:
    """One sheet: a header row and rows below it.

    Args:
        name: Shown on the tab; cut and cleaned as Excel demands.
        columns: Header texts.
        rows: Cells; a text is written as text whatever it looks like.
        formats: One of `FORMATS` per column; "text" where left out. A number in a column of text is written as such.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    formats: Sequence[str] = ()


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with frozen headers and filters; no formula, no author, no time.

    Args:
        sheets: At least one.

    Example:
        >>> xlsx([Sheet("a", ["x"], [["=1+1"]])])[:2]
        b'PK'
    """
    import xlsxwriter

    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": MADE, "author": "", "company": ""})
    styles = {kind: book.add_format({"num_format": code, "valign": "top", "text_wrap": kind == "text"}) for kind, code in FORMATS.items()}  # fmt: skip
    head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom", "num_format": "@"})
    for sheet, name in zip(sheets, names([one.name for one in sheets]), strict=True):
        _write(book.add_worksheet(name), sheet, styles, head)
    book.close()
    return content.getvalue()


def _write(page: Any, sheet: Sheet, styles: dict[str, Any], head: Any) -> None:
    formats = [*sheet.formats, *["text"] * (len(sheet.columns) - len(sheet.formats))]
    for column, title in enumerate(sheet.columns):
        page.write_string(0, column, title, head)
        cells = [title, *(str(row[column]) for row in sheet.rows if row[column] is not None)]
        page.set_column(column, column, min(WIDEST, 2.0 + max(map(_width, cells))))
    for place, row in enumerate(sheet.rows, 1):
        for column, (cell, kind) in enumerate(zip(row, formats, strict=True)):
            _cell(page, (place, column), cell, styles[kind], styles)
    page.freeze_panes(1, 0)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _cell(page: Any, at: tuple[int, int], cell: Cell, style: Any, styles: dict[str, Any]) -> None:
    if cell is None:
        page.write_blank(*at, None, style)
    elif isinstance(cell, str):
        page.write_string(*at, cell, styles["text"])
    elif isinstance(cell, dt.date):
        page.write_datetime(*at, dt.datetime(cell.year, cell.month, cell.day), styles["date"])  # noqa: DTZ001
    else:
        page.write_number(*at, cell, style if style is not styles["text"] else styles["number"])


def _width(text: str) -> float:
    """Columns of half-width characters that a text takes; its longest line."""
    return max((sum(1.0 if ord(c) < 0x1100 else 2.0 for c in line) for line in text.split("\n")), default=0.0)


def names(wanted: Sequence[str]) -> list[str]:
    """Names of sheets as Excel demands: at most 31 characters, no bracket, colon, asterisk, question mark or slash, each once (capitals do not count).

    Example:
        >>> names(["a/b", "A-B", "a-b"])
        ['a-b', 'A-B (2)', 'a-b (3)']
    """
    given: list[str] = []
    seen: set[str] = set()
    for number, name in enumerate(wanted, 1):
        clean = FORBIDDEN.sub("-", name).strip("' ")[:NAME_LENGTH] or str(number)
        turn = 1
        unique = clean
        while unique.lower() in seen:
            turn += 1
            tail = f" ({turn})"
            unique = clean[: NAME_LENGTH - len(tail)] + tail
        seen.add(unique.lower())
        given.append(unique)
    return given


def inert(cell: str) -> str:
    """A text that no spreadsheet takes for a formula.

    Example:
        >>> inert("=1+1"), inert("-5"), inert("A-1")
        ("'=1+1", "'-5", 'A-1')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def csv_cp932(sheet: Sheet) -> bytes:
    """The sheet as the CSV that Excel opens on Japanese Windows: CP932, CRLF.

    A character that CP932 lacks becomes a geta mark; a text that could be a formula gets an apostrophe in front.
    """
    return "".join(character if _in_cp932(character) else GETA for character in _csv(sheet)).encode("cp932")


def not_in_cp932(sheet: Sheet) -> int:
    """How many characters of a sheet `csv_cp932` shows as geta marks."""
    return sum(not _in_cp932(character) for character in _csv(sheet))


def _csv(sheet: Sheet) -> str:
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\r\n")
    for row in (sheet.columns, *sheet.rows):
        writer.writerow(["" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in row])
    return content.getvalue()


@functools.cache
def _in_cp932(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
