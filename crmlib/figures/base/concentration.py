"""Lorenz curve beside the share of each tenth of the customers."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Whole
from crmlib.base.concentration import Concentration
from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words

TOP = 2  # deciles in the accent colour: the best 20 %


@style.styled
def concentration(whole: Whole, words: Words) -> Figure:
    """Deciles with 95 % intervals on the left, the Lorenz curve with Gini on the right.

    Args:
        whole: The base as it stands.
        words: Texts of one language.
    """
    found = whole.concentration
    if found.why:
        return notice(f"base.{found.why}", words)
    figure = style.figure()
    left, right = figure.subplots(1, 2, width_ratios=[1.75, 1])
    _deciles(left, found, words)
    _lorenz(right, found, words)
    return native.attach(figure)


def _deciles(axes: Axes, found: Concentration, words: Words) -> None:
    x = np.arange(len(found.deciles))
    value, low, high = (
        np.array([getattr(one, part) for one in found.deciles]) * 100 for part in ("value", "lower", "upper")
    )
    axes.bar(x, value, width=0.74, color=[style.ACCENT if place < TOP else style.GREY[3] for place in x])
    axes.vlines(x, low, high, color=style.GREY[4], lw=1.3)
    for place, one in enumerate(found.deciles):
        weight = "bold" if place < TOP else "normal"
        axes.annotate(
            words.number(one.value, "pct0" if place >= TOP else "pct"), (place, high[place]), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", weight=weight, color=style.TEXT,
        )  # fmt: skip
    axes.set(ylim=(min(0, low.min()), high.max() * 1.15), xlabel=words.fill("chart.base.deciles"))
    axes.set_xticks(x, [str(place + 1) for place in x])
    axes.set_yticks([])


def _lorenz(axes: Axes, found: Concentration, words: Words) -> None:
    grid = np.linspace(0, 100, len(found.lorenz))
    axes.plot([0, 100], [0, 100], color=style.GREY[3], lw=1.2, ls=(0, (4, 3)))
    axes.fill_between(grid, grid, found.lorenz * 100, color=style.ACCENT_LIGHT, alpha=0.35, lw=0)
    axes.plot(grid, found.lorenz * 100, color=style.ACCENT)
    gini = words.fill("chart.base.gini", gini=words.number(found.gini.value, "dec2"))
    axes.text(6, 93, gini, va="top", ha="left", fontsize=12, weight="bold", color=style.ACCENT)
    axes.set(xlim=(0, 100), ylim=(min(0, float(found.lorenz.min()) * 100), 100))
    axes.set(xlabel=words.fill("chart.base.lorenz_x"), title=words.fill("chart.base.lorenz_y"))
    axes.title.set(fontsize=10.5, color=style.MUTED)
    axes.set_xticks([0, 50, 80, 100])
    axes.set_yticks([0, 50, 100])
    axes.xaxis.set_major_formatter("{x:.0f}%")
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="both")
