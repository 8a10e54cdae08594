"""One line: how many customers lie how near to it, and what those just below and just above spend a year later."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.numbers.tiers import design
from crmlib.text import Words
from crmlib.tiers import Design
from crmlib.tiers.threshold import BANDWIDTH, DONUT, PARTS

Array = NDArray[np.float64]
NEAR = 0.30  # of the line, on either side
COARSE = 5  # bins of the summaries in a bar (2.5 %), and twice as many in a dot


@style.styled
def line(made: Design, bins: pd.DataFrame, scale: int, words: Words) -> Figure:
    """Customers by amount around the highest line, and the next period's spend on either side.

    Args:
        made: The design with its threshold tests.
        bins: As `summaries.tiers_frames.near_lines` returns them.
        scale: Minor units per major unit.
        words: Texts of one language.
    """
    tested = design.highest(made)
    if tested is None or tested.why:
        return notice(f"tiers.{tested.why if tested else 'no_line'}", words)
    mine = bins[(bins["tier"] == tested.tier) & (bins["bin"].abs() <= PARTS * NEAR * 1.6)]
    figure = style.figure()
    upper, lower = figure.subplots(2, 1, height_ratios=[1, 1.25])
    _density(upper, mine, words)
    _spend(lower, mine, scale, words)
    return native.attach(figure)


def _grouped(bins: pd.DataFrame, width: int) -> pd.DataFrame:
    cells = bins.assign(place=np.floor_divide(bins["bin"], width))
    return cells.groupby("place")[["here", "customers", "active", "log_later", "amount"]].sum()


def _density(axes: Axes, bins: pd.DataFrame, words: Words) -> None:
    cells = _grouped(bins[bins["bin"].between(-PARTS * NEAR, PARTS * NEAR - 1)], COARSE)
    x = (cells.index.to_numpy(float) + 0.5) * COARSE / PARTS * 100
    near = (x > -5) & (x < 2.5)
    colours = np.where(near, np.where(x < 0, style.NEGATIVE, style.ACCENT), style.GREY[3])
    axes.bar(x, cells["here"], width=COARSE / PARTS * 100 * 0.86, color=list(colours))
    axes.axvline(0, color=style.INK, lw=1.2)
    axes.set(xlim=(-NEAR * 100, NEAR * 100), ylabel=words.fill("chart.tiers.customers"))
    axes.set_xticks([-30, -20, -10, 0, 10, 20, 30], [])
    axes.grid(axis="y")


def _spend(axes: Axes, bins: pd.DataFrame, scale: int, words: Words) -> None:
    """Geometric mean of the next period's spend by distance, with the two straight lines that are compared."""
    cells = _grouped(bins[bins["bin"].between(-PARTS * NEAR, PARTS * NEAR - 1)], 2 * COARSE)
    cells = cells[cells["active"] > 0]
    x = (cells.index.to_numpy(float) + 0.5) * 2 * COARSE / PARTS * 100
    mean = np.exp(cells["log_later"] / cells["active"]) / scale
    axes.scatter(x, mean, s=np.clip(cells["active"] * 0.6, 14, 130), color=style.GREY[4], lw=0)
    for side, colour in ((-1, style.NEGATIVE), (1, style.ACCENT)):
        axes.plot(*_fit(bins, side, scale), color=colour, lw=2.2)
    axes.axvline(0, color=style.INK, lw=1.2)
    axes.set(
        xlim=(-NEAR * 100, NEAR * 100),
        ylabel=words.fill("chart.tiers.spend"),
        xlabel=words.fill("chart.tiers.distance"),
    )
    axes.set_ylim(0, float(mean.max()) * 1.25 if len(mean) else 1)
    axes.set_xticks([-30, -20, -10, 0, 10, 20, 30])
    axes.xaxis.set_major_formatter(lambda value, _: words.number(value / 100, "spct_sign").replace(".0", ""))
    axes.yaxis.set_major_formatter(lambda value, _: words.number(value, "int"))
    axes.grid(axis="y")


def _fit(bins: pd.DataFrame, side: int, scale: int) -> tuple[Array, Array]:
    """The line of one side up to the threshold, without those who may have moved to their side of it."""
    x = np.log1p((bins["bin"].to_numpy(float) + 0.5) / PARTS)
    active = bins["active"].to_numpy(float)
    used = (x * side > DONUT) & (np.abs(x) < BANDWIDTH) & (active > 0)
    if used.sum() < 3:
        return np.empty(0), np.empty(0)
    weight = active[used] * (1 - np.abs(x[used]) / BANDWIDTH)
    mean = bins["log_later"].to_numpy(float)[used] / active[used]
    slope, start = np.polyfit(x[used], mean, 1, w=np.sqrt(weight))
    at = np.linspace(0, np.log1p(side * NEAR), 30)
    return np.expm1(at) * 100, np.exp(start + slope * at) / scale
