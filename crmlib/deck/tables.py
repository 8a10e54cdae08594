"""Tables laid out in Python: column widths, wrapped cells and heights, the same in HTML and PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmlib.deck import grid, lines

NARROWEST = 34.0


def laid_out(table: Mapping[str, Any], language: str, limit: float, density: tuple[float, float]) -> dict[str, Any]:
    """A table with its geometry.

    Args:
        table: An exhibit of kind "table".
        language: ja or en.
        limit: Width that it may take, in points.
        density: Type size, and padding above and below a cell, in points.

    Returns:
        The columns' widths, header and rows as lines, row heights and total height, all in points.
    """
    size, pad = density
    lead = grid.leading(size, grid.TABLE_LEAD)
    widths = _widths(table, limit, size)
    cells = [table["columns"], *table["rows"]]
    rows: list[dict[str, Any]] = [
        {
            "cells": [
                lines.wrapped(cell, language, w - 2 * grid.CELL_X, size, bold=i - 1 in table["highlight"])
                for cell, w in zip(row, widths, strict=True)
            ],
            "highlight": i - 1 in table["highlight"],
        }
        for i, row in enumerate(cells)
    ]
    for row in rows:
        row["height"] = max(map(len, row["cells"])) * lead + 2 * pad
    align = ["left" if i < table["left"] else "right" for i in range(len(widths))]
    height = sum(row["height"] for row in rows)
    return {"kind": "table", "widths": widths, "align": align, "size": size, "pad": pad, "lead": lead,
            "header": rows[0], "rows": rows[1:], "height": height}  # fmt: skip


def _widths(table: Mapping[str, Any], limit: float, size: float) -> list[float]:
    """What the cells need, widened in proportion; too wide columns share what the narrow ones leave."""
    rows = [(table["columns"], False), *((row, i in table["highlight"]) for i, row in enumerate(table["rows"]))]
    columns = range(len(table["columns"]))
    natural = [max(lines.width(row[column], size, bold) for row, bold in rows) for column in columns]
    needed = [w / lines.SPARE + 2 * grid.CELL_X + 0.5 for w in natural]
    if sum(needed) <= limit:
        return [w * limit / sum(needed) for w in needed]
    return _squeezed(needed, table["widths"] or needed, limit)


def _squeezed(needed: Sequence[float], weights: Sequence[float], limit: float) -> list[float]:
    """Narrow columns keep their width, the wide ones share what is left by weight."""
    narrow: set[int] = set()
    while True:
        left = limit - sum(needed[i] for i in narrow)
        wide = [i for i in range(len(needed)) if i not in narrow]
        small = {i for i in wide if needed[i] <= left / len(wide)}
        if not small:
            break
        narrow |= small
    whole = sum(weights[i] for i in wide)
    return [needed[i] if i in narrow else max(left * weights[i] / whole, NARROWEST) for i in range(len(needed))]


def pages(table: Mapping[str, Any], height: float) -> list[dict[str, Any]]:
    """A laid-out table cut into as many as the height needs, about equally full, each with the header."""
    head, rows = table["header"]["height"], table["rows"]
    needed = len(_filled(rows, height - head))
    room = sum(row["height"] for row in rows) / needed
    while len(cut := _filled(rows, room)) > needed:
        room += min(row["height"] for row in rows)
    cut = cut if room <= height - head else _filled(rows, height - head)
    return [{**table, "rows": part, "height": head + sum(row["height"] for row in part)} for part in cut]


def _filled(rows: Sequence[Any], room: float) -> list[list[Any]]:
    """Rows in order, each page as full as the room allows; a row that is higher than that has a page to itself."""
    cut: list[list[Any]] = [[]]
    used = 0.0
    for row in rows:
        if cut[-1] and used + row["height"] > room:
            cut.append([])
            used = 0.0
        cut[-1].append(row)
        used += row["height"]
    return cut
