"""The mix of the tiers in the coming years if migration goes on as it did, with bands."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.tiers.names import names, short
from crmlib.intervals import Estimate
from crmlib.programme.source import Source
from crmlib.text import Words
from crmlib.tiers import Study

SHADES = (style.ACCENT, style.NEGATIVE, style.INK, style.ACCENT_LIGHT, style.GREY[4])
MOST = 5  # tiers that are drawn, from the top


@style.styled
def forecast(study: Study, chosen: Source, words: Words) -> Figure:
    """Share of each tier from the last review on.

    Args:
        study: Forecast and migration.
        chosen: Where the tiers come from.
        words: Texts of one language.
    """
    ahead, moved = study.forecast, study.moved
    if ahead.why:
        return notice(f"tiers.{ahead.why}", words)
    figure = style.figure()
    axes = figure.subplots()
    called = names(chosen, words)
    now = moved.closing() / moved.closing().sum()
    shown = list(range(len(called)))[::-1][:MOST]
    ends = []
    for place, tier in enumerate(shown):
        _tier(axes, [ahead.share[year][tier] for year in ahead.share], float(now[tier]), SHADES[place])
        ends.append((ahead.share[max(ahead.share)][tier].value * 100, called[tier], SHADES[place], tier))
    years = sorted(ahead.share)
    axes.set(xlim=(-0.05, years[-1] + 0.95), ylim=(0, None), xlabel=words.fill("chart.tiers.years"))
    axes.set_xticks([0, *years])
    axes.yaxis.set_major_formatter("{x:g}%")
    axes.grid(axis="y")
    _ends(axes, ends, study, words)
    return native.attach(figure)


def _tier(axes: Axes, shares: list[Estimate], now: float, colour: str) -> None:
    x = np.arange(len(shares) + 1)
    value, lower, upper = (
        np.array([now, *(getattr(share, part) for share in shares)]) * 100 for part in ("value", "lower", "upper")
    )
    axes.fill_between(x, lower, upper, color=colour, alpha=0.14, lw=0)
    axes.plot(x, value, color=colour, ls=(0, (4, 2)))
    axes.plot(0, now * 100, "o", ms=7, color=colour)


def _ends(axes: Axes, ends: list[tuple[float, str, str, int]], study: Study, words: Words) -> None:
    """Names at the right, pushed apart, with share and band of the last year."""
    years = max(study.forecast.share)
    low, high = axes.get_ylim()
    least, y = (high - low) * 0.115, -np.inf
    for value, name, colour, tier in sorted(ends):
        y = max(value, y + least)
        share = study.forecast.share[years][tier]
        band = f"{words.number(share.lower, 'pct').rstrip('%')}–{words.number(share.upper, 'pct')}"
        text = f"{short(name)} {words.number(share.value, 'pct')}\n({band})"
        axes.text(years + 0.06, y, text, va="center", color=colour, weight="bold", fontsize=10, linespacing=1.15)
