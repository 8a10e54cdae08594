"""What is drawn on axes, sorted: bars, curves, intervals, bands, and marks that only accompany them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from numpy.typing import NDArray

from crmlib.figures.native import Shape
from crmlib.figures.reading import marks, places

Array = NDArray[np.float64]
EDGE = 1e-6


@dataclass(frozen=True)
class Bar:
    """A bar: middle and width across, from where to where it reaches."""

    place: float
    width: float
    low: float
    high: float
    colour: str
    name: str
    upright: bool


@dataclass(frozen=True)
class Curve:
    """A line or a row of marks in data coordinates."""

    x: Array
    y: Array
    name: str
    colour: str
    width: float
    dash: str
    marker: str
    size: float
    fill: str
    stepped: bool


@dataclass(frozen=True)
class Interval:
    """A straight line between two points: an interval of an estimate."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: str
    width: float


@dataclass(frozen=True)
class Band:
    """An area between two heights."""

    x: Array
    low: Array
    high: Array
    name: str
    colour: str
    alpha: float


@dataclass(frozen=True)
class Drawn:
    """Everything that axes show but for texts."""

    bars: list[Bar] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # of colours that only the legend names
    grounds: list[Shape] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)


def on(axes: Axes) -> Drawn:
    """Sort what is drawn.

    Args:
        axes: Of a figure whose layout is settled.
    """
    found = Drawn()
    rows = [one for one in axes.containers if isinstance(one, BarContainer)]
    in_bars = {id(patch) for one in rows for patch in one.patches}
    caps = {id(line) for one in axes.containers if isinstance(one, ErrorbarContainer) for line in one.lines[1]}
    found.bars.extend(bar for one in rows for bar in _bars(one))
    found.grounds.extend(
        marks.rectangle(one)
        for one in axes.patches
        if isinstance(one, (Rectangle, FancyBboxPatch)) and one.get_visible() and id(one) not in in_bars
    )
    for line in axes.lines:
        if line.get_visible() and id(line) not in caps:
            _line(axes, line, found)
    for collection in axes.collections:
        if collection.get_visible():
            _collection(collection, found)
    _settle(axes, found)
    return found


def _settle(axes: Axes, found: Drawn) -> None:
    """Names from the legend; outlines that stand for what is missing are no bars."""
    found.curves[:] = [
        replace(one, name=found.names[one.colour])
        if not one.name and one.dash != "none" and one.colour in found.names
        else one
        for one in found.curves
    ]
    hollow = [bar for bar in found.bars if bar.colour in ("", "FFFFFF")]
    for bar in hollow:
        found.bars.remove(bar)
    found.grounds.extend(
        marks.rectangle(p) for c in axes.containers if isinstance(c, BarContainer) for p in c.patches
        if places.colour(p.get_facecolor()) in ("", "FFFFFF")
    )  # fmt: skip


def _bars(container: BarContainer) -> Iterator[Bar]:
    upright = container.orientation != "horizontal"
    label = str(container.get_label() or "")
    name = "" if label.startswith("_") else label
    for patch in container.patches:
        (x, y), w, h = patch.get_xy(), patch.get_width(), patch.get_height()
        start, size, base, length = (x, w, y, h) if upright else (y, h, x, w)
        if not np.isfinite(base + length):
            continue
        low, high = sorted((base, base + length))
        yield Bar(start + size / 2, abs(size), low, high, places.colour(patch.get_facecolor()), name, upright)


