"""Books against data: the difference of each month, with the gate, and the months to ask about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from crmlib.figures import native, style
from crmlib.figures.intake.rows import exact
from crmlib.figures.intake.sales import ticks
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.intake import tie_out as tie
from crmlib.intake.passport import Passport
from crmlib.numbers.intake.books import MONTHS_SHOWN, NO_BOOKS
from crmlib.text import Words

LABELLED = 3
ROOM = 1.35  # of the longest bar, for labels
APART, CLOSE = 4, 0.1  # months, and share of half the axis, below which two labels touch
Array = NDArray[np.float64]


@style.styled
def tie_out(passport: Passport, words: Words) -> Figure:
    """Columns of the net difference by month as a share of the books; those beyond the gate without an explanation in orange.

    Args:
        passport: The intake.
        words: Texts of one language.
    """
    found = passport.tie_out
    if not found.months:
        return notice(NO_BOOKS, words)
    figure = style.figure()
    axes = figure.subplots()
    shares = np.nan_to_num(found.shares)
    place = np.arange(len(shares))
    within = np.abs(shares) <= tie.GATE
    colours = [
        style.NEGATIVE if gap else style.GREY[3] if small else style.ACCENT_LIGHT
        for gap, small in zip(found.gaps, within, strict=True)
    ]
    axes.bar(place, shares, width=0.72, color=colours)
    most = max(float(np.abs(shares).max()), 2 * tie.GATE) * ROOM
    _gate(axes, len(shares), words)
    labelled = sorted(tie.worst(found, LABELLED))
    for one, step in zip(labelled, _steps(labelled, shares, most), strict=True):
        _month_label(axes, one, float(shares[one]), step, words)
    shown = ticks([month.isoformat()[:7] for month in found.months])
    axes.set_xticks(shown, [found.months[i].isoformat()[:7] for i in shown])
    axes.set(ylim=(-most, most), xlim=(-0.8, len(shares) + 0.12 * len(shares)))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: words.number(x, "spct_sign")))
    axes.grid(axis="y")
    return native.attach(figure)


def _gate(axes: Axes, months: int, words: Words) -> None:
    for sign in (-1, 1):
        axes.plot([-0.8, months - 0.2], [sign * tie.GATE] * 2, color=style.INK, lw=0.9, ls=(0, (4, 3)))
    text = words.fill("chart.intake.gate", gate=words.number(tie.GATE, "pct"))
    axes.annotate(
        text, (months - 0.2, tie.GATE), xytext=(4, 0), textcoords="offset points", va="center", color=style.INK
    )


def _steps(places: Sequence[int], shares: Array, most: float) -> list[int]:
    """By how many lines each label is moved outwards, so that those of neighbouring bars do not lie on one another."""
    steps: list[int] = []
    for i, place in enumerate(places):
        beside = [
            steps[j]
            for j in range(i)
            if place - places[j] < APART and abs(shares[place] - shares[places[j]]) < most * CLOSE
        ]
        steps.append(max(beside, default=-1) + 1)
    return steps


def _month_label(axes: Axes, place: int, share: float, step: int, words: Words) -> None:
    above = share >= 0
    away = 5 + 14 * step
    axes.annotate(
        words.number(share, "spct_sign"), (place, share), xytext=(0, away if above else -away), textcoords="offset points",
        ha="center", va="bottom" if above else "top", weight="bold", color=style.INK,
    )  # fmt: skip


def tie_out_table(passport: Passport, words: Words) -> Table:
    """The months with the largest unexplained differences: books, data, what remains unexplained; and all months."""
    found, report = passport.tie_out, passport.report
    header = [
        words.fill(f"table.intake.{name}", currency=report.currency) for name in ("month", "books", "data", "open")
    ]
    if not found.months:
        return Table(header, [[words.number(None, "int")] * len(header)], (), (0.8, 1.1, 1.1, 1.0))

    def cells(*amounts: float) -> list[str]:
        return [exact(int(amount) / report.scale, report.currency, words) for amount in amounts]

    books, data, left = found.books["net"], found.data["net"], found.unexplained
    chosen = tie.worst(found, MONTHS_SHOWN)
    rows = [[found.months[i].isoformat()[:7], *cells(books.iloc[i], data.iloc[i], left[i])] for i in chosen]
    rows.append([words.fill("table.intake.all"), *cells(books.sum(), data.sum(), left.sum())])
    return Table(header, rows, (len(rows) - 1,), (0.8, 1.15, 1.15, 0.95))
