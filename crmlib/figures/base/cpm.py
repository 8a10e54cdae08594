"""CPM classes by month: stacked shares, active below, lapsed above."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Months
from crmlib.base.cpm import CLASSES
from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words

ORDER = tuple(reversed(CLASSES[:5])) + CLASSES[5:]  # excellent active at the bottom, excellent lapsed at the top
ACTIVE = ("#063B5C", "#0B5C8C", "#3F86B0", "#7FB2CF", "#BFD8E6")
LAPSED = ("#F3D9C9", "#E9B896", "#DE9562", "#D27334", "#C9500C")
STEP = 3
SMALL_GROUP = 5


@style.styled
def cpm(months: Months, words: Words) -> Figure:
    """Shares of the ten classes at each month end, with names and today's shares on the right.

    Args:
        months: Movement of the classes.
        words: Texts of one language.
    """
    found = months.movement
    totals = found.customers.sum(axis=1)
    if totals[-1] < SMALL_GROUP:
        return notice("base.too_few" if totals[-1] else "base.no_customers", words)
    figure = style.figure()
    axes = figure.subplots()
    columns = [CLASSES.index(name) for name in ORDER]
    share = (
        np.divide(found.customers[:, columns].T, totals, where=totals > 0, out=np.full((10, totals.size), np.nan)) * 100
    )
    first = int(np.argmax(totals > 0))
    x = np.arange(first, totals.size)
    if x.size == 1:
        x, share = np.array([x[0] - 0.4, x[0]]), np.repeat(share[:, -1:], totals.size, axis=1)
        areas = share[:, -2:] if totals.size > 1 else np.repeat(share, 2, axis=1)
    else:
        areas = share[:, first:]
    axes.stackplot(x, areas, colors=ACTIVE + LAPSED, edgecolor="white", linewidth=0.6)
    _names(axes, share[:, -1], totals.size - 1, words)
    shown = [place for place in range(first, totals.size) if (totals.size - 1 - place) % STEP == 0]
    axes.set_xticks(shown, [f"{found.ends[place]:%Y-%m}" for place in shown])
    axes.set(ylim=(0, 100), xlim=(x[0], totals.size - 1 + 0.42 * max(totals.size - 1 - x[0], 0.5)))
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.spines["bottom"].set_visible(False)
    return native.attach(figure)


def _names(axes: Axes, last: np.ndarray, x: float, words: Words) -> None:
    """Each class beside the end of its area, moved apart where areas are thin."""
    top = np.cumsum(last)
    wanted = top - last / 2
    places = _apart(wanted, 7.2)
    span = axes.get_xlim()[1] - axes.get_xlim()[0]
    for name, at, middle, share in zip(ORDER, places, wanted, last, strict=True):
        text = words.fill(
            "chart.base.class_share", name=words.fill(f"class.base.{name}"), share=words.number(share / 100, "pct")
        )
        axes.plot([x, x + 0.02 * span], [middle, at], color=style.GREY[3], lw=0.8, clip_on=False)
        colour = style.NEGATIVE if name.startswith("lapsed") else style.ACCENT
        axes.text(x + 0.03 * span, at, text, va="center", ha="left", color=colour)


def _apart(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Positions at least `gap` apart, as near to the wanted ones as pushing up and then down brings them."""
    places = wanted.astype(float).copy()
    places[0] = max(places[0], gap / 2)
    for i in range(1, places.size):
        places[i] = max(places[i], places[i - 1] + gap)
    places[-1] = min(places[-1], 100 - gap / 2)
    for i in range(places.size - 2, -1, -1):
        places[i] = min(places[i], places[i + 1] - gap)
    return places
