"""Who responds: effect by group, and what contacting a share of the list earns."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.lift.labels import effect_colour, level
from crmlib.figures.names import cut
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.lift import choices
from crmlib.lift.segments import Responders
from crmlib.lift.studies import Sorted, Study
from crmlib.text import Words

NAME = 20


@style.styled
def responders(study: Study, words: Words) -> Figure:
    """Left: effect by group, drawn towards the mean by what chance explains. Right: profit by share of the list contacted.

    Args:
        study: All results.
        words: Texts of one language.
    """
    found = choices.responders(study)
    if found is None:
        return notice("lift.no_groups", words)
    figure = style.figure()
    scored = choices.scored(study)
    known = scored is not None and bool(np.isfinite(scored.profit.best))
    if known and scored is not None:
        left, right = figure.subplots(1, 2, width_ratios=[1.25, 1.0])
        _profit(right, scored, study, words)
    else:
        left = figure.subplots()
    _groups(left, study, found, words)
    return native.attach(figure)


def _groups(axes: Axes, study: Study, found: Responders, words: Words) -> None:
    groups, worth = choices.groups(found), choices.pays(study, found.campaign, found.version)
    for place, group in enumerate(groups):
        raw, drawn = group.effect, group.shrunken
        colour = effect_colour(drawn)
        axes.plot([drawn.lower * 100, drawn.upper * 100], [place, place], color=colour, lw=2.4)
        axes.plot(raw.value * 100, place, "|", ms=11, color=style.TEXT, mew=1.4, zorder=3)
        axes.plot(drawn.value * 100, place, "o", ms=8, color=colour, zorder=4)
    axes.axvline(0, color=style.GREY[4], lw=1.0, zorder=0)
    if worth > 0:
        axes.axvline(worth * 100, color=style.NEGATIVE, lw=1.2, ls=(0, (4, 3)), zorder=0)
        box: dict[str, Any] = {"fc": "white", "ec": "none", "pad": 1.5}
        axes.text(
            worth * 100, -0.78, words.fill("chart.lift.pays"), ha="center", va="center", color=style.NEGATIVE, bbox=box
        )
    axes.set(ylim=(len(groups) - 0.4, -1.1), xlabel=words.fill("chart.lift.points"))
    axes.set_yticks(range(len(groups)), [cut(level(found.dimension, group.level, words), NAME) for group in groups])
    axes.tick_params(axis="y", labelcolor=style.TEXT)
    axes.margins(x=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda x, _: words.number(x / 100, "spct").replace(".0", ""))
    axes.grid(axis="x")


def _profit(axes: Axes, scored: Sorted, study: Study, words: Words) -> None:
    profit = scored.profit
    axes.fill_between(profit.share * 100, profit.lower, profit.upper, color=style.ACCENT, alpha=0.16, lw=0)
    axes.plot(profit.share * 100, profit.value, color=style.ACCENT, lw=2.4)
    ends = [0, 100], [0, profit.value[-1]]
    axes.plot(*ends, color=style.MUTED, lw=1.2, ls=(0, (4, 3)))
    axes.axhline(0, color=style.GREY[4], lw=1.0, zorder=0)
    if scored.proven:
        best = profit.best * 100, profit.at(profit.best).value
        axes.plot(*best, "o", ms=9, color=style.ACCENT, mec="white", zorder=5)
    axes.set(xlim=(-2, 102), xlabel=words.fill("chart.lift.share_contacted"))
    axes.set_title(words.fill("chart.lift.profit_per_1000"), loc="left", color=style.MUTED, fontsize=10.5)
    axes.xaxis.set_major_formatter("{x:.0f}%")
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(lambda y, _: words.money(float(y), study.economy.currency))
    axes.grid(axis="y")


def responders_table(study: Study, words: Words) -> Table:
    """Groups with customers, response and effect; those in which a paying effect is excluded are marked."""
    header = words.fill_each("table.lift", "group", "customers", "response", "effect")
    found = choices.responders(study)
    if found is None:
        return Table(header, [(words.number(None, "int"),) * 4])
    out = {group.level for group in choices.leave_out(study, found)}
    groups = choices.groups(found)
    rows = [
        (
            cut(level(found.dimension, group.level, words), NAME), words.number(group.n, "int"), words.number(group.response, "pct"),
            words.number(group.shrunken.value, "spct"),
        )
        for group in groups
    ]  # fmt: skip
    marked = [place for place, group in enumerate(groups) if group.level in out]
    return Table(header, rows, marked, (1.5, 0.8, 0.8, 0.9))
