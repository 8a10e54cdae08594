"""F2 to F6: the share that goes on from each purchase to the next, at three windows, with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.retention import SecondPurchase
from crmlib.text import Words

TONES = (style.ACCENT_LIGHT, style.ACCENT, style.INK)
MARKERS = ("o", "s", "D")
SHIFT = 0.17


@style.styled
def steps(ladder: Mapping[int, SecondPurchase], words: Words) -> Figure:
    """Points with 95 % intervals by step and window (Kaplan-Meier).

    Args:
        ladder: Conversion to the n-th purchase, by n.
        words: Texts of one language.
    """
    windows = list(next(iter(ladder.values())).curve_at)
    if all(step.curve_at[windows[0]].why for step in ladder.values()):
        return notice("retention.too_young", words)
    figure = style.figure()
    axes = figure.subplots()
    top = 0.0
    for place, days in enumerate(windows):
        shares = {n: step.curve_at[days] for n, step in ladder.items() if not step.curve_at[days].why}
        x = np.array(list(shares), float) + (place - 1) * SHIFT
        value, low, high = (
            np.array([getattr(s, name) for s in shares.values()]) * 100 for name in ("value", "lower", "upper")
        )
        axes.vlines(x, low, high, color=TONES[place], lw=2)
        label = words.fill(f"chart.retention.within_{days}")
        axes.plot(x, value, MARKERS[place], color=TONES[place], ms=7, label=label)
        top = max([top, *high[np.isfinite(high)], *value])
    axes.set(xlim=(min(ladder) - 0.6, max(ladder) + 0.6), ylim=(0, min(104.0, top * 1.15 + 1)))
    axes.set_xticks(list(ladder), [f"F{n - 1}\N{RIGHTWARDS ARROW}F{n}" for n in ladder])
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="y")
    axes.legend(loc="upper left", ncols=3, handletextpad=0.3, columnspacing=1.4)
    return native.attach(figure)


def steps_table(ladder: Mapping[int, SecondPurchase], words: Words) -> Table:
    """By step: customers, the share within 90 and 365 days, and the day by which the next contact must have arrived."""
    names = ("step", "n", "d90", "d365", "contact")
    rows = []
    for n, step in ladder.items():
        shares = [words.number(step.curve_at[d].value, "pct") for d in (90, 365)]
        day = words.number(step.hazard.contact_day or None, "int")
        count = words.number(step.curve.n, "int") if step.curve.n >= 5 else words.number(None, "int")
        rows.append((f"F{n - 1}\N{RIGHTWARDS ARROW}F{n}", count, *shares, day))
    return Table(words.fill_each("table.retention", *names), rows, (0,), (0.9, 0.8, 0.8, 0.8, 0.9))
