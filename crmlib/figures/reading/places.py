"""Where things of a drawn figure stand, in points from its upper left corner; colours as six hexadecimal digits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from crmlib.figures.native import Box, Values

DIGITS = 9  # of a number in the payload: the same on every machine
MARKERS = {"o": "circle", "s": "square", "D": "diamond", "d": "diamond", "^": "triangle", "v": "down", ".": "circle"}


def number(value: float) -> float | None:
    """A value as the payload has it; None for one that is not known."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def numbers(values: Iterable[float]) -> Values:
    """Values as the payload has them."""
    return tuple(number(float(value)) for value in values)


def box(extent: Bbox, height: float) -> Box:
    """A box of matplotlib, which counts from below."""
    left, top = extent.x0, height - extent.y1
    return round(left, 2), round(top, 2), round(extent.width, 2), round(extent.height, 2)


def point(axes: Axes, at: tuple[float, float]) -> tuple[float, float]:
    """A point in data coordinates."""
    x, y = axes.transData.transform(at)
    return float(x), float(axes.figure.bbox.height - y)


def area(axes: Axes, low: tuple[float, float], high: tuple[float, float]) -> Box:
    """The box between two points in data coordinates."""
    (x0, y0), (x1, y1) = point(axes, low), point(axes, high)
    return round(min(x0, x1), 2), round(min(y0, y1), 2), round(abs(x1 - x0), 2), round(abs(y1 - y0), 2)


def union(boxes: Iterable[Box], pad: float = 0.0) -> Box:
    """The box around boxes."""
    found = list(boxes)
    left, top = min(b[0] for b in found) - pad, min(b[1] for b in found) - pad
    right, bottom = max(b[0] + b[2] for b in found) + pad, max(b[1] + b[3] for b in found) + pad
    return round(left, 2), round(top, 2), round(right - left, 2), round(bottom - top, 2)


def colour(given: Any) -> str:
    """Six hexadecimal digits; empty for what is not drawn."""
    found = np.asarray(given, dtype=object)
    if found.ndim == 2:
        given = found[0] if len(found) else "none"
    red, green, blue, alpha = to_rgba(given)
    return "" if alpha == 0 else "".join(f"{round(part * 255):02X}" for part in (red, green, blue))


def alpha(given: Any) -> float:
    """How much of what lies behind is hidden."""
    found = np.asarray(given, dtype=object)
    return round(float(to_rgba(found[0] if found.ndim == 2 else given)[3]), 3)


def dash(line: Line2D) -> str:
    """Office's name of a line's dashes; "none" when there is no line."""
    style = line.get_linestyle()
    if style in ("None", "none", "", " "):
        return "none"
    if not line.is_dashed():
        return ""
    pattern = line._unscaled_dash_pattern[1]  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
    return "sysDot" if pattern and pattern[0] <= 1.5 else "dash"
