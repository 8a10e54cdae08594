"""First products by the second purchases of their customers: shrunk rates with intervals."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Goods
from crmlib.base.entry import EntryProduct
from crmlib.figures import native, style
from crmlib.figures.names import shortened
from crmlib.figures.notice import notice
from crmlib.text import Words

SHOWN = 10


@style.styled
def entry(goods: Goods, words: Words) -> Figure:
    """A line per first product: the rate shrunk towards all products, its 95 % interval, the raw rate as a hollow mark.

    Args:
        goods: Products.
        words: Texts of one language.
    """
    found = goods.entry
    if goods.why or found.why:
        return notice(f"base.{goods.why or found.why}", words)
    figure = style.figure()
    axes = figure.subplots()
    shown = found.products[:SHOWN]
    proven = found.gap.lower > 0
    for place, one in enumerate(shown):
        _row(axes, place, one, accent=place == 0 and proven)
        label, bold = words.number(one.shrunk.value, "pct"), "bold" if place == 0 and proven else "normal"
        axes.text(0.995, place, label, transform=axes.get_yaxis_transform(), va="center", ha="right", color=style.INK, weight=bold)  # fmt: skip
    names = [
        words.fill("chart.base.product", name=shortened(goods.name(one.product)), n=words.number(one.n, "int"))
        for one in shown
    ]
    axes.set_yticks(range(len(shown)), names)
    axes.tick_params(axis="y", colors=style.INK)
    low, high = min(one.shrunk.lower for one in shown), max(one.shrunk.upper for one in shown)
    low, high = min(low, *(one.raw.value for one in shown)), max(high, *(one.raw.value for one in shown))
    margin = 0.12 * (high - low or 0.1)
    axes.set(ylim=(len(shown) - 0.4, -0.6), xlim=((low - margin / 2) * 100, (high + 1.8 * margin) * 100))
    axes.set_xlabel(words.fill("chart.base.entry_x"))
    axes.xaxis.set_major_formatter("{x:g}%")
    axes.grid(axis="x")
    return native.attach(figure)


def _row(axes: Axes, place: int, one: EntryProduct, *, accent: bool) -> None:
    colour = style.ACCENT if accent else style.GREY[4]
    if place % 2 == 0:
        axes.axhspan(place - 0.5, place + 0.5, color=style.GREY[1], lw=0, zorder=0)
    axes.plot([one.shrunk.lower * 100, one.shrunk.upper * 100], [place, place], color=colour, lw=2)
    axes.plot(one.raw.value * 100, place, "o", ms=6, mfc="white", mec=style.MUTED, mew=1, zorder=3)
    axes.plot(one.shrunk.value * 100, place, "s", ms=7, color=colour, zorder=4)
