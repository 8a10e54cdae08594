"""Bars as an Office chart: side by side, stacked, as a waterfall on bars that are not seen, with intervals and lines."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from crmlib.figures.native import Axis, Chart, Series, Shape
from crmlib.figures.reading import part as parts
from crmlib.figures.reading import places, ticks
from crmlib.figures.reading.drawn import Bar, Curve, Drawn, Interval
from crmlib.figures.reading.labels import labelled
from crmlib.figures.reading.part import SLOTS, Part, Seen

LEAST = 1e-9
Rows = dict[tuple[str, str, int], list[tuple[int, Bar]]]


@dataclass(frozen=True)
class Slots:
    """The categories: where the first one stands, how many there are; whether bars stand beside each other in one."""

    shift: float
    first: int
    count: int
    clustered: bool

    def of(self, place: float) -> int:
        """The category of a place."""
        return round(place - self.shift) - self.first

    def holds(self, place: float) -> bool:
        """Whether a place is the middle of a category."""
        at = place - self.shift
        return abs(at - round(at)) < 1e-6 and 0 <= round(at) - self.first < self.count

    def centres(self) -> list[float]:
        """The middles of the categories."""
        return [self.first + self.shift + slot for slot in range(self.count)]


def chart(seen: Seen, found: Drawn) -> Part | None:
    """The chart of axes with bars; None when no Office chart shows them so."""
    axes, lying = seen.axes, not parts.upright(found.bars)
    slots, side = _slots(found.bars), ticks.values(axes, "x" if lying else "y")
    from_edge = side.axis.low if _straddles(found.bars) and not ticks.shown(axes, "x" if lying else "y") else 0.0
    series = _series(
        seen, [replace(bar, low=bar.low - from_edge, high=bar.high - from_edge) for bar in found.bars], slots
    )
    if slots.count > SLOTS or series is None:
        return None
    stacked = any(one.colour == "" for one in series) or (len(series) > 1 and not slots.clustered)
    series, left_over = _errors(series, found, slots, stacked=stacked)
    lines, marks = _curves(
        seen, [one for one in found.curves if not parts.whisker(one, lying=lying)], slots, lying=lying
    )
    if lines is None:
        return None
    across = ticks.names(axes, "y" if lying else "x", slots.centres())
    told = labelled(seen, found, [*series, *lines], slots, stacked=stacked)
    low, high = slots.centres()[0] - 0.5, slots.centres()[-1] + 0.5
    ends = ((side.axis.low, low), (side.axis.high, high)) if lying else ((low, side.axis.low), (high, side.axis.high))
    plot = places.area(axes, *ends)
    named = list(seen.hints.get("categories", ())) or across[0]
    made = Chart(
        "bars" if lying else "columns", parts.framed(plot, parts.tick_boxes(axes), parts.size(axes)), plot,
        tuple(told.series), _names_axis(seen, slots, lying=lying, labelled=across[2]),
        replace(side.axis, low=side.axis.low - from_edge, high=side.axis.high - from_edge),
        tuple(_listed(named, slots.count)), stacked, _gap(found.bars, slots, len(series)),
    )  # fmt: skip
    marks += [parts.interval(axes, one) for one in left_over]
    return Part((made,), (*found.grounds, *side.grid), (*found.shapes, *marks), (*side.notes, *across[1]), told.used)


def _straddles(bars: Sequence[Bar]) -> bool:
    """Bars in the middle, as a funnel has them."""
    return all(bar.low < 0 and abs(bar.low + bar.high) <= 1e-6 * bar.high for bar in bars)


def _listed(names: Sequence[str], count: int) -> list[str]:
    found = [*names[:count], *[""] * (count - len(names))]
    return [name or str(place) for place, name in enumerate(found, 1)]


def _names_axis(seen: Seen, slots: Slots, *, lying: bool, labelled: bool) -> Axis:
    limits = seen.axes.get_ylim() if lying else seen.axes.get_xlim()
    return Axis(
        0,
        slots.count,
        labelled=labelled,
        flipped=bool(limits[0] > limits[1]),
        line=ticks.line(seen.axes, "y" if lying else "x"),
    )


def _slots(bars: Sequence[Bar]) -> Slots:
    at = np.array([bar.place for bar in bars])
    shift = float(at[0] - np.round(at[0]))
    clustered = bool(np.abs((at - shift) - np.round(at - shift)).max() > 1e-6)
    shift = 0.0 if clustered else shift
    numbers = np.round(at - shift).astype(int)
    return Slots(shift, int(numbers.min()), int(np.ptp(numbers)) + 1, clustered)


def _gap(bars: Sequence[Bar], slots: Slots, count: int) -> int:
    width = float(np.median([bar.width for bar in bars]))
    taken = width * (count if slots.clustered else 1)
    return int(np.clip(round((1 - taken) / width * 100), 0, 500))


def _series(seen: Seen, bars: Sequence[Bar], slots: Slots) -> list[Series] | None:
    if slots.clustered:
        offsets = sorted({round(bar.place - round(bar.place), 6) for bar in bars})
        groups = [[bar for bar in bars if round(bar.place - round(bar.place), 6) == offset] for offset in offsets]
        return [_plain(seen, group, slots) for group in groups]
    most = max(Counter(slots.of(bar.place) for bar in bars).values())
    based = any(bar.low > LEAST or bar.high < -LEAST or bar.low < -LEAST < LEAST < bar.high for bar in bars)
    return [_plain(seen, bars, slots)] if most == 1 and not based else _stacked(seen, bars, slots)


def _plain(seen: Seen, bars: Sequence[Bar], slots: Slots) -> Series:
    values: list[float | None] = [None] * slots.count
    colours: dict[int, str] = {}
    for bar in bars:
        slot = slots.of(bar.place)
        values[slot] = places.number(bar.high if bar.high > -bar.low else bar.low)
        colours[slot] = bar.colour
    common = Counter(colours.values()).most_common(1)[0][0]
    name = next((bar.name for bar in bars if bar.name), "")
    others = {slot: colour for slot, colour in sorted(colours.items()) if colour != common}
    return Series(seen.named(name, common), "bar", tuple(values), colour=common, colours=others, listed=bool(name))


def _stacked(seen: Seen, bars: Sequence[Bar], slots: Slots) -> list[Series] | None:
    """A series for each name or colour, on one that is not seen where bars do not begin at zero."""
    base, rows = _base(bars, slots), _rows(bars, slots)
    if base is None or not _ordered(rows):
        return None
    found = [Series("", "bar", places.numbers(base))] if any(base) else []
    for (name, colour, _), members in rows.items():
        for above in (True, False):
            values: list[float | None] = [None] * slots.count
            for slot, bar in members:
                length = max(bar.high, 0) - max(bar.low, 0) if above else min(bar.low, 0) - min(bar.high, 0)
                values[slot] = places.number(length)
            if above or any(values):
                listed = bool(name) and above
                found.append(Series(seen.named(name, colour), "bar", tuple(values), colour=colour, listed=listed))
    return found


def _base(bars: Sequence[Bar], slots: Slots) -> list[float] | None:
    """Where the bars of each category begin, above zero or below; None when there are gaps between them."""
    base = [0.0] * slots.count
    for slot in range(slots.count):
        here = sorted((bar for bar in bars if slots.of(bar.place) == slot), key=lambda bar: bar.low)
        real = [bar for bar in here if bar.high - bar.low > LEAST]
        if any(abs(a.high - b.low) > 1e-6 * max(abs(b.low), 1) for a, b in itertools.pairwise(real)):
            return None
        if real:
            base[slot] = max(real[0].low, 0.0) + min(real[-1].high, 0.0)
    return base


def _rows(bars: Sequence[Bar], slots: Slots) -> Rows:
    """The bars of each series, with their category."""
    rows: Rows = {}
    for bar in bars:
        turn, slot = 0, slots.of(bar.place)
        while any(slot == other for other, _ in rows.get((bar.name, bar.colour, turn), [])):
            turn += 1
        rows.setdefault((bar.name, bar.colour, turn), []).append((slot, bar))
    return rows


def _ordered(rows: Rows) -> bool:
    """Whether the series lie on each other in one order in every category."""
    order: dict[int, float] = {}
    for members in rows.values():
        for slot, bar in members:
            if bar.high - bar.low > LEAST:
                if bar.low < order.get(slot, -np.inf) - LEAST:
                    return False
                order[slot] = bar.low
    return True


def _errors(series: list[Series], found: Drawn, slots: Slots, *, stacked: bool) -> tuple[list[Series], list[Interval]]:
    """Intervals that stand on bars as their error bars; the others are left over."""
    whiskers = [one for one in found.curves if parts.whisker(one, lying=not parts.upright(found.bars))]
    left = found.intervals + [
        Interval((one.x[0], one.y[0]), (one.x[1], one.y[1]), one.colour, one.width) for one in whiskers
    ]
    if stacked:
        return series, left
    made = []
    for one, offset in zip(series, _offsets(found.bars, slots), strict=True):
        below: list[float | None] = [None] * slots.count
        above, ink = list(below), ""
        for interval in list(left):
            place, ends = _standing(interval, upright=parts.upright(found.bars))
            slot = slots.of(place - offset)
            if ends is None or not 0 <= slot < slots.count or abs(slots.centres()[slot] + offset - place) > 1e-6:
                continue
            value = one.values[slot]
            if value is not None and ends[0] <= value + 1e-9 and value <= ends[1] + 1e-9:
                below[slot], above[slot] = (
                    places.number(max(value - ends[0], 0)),
                    places.number(max(ends[1] - value, 0)),
                )
                ink = interval.colour
                left.remove(interval)
        made.append(replace(one, below=tuple(below), above=tuple(above), error=ink, width=1.3) if ink else one)
    return made, left


def _offsets(bars: Sequence[Bar], slots: Slots) -> list[float]:
    """How far the bars of each series stand from the middles of the categories."""
    return sorted({round(bar.place - round(bar.place), 6) for bar in bars}) if slots.clustered else [0.0]


def _standing(one: Interval, *, upright: bool) -> tuple[float, tuple[float, float] | None]:
    a, b = (one.start, one.end) if upright else (one.start[::-1], one.end[::-1])
    low, high = sorted((a[1], b[1]))
    return a[0], (low, high) if a[0] == b[0] else None


def _curves(
    seen: Seen, curves: Sequence[Curve], slots: Slots, *, lying: bool
) -> tuple[list[Series] | None, list[Shape]]:
    """Curves from category to category as lines of the chart; others as marks, or None when they are more than that."""
    lines: list[Series] = []
    marks: list[Shape] = []
    for curve in curves:
        on = not lying and all(slots.holds(x) for x in curve.x) and len(set(curve.x)) == curve.x.size
        if on:
            values: list[float | None] = [None] * slots.count
            for x, y in zip(curve.x, curve.y, strict=True):
                values[slots.of(x)] = places.number(y)
            lines.append(parts.as_line(seen, curve, tuple(values)))
        elif (shapes := parts.straight(seen.axes, curve)) is not None:
            marks += shapes
        else:
            return None, []
    return lines, marks
