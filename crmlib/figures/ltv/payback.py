"""Payback: what a new customer has earned by month, against what he cost and what he safely may cost."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.ltv.tracking import DASHED, spread
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.intervals import z
from crmlib.ltv.acquisition import ALL, Medium
from crmlib.ltv.curve import DAYS_PER_MONTH
from crmlib.ltv.study import Beginnings
from crmlib.text import Words

ROWS = 7
LABEL_GAP = 0.075


@style.styled
def payback(begun: Beginnings, currency: str, words: Words) -> Figure:
    """The curve of all customers with its band, the cost per order and the safe cost, and where they meet.

    Args:
        begun: how customers began.
        currency: ISO code.
        words: Texts of one language.
    """
    whole = _whole(begun)
    if whole is None or whole.curve is None or not np.isfinite(whole.cpo) or not whole.curve.observed:
        return notice(_why(begun, whole), words)
    curve, figure = whole.curve, style.figure()
    axes = figure.subplots()
    seen = np.isfinite(curve.mean)
    month, mean = curve.days[seen] / DAYS_PER_MONTH, curve.mean[seen]
    half = z() * curve.error[seen]
    axes.fill_between(month, mean - half, mean + half, color=style.ACCENT_LIGHT, alpha=0.45, lw=0)
    axes.plot(month, mean, color=style.ACCENT)
    top = max(float((mean + half).max()), whole.cpo, np.nan_to_num(whole.safe_cpo.value)) * 1.12
    axes.set(xlim=(0, float(month[-1])), ylim=(0, top), xlabel=words.fill("chart.ltv.months_since"))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: words.money(v, currency)))
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.grid(axis="y")
    _costs(axes, whole, float(mean[-1]), currency, words)
    if not whole.payback.why:
        _meeting(axes, whole, words)
    return native.attach(figure)


def media_table(begun: Beginnings, currency: str, words: Words) -> Table:
    """Media with cost per order, safe cost and months to payback; those above their safe cost are marked."""
    media = [one for one in begun.media if one.name != ALL][:ROWS] + [one for one in begun.media if one.name == ALL]
    rows, over = [], []
    for place, one in enumerate(media):
        name = words.fill("table.ltv.all_media") if one.name == ALL else one.name
        months = one.payback
        shown = words.number(months.value, "dec1")
        if months.why == "ltv.not_paid_back":
            shown = words.fill("table.ltv.not_yet")
        rows.append([name, *(words.money(v, currency) for v in (one.cpo, one.safe_cpo.value)), shown])
        if one.overspend > 0:
            over.append(place)
    if not rows:
        rows = [[words.number(None, "int")] * 4]
    columns = words.fill_each("table.ltv", "medium", "cpo", "safe_cpo", "payback")
    return Table(columns, rows, highlight=over, widths=(1.5, 1, 1, 0.95))


def _whole(begun: Beginnings) -> Medium | None:
    return next((one for one in begun.media if one.name == ALL), None)


def _why(begun: Beginnings, whole: Medium | None) -> str:
    if whole is None:
        return "ltv.no_costs"
    if not np.isfinite(begun.margin_rate):
        return "ltv.no_margin_rate_payback"
    return "ltv.no_new_customers" if not np.isfinite(whole.cpo) else "ltv.small_group"


def _costs(axes: Axes, whole: Medium, last: float, currency: str, words: Words) -> None:
    """Horizontal lines of the costs, and names with values at the right end, moved apart."""
    top = axes.get_ylim()[1]
    lines: list[tuple[str, float, str, Any]] = [
        ("earned", last, style.ACCENT, None),
        ("cpo", whole.cpo, style.NEGATIVE, "-"),
    ]
    if np.isfinite(whole.safe_cpo.value):
        lines.append(("safe_cpo", whole.safe_cpo.value, style.INK, DASHED))
    for _, value, ink, dash in lines:
        if dash is not None:
            axes.axhline(value, color=ink, lw=1.5, ls=dash)
    places = spread([value / top for _, value, _, _ in lines], LABEL_GAP * 1.6)
    for (name, value, ink, _), y in zip(lines, places, strict=True):
        text = f"{words.fill(f'chart.ltv.{name}')}\n{words.money(value, currency)}"
        axes.annotate(
            text, (1, y), xycoords="axes fraction", xytext=(7, 0), textcoords="offset points", ha="left", va="center",
            color=ink, weight="bold", linespacing=1.25, annotation_clip=False,
        )  # fmt: skip


def _meeting(axes: Axes, whole: Medium, words: Words) -> None:
    month = whole.payback.value
    axes.plot(month, whole.cpo, "o", color=style.NEGATIVE, ms=9, mec="white", mew=1.4, zorder=5)
    late = month > 0.55 * axes.get_xlim()[1]
    axes.annotate(
        words.fill("chart.ltv.paid_back", months=words.number(month, "dec1")), (month, whole.cpo),
        xytext=(-12 if late else 12, -14), textcoords="offset points", ha="right" if late else "left", va="top", color=style.INK, fontsize=12,
        weight="bold",
    )  # fmt: skip
