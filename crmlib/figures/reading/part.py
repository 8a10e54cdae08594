"""What one pair of axes gives to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes

from crmlib.figures.native import Box, Chart, Hints, Note, Series, Shape
from crmlib.figures.reading import marks, places, ticks
from crmlib.figures.reading.drawn import Bar, Curve, Interval
from crmlib.figures.reading.texts import Written

SLOTS = 420  # categories of one chart at most: a year of days


@dataclass(frozen=True)
class Seen:
    """Axes with what is written on them and what else is known."""

    axes: Axes
    written: tuple[Written, ...]
    hints: Hints

    def named(self, name: str, colour: str) -> str:
        """A series' name: as the drawing calls it, as the hints name its colour, else what its axis says."""
        names: Mapping[str, str] = {k.lstrip("#").upper(): v for k, v in self.hints.get("names", {}).items()}
        labels = (self.axes.get_ylabel(), self.axes.get_xlabel(), self.axes.get_title(), self.axes.get_title("left"))
        return name or names.get(colour, "") or next((label for label in labels if label), "")


@dataclass(frozen=True)
class Part:
    """Charts, marks and notes of one pair of axes; ``used`` texts have become labels."""

    charts: tuple[Chart, ...] = ()
    grounds: tuple[Shape, ...] = ()
    shapes: tuple[Shape, ...] = ()
    notes: tuple[Note, ...] = ()
    used: frozenset[int] = frozenset()


def straight(axes: Axes, curve: Curve) -> tuple[Shape, ...] | None:
    """A curve that belongs to no category, as marks: a straight line or dots; None when it is more than that."""
    if curve.dash != "none" and curve.x.size > 2:
        return None
    found: list[Shape] = []
    if curve.dash != "none" and curve.x.size == 2:
        found.append(
            line(axes, ((curve.x[0], curve.y[0]), (curve.x[1], curve.y[1])), curve.colour, curve.width, curve.dash)
        )
    if curve.marker:
        for x, y in zip(curve.x, curve.y, strict=True):
            left, top = places.point(axes, (x, y))
            half = curve.size / 2
            box = (round(left - half, 2), round(top - half, 2), curve.size, curve.size)
            found.append(Shape(curve.marker, box, curve.colour, 0.8, "", curve.fill))
    return tuple(found)


def line(
    axes: Axes, ends: tuple[tuple[float, float], tuple[float, float]], ink: str, width: float, dash: str = ""
) -> Shape:
    """A straight line in data coordinates as a mark."""
    start, end = axes.transData.transform(ends)
    return marks.stroke((start, end), axes.figure.bbox.height, ink, width, dash)


def interval(axes: Axes, one: Interval) -> Shape:
    """An interval that belongs to no bar, as a mark."""
    return line(axes, (one.start, one.end), one.colour, one.width)


def framed(plot: Box, labels: tuple[Box, ...], figure: tuple[float, float]) -> Box:
    """The frame of a chart: its plot and what it writes around it, within the figure."""
    left, top, width, height = places.union((plot, *labels), pad=6.0)
    right, bottom = min(left + width, figure[0]), min(top + height, figure[1])
    left, top = max(left, 0.0), max(top, 0.0)
    return round(left, 2), round(top, 2), round(right - left, 2), round(bottom - top, 2)


def tick_boxes(axes: Axes) -> tuple[Box, ...]:
    """Where the labels of the ticks stand."""
    from crmlib.figures.reading import texts

    both = [ticks.label(tick) for which in "xy" for tick in ticks.shown(axes, which)]
    return tuple(texts.box(one) for one in both if one)


def size(axes: Axes) -> tuple[float, float]:
    """Width and height of the figure in points."""
    return float(axes.figure.bbox.width), float(axes.figure.bbox.height)


def upright(bars: list[Bar]) -> bool:
    """Whether bars stand rather than lie."""
    return bars[0].upright


def as_line(seen: Seen, curve: Curve, values: tuple[float | None, ...]) -> Series:
    """A curve over categories."""
    return Series(
        seen.named(curve.name, curve.colour), "line", values, colour=curve.colour,
        width=0.0 if curve.dash == "none" else curve.width, dash=curve.dash, marker=curve.marker, size=curve.size,
        fill=curve.fill, listed=bool(curve.name),
    )  # fmt: skip


def whisker(curve: Curve, *, lying: bool) -> bool:
    """A straight line along the bars: an interval that was drawn as a line."""
    across = curve.y if lying else curve.x
    return bool(curve.x.size == 2 and curve.dash == "" and not curve.marker and across[0] == across[1])
