"""F2 by group as a forest: rate with interval, one block per dimension, groups that differ provably in accent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.retention import Group, GroupedF2
from crmlib.text import Words

PLOT = (0.33, 0.085, 0.48, 0.895)  # left, bottom, width, height of the figure
PER_DIMENSION = {1: 12, 2: 6, 3: 5, 4: 3}  # rows by number of dimensions


@style.styled
def groups(dimensions: Mapping[str, GroupedF2], words: Words) -> Figure:
    """Rates of the largest groups of each dimension, with 95 % intervals, and the number of customers.

    Args:
        dimensions: F2 by dimension.
        words: Texts of one language.
    """
    shown = [found for found in dimensions.values() if found.groups and not found.why]
    if not shown:
        return notice("retention.absent", words)
    rows: list[tuple[str, Group | None]] = []
    for found in shown:
        rows.append((words.fill(f"chart.retention.{found.dimension}"), None))
        rows += [(group.name, group) for group in _largest(found, PER_DIMENSION[len(shown)])]
    figure = style.figure()
    figure.set_layout_engine("none")  # the columns beside the axes are given their room
    axes = figure.add_axes(PLOT)
    for y, (name, group) in enumerate(rows):
        _row(axes, y, name, group, words)
    low, high = _limits([group for _, group in rows if group])
    axes.set(ylim=(len(rows) - 0.4, -0.7), xlim=(low, high))
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="x")
    return native.attach(figure)


def groups_table(dimensions: Mapping[str, GroupedF2], words: Words) -> Table:
    """By dimension: groups, p of the log-rank test, adjusted for the others."""
    rows = []
    for found in dimensions.values():
        known = not (found.why or found.test.why)
        cells = [words.number(p if known else None, "dec3") for p in (found.test.p, found.q)]
        count = words.number(len(found.groups) if found.groups else None, "int")
        rows.append((words.fill(f"chart.retention.{found.dimension}"), count, *cells))
    return Table(
        words.fill_each("table.retention", "dimension", "groups", "p", "q"),
        rows,
        (),
        (1.5, 0.7, 0.8, 1.1),
    )


def _largest(found: GroupedF2, rows: int) -> list[Group]:
    """The largest groups, and the one whose difference is clearest, best first."""
    kept = list(found.groups[:rows])
    clearest = found.clearest
    if clearest is not None and clearest not in kept:
        kept[-1] = clearest
    return sorted(kept, key=lambda group: -group.rate.value if np.isfinite(group.rate.value) else 0.0)


def _row(axes: Axes, y: int, name: str, group: Group | None, words: Words) -> None:
    side = axes.get_yaxis_transform()
    if group is None:
        axes.text(-0.02, y, name, transform=side, ha="right", va="center", weight="bold", color=style.INK)
        axes.axhline(y - 0.5, color=style.GREY[2], lw=0.7, xmin=-0.3, clip_on=False)
        return
    gap = group.difference
    proven = not gap.why and (gap.lower > 0 or gap.upper < 0)
    colour = style.GREY[4] if not proven else style.ACCENT if gap.value > 0 else style.NEGATIVE
    axes.text(-0.02, y, name, transform=side, ha="right", va="center", color=style.TEXT)
    if not group.rate.why:
        value, low, high = (getattr(group.rate, part) * 100 for part in ("value", "lower", "upper"))
        axes.hlines(y, low, high, color=colour, lw=2)
        axes.plot(value, y, "s" if proven else "o", color=colour, ms=6)
    rate = words.number(group.rate.value, "pct")
    axes.text(
        1.13, y, rate, transform=side, va="center", ha="right", color=style.TEXT, weight="bold" if proven else "normal"
    )
    axes.text(1.3, y, words.number(group.n, "int"), transform=side, va="center", ha="right", color=style.MUTED)


def _limits(shown: list[Group]) -> tuple[float, float]:
    ends = np.array([[group.rate.lower, group.rate.upper] for group in shown]) * 100
    values = ends[np.isfinite(ends)]
    return (max(0.0, float(values.min()) - 2), min(100.0, float(values.max()) + 2)) if values.size else (0.0, 100.0)
