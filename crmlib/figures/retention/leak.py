"""The leak: hazard by week with the course that the days before it promise."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.intervals import Estimate
from crmlib.retention import Leak
from crmlib.text import Words

SHOWN = 182


@style.styled
def leak(found: Leak, words: Words) -> Figure:
    """Daily hazard as fitted, and without the drop; the day with its interval.

    Args:
        found: The clearest drop.
        words: Texts of one language.
    """
    if found.why:
        return notice(f"retention.{found.why}", words)
    figure = style.figure()
    axes = figure.subplots()
    days = found.days[found.days <= SHOWN]
    top = _courses(axes, found, days, words)
    axes.axvspan(found.day.lower, found.day.upper + 1, color=style.NEGATIVE, alpha=0.12, lw=0)
    axes.axvline(found.day.value + 0.5, color=style.NEGATIVE, lw=1)
    label = words.fill("chart.retention.leak_day", day=words.number(found.day.value, "int"))
    place: dict[str, Any] = {"xytext": (7, -4), "textcoords": "offset points", "va": "top", "weight": "bold"}
    axes.annotate(label, (found.day.value, top), color=style.NEGATIVE, **place)
    axes.set(xlim=(0, days[-1] + 2), ylim=(0, top), xlabel=words.fill("chart.retention.days"))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.grid(axis="y")
    axes.legend(loc="lower left", ncols=3, handletextpad=0.5, columnspacing=1.4)
    return native.attach(figure)


def _courses(axes: Axes, found: Leak, days: NDArray[np.int64], words: Words) -> float:
    """The hazard as counted, as fitted and without the drop; the height that the chart needs."""
    observed, fitted, expected = (part[: len(days)] * 1000 for part in (found.observed, found.fitted, found.expected))
    axes.plot(days, observed, ".", color=style.GREY[3], ms=4, label=words.fill("chart.retention.seen"))
    after = days > found.day.value
    dashed: dict[str, Any] = {"color": style.NEGATIVE, "lw": 1.8, "ls": (0, (4, 3))}
    axes.plot(days[~after], fitted[~after], color=style.ACCENT, lw=2.4, label=words.fill("chart.retention.fitted"))
    axes.plot(days[after], fitted[after], color=style.ACCENT, lw=2.4)
    axes.plot(days[after], expected[after], label=words.fill("chart.retention.without_leak"), **dashed)
    return float(np.quantile(observed, 0.99)) * 1.25


def leak_table(found: Leak, words: Words) -> Table:
    """Day, ratio and loss with their intervals."""
    rows = [
        (words.fill("table.retention.leak_day"), *cells(found.day, "int", words)),
        (words.fill("table.retention.leak_ratio"), *cells(found.ratio, "pct", words)),
        (words.fill("table.retention.leak_lost"), *cells(found.lost, "spct", words)),
    ]
    columns = words.fill_each("table.retention", "measure", "value", "interval")
    return Table(columns, rows, (0,), (1.7, 0.8, 1.3))


def cells(found: Estimate, form: str, words: Words) -> tuple[str, str]:
    """Value and interval as displayed."""
    value = words.number(found.value if np.isfinite(found.value) else None, form)
    if not np.isfinite([found.lower, found.upper]).all():
        return value, words.number(None, form)
    joint = " \N{EN DASH} " if form in ("spct", "int") else "\N{EN DASH}"
    return value, f"{words.number(found.lower, form)}{joint}{words.number(found.upper, form)}"
