"""The events of a sheet's XML into rows of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from crmlib.errors import DataError
from crmlib.intake import cells
from crmlib.intake.kinds import refused

MAX_ROW, MAX_COLUMNS, MAX_CELL = 1_048_576, 2_000, 100_000
UNCALCULATED = "#UNCALCULATED!"  # a formula that was written, but never worked out
REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
Attributes = dict[str, str]


class SheetRow(NamedTuple):
    """One row with at least one filled cell: its number from 1, its texts, and whether it is hidden or too long."""

    number: int
    cells: list[str]
    hidden: bool = False
    too_long: bool = False


class SheetReader:
    """Handlers for the XML of one sheet; `rows` holds what is complete.

    `uncalculated`: a program wrote the workbook and asks Excel to calculate it; it puts 0 where a result is to come.

    Args:
        strings: The workbook's table of texts.
        formats: How numbers are read under each style.
        name: What the sheet is called in messages.
    """

    def __init__(self, strings: Sequence[str], formats: cells.Formats, name: str) -> None:
        self.strings, self.formats, self.name = strings, formats, name
        self.rows: list[SheetRow] = []
        self.filled: dict[int, str] = {}
        self.columns: dict[str, int] = {}
        self.row = self.column = 0
        self.hidden = self.phonetic = self.taking = self.formula = self.valued = False
        self.uncalculated = False
        self.kind = self.style = ""
        self.parts: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        tag = tag.rpartition(":")[2] if ":" in tag else tag
        if tag == "c":
            self.column = self._column(attributes["r"]) if "r" in attributes else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.formula = self.valued = False
            self.parts.clear()
        elif tag in ("v", "t"):
            self.taking = not self.phonetic
            self.valued = True
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.phonetic = True

    def end(self, tag: str) -> None:
        """An element ends."""
        tag = tag.rpartition(":")[2] if ":" in tag else tag
        if tag in ("v", "t"):
            self.taking = False
        elif tag == "c":
            if text := self._text("".join(self.parts)):
                self._fill(text)
        elif tag == "row":
            self._end_row()
        elif tag == "rPh":
            self.phonetic = False

    def text(self, data: str) -> None:
        """Characters between elements."""
        if self.taking:
            self.parts.append(data)

    def _begin_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", str(self.row + 1))
        if not (number.isascii() and number.isdigit() and self.row < int(number[:9]) <= MAX_ROW):
            raise self._damaged(f"row {number[:20]} after row {self.row:,}")
        self.row, self.column = int(number), 0
        self.hidden = attributes.get("hidden") in ("1", "true")
        self.filled.clear()

    def _end_row(self) -> None:
        if self.filled:
            width = max(self.filled)
            texts = [self.filled.get(column, "") for column in range(1, width + 1)]
            too_long = any(len(text) > MAX_CELL for text in texts)
            self.rows.append(SheetRow(self.row, texts, self.hidden, too_long))

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if letters not in self.columns:
            if not REFERENCE.fullmatch(reference):
                raise self._damaged(f"cell {reference[:20]}")
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - ord("A") + 1
            self.columns[letters] = number
        return self.columns[letters]

    def _fill(self, text: str) -> None:
        if self.column > MAX_COLUMNS:
            what = f"has a filled cell in row {self.row:,}, column {self.column:,}"
            raise refused(
                self.name, what, f"At most {MAX_COLUMNS:,} columns are read: delete those that are not needed."
            )
        if self.column in self.filled:
            raise self._damaged(f"row {self.row:,} holds one cell twice")
        self.filled[self.column] = text

    def _text(self, value: str) -> str:
        if self.formula and (not self.valued or (self.kind == "n" and value in self._pending())):
            return UNCALCULATED
        if self.kind == "s":
            return self._shared(value) if value else ""
        if self.kind == "n":
            return self.formats.text(value, self.style) if value else ""
        if self.kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        return value.removesuffix("T00:00:00") if self.kind == "d" else cells.unescaped(value)

    def _pending(self) -> tuple[str, ...]:
        """What stands in for a result that nobody has worked out."""
        return ("", "0") if self.uncalculated else ("",)

    def _shared(self, place: str) -> str:
        if place.isascii() and place.isdigit() and int(place[:12]) < len(self.strings):
            return self.strings[int(place)]
        raise self._damaged(f"row {self.row:,} names a text that is not there")

    def _damaged(self, what: str) -> DataError:
        return refused(self.name, f"is a damaged Excel file ({what})", "Save it again in Excel.")
