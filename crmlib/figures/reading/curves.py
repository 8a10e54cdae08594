"""Lines, bands and points as an Office chart: areas over evenly spaced places where there are bands, else x and y."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crmlib.figures.native import Axis, Chart, Series, Shape
from crmlib.figures.reading import part as parts
from crmlib.figures.reading import places, ticks
from crmlib.figures.reading.drawn import Band, Curve, Drawn, Interval
from crmlib.figures.reading.part import SLOTS, Part, Seen

Array = NDArray[np.float64]
EVEN = 1e-4
NEAR = 3.0  # points from the axes' edge to the first place: the chart's own labels then stand where they should
MOST = 150  # points of a smooth curve


@dataclass(frozen=True)
class Lattice:
    """Evenly spaced places."""

    first: float
    step: float
    count: int

    @property
    def places(self) -> Array:
        """The places."""
        return np.asarray(self.first + self.step * np.arange(self.count), float)

    def of(self, x: Array) -> NDArray[np.int64] | None:
        """The numbers of places; None when one of them lies between."""
        at = (x - self.first) / self.step
        whole = np.round(at).astype(int)
        return whole if np.abs(at - whole).max() < EVEN and whole.min() >= 0 and whole.max() < self.count else None


def areas(seen: Seen, found: Drawn) -> Part | None:
    """Bands and lines over evenly spaced places; None when the places are not even or the bands cross."""
    lattice = _lattice(found)
    stack = _bands(seen, found, lattice) if lattice else None
    if lattice is None or stack is None:
        return None
    lines, marks = list[Series](), list[Shape]()
    for curve in found.curves:
        at = lattice.of(curve.x)
        if at is not None and len(set(at)) == at.size and (at.size > 2 or curve.marker or at.size == lattice.count):
            values: list[float | None] = [None] * lattice.count
            for place, y in zip(at, curve.y, strict=True):
                values[place] = places.number(y)
            lines.append(parts.as_line(seen, curve, tuple(values)))
        elif (shapes := parts.straight(seen.axes, curve)) is not None:
            marks += shapes
        else:
            return None
    marks += [parts.interval(seen.axes, one) for one in found.intervals]
    return _area_chart(seen, found, lattice, (stack, lines, marks))


def _area_chart(
    seen: Seen, found: Drawn, lattice: Lattice, made: tuple[list[Series], list[Series], list[Shape]]
) -> Part:
    (stack, lines, marks), axes = made, seen.axes
    centres = lattice.places.tolist()
    listed, notes, labelled = ticks.names(axes, "x", centres)
    edge = places.point(axes, (centres[0], 0))[0] - places.point(axes, (axes.get_xlim()[0], 0))[0]
    side = ticks.values(axes, "y", own=abs(edge) < NEAR)
    plot = places.area(axes, (centres[0], side.axis.low), (centres[-1], side.axis.high))
    names = list(seen.hints.get("categories", ()))
    if len(names) != lattice.count:
        names = [name or f"{x:g}" for name, x in zip(listed, centres, strict=True)]
    across = Axis(0, lattice.count, labelled=labelled, line=ticks.line(axes, "x"))
    frame = parts.framed(plot, parts.tick_boxes(axes), parts.size(axes))
    chart = Chart("areas", frame, plot, (*stack, *lines), across, side.axis, tuple(names), True)
    return Part((chart,), (*found.grounds, *side.grid), (*found.shapes, *marks), (*side.notes, *notes))


def _lattice(found: Drawn) -> Lattice | None:
    rows = [curve.x for curve in found.curves if curve.x.size > 2] or [band.x for band in found.bands]
    x = np.unique(np.round(np.concatenate(rows), 6))
    if x.size < 2:
        return None
    step = float(np.diff(x).min())
    count = round(float(x[-1] - x[0]) / step) + 1
    whole = np.abs((x - x[0]) / step - np.round((x - x[0]) / step)).max() < EVEN
    return Lattice(float(x[0]), step, count) if whole and 2 <= count <= SLOTS else None


def _bands(seen: Seen, drawn: Drawn, lattice: Lattice) -> list[Series] | None:
    """Each band on what lies below it; None when bands overlap."""
    top: Array = np.zeros(lattice.count)
    found: list[Series] = []
    middle = _middle(drawn, lattice)
    for band in sorted(drawn.bands, key=lambda one: float(np.nanmean(one.low))):
        at = np.searchsorted(band.x, lattice.places + 1e-9, side="right") - 1
        low, high = (part[np.clip(at, 0, None)] for part in (band.low, band.high))
        outside = (at < 0) | (lattice.places > band.x[-1] + 0.75 * lattice.step)
        low, high = (np.where(outside, np.where(np.isfinite(middle), middle, low), part) for part in (low, high))
        high = np.where(outside, low, high)  # no width where the band is not drawn
        gap = low - top
        if np.nanmin(gap) < -1e-6 * max(float(np.nanmax(np.abs(high))), 1):
            return None
        if np.nanmax(gap) > 1e-6 * max(float(np.nanmax(np.abs(high))), 1):
            found.append(Series("", "area", places.numbers(gap)))
        name = seen.named(band.name, band.colour)
        found.append(
            Series(
                name, "area", places.numbers(high - low), colour=band.colour, alpha=band.alpha, listed=bool(band.name)
            )
        )
        top = np.where(np.isfinite(high), high, top)
    return found


def _middle(found: Drawn, lattice: Lattice) -> Array:
    """The curve that bands lie about, where there is one."""
    middle: Array = np.full(lattice.count, np.nan)
    for curve in found.curves[:1]:
        at = lattice.of(curve.x)
        if at is not None:
            middle[at] = curve.y
    return middle


def points(seen: Seen, found: Drawn) -> Part | None:
    """Curves and intervals as series of x and y; bands as their two edges."""
    axes = seen.axes
    across, up = ticks.values(axes, "x"), ticks.values(axes, "y")
    rows = {
        round(float(tick.get_loc()), 6): ticks.label(tick).get_text()
        for tick in ticks.shown(axes, "y")
        if ticks.label(tick)
    }
    series = [one for band in found.bands for one in _edges(seen, band)] + _intervals(seen, found.intervals)
    series += [_curve(seen, curve, rows) for curve in found.curves]
    if not series:
        return None
    series.sort(key=lambda one: -len(one.values))  # short ones on top; LibreOffice loses those before a longer one
    low, high = (across.axis.low, up.axis.low), (across.axis.high, up.axis.high)
    plot = places.area(axes, low, high)
    frame = parts.framed(plot, parts.tick_boxes(axes), parts.size(axes))
    chart = Chart("points", frame, plot, tuple(series), across.axis, up.axis)
    return Part((chart,), (*found.grounds, *across.grid, *up.grid), tuple(found.shapes), (*across.notes, *up.notes))


def _curve(seen: Seen, curve: Curve, rows: dict[float, str]) -> Series:
    x, y = curve.x, curve.y
    if curve.stepped:
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    elif x.size > MOST:
        kept = np.unique(np.linspace(0, x.size - 1, MOST).round().astype(int))
        x, y = x[kept], y[kept]
    row = rows.get(round(float(y[0]), 6), "") if np.ptp(y) == 0 else ""
    return Series(
        curve.name or row or seen.named("", curve.colour), "points", places.numbers(y), places.numbers(x), curve.colour,
        width=0.0 if curve.dash == "none" else curve.width, dash=curve.dash, marker=curve.marker, size=curve.size,
        fill=curve.fill, listed=bool(curve.name),
    )  # fmt: skip


def _edges(seen: Seen, band: Band) -> list[Series]:
    name = seen.named(band.name, band.colour)
    return [
        Series(
            name,
            "points",
            places.numbers(edge),
            places.numbers(band.x),
            band.colour,
            min(band.alpha * 2.5, 1.0),
            width=0.9,
        )
        for edge in (band.low, band.high)
    ]


def _intervals(seen: Seen, intervals: Sequence[Interval]) -> list[Series]:
    """Intervals of one colour as one series with gaps."""
    found = []
    for colour, width in dict.fromkeys((one.colour, one.width) for one in intervals):
        x: list[float | None] = []
        y: list[float | None] = []
        for one in intervals:
            if (one.colour, one.width) == (colour, width):
                x += [*places.numbers((one.start[0], one.end[0])), None]
                y += [*places.numbers((one.start[1], one.end[1])), None]
        name = seen.named("", colour)
        found.append(Series(name, "points", tuple(y[:-1]), tuple(x[:-1]), colour, width=width))
    return found
