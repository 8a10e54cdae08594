"""Marks without numbers: rectangles, straight lines, what a legend draws beside a name."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle

from crmlib.figures.native import Shape
from crmlib.figures.reading import places


def rectangle(patch: Rectangle | FancyBboxPatch) -> Shape:
    """A rectangle."""
    height = patch.get_figure().bbox.height  # type: ignore[union-attr]
    edge = places.colour(patch.get_edgecolor()) if patch.get_linewidth() else ""
    dashed = "dash" if patch.get_linestyle() not in ("-", "solid") else ""
    fill, alpha = places.colour(patch.get_facecolor()), places.alpha(patch.get_facecolor())
    where = places.box(patch.get_window_extent(), height)
    return Shape("rect", where, edge, patch.get_linewidth() if edge else 0.0, dashed, fill, alpha)


def stroke(ends: tuple[Any, Any], height: float, ink: str, width: float, dash: str = "") -> Shape:
    """A straight line between two points of the canvas."""
    (x0, y0), (x1, y1) = ends
    where = (round(x0, 2), round(height - y0, 2), round(x1 - x0, 2), round(y0 - y1, 2))
    return Shape("line", where, ink, round(float(width), 2), "" if dash == "none" else dash)


def handle(one: Any) -> list[Shape]:
    """What a legend draws beside a name."""
    if isinstance(one, Rectangle):
        return [rectangle(one)]
    if not isinstance(one, Line2D):
        return []
    height = one.get_figure().bbox.height  # type: ignore[union-attr]
    ends = one.get_transform().transform(np.column_stack([one.get_xdata(orig=False), one.get_ydata(orig=False)]))
    found, dash = [], places.dash(one)
    if dash != "none" and len(ends) > 1:
        found.append(stroke((ends[0], ends[-1]), height, places.colour(one.get_color()), one.get_linewidth(), dash))
    marker = places.MARKERS.get(str(one.get_marker()), "")
    if marker:
        (x, y), size = ends.mean(axis=0), float(one.get_markersize())
        where = (round(x - size / 2, 2), round(height - y - size / 2, 2), size, size)
        found.append(
            Shape(
                marker,
                where,
                places.colour(one.get_markeredgecolor()),
                0.9,
                "",
                places.colour(one.get_markerfacecolor()),
            )
        )
    return found
