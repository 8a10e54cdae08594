"""Probability alive by value while active: who holds the future value, and where it is undecided."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.ltv import concentration
from crmlib.ltv.concentration import ALIVE_GROUPS, VALUE_GROUPS, AliveByValue
from crmlib.ltv.value import CustomerValue
from crmlib.text import Words

# inches
LEFT, TOP, WIDE, HIGH = 1.78, 0.72, 1.42, 0.92
SUMS = LEFT + len(VALUE_GROUPS) * WIDE
COLUMNS = (SUMS + 0.72, SUMS + 1.92)
ORDER = ("high", "middle", "low", "once")  # the message first; who cannot be judged last
DARK = 0.45  # share of the darkest cell from which white text reads better


@style.styled
def alive(worth: CustomerValue, currency: str, words: Words) -> Figure:
    """A table of customers (large) and their share of the 12-month value, coloured by that share; sums on the right.

    Args:
        worth: value of the customers.
        currency: ISO code.
        words: Texts of one language.
    """
    if worth.why:
        return notice(worth.why, words)
    table = concentration.alive_by_value(worth)
    figure = style.figure()
    figure.set_layout_engine("none")  # every place is given in inches
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, style.WIDE[0]), ylim=(style.WIDE[1], 0))
    axes.axis("off")
    _head(axes, words)
    for place, group in enumerate(ORDER):
        _row(axes, table, (place, group), currency, words)
    columns = [
        0,
        *(LEFT + place * WIDE for place in range(len(VALUE_GROUPS) + 1)),
        COLUMNS[0] + 0.14,
        COLUMNS[1] + 0.06,
    ]
    return native.attach(figure, columns=columns, rows=[0.24, *(TOP + place * HIGH for place in range(len(ORDER) + 1))])


def _head(axes: Axes, words: Words) -> None:
    muted: dict[str, Any] = {"color": style.MUTED, "va": "center", "ha": "center", "linespacing": 1.3}
    axes.text(LEFT + 1.5 * WIDE, 0.14, words.fill("chart.ltv.while_active"), **muted)
    for column, name in enumerate(VALUE_GROUPS):
        axes.text(LEFT + (column + 0.5) * WIDE, 0.46, words.fill(f"chart.ltv.value_{name}"), **muted)
    for x, name in zip(COLUMNS, ("group_customers", "group_value"), strict=True):
        axes.text(x, 0.46, words.fill(f"chart.ltv.{name}"), **{**muted, "ha": "right"})


def _row(axes: Axes, table: AliveByValue, which: tuple[int, str], currency: str, words: Words) -> None:
    place, group = which
    row, y = ALIVE_GROUPS.index(group), TOP + (place + 0.5) * HIGH
    bold: dict[str, Any] = {"va": "center", "color": style.INK, "weight": "bold"}
    axes.text(LEFT - 0.14, y - 0.13, words.fill(f"chart.ltv.alive_{group}"), ha="right", **bold)
    axes.text(
        LEFT - 0.14, y + 0.14, words.fill(f"chart.ltv.alive_{group}_rule"), ha="right", va="center", color=style.MUTED
    )
    for column in range(len(VALUE_GROUPS)):
        _cell(axes, table, (row, column), (LEFT + column * WIDE, y - HIGH / 2), words)
    customers, value, _ = table.rows
    axes.text(COLUMNS[0], y, words.number(round(customers[row]), "int"), ha="right", va="center", color=style.TEXT)
    axes.text(COLUMNS[1], y, words.money(value[row], currency), ha="right", **bold)


def _cell(axes: Axes, table: AliveByValue, at: tuple[int, int], corner: tuple[float, float], words: Words) -> None:
    share, customers = table.share[at], round(table.customers[at])
    depth = 0.0 if np.isnan(share) else share / np.nanmax(table.share)
    tint = LinearSegmentedColormap.from_list("value", style.SEQUENTIAL[:4])(depth**0.6)
    axes.add_patch(Rectangle((corner[0] + 0.02, corner[1] + 0.02), WIDE - 0.04, HIGH - 0.04, fc=tint, ec="none"))
    ink = "white" if depth > DARK else style.INK
    middle = corner[0] + WIDE / 2
    if not customers:
        axes.text(middle, corner[1] + HIGH / 2, words.number(None, "int"), ha="center", va="center", color=style.MUTED)
        return
    people = words.fill("chart.ltv.people", count=words.number(customers, "int"))
    axes.text(middle, corner[1] + 0.36, people, ha="center", va="center", color=ink, fontsize=12.5, weight="bold")
    part = words.fill("chart.ltv.part", share=words.number(share, "pct"))
    axes.text(middle, corner[1] + 0.62, part, ha="center", va="center", color=ink)
