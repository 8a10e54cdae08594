"""Lifetime value per customer at 12, 24 and 36 months with intervals, beside the median."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.ltv.value import CustomerValue, ValueAt
from crmlib.text import Words

MEAN_X, MEDIAN_X = -0.17, 0.25


@style.styled
def clv(worth: CustomerValue, currency: str, words: Words) -> Figure:
    """Bars of the mean with 95 % intervals, narrow bars of the median.

    Args:
        worth: value of the customers.
        currency: ISO code.
        words: Texts of one language.
    """
    if worth.why:
        return notice(worth.why, words)
    figure = style.figure()
    axes = figure.subplots()
    top = max(at.mean.upper for at in worth.horizons)
    for x, at in enumerate(worth.horizons):
        _bars(axes, x, at, currency, words)
    axes.set(ylim=(0, top * 1.22), xlim=(-0.55, len(worth.horizons) - 0.45))
    names = [words.fill(f"chart.ltv.months_{at.months}") for at in worth.horizons]
    axes.set_xticks(np.arange(len(names)), names)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=12)
    return native.attach(figure)


def _bars(axes: Axes, x: int, at: ValueAt, currency: str, words: Words) -> None:
    mean, median = at.mean, at.median
    axes.bar(x + MEAN_X, mean.value, width=0.4, color=style.ACCENT)
    axes.vlines(x + MEAN_X, mean.lower, mean.upper, color=style.INK, lw=1.6)
    axes.bar(x + MEDIAN_X, median.value, width=0.26, color=style.GREY[3])
    axes.vlines(x + MEDIAN_X, median.lower, median.upper, color=style.GREY[4], lw=1.6)
    interval = "–".join(words.money(end, currency) for end in (mean.lower, mean.upper))
    _label(axes, interval, (x + MEAN_X, mean.upper), 5, {"color": style.MUTED})
    for name, place, lift, colour in (
        ("mean", (x + MEAN_X, mean.upper), 21, style.ACCENT),
        ("median", (x + MEDIAN_X, median.upper), 5, style.TEXT),
    ):
        text = f"{words.fill(f'chart.ltv.{name}')}\n{words.money(getattr(at, name).value, currency)}"
        _label(axes, text, place, lift, {"color": colour, "weight": "bold", "fontsize": 12, "linespacing": 1.3})


def _label(axes: Axes, text: str, place: tuple[float, float], lift: int, look: dict[str, Any]) -> None:
    axes.annotate(text, place, xytext=(0, lift), textcoords="offset points", ha="center", va="bottom", **look)
