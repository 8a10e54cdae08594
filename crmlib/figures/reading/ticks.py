"""Axes of a drawn figure: those whose ticks office programs can write themselves, and those written as notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from crmlib.figures.native import Axis, Note, Shape
from crmlib.figures.reading import forms, marks, places, texts


@dataclass(frozen=True)
class Side:
    """One side: its axis, and what must be written or drawn beside it because the axis cannot."""

    axis: Axis
    notes: tuple[Note, ...] = ()
    grid: tuple[Shape, ...] = ()


def shown(axes: Axes, which: str) -> list[Any]:
    """The ticks within the limits."""
    axis = getattr(axes, f"{which}axis")
    if not (axes.axison and axis.get_visible()):
        return []
    low, high = sorted(axis.get_view_interval())
    room = 1e-9 * (high - low)
    return [tick for tick in axis.get_major_ticks() if low - room <= tick.get_loc() <= high + room]


def label(tick: Any) -> Any:
    """The label of a tick that is seen, or None."""
    for one in (tick.label1, tick.label2):
        if one.get_visible() and one.get_text().strip():
            return one
    return None


def values(axes: Axes, which: str, *, own: bool = True) -> Side:
    """An axis of numbers.

    Args:
        axes: Of a figure whose layout is settled.
        which: x or y.
        own: Whether the chart may write the labels itself.
    """
    limits = getattr(axes, f"get_{which}lim")()
    low, high = sorted(map(float, limits))
    bare = Axis(_exact(low), _exact(high), flipped=bool(limits[0] > limits[1]), line=line(axes, which))
    ticks = shown(axes, which)
    if not ticks:
        return Side(bare)
    gridded = any(tick.gridline.get_visible() for tick in ticks)
    labels = [label(tick) for tick in ticks]
    places_ = [float(tick.get_loc()) for tick in ticks]
    step = _step(places_, low)
    form = forms.code(places_, [one.get_text() if one else "" for one in labels]) if all(labels) else ""
    if own and step and (form or not any(labels)):
        return Side(replace(bare, step=step, form=form, labelled=bool(form), grid=gridded))
    notes = tuple(texts.notes(one for one in labels if one))
    return Side(bare, notes, tuple(_gridline(axes, which, at) for at in places_) if gridded else ())


def names(axes: Axes, which: str, at: Sequence[float]) -> tuple[list[str], tuple[Note, ...], bool]:
    """An axis of categories: the name at each place, the labels to write as notes, and whether the axis can write them."""
    ticks = [(float(tick.get_loc()), label(tick)) for tick in shown(axes, which)]
    seen = [(place, one) for place, one in ticks if one]
    found = {round(place, 6): one.get_text() for place, one in seen}
    listed = [found.get(round(place, 6), "") for place in at]
    if all(listed) and len(seen) == len(listed):
        return listed, (), True
    return listed, tuple(texts.notes(one for _, one in seen)), False


def line(axes: Axes, which: str) -> str:
    """The colour of the line along an axis; empty where there is none."""
    spine = axes.spines["bottom" if which == "x" else "left"]
    return places.colour(spine.get_edgecolor()) if axes.axison and spine.get_visible() else ""


def _exact(value: float) -> float:
    return places.number(value) or 0.0


def _step(found: Sequence[float], low: float) -> float:
    """The distance of evenly spaced ticks that begin at the axis' end; 0 where they do not."""
    if len(found) < 2:
        return 0.0
    gaps = np.diff(found)
    first = (found[0] - low) / gaps[0]
    even = np.allclose(gaps, gaps[0], rtol=1e-6) and abs(first - round(first)) < 1e-6
    return _exact(float(gaps[0])) if even else 0.0


def _gridline(axes: Axes, which: str, at: float) -> Shape:
    across = axes.get_yaxis_transform() if which == "y" else axes.get_xaxis_transform()
    ends = across.transform([(0, at), (1, at)] if which == "y" else [(at, 0), (at, 1)])
    return marks.stroke((ends[0], ends[1]), axes.figure.bbox.height, "DDE3E8", 0.7)
