"""A heat-map as a table: what stands in each cell of a grid, and the cell's ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crmlib.figures.native import Box, Cell, Cells, Line, Note, Shape

INCH = 72.0
OVER = 0.5  # points that a text may reach over the edge of its cell


def table(
    edges: tuple[Sequence[float], Sequence[float]],
    notes: Sequence[Note],
    grounds: Sequence[Shape],
    lines: Sequence[Shape],
) -> tuple[Cells, list[Note]]:
    """The table, and the notes that stand outside of it.

    Args:
        edges: Of the columns and of the rows in inches from the left and from the top.
        notes: All texts.
        grounds: The coloured rectangles.
        lines: Thin lines; a cell that several of them cross is hatched.
    """
    across, down = ([edge * INCH for edge in part] for part in edges)
    taken: set[int] = set()
    rows: list[tuple[Cell, ...]] = []
    for top, bottom in pairwise(down):
        row: list[Cell] = []
        for left, right in pairwise(across):
            cell = (left, top, right - left, bottom - top)
            inside = [place for place, note in enumerate(notes) if _in(note.box, cell)]
            taken |= set(inside)
            row.append(
                _cell(
                    [notes[place] for place in inside], _ground(grounds, cell), sum(_in(o.box, cell) for o in lines) > 1
                )
            )
        rows.append(_spread(row, [note for note in notes if top <= note.box[1] + note.box[3] / 2 < bottom], across))
    box = (across[0], down[0], across[-1] - across[0], down[-1] - down[0])
    widths, heights = (tuple(round(b - a, 2) for a, b in pairwise(part)) for part in (across, down))
    left_over = [note for place, note in enumerate(notes) if place not in taken]
    return Cells(tuple(round(v, 2) for v in box), widths, heights, tuple(rows)), left_over  # type: ignore[arg-type]


def _spread(row: list[Cell], notes: Sequence[Note], across: Sequence[float]) -> tuple[Cell, ...]:
    """A text wider than its cell takes the empty one beside it too."""
    for note in notes:
        place = max(sum(edge <= note.box[0] + note.box[2] / 2 for edge in across) - 1, 0)
        first = place - (note.box[0] < across[place] - OVER)
        last = (
            min(place + (note.box[0] + note.box[2] > across[place + 1] + OVER), len(row) - 1) if place < len(row) else 0
        )
        if 0 <= first < last == first + 1 and not row[first if first < place else last].lines:
            row[first : last + 1] = [replace(row[place], span=2), Cell(merged=True)]
    return tuple(row)


def _in(box: Box, cell: Box) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return cell[0] <= x < cell[0] + cell[2] and cell[1] <= y < cell[1] + cell[3]


def _ground(grounds: Sequence[Shape], cell: Box) -> str:
    """The colour of the last rectangle whose middle lies in the cell and that is no larger than it."""
    found = [one for one in grounds if one.fill and _in(one.box, cell) and one.box[2] <= cell[2] * 1.05]
    return found[-1].fill if found else ""


def _cell(inside: Sequence[Note], fill: str, hatched: bool) -> Cell:
    ordered = sorted(inside, key=lambda note: note.box[1])
    lines = tuple(Line(one.text, one.size, one.bold, one.colour) for one in ordered)
    return Cell(lines, ordered[0].align if ordered else "center", fill, hatched)