def _line(axes: Axes, line: Line2D, found: Drawn) -> None:
    x, y = (np.asarray(part, float) for part in (line.get_xdata(orig=False), line.get_ydata(orig=False)))
    x, y = (part.ravel() for part in np.broadcast_arrays(x, y))
    if not x.size:
        if not str(line.get_label()).startswith("_") and places.dash(line) != "none":
            found.names[places.colour(line.get_color())] = str(line.get_label())
        return
    inside = (x >= min(axes.get_xlim()) - EDGE) & (x <= max(axes.get_xlim()) + EDGE)
    if line.get_transform() == axes.transData:
        x, y = x[inside], y[inside]
    if not np.isfinite(y).any():
        return
    marker = places.MARKERS.get(str(line.get_marker()), "")
    dash = places.dash(line)
    if dash == "none" and not marker:
        return
    if line.get_transform() != axes.transData or (x.size == 2 and not marker and _reference(axes, x, y)):
        found.shapes.append(_stroke(axes, line, dash))
        return
    label = str(line.get_label())
    size = float(line.get_markersize())
    found.curves.append(
        Curve(x, y, "" if label.startswith("_") else label, _ink(line, dash), float(line.get_linewidth()), dash, marker, size,
              places.colour(line.get_markerfacecolor()) if marker else "", line.get_drawstyle().startswith("steps"))
    )  # fmt: skip


def _ink(line: Line2D, dash: str) -> str:
    """The line's colour, or that of the marks' edges where there is no line and they are hollow."""
    hollow = dash == "none" and places.colour(line.get_markerfacecolor()) in ("", "FFFFFF")
    return places.colour(line.get_markeredgecolor() if hollow else line.get_color())


def _reference(axes: Axes, x: Array, y: Array) -> bool:
    """A line across the whole plot, or up it: something to hold the numbers against."""
    wide = abs(x[1] - x[0]) >= 0.98 * abs(np.diff(axes.get_xlim())[0]) and y[0] == y[1]
    high = abs(y[1] - y[0]) >= 0.98 * abs(np.diff(axes.get_ylim())[0]) and x[0] == x[1]
    return bool(wide or high)


def _stroke(axes: Axes, line: Line2D, dash: str) -> Shape:
    ends = line.get_transform().transform(np.column_stack([line.get_xdata(orig=False), line.get_ydata(orig=False)]))
    return marks.stroke(
        (ends[0], ends[-1]), axes.figure.bbox.height, places.colour(line.get_color()), line.get_linewidth(), dash
    )


def _collection(collection: Any, found: Drawn) -> None:
    if isinstance(collection, LineCollection):
        colours, widths = collection.get_colors(), np.atleast_1d(collection.get_linewidth())
        for place, path in enumerate(collection.get_segments()):
            if len(path) == 2 and np.isfinite(path).all():
                ink = places.colour(colours[place % len(colours)])
                (x0, y0), (x1, y1) = ((float(x), float(y)) for x, y in path)
                found.intervals.append(Interval((x0, y0), (x1, y1), ink, float(widths[place % len(widths)])))
    elif isinstance(collection, PolyCollection):
        found.bands.extend(_bands(collection))
    elif isinstance(collection, PathCollection):
        at = np.asarray(collection.get_offsets(), float)
        if at.size:
            size = float(np.sqrt(np.mean(collection.get_sizes())))
            ink = places.colour(collection.get_facecolor())
            found.curves.append(Curve(at[:, 0], at[:, 1], "", ink, 0.0, "none", "circle", size, ink, False))


def _bands(collection: PolyCollection) -> Iterator[Band]:
    label = str(collection.get_label())
    ink, alpha = places.colour(collection.get_facecolor()), places.alpha(collection.get_facecolor())
    parts = []
    for path in collection.get_paths():
        corners = np.asarray(path.vertices, float)
        n = (len(corners) - 3) // 2
        first, second = corners[1 : n + 1], corners[n + 2 : 2 * n + 2][::-1]
        if n and np.allclose(first[:, 0], second[:, 0]):
            both = np.stack([first[:, 1], second[:, 1]])
            parts.append((first[:, 0], both.min(axis=0), both.max(axis=0)))
    if parts:
        x, low, high = (np.concatenate([part[i] for part in parts]) for i in range(3))
        yield Band(x, low, high, "" if label.startswith("_") else label, ink, alpha)
