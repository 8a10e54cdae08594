"""Texts that name a bar or the point of a line become its label; the others stay notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crmlib.figures.native import Label, Series
from crmlib.figures.reading import forms, places
from crmlib.figures.reading import part as parts
from crmlib.figures.reading.drawn import Bar, Drawn
from crmlib.figures.reading.part import Seen
from crmlib.figures.reading.texts import NEAR, Written

if TYPE_CHECKING:
    from crmlib.figures.reading.bars import Slots

BESIDE = 26.0  # points from a text's middle to the point that it names, at most, up or down


@dataclass(frozen=True)
class Told:
    """Series with their labels, and the texts that they took."""

    series: list[Series]
    used: frozenset[int]


def labelled(seen: Seen, found: Drawn, series: Sequence[Series], slots: Slots, *, stacked: bool) -> Told:
    """Give bars their labels; those above stacked bars or intervals hang on a line that is not seen."""
    lying = not parts.upright(found.bars)
    told: dict[tuple[int, int], Label] = {}
    hung: dict[int, Label] = {}
    heights: list[float | None] = [None] * slots.count
    used: set[int] = set()
    for place, text in enumerate(seen.written):
        hit = _bar(seen, found.bars, text) if _one_line(text, lying=lying) else None
        row = _row(series, hit[0], slots) if hit else None
        if hit is None or row is None or (row, slots.of(hit[0].place)) in told:
            continue
        (_, inside, value), slot = hit, slots.of(hit[0].place)
        free = not stacked and not (series[row].above and series[row].above[slot] is not None)
        above = text.note.box[1] < places.point(seen.axes, (0, value))[1]
        if inside or free:
            told[row, slot] = text.label("ctr" if inside else "outEnd")
        elif not lying and not slots.clustered and slot not in hung and above:
            hung[slot], heights[slot] = text.label("t"), places.number(value)
        else:
            continue
        used.add(place)
    made = [
        formed(replace(one, labels={slot: label for (at, slot), label in told.items() if at == row}))
        for row, one in enumerate(series)
    ]
    if hung:
        made.append(formed(Series("", "line", tuple(heights), labels=dict(sorted(hung.items())))))
    return Told(made, frozenset(used))


def _one_line(text: Written, *, lying: bool) -> bool:
    """Whether office programs would set the text so: one line, in the middle above a bar or beginning at its end."""
    return "\n" not in text.note.text and (text.note.align == "center" or lying)


def formed(one: Series) -> Series:
    """The number format that shows the labels from the numbers, where there is one."""
    known = [(one.values[place], label.text) for place, label in one.labels.items()]
    if not known or any(value is None for value, _ in known):
        return one
    return replace(one, form=forms.code([float(value or 0) for value, _ in known], [text for _, text in known]))


def _row(series: Sequence[Series], bar: Bar, slots: Slots) -> int | None:
    """The series that a bar belongs to."""
    slot, length = slots.of(bar.place), bar.high - bar.low
    for row, one in enumerate(series):
        value = one.values[slot]
        ours = one.kind == "bar" and one.colour and value is not None
        if (
            ours
            and one.colours.get(slot, one.colour) == bar.colour
            and abs(abs(value or 0) - length) <= 1e-6 * max(length, 1)
        ):
            return row
    return None


def _bar(seen: Seen, bars: Sequence[Bar], text: Written) -> tuple[Bar, bool, float] | None:
    """The bar that a text names, whether it stands inside it, and the height where it hangs."""
    for bar in bars:
        ends = [_at(seen, bar, end) for end in (bar.low, bar.high)]
        along = 1 if bar.upright else 0
        if abs(text.anchor[1 - along] - ends[0][1 - along]) > NEAR:
            continue
        low, high = sorted(end[along] for end in ends)
        middle = text.middle[along]
        if low <= middle <= high and low - NEAR <= text.anchor[along] <= high + NEAR:
            return bar, True, bar.high
        down = bar.low < 0 and -bar.low >= bar.high
        end = ends[0 if down else 1][along]
        outwards = (middle > end) != (bar.upright != down)
        if outwards and abs(text.anchor[along] - end) <= BESIDE and abs(middle - end) <= 4 * BESIDE:
            return bar, False, _height(seen, text, bar)
    return None


def _at(seen: Seen, bar: Bar, end: float) -> tuple[float, float]:
    return places.point(seen.axes, (bar.place, end) if bar.upright else (end, bar.place))


def _height(seen: Seen, text: Written, bar: Bar) -> float:
    """The value at which a text is anchored, never within the bar."""
    x, y = text.anchor
    value = seen.axes.transData.inverted().transform((x, seen.axes.figure.bbox.height - y))[1 if bar.upright else 0]
    return max(float(value), bar.high)
