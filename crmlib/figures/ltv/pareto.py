"""Concentration of future value: share of each tenth of the customers, and the sum so far."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.ltv import concentration
from crmlib.ltv.value import CustomerValue
from crmlib.text import Words

TOP = 2  # deciles in the accent colour: the top 20 %
INSIDE = 0.12  # a share from which the label stands inside its bar, clear of the cumulative line


@style.styled
def pareto(worth: CustomerValue, words: Words) -> Figure:
    """Bars of the deciles with the cumulative line.

    Args:
        worth: value of the customers.
        words: Texts of one language.
    """
    if worth.why:
        return notice(worth.why, words)
    shares = concentration.by_decile(worth)
    figure = style.figure()
    axes = figure.subplots()
    x, total = np.arange(len(shares)), np.cumsum(shares)
    axes.bar(x, shares, width=0.72, color=[style.ACCENT if i < TOP else style.GREY[3] for i in x])
    axes.plot(x, total, color=style.INK, lw=1.6)
    axes.plot(x[1:], total[1:], "o", color=style.INK, ms=5, mfc="white", mew=1.4)
    _bar_labels(axes, shares, words)
    _sums(axes, total, words)
    axes.set(ylim=(0, 1.1), xlim=(-0.5, len(x) + 0.15), xlabel=words.fill("chart.ltv.deciles"))
    axes.set_xticks(x, [str(i + 1) for i in x])
    axes.set_yticks([])
    return native.attach(figure)


def _bar_labels(axes: Axes, shares: np.ndarray, words: Words) -> None:
    for i, share in enumerate(shares):
        inside = i < TOP and share > INSIDE
        axes.annotate(
            words.number(float(share), "pct"), (i, share), xytext=(0, -5 if inside else 4), textcoords="offset points",
            ha="center", va="top" if inside else "bottom", color="white" if inside else style.TEXT,
            weight="bold" if i < TOP else "normal",
        )  # fmt: skip


def _sums(axes: Axes, total: np.ndarray, words: Words) -> None:
    """The cumulative share after two and five deciles, the first one called out."""
    axes.annotate(
        words.fill("chart.ltv.top", share=words.number(float(total[TOP - 1]), "pct")), (TOP - 1, total[TOP - 1]),
        xytext=(TOP + 0.35, total[TOP - 1] - 0.17), ha="left", va="top", fontsize=13, weight="bold",
        color=style.ACCENT, linespacing=1.4, arrowprops={"arrowstyle": "-", "color": style.ACCENT, "lw": 1},
    )  # fmt: skip
    axes.annotate(
        words.number(float(total[4]), "pct"), (4, total[4]), xytext=(0, 7), textcoords="offset points", ha="right",
        color=style.INK, weight="bold",
    )  # fmt: skip
    end = (len(total) - 1 + 0.14, total[-1])
    axes.text(*end, words.fill("chart.ltv.cumulative"), color=style.INK, va="center", ha="left")
