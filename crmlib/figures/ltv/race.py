"""The model race: error of totals of every model and baseline, the winner in the accent colour; losers are shown."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.ltv.models import TITLES
from crmlib.ltv.race import BASELINES, Contender, ModelRace
from crmlib.text import Words

COLUMNS = (44, 92)  # points right of the chart


@style.styled
def contenders(found: ModelRace, words: Words) -> Figure:
    """Bars of the error of totals, with ranking (AUC) and individual accuracy (R2) as figures beside them.

    Args:
        found: the model race.
        words: Texts of one language.
    """
    able = [one for one in found.contenders if np.isfinite(one.total)]
    if not found.winner:
        why = next((one.why for one in found.contenders if one.why), "ltv.no_holdout_purchases")
        return notice(why, words)
    figure = style.figure()
    axes = figure.subplots()
    rows = [*able, *(one for one in found.contenders if not np.isfinite(one.total))]
    top = max(one.total for one in able)
    for y, one in enumerate(rows):
        ink = style.ACCENT if one.name == found.winner else style.GREY[4] if one.name in BASELINES else style.GREY[3]
        axes.barh(y, one.total if np.isfinite(one.total) else 0, height=0.58, color=ink)
        shown = words.number(one.total, "pct")
        axes.annotate(shown, (np.nan_to_num(one.total), y), xytext=(6, 0), textcoords="offset points", va="center")
        for x, value in ((COLUMNS[0], one.auc), (COLUMNS[1], one.r2)):
            _beside(axes, x, y, words.number(value, "dec2"), style.TEXT)
    axes.set(ylim=(len(rows) - 0.4, -0.9), xlim=(0, top * 1.14))
    axes.set_yticks(range(len(rows)), [title(one, words) for one in rows])
    axes.tick_params(axis="y", labelcolor=style.INK)
    axes.set_xticks([])
    axes.set_xlabel(words.fill("chart.ltv.total_error"))
    for x, name in ((COLUMNS[0], "auc"), (COLUMNS[1], "r2")):
        _beside(axes, x, -0.65, words.fill(f"chart.ltv.{name}"), style.MUTED)
    return native.attach(figure)


def title(one: Contender, words: Words) -> str:
    """A model's name as its papers have it; a baseline's in words."""
    return TITLES[one.name] if one.name in TITLES else words.fill(f"chart.ltv.{one.name}")


def decile_table(found: ModelRace, words: Words) -> Table:
    """Holdout purchases per customer by tenth of the customers, expected and actual."""
    deciles = found.headline.by_decile
    rows = [
        [f"D{place}", *(words.number(value, "dec2") for value in pair)]
        for place, pair in enumerate(zip(deciles.predicted, deciles.actual, strict=True), 1)
    ]
    return Table(words.fill_each("table.ltv", "tenth", "predicted", "actual"), rows)


def _beside(axes: Axes, x: float, y: float, text: str, ink: str) -> None:
    axes.annotate(
        text, (1, y), xycoords=("axes fraction", "data"), xytext=(x, 0), textcoords="offset points", va="center",
        ha="right", color=ink, annotation_clip=False,
    )  # fmt: skip
