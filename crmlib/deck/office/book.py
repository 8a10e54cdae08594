"""The workbook behind a chart: its numbers where the chart's formulas look for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmlib import spreadsheet
from crmlib.spreadsheet import Cell, Sheet

SHEET = "Data"


@dataclass(frozen=True)
class Column:
    """Cells and where they stand."""

    at: str
    cells: tuple[Any, ...]


class Book:
    """Columns of one chart: categories (or each series' x), then a column for each series and its interval.

    Args:
        one: A chart of a figure's `native` payload.
        words: What columns without a name of their own are called: ``category``, ``base``, ``labels``, ``value``.
    """

    def __init__(self, one: Mapping[str, Any], words: Mapping[str, str]) -> None:
        self._heads: list[str] = []
        self._columns: list[tuple[Any, ...]] = []
        self._where: dict[tuple[int, str], int] = {}
        if one["kind"] != "points":
            self._add((-1, "category"), words["category"], one["categories"])
        for number, row in enumerate(one["series"]):
            unseen = "labels" if row["kind"] == "line" else "base"
            name = row.get("name") or words["value" if row.get("colour") else unseen]
            if "x" in row:
                self._add((number, "x"), f"{name} (x)", row["x"])
            self._add((number, "values"), name, row["values"])
            for side, sign in (("below", "\N{MINUS SIGN}"), ("above", "+")):
                if row.get("error"):
                    self._add((number, side), f"{name} {sign}", row[side])

    def _add(self, key: tuple[int, str], head: str, cells: Sequence[Any]) -> None:
        self._where[key] = len(self._columns)
        self._heads.append(head)
        self._columns.append(tuple(cells))

    def _column(self, key: tuple[int, str]) -> Column:
        place = self._where[key]
        letters, cells = _letters(place), self._columns[place]
        return Column(f"{SHEET}!${letters}$2:${letters}${len(cells) + 1}", cells)

    @property
    def categories(self) -> Column:
        """Names of the categories."""
        return self._column((-1, "category"))

    def name(self, number: int) -> Column:
        """A series' name: the head of its column."""
        place = self._where[number, "values"]
        return Column(f"{SHEET}!${_letters(place)}$1", (self._heads[place],))

    def values(self, number: int) -> Column:
        """A series' numbers."""
        return self._column((number, "values"))

    def places(self, number: int) -> Column:
        """A series' x."""
        return self._column((number, "x"))

    def reach(self, number: int, side: str) -> Column:
        """How far a series' intervals reach ``below`` or ``above``."""
        return self._column((number, side))

    def xlsx(self) -> bytes:
        """The workbook's bytes."""
        length = max(map(len, self._columns))
        rows: list[list[Cell]] = [
            [column[place] if place < len(column) else None for column in self._columns] for place in range(length)
        ]
        formats = ["text" if key[1] == "category" else "number" for key in self._where]
        return spreadsheet.xlsx([Sheet(SHEET, self._heads, rows, formats)])


def _letters(place: int) -> str:
    """A column's letters.

    Example:
        >>> [_letters(place) for place in (0, 25, 26, 701, 702)]
        ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    found, left = "", place + 1
    while left:
        left, rest = divmod(left - 1, 26)
        found = chr(65 + rest) + found
    return found
