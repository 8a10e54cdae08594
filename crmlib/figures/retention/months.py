"""Bad months: F2 of one medium by acquisition month against that of all others."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.retention.leak import cells
from crmlib.figures.table import Table
from crmlib.retention import BadMonths
from crmlib.text import Words


@style.styled
def bad_months(bad: BadMonths, words: Words) -> Figure:
    """Shares over three months each, the run shaded.

    Args:
        bad: The clearest run.
        words: Texts of one language.
    """
    if bad.why:
        return notice(f"retention.{bad.why}", words)
    figure = style.figure()
    axes = figure.subplots()
    labels = bad.course.months
    own, others = bad.course.rolling() * 100
    x = np.arange(len(labels))
    axes.axvspan(labels.index(bad.first) - 0.5, labels.index(bad.last) + 0.5, color=style.NEGATIVE, alpha=0.12, lw=0)
    for values, colour, width, name in (
        (others, style.GREY[4], 2.0, words.fill("chart.retention.others")),
        (own, style.ACCENT, 2.4, bad.medium),
    ):
        axes.plot(x, values, color=colour, lw=width)
        last = int(np.flatnonzero(np.isfinite(values)).max(initial=0))
        axes.plot([], [], color=colour, lw=width, label=name)
        axes.plot(x[last], values[last], "o", color=colour, ms=5)
    step = max(1, -(-len(labels) // 9))
    axes.set_xticks(x[::step], [labels[i] for i in x[::step]])
    top = float(np.nanmax([own, others])) * 1.3
    axes.set(ylim=(0, top), xlim=(-0.7, len(labels) - 0.3), xlabel=words.fill("chart.retention.month"))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="y")
    axes.legend(loc="upper left", ncols=2)
    return native.attach(figure)


def bad_months_table(bad: BadMonths, words: Words) -> Table:
    """The run's rate, what was expected, the difference, and the second purchases that are missing."""
    expected = words.number(bad.expected if np.isfinite(bad.expected) else None, "pct")
    rows = [
        (words.fill("table.retention.run_rate"), *cells(bad.rate, "pct", words)),
        (words.fill("table.retention.run_expected"), expected, words.number(None, "pct")),
        (words.fill("table.retention.difference"), *cells(bad.difference, "spct", words)),
        (words.fill("table.retention.missing"), *cells(bad.missing, "int", words)),
    ]
    columns = words.fill_each("table.retention", "measure", "value", "interval")
    return Table(columns, rows, (2,), (1.6, 0.8, 1.3))
