"""When the second purchase happens: share of those still without one, week by week."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.retention import SecondPurchase, WeeklyHazard
from crmlib.text import Words

SHOWN_WEEKS = 26  # or as far as the peak


@style.styled
def f2_hazard(second: SecondPurchase, words: Words) -> Figure:
    """Bars by week with 95 % intervals; the peak in accent, and from where the rate is below half of it.

    Args:
        second: F2 of all new customers.
        words: Texts of one language.
    """
    hazard = second.hazard
    if second.why or not hazard.peak_week:
        return notice(f"retention.{second.why or 'too_young'}", words)
    figure = style.figure()
    axes = figure.subplots()
    weeks = np.arange(1, min(len(hazard.rate), max(SHOWN_WEEKS, hazard.peak_week)) + 1)
    shown = weeks - 1
    rate, low, high = (part[shown] * 100 for part in (hazard.rate, hazard.lower, hazard.upper))
    colours = [style.ACCENT if week == hazard.peak_week else style.GREY[3] for week in weeks]
    axes.bar(weeks, rate, width=0.72, color=colours)
    axes.vlines(weeks, low, high, color=style.GREY[4], lw=1.3)
    axes.set(
        xlim=(0.3, max(weeks[-1], 8) + 0.7),
        ylim=(0, np.nanmax(high) * 1.12),
        xlabel=words.fill("chart.retention.weeks"),
    )
    every = 2 if weeks[-1] <= SHOWN_WEEKS else 4
    axes.set_xticks([week for week in weeks if week == 1 or week % every == 0])
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter("{x:g}%")
    axes.grid(axis="y")
    _peak(axes, hazard, words)
    _fade(axes, hazard, words)
    return native.attach(figure)


def _peak(axes: Axes, hazard: WeeklyHazard, words: Words) -> None:
    peak = hazard.week(hazard.peak_week)
    label = words.fill(
        "chart.retention.peak", week=words.number(hazard.peak_week, "int"), rate=words.number(peak.value, "pct")
    )
    left = hazard.peak_week > axes.get_xlim()[1] / 2
    axes.annotate(
        label,
        (hazard.peak_week, peak.upper * 100),
        xytext=(-10 if left else 10, 0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="center",
        fontsize=12,
        weight="bold",
        color=style.ACCENT,
    )


def _fade(axes: Axes, hazard: WeeklyHazard, words: Words) -> None:
    """A line at half of the peak and the first week that is proven to lie below it."""
    if not 0 < hazard.fade_week < axes.get_xlim()[1]:
        return
    half = hazard.rate[hazard.peak_week - 1] * 50
    axes.plot([hazard.peak_week + 0.4, axes.get_xlim()[1]], [half, half], color=style.MUTED, lw=1, ls=(0, (4, 3)))
    left = hazard.fade_week > axes.get_xlim()[1] * 0.6
    axes.annotate(
        words.fill("chart.retention.fade", week=words.number(hazard.fade_week, "int")),
        (hazard.fade_week, half),
        xytext=(0, 7),
        textcoords="offset points",
        ha="right" if left else "left",
        va="bottom",
        color=style.TEXT,
    )
    axes.plot(hazard.fade_week, half, marker="v", ms=7, color=style.TEXT)
