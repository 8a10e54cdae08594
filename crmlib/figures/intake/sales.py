"""Sales by month and by year, to lay beside the books."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.intake.rows import exact
from crmlib.figures.table import Table
from crmlib.intake import MonthlySales
from crmlib.text import Words

YEARS_SHOWN = 6
# up to so many months, these are written below the columns
TICKS = (
    (7, ("",)),
    (20, ("-01", "-04", "-07", "-10")),
    (40, ("-01", "-07")),
    (120, ("-01",)),
    (1200, ("0-01", "5-01")),
)
LABEL_ROOM = 0.13  # of the columns' width, right of the last one


@style.styled
def sales(found: MonthlySales, currency: str, words: Words) -> Figure:
    """Columns of monthly sales; a month that is not over is drawn light.

    Args:
        found: Sales by month, major units.
        currency: ISO code.
        words: Texts of one language.
    """
    figure = style.figure()
    axes = figure.subplots()
    place = np.arange(len(found.months))
    colours = [style.ACCENT] * len(place)
    if found.partial:
        colours[-1] = style.ACCENT_LIGHT
    axes.bar(place, found.amounts, width=0.72, color=colours)
    _direct_labels(axes, found, currency, words)
    shown = ticks(found.months)
    axes.set_xticks(shown, [found.months[i] for i in shown])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: words.money(x, currency)))
    axes.set_ylim(min(0.0, float(found.amounts.min()) * 1.1), max(float(found.amounts.max()), 1.0) * 1.15)
    axes.grid(axis="y")
    return native.attach(figure)


def _direct_labels(axes: Axes, found: MonthlySales, currency: str, words: Words) -> None:
    """The highest month above its column, the last one right of its column, where no neighbour stands."""
    peak, last = int(found.amounts.argmax()), len(found.months) - 1
    if peak != last:
        _label(axes, words.money(found.amounts[peak], currency), (peak, found.amounts[peak]), (0, 5), "center")
    text = words.money(found.amounts[last], currency)
    text += "\n" + words.fill("chart.intake.partial") if found.partial else ""
    _label(axes, text, (last + 0.36, found.amounts[last]), (4, 0), "left")
    axes.set_xlim(-0.6, last + 0.5 + LABEL_ROOM * len(found.months))


def _label(axes: Axes, text: str, place: tuple[float, float], offset: tuple[int, int], side: str) -> None:
    above = "bottom" if side == "center" else "top"
    axes.annotate(
        text, place, xytext=offset, textcoords="offset points", ha=side, va=above, color=style.INK, weight="bold"
    )


def ticks(months: Sequence[str]) -> list[int]:
    """The places of the months that are written below a chart."""
    starts = next(starts for most, starts in TICKS if len(months) <= most)
    return [place for place, month in enumerate(months) if month.endswith(starts)] or [0]


def sales_table(found: MonthlySales, currency: str, words: Words) -> Table:
    """Sales and rows of the last calendar years, to lay beside the books."""
    years = list(found.by_year().items())[-YEARS_SHOWN:]
    rows = [(year, exact(amount, currency, words), words.number(count, "int")) for year, (amount, count) in years]
    header = [words.fill(f"table.intake.{name}", currency=currency) for name in ("year", "sales", "rows")]
    return Table(header, rows, (), (0.8, 1.2, 1.0))
