"""How much customers have spent: the distribution with mode, median and mean."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Whole
from crmlib.base.concentration import Typical
from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words


@style.styled
def distribution(whole: Whole, currency: str, words: Words) -> Figure:
    """Customers by class of spending; the last class is open; the commonest one in the accent colour.

    Args:
        whole: The base as it stands.
        currency: ISO code.
        words: Texts of one language.
    """
    found = whole.typical
    if found.why:
        return notice(f"base.{found.why}", words)
    figure = style.figure()
    axes = figure.subplots()
    share = np.array(found.counts) / sum(found.counts) * 100
    x, mode = np.arange(len(share)), found.edges.index(found.mode_from)
    colours = [style.ACCENT if place == mode else style.GREY[3] for place in x]
    if len(x) > 1:
        colours[-1] = style.GREY[2]
    axes.bar(x + 0.5, share, width=0.9, color=colours)
    _mode(axes, found, (mode + 0.5, share[mode]), words, currency)
    _lines(axes, found, share.max(), words, currency)
    step = max(1, len(found.edges) // 8)
    shown = list(range(0, len(found.edges), step))
    axes.set_xticks(shown, [words.money(found.edges[place], currency) for place in shown])
    axes.set(ylim=(0, share.max() * 1.42), xlim=(0, len(share)), xlabel=words.fill("chart.base.spent"))
    axes.yaxis.set_major_formatter("{x:g}%")
    axes.grid(axis="y")
    return native.attach(figure)


def _mode(axes: Axes, found: Typical, at: tuple[float, float], words: Words, currency: str) -> None:
    label = words.fill(
        "chart.base.mode_class", low=words.money(found.mode_from, currency), high=words.money(found.mode_to, currency),
        share=words.number(found.mode_share, "pct"),
    )  # fmt: skip
    axes.annotate(
        label, at, xytext=(0, 5), textcoords="offset points", ha="left", va="bottom", fontsize=12, weight="bold",
        color=style.ACCENT, linespacing=1.3,
    )  # fmt: skip


def _lines(axes: Axes, found: Typical, top: float, words: Words, currency: str) -> None:
    width = found.edges[1] - found.edges[0] if len(found.edges) > 1 else 1.0
    for place, (name, one) in enumerate((("median", found.median), ("mean", found.mean))):
        x = min(one.value / width, len(found.counts) - 0.1)
        axes.plot(
            [x, x], [0, top * (1.03 - 0.2 * place)], color=style.INK, lw=1.4, ls="-" if place == 0 else (0, (4, 3))
        )
        text = words.fill(f"chart.base.{name}", amount=words.money(one.value, currency))
        right = x > len(found.counts) * 0.7
        axes.text(
            x + (-0.25 if right else 0.25), top * (1.03 - 0.2 * place), text, va="top", ha="right" if right else "left",
            color=style.INK,
        )  # fmt: skip
