"""Three control charts above each other, with changes of level and the client's calendar."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Months
from crmlib.base.calendar import month_label, month_number
from crmlib.base.control import ControlChart, Event
from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words

NAMES = ("f2", "loyal", "value")
STEP = 6
EVENTS_SHOWN = 6


@style.styled
def control(months: Months, words: Words) -> Figure:
    """Each key figure by month between its limits; months outside in orange; the new level where one is proven.

    Args:
        months: Charts by name, and the client's calendar.
        words: Texts of one language.
    """
    shown = [(name, months.charts[name]) for name in NAMES if not months.charts[name].why]
    if not shown:
        return notice("base.too_short", words)
    figure = style.figure()
    all_axes = np.atleast_1d(figure.subplots(len(shown), 1, sharex=True))
    span = _span([chart for _, chart in shown])
    for place, (axes, (name, chart)) in enumerate(zip(all_axes, shown, strict=True)):
        _chart(axes, name, chart, words)
        _events(axes, months.events, span, words, named=place == 0)
    last = all_axes[-1]
    ticks = [month for month in range(span[0], span[1] + 1) if (span[1] - month) % STEP == 0]
    last.set_xticks(ticks, [month_label(month) for month in ticks])
    last.set_xlim(span[0] - 0.7, span[1] + 0.7)
    return native.attach(figure)


def _span(charts: list[ControlChart]) -> tuple[int, int]:
    return min(chart.months[0] for chart in charts), max(chart.months[-1] for chart in charts)


def _chart(axes: Axes, name: str, chart: ControlChart, words: Words) -> None:
    months, share = np.array(chart.months), name != "value"
    factor = 100 if share else 1
    axes.fill_between(months, chart.low * factor, chart.high * factor, step="mid", color=style.GREY[1], lw=0)
    axes.axhline(chart.centre * factor, color=style.GREY[4], lw=1, ls=(0, (4, 3)))
    axes.plot(months, chart.values * factor, color=style.ACCENT, lw=1.6, marker="o", ms=3.5)
    out = np.isin(months, chart.outside)
    axes.plot(months[out], chart.values[out] * factor, "D", ms=7, color=style.NEGATIVE, zorder=5)
    if chart.significant and chart.change:
        change = chart.change
        for level, low, high in (
            (change.before, months[0], change.month - 0.5),
            (change.after, change.month - 0.5, months[-1]),
        ):
            axes.plot([low, high], [level * factor] * 2, color=style.NEGATIVE, lw=2)
        axes.axvline(change.month - 0.5, color=style.NEGATIVE, lw=1, ls=(0, (2, 2)))
    values = np.concatenate([chart.values, chart.low, chart.high]) * factor
    low, high = np.nanmin(values), np.nanmax(values)
    pad = 0.12 * max(high - low, 1e-9)
    axes.set_ylim(low - pad, high + 2.6 * pad)
    axes.text(0.005, 0.985, words.fill(f"chart.base.series.{name}"), transform=axes.transAxes, va="top", ha="left", weight="bold", color=style.INK)  # fmt: skip
    axes.locator_params(axis="y", nbins=3)
    axes.yaxis.set_major_formatter("{x:g}%" if share else "{x:,.0f}")
    axes.grid(axis="y")


def _events(axes: Axes, events: tuple[Event, ...], span: tuple[int, int], words: Words, *, named: bool) -> None:
    inside = [event for event in events if span[0] <= month_number(event.date) <= span[1]][-EVENTS_SHOWN:]
    for row, event in enumerate(inside):
        month = month_number(event.date)
        axes.axvline(month, color=style.INK, lw=0.9, ls=(0, (1, 2)), zorder=1)
        if named:
            text = event.ja if words.language == "ja" else event.en
            right = month > (span[0] + span[1]) / 2
            axes.annotate(
                text, (month, 1.0), xycoords=("data", "axes fraction"), xytext=(-3 if right else 3, -14 - 13 * (row % 2)),
                textcoords="offset points", ha="right" if right else "left", va="top", color=style.INK,
            )  # fmt: skip
