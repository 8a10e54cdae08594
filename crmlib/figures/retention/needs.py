"""Next need: how many customers are due, overdue or silent, by product."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.numbers.retention.explorer import PRODUCTS
from crmlib.retention.results import short
from crmlib.text import Words

TONES = {"due": style.ACCENT, "overdue": style.NEGATIVE, "later": style.ACCENT_LIGHT, "silent": style.GREY[3]}


@style.styled
def next_need(needs: pd.DataFrame, words: Words) -> Figure:
    """Stacked bars of customers by product and state.

    Args:
        needs: As `retention.by_product` returns them.
        words: Texts of one language.
    """
    if needs.empty:
        return notice("retention.no_rhythm", words)
    shown = needs.head(PRODUCTS)
    figure = style.figure()
    axes = figure.subplots()
    y, left = np.arange(len(shown)), np.zeros(len(shown))
    for state, colour in TONES.items():
        width = shown[state].to_numpy(float)
        axes.barh(y, width, left=left, height=0.68, color=colour, label=words.fill(f"chart.retention.{state}"))
        left = left + width
    axes.set_yticks(y, [product(row, words) for row in shown["product_id"]])
    axes.set(ylim=(max(len(shown), 4) - 0.4, -0.6), xlabel=words.fill("chart.retention.people"))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="x")
    axes.legend(loc="lower right", ncols=1)
    return native.attach(figure)


def needs_table(needs: pd.DataFrame, words: Words) -> Table:
    """Rhythm and customers due of the products with the most repeats."""
    columns = words.fill_each("table.retention", "product", "gap", "due", "overdue")
    rows = [
        (
            product(row["product_id"], words),
            words.number(row["gap"], "int"),
            *(words.number(int(row[s]), "int") for s in ("due", "overdue")),
        )
        for row in needs.head(6).to_dict("records")
    ]
    return Table(columns, rows or [(words.number(None, "int"),) * 4], (), (1.6, 0.7, 0.8, 0.8))


def product(name: Any, words: Words) -> str:
    """A product as the page shows it; a client without order lines has one, everything."""
    return short(str(name)) if str(name) else words.fill("chart.retention.everything")
