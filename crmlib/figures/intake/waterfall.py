"""A waterfall that reads from top to bottom: totals from zero, changes between them, connectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style

VALUE_WIDTH = 72  # points: 999,999,999 in bold
LEAST = 0.003  # of the axis: a bar of a few rows in millions stays visible
ROWS = 5  # room for so many bars at least


class Bar(NamedTuple):
    """One bar: its name, its value as the reader sees it, a total's height or a change (down: negative), its colour."""

    name: str
    shown: str
    amount: float
    total: bool
    colour: str


def drawn(bars: Sequence[Bar]) -> Figure:
    """The chart.

    Args:
        bars: From the first total to the last.
    """
    figure = style.figure()
    axes = figure.subplots()
    highest = max([abs(bar.amount) for bar in bars if bar.total] + [1.0])
    level = 0.0
    for place, bar in enumerate(bars):
        before, level = level, bar.amount if bar.total else level + bar.amount
        start = min(0.0, level) if bar.total else min(before, level)
        width = max(abs(bar.amount), LEAST * highest if bar.amount else 0)
        axes.barh(place, width, left=start, height=0.56, color=bar.colour)
        _label(axes, place, bar)
        if place + 1 < len(bars):
            from_bar = place + 0.28 if bar.amount else place - 0.28  # a step of nothing is a line all the way
            axes.plot([level, level], [from_bar, place + 0.72], color=style.GREY[3], lw=0.8)
    axes.set(xlim=(min(0.0, level), highest * 1.01), ylim=(max(len(bars), ROWS) - 0.4, -0.6))
    axes.set_yticks([])
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return native.attach(figure, categories=[bar.name for bar in bars])


def _label(axes: Axes, place: int, bar: Bar) -> None:
    weight, colour = ("bold", style.INK) if bar.total else ("normal", style.TEXT)
    for text, left in ((bar.shown, -8), (bar.name, -8 - VALUE_WIDTH)):
        axes.annotate(
            text, (0, place), xycoords=axes.get_yaxis_transform(), xytext=(left, 0), textcoords="offset points",
            ha="right", va="center", weight=weight, color=colour,
        )  # fmt: skip
