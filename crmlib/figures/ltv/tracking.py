"""Holdout tracking: cumulative repeat purchases, actual against the model and the naive baseline."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.ltv.holdout import HoldoutRace
from crmlib.ltv.patterns import DAYS_PER_WEEK
from crmlib.text import Words

LABEL_GAP = 0.105  # of the axis: two lines of a label
DASHED = (0, (5, 3))


@style.styled
def tracking(race: HoldoutRace, words: Words) -> Figure:
    """Three curves by week since the first purchase; the holdout is shaded, the last values stand at their ends.

    Args:
        race: the holdout race.
        words: Texts of one language.
    """
    if race.gain.why:
        return notice(race.model.report.why or race.gain.why, words)
    figure = style.figure()
    axes = figure.subplots()
    curves, week = race.tracking, race.tracking.day / DAYS_PER_WEEK
    start, last = week[len(week) - 1 - race.days], week[-1]
    axes.axvspan(start, last, color=style.GREY[1], zorder=0, lw=0)
    axes.plot(week, curves.naive, color=style.GREY[4], lw=1.8, ls=DASHED)
    axes.plot(week, curves.predicted, color=style.ACCENT, lw=2.4)
    axes.plot(week, curves.actual, color=style.INK, lw=1.6)
    top = float(np.nanmax([curves.actual[-1], curves.predicted[-1], curves.naive[-1]])) * 1.1
    axes.set(xlim=(0, last), ylim=(0, top), xlabel=words.fill("chart.ltv.weeks"))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: words.number(v, "int")))
    axes.grid(axis="y")
    _periods(axes, float(start), words)
    _ends(axes, race, words)
    return native.attach(figure)


def _periods(axes: Axes, start: float, words: Words) -> None:
    axes.axvline(start, color=style.GREY[4], lw=0.9)
    for name, side, dx in (("fitted", "right", -6), ("held_out", "left", 6)):
        axes.annotate(
            words.fill(f"chart.ltv.{name}"), (start, 1), xycoords=("data", "axes fraction"), xytext=(dx, -4),
            textcoords="offset points", ha=side, va="top", color=style.MUTED,
        )  # fmt: skip


def _ends(axes: Axes, race: HoldoutRace, words: Words) -> None:
    """Name and last value right of each curve, moved apart where they would collide."""
    names, colours = ("actual", "predicted", "naive"), (style.INK, style.ACCENT, style.MUTED)
    top = axes.get_ylim()[1]
    places = spread([value / top for value in race.tracked], LABEL_GAP)
    for name, value, colour, y in zip(names, race.tracked, colours, places, strict=True):
        text = f"{words.fill(f'chart.ltv.{name}')}\n{words.number(value, 'int')}"
        axes.annotate(
            text, (1, y), xycoords="axes fraction", xytext=(7, 0), textcoords="offset points", ha="left", va="center",
            color=colour, weight="bold", linespacing=1.25, annotation_clip=False,
        )  # fmt: skip


def spread(heights: list[float], gap: float) -> list[float]:
    """Heights moved apart so that neighbours are at least `gap` from each other, near where they were.

    Example:
        >>> spread([0.5, 0.5, 0.9], 0.1)
        [0.45, 0.55, 0.9]
    """
    order = np.argsort(heights, kind="stable")
    placed = np.array(heights, float)[order]
    for _ in range(50):
        for low in range(len(placed) - 1):
            overlap = gap - (placed[low + 1] - placed[low])
            if overlap > 0:
                placed[low] -= overlap / 2
                placed[low + 1] += overlap / 2
    result = np.empty(len(placed))
    result[order] = placed
    return [round(float(y), 6) for y in result]
