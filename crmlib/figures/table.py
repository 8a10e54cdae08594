"""`Table`: the displayed strings of a table exhibit, one per language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmlib.errors import CrmError


@dataclass(frozen=True)
class Table:
    """A table as the reader sees it.

    Args:
        columns: Header texts.
        rows: Displayed cells, one sequence per row, as long as `columns`.
        highlight: Indices of rows that carry the message.
        widths: Relative column widths; equal when empty.
        left: Number of leading columns that are aligned left (labels); the others are aligned right.
        cut: Whether the last rows may be left out where a page has no room (they stand whole elsewhere).
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    highlight: Sequence[int] = ()
    widths: Sequence[float] = ()
    left: int = 1
    cut: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise CrmError(f"a table row has another number of cells than the {len(self.columns)} columns")
