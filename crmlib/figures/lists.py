"""The action lists on a page: customers beside expected yen with a typical reason, and how each list is used."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from crmlib import reasons
from crmlib.figures import style
from crmlib.figures.names import cut
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.lists import ActionList, Lists
from crmlib.retention.results import short
from crmlib.text import Words

# inches
BARS, LONG = (3.15, 5.75), (1.45, 1.45)  # where the bars of customers and of yen begin, and how long the longest may be
TOP, HIGH, BAR = 0.42, (0.585, 0.82), 0.21  # rows are this high at least and at most
REASON = 106  # half-width characters


@style.styled
def lists(made: Lists, currency: str, words: Words) -> Figure:
    """A row per list, the most yen first: customers, expected yen, and what a typical reason says.

    Args:
        made: The lists.
        currency: ISO code.
        words: Texts of one language.
    """
    shown = ranked(made)
    if not shown:
        return notice("lists.nobody", words)
    figure, (width, height) = style.figure(), style.WIDE
    figure.set_layout_engine("none")  # every place is given in inches
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    for place, name in zip(BARS, ("customers", "yen"), strict=True):
        axes.text(place, TOP - 0.22, words.fill(f"chart.lists.{name}"), va="center", color=style.MUTED)
    largest = max(one.customers for one in shown), max(np.nan_to_num(one.yen) for one in shown)
    high = min(max((height - TOP) / len(shown), HIGH[0]), HIGH[1])
    for place, one in enumerate(shown):
        _row(axes, TOP + place * high, (one, made), (largest, currency), words)
    return figure


def lists_table(made: Lists, words: Words) -> Table:
    """By list: channel, held out, and the smallest effect that this can show (points)."""
    header = words.fill_each("table.lists", "list", "channel", "holdout", "smallest")
    rows = [
        (
            words.fill(f"list.actions.{one.name}.short"), words.fill(f"list.actions.{one.name}.channel"),
            words.number(one.holdout, "int"), words.number(one.smallest, "spct"),
        )
        for one in ranked(made)
    ]  # fmt: skip
    return Table(header, rows or [("", "", "", "")], (), (1.15, 1.25, 0.6, 0.75), left=2)


def ranked(made: Lists) -> list[ActionList]:
    """The lists with anybody on them, the most expected yen first."""
    return sorted((one for one in made.lists if one.customers), key=lambda one: -np.nan_to_num(one.yen, nan=-1.0))


def typical(one: ActionList, made: Lists, currency: str, words: Words) -> str:
    """A typical reason of a list; a dash where there are too few customers to speak of one."""
    if not one.example:
        return words.number(None, "int")
    products = {key: short(name) for key, name in made.products.items()}
    told = {**one.example, "list": one.name}
    return reasons.phrased(told, (products, made.tiers), lambda minor: words.money(minor / made.scale, currency), words)


def _row(
    axes: Axes, y: float, of: tuple[ActionList, Lists], scale: tuple[tuple[float, float], str], words: Words
) -> None:
    (one, made), (largest, currency) = of, scale
    middle = y + BAR / 2 + 0.03
    axes.plot([0, style.WIDE[0]], [y - 0.06, y - 0.06], color=style.GREY[2], lw=0.7)
    bold: dict[str, Any] = {"va": "center", "color": style.INK, "weight": "bold"}
    axes.text(0.02, middle, words.fill(f"list.actions.{one.name}.label"), **bold)
    sizes = (one.customers, one.yen)
    said = (words.number(one.customers, "int"), words.money(one.yen, currency))
    for start, longest, size, most, text, colour in zip(
        BARS, LONG, sizes, largest, said, (style.GREY[3], style.ACCENT), strict=True
    ):
        length = longest * float(np.nan_to_num(size)) / most if most else 0.0
        axes.add_patch(Rectangle((start, middle - BAR / 2), length, BAR, fc=colour, ec="none"))
        axes.text(start + length + 0.07, middle, text, **bold)
    reason = words.fill("chart.lists.reason", None, reason=cut(typical(one, made, currency, words), REASON))
    axes.text(0.02, middle + 0.285, reason, va="center", color=style.TEXT)
