"""F2 curve: share with a second purchase by days since the first, with its band and the number at risk."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.retention import SecondPurchase
from crmlib.text import Words

YEAR = 365
TICKS = (0, 30, 60, 90, 180, 270, 365)  # the days that the ledger holds


@style.styled
def f2(second: SecondPurchase, words: Words) -> Figure:
    """1 - Kaplan-Meier with its 95 % band, markers at the windows, and an at-risk table with row names.

    Args:
        second: F2 of all new customers.
        words: Texts of one language.
    """
    if second.why:
        return notice(f"retention.{second.why}", words)
    figure, last = style.figure(), min(second.curve.horizon, YEAR)
    upper, lower = figure.subplots(2, 1, height_ratios=[5.2, 1.0], sharex=True)
    _curve(upper, second, last)
    _markers(upper, second, words)
    upper.set(xlim=(-0.012 * last, last * 1.03), xlabel=words.fill("chart.retention.days"))
    upper.set_xticks([day for day in TICKS if day <= last])
    upper.tick_params(labelbottom=True)
    _at_risk(lower, second, last, words)
    return native.attach(figure)


def _curve(axes: Axes, second: SecondPurchase, last: int) -> None:
    curve = second.curve
    day = np.arange(min(last + 1, len(curve.survival)))
    share, low, high = ((1 - part[day]) * 100 for part in (curve.survival, curve.upper, curve.lower))
    axes.fill_between(day, low, high, step="post", color=style.ACCENT, alpha=0.16, lw=0)
    axes.step(day, share, where="post", color=style.ACCENT, lw=2.4)
    axes.set_ylim(0, min(100, max(np.nanmax(high), share.max()) * 1.14))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="y")


def _markers(axes: Axes, second: SecondPurchase, words: Words) -> None:
    for day, share in second.curve_at.items():
        if share.why:
            continue
        axes.axvline(day, color=style.GREY[3], lw=0.8, ls=(0, (3, 3)), zorder=0)
        axes.plot(day, share.value * 100, "o", ms=7, color=style.ACCENT, mec="white", mew=1.3, zorder=5)
        axes.annotate(
            words.number(share.value, "pct"),
            (day, share.value * 100),
            xytext=(-7, 6),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=12,
            weight="bold",
            color=style.ACCENT,
        )


def _at_risk(axes: Axes, second: SecondPurchase, last: int, words: Words) -> None:
    axes.axis("off")
    axes.set_ylim(1.9, -0.1)
    days = [day for day in TICKS if day <= last]
    rows = (
        ("at_risk", [words.number(second.curve.at_risk_on(day), "int") for day in days], style.TEXT),
        ("converted", [words.number(second.curve.converted(day).value, "pct") for day in days], style.ACCENT),
    )
    for row, (name, texts, colour) in enumerate(rows):
        y = 0.45 + row * 0.9
        axes.annotate(
            words.fill(f"chart.retention.{name}"),
            (0, y),
            xycoords=("axes fraction", "data"),
            xytext=(-16, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=colour,
            annotation_clip=False,
        )
        for day, text in zip(days, texts, strict=True):
            axes.text(day, y, text, ha="center", va="center", color=colour)
