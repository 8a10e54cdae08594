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
        row["height"] = max(map(len, row["cells"])) * size * grid.TABLE_LEAD + 2 * pad
    align = ["left" if i < table["left"] else "right" for i in range(len(widths))]
    height = sum(row["height"] for row in rows)
    return {"kind": "table", "widths": widths, "align": align, "size": size, "pad": pad, "lead": size * grid.TABLE_LEAD,
            "header": rows[0], "rows": rows[1:], "height": height}  # fmt: skip


def _widths(table: Mapping[str, Any], limit: float, size: float) -> list[float]:
    if table["widths"]:
        whole = sum(table["widths"])
        return [limit * w / whole for w in table["widths"]]
    columns = list(zip(table["columns"], *table["rows"], strict=True))
    natural = [
        max(lines.width(c, size, bold=True) for c in column) / lines.SPARE + 2 * grid.CELL_X + 1 for column in columns
    ]
    if sum(natural) <= limit:
        return [w * limit / sum(natural) for w in natural]
    return _squeezed(natural, limit)


def _squeezed(natural: Sequence[float], limit: float) -> list[float]:
    """Narrow columns keep their width, the wide ones share what is left in proportion."""
    fixed: set[int] = set()
    while True:
        left = limit - sum(natural[i] for i in fixed)
        wide = [i for i in range(len(natural)) if i not in fixed]
        fair = left / max(len(wide), 1)
        small = {i for i in wide if natural[i] <= fair}
        if not small or len(small) == len(wide):
            break
        fixed |= small
    share = left / sum(natural[i] for i in wide)
    return [natural[i] if i in fixed else max(natural[i] * share, NARROWEST) for i in range(len(natural))]


def pages(table: Mapping[str, Any], height: float) -> list[dict[str, Any]]:
    """A laid-out table cut into as many as the height needs, each with the header."""
    head = table["header"]["height"]
    cut: list[list[Any]] = [[]]
    used = head
    for row in table["rows"]:
        if cut[-1] and used + row["height"] > height:
            cut.append([])
            used = head
        cut[-1].append(row)
        used += row["height"]
    return [{**table, "rows": rows, "height": head + sum(r["height"] for r in rows)} for rows in cut]
