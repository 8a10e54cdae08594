"""The customer balance sheet: sales of five years without a new customer, with bands, ranks below, levers beside."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.ltv.balance import LEVERS, RANKS_FROM, BalanceSheet, Rank
from crmlib.text import Words

MOST_RANKS = 6


@style.styled
def sheet(found: BalanceSheet, currency: str, words: Words) -> Figure:
    """Bars of this year and the five to come with 95 % bands; below, the ranks with retention and value.

    Args:
        found: the customer balance sheet.
        currency: ISO code.
        words: Texts of one language.
    """
    if found.why:
        return notice(found.why, words)
    figure = style.figure()
    upper, lower = figure.subplots(2, 1, height_ratios=[3.1, 1.9])
    values = [found.current, *(year.value for year in found.sales)]
    x = np.arange(len(values))
    upper.bar(x, values, width=0.6, color=[style.GREY[3], *([style.ACCENT] * len(found.sales))])
    for place, year in enumerate(found.sales, 1):
        upper.vlines(place, year.lower, year.upper, color=style.INK, lw=1.6)
    for place, value in enumerate(values):
        end = found.sales[place - 1].upper if place else value
        upper.annotate(
            words.money(value, currency), (place, end), xytext=(0, 4), textcoords="offset points", ha="center",
            va="bottom", color=style.INK if place else style.TEXT, weight="bold",
        )  # fmt: skip
    top = max(found.current, *(year.upper for year in found.sales))
    upper.set(ylim=(0, top * 1.16), xlim=(-0.5, len(values) - 0.5))
    upper.set_xticks(
        x, [words.fill("chart.ltv.this_year"), *(words.fill("chart.ltv.year", number=str(k)) for k in x[1:])]
    )
    upper.set_yticks([])
    _ranks(lower, found, currency, words)
    return native.attach(figure)


def lever_table(found: BalanceSheet, currency: str, words: Words) -> Table:
    """What each lever would add to the five years, with its interval; the largest is marked."""
    rows = []
    for lever in LEVERS:
        gain = found.levers[lever]
        value, low, high = (words.money(v, currency) for v in (gain.value, gain.lower, gain.upper))
        rows.append([words.fill(f"table.ltv.lever_{lever}"), value, value if low == value == high else f"{low}–{high}"])
    gains = [found.levers[lever].value for lever in LEVERS]
    marked = (int(np.nanargmax(gains)),) if np.isfinite(gains).any() else ()
    columns = words.fill_each("table.ltv", "lever", "lever_gain", "interval")
    return Table(columns, rows, highlight=marked, widths=(1.5, 1, 1.7))


def rank_name(rank: Rank, found: BalanceSheet, words: Words) -> str:
    """The client's own name of a rank, or ours."""
    place = rank.state - RANKS_FROM
    if place < 0:
        return words.fill(f"chart.ltv.rank_{rank.state}")
    if found.names:
        return found.names[place] if place < len(found.names) else str(place + 1)
    return words.fill(f"chart.ltv.rank_{rank.state}") if place < 3 else str(place + 1)


def _ranks(axes: Axes, found: BalanceSheet, currency: str, words: Words) -> None:
    axes.axis("off")
    ranks = sorted(found.ranks, key=lambda rank: -rank.state)[:MOST_RANKS]
    axes.set(ylim=(3.6, -0.6), xlim=(-1.15, len(ranks) - 0.5))
    for row, name in enumerate(("rank", "rank_customers", "rank_retention", "rank_value")):
        axes.text(-1.12, row, words.fill(f"chart.ltv.{name}"), va="center", color=style.MUTED)
    for place, rank in enumerate(ranks):
        cells = (
            rank_name(rank, found, words),
            words.number(rank.customers, "int"),
            words.number(rank.retention.value, "pct"),
            words.money(rank.value.value, currency),
        )
        for row, text in enumerate(cells):
            look: dict[str, Any] = {"weight": "bold", "color": style.INK} if row == 0 else {"color": style.TEXT}
            axes.text(place, row, text, ha="center", va="center", **look)
    axes.axhline(0.5, color=style.GREY[3], lw=0.8)
