"""The data pages: the row ledger as a waterfall, the store's facts, sales by month and by year."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crmlib.figures import style
from crmlib.figures.table import Table
from crmlib.intake import IntakeReport, MonthlySales
from crmlib.numbers.intake import KINDS, largest
from crmlib.schema import MINOR_UNITS
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
COUNT_WIDTH = 72  # points: 999,999,999 in bold
LABEL_ROOM = 0.13  # of the columns' width, right of the last one
LEAST = 0.003  # of the axis: a bar of a few rows in millions stays visible


@style.styled
def ledger(report: IntakeReport, words: Words) -> Figure:
    """Waterfall of rows: read, less each rule and each reason, what is used.

    Args:
        report: The intake report.
        words: Texts of one language.
    """
    steps = _steps(report, words)
    figure = style.figure()
    axes = figure.subplots()
    left = report.totals.rows_read
    for place, (name, count, colour) in enumerate(steps):
        ends = colour in (style.INK, style.ACCENT)
        left = left if ends else left - count
        start = 0 if ends else left
        axes.barh(
            place, max(count, LEAST * report.totals.rows_read if count else 0), left=start, height=0.56, color=colour
        )
        _row_label(axes, place, name, words.number(count, "int"), bold=ends)
    _connectors(axes, steps, report.totals.rows_read)
    axes.set(xlim=(0, report.totals.rows_read * 1.01), ylim=(max(len(steps), 5) - 0.4, -0.6))
    axes.set_yticks([])
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return figure


def _steps(report: IntakeReport, words: Words) -> list[tuple[str, int, str]]:
    whole = report.totals
    rules = [(rule_name(code, words), n, style.GREY[4]) for code, n in largest(whole.exclusions).items()]
    reasons = [
        (words.fill(f"chart.intake.reason.{code}"), n, style.NEGATIVE) for code, n in largest(whole.reasons).items()
    ]
    return [
        (words.fill("chart.intake.read"), whole.rows_read, style.INK),
        *(rules or [(words.fill("chart.intake.excluded"), 0, style.GREY[4])]),
        *(reasons or [(words.fill("chart.intake.quarantined"), 0, style.NEGATIVE)]),
        (words.fill("chart.intake.used"), whole.rows_used, style.ACCENT),
    ]


def rule_name(code: str, words: Words) -> str:
    """A rule's name: ours in the reader's language, the client's own as client.yaml has it."""
    return words.fill(f"chart.intake.rule.{code}") if f"chart.intake.rule.{code}" in words else code


def _row_label(axes: Axes, place: int, name: str, count: str, *, bold: bool) -> None:
    weight, colour = ("bold", style.INK) if bold else ("normal", style.TEXT)
    for text, left in ((count, -8), (name, -8 - COUNT_WIDTH)):
        axes.annotate(
            text, (0, place), xycoords=axes.get_yaxis_transform(), xytext=(left, 0), textcoords="offset points",
            ha="right", va="center", weight=weight, color=colour,
        )  # fmt: skip


def _connectors(axes: Axes, steps: list[tuple[str, int, str]], read: int) -> None:
    edge = read
    for place, (_, count, colour) in enumerate(steps[:-1]):
        edge = edge if colour == style.INK else edge - count
        start = place + 0.28 if count else place - 0.28  # a step of nothing is a line all the way
        axes.plot([edge, edge], [start, place + 0.72], color=style.GREY[3], lw=0.8)


def ledger_table(report: IntakeReport, words: Words) -> Table:
    """Rows and money: read, used, set aside, excluded."""
    rows = [
        (
            words.fill(f"chart.intake.{kind}"),
            words.number(getattr(report.totals, f"rows_{kind}"), "int"),
            exact(getattr(report.totals, f"amount_{kind}") / report.scale, report.currency, words),
        )
        for kind in KINDS
    ]
    header = [words.fill(f"table.intake.{name}", currency=report.currency) for name in ("kind", "rows", "amount")]
    return Table(header, rows, (KINDS.index("used"),), (1.1, 1.0, 1.1))


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
    ticks = _ticks(found.months)
    axes.set_xticks(ticks, [found.months[i] for i in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: words.money(x, currency)))
    axes.set_ylim(min(0.0, float(found.amounts.min()) * 1.1), max(float(found.amounts.max()), 1.0) * 1.15)
    axes.grid(axis="y")
    return figure


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


def _ticks(months: tuple[str, ...]) -> list[int]:
    starts = next(starts for most, starts in TICKS if len(months) <= most)
    return [place for place, month in enumerate(months) if month.endswith(starts)] or [0]


def exact(amount: float, currency: str, words: Words) -> str:
    """An amount to the last minor unit, as books have it."""
    return words.number(amount, "int" if MINOR_UNITS[currency] == 1 else "dec2")


def sales_table(found: MonthlySales, currency: str, words: Words) -> Table:
    """Sales and rows of the last calendar years, to lay beside the books."""
    years = list(found.by_year().items())[-YEARS_SHOWN:]
    rows = [(year, exact(amount, currency, words), words.number(count, "int")) for year, (amount, count) in years]
    header = [words.fill(f"table.intake.{name}", currency=currency) for name in ("year", "sales", "rows")]
    return Table(header, rows, (), (0.8, 1.2, 1.0))
