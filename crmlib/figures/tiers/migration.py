"""Who moved where in the last year: an alluvial chart of the customers, and beside it the matrix with its intervals."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from crmlib.figures import style
from crmlib.figures.notice import notice
from crmlib.figures.tiers.names import names, short
from crmlib.programme.source import Source
from crmlib.text import Words
from crmlib.tiers import Migration

Array = NDArray[np.float64]
STAY, UP, DOWN = "#DDE3E8", "#8DB9D3", "#E9A67E"
LEFT_X, RIGHT_X, THICK = 1.08, 2.98, 0.1  # inches
TOP, BOTTOM = 0.56, 4.22
GAP = 0.09
MATRIX_X = 5.02
MOST = 6  # tiers for which a cell has room for its interval


@dataclass(frozen=True)
class Node:
    """A bar of the alluvial chart: a tier, or those who are outside."""

    name: str
    size: float
    top: float
    bottom: float


@style.styled
def migration(moved: Migration, chosen: Source, words: Words) -> Figure:
    """Alluvial chart and matrix of the last period.

    Args:
        moved: The migration.
        chosen: Where the tiers come from.
        words: Texts of one language.
    """
    if moved.why or not moved.periods:
        return notice(f"tiers.{moved.why or 'one_review'}", words)
    figure = style.figure()
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, style.WIDE[0]), ylim=(style.WIDE[1], 0))
    axes.axis("off")
    called = [short(name) for name in names(chosen, words)]
    _alluvial(axes, moved, called, words)
    _matrix(axes, moved, called, words)
    return figure


def _alluvial(axes: Axes, moved: Migration, called: list[str], words: Words) -> None:
    size = len(called)
    flows = _flows(moved)
    outside = words.fill_each("chart.tiers", "outside_before", "outside_after")
    sides = []
    for side, totals in enumerate((flows.sum(axis=1), flows.sum(axis=0))):
        sides.append(_nodes([*called[::-1], outside[side]], [*totals[:size][::-1], totals[size]]))
    for x, day in ((LEFT_X, moved.reviews[-2]), (RIGHT_X, moved.reviews[-1])):
        label = words.number(day.isoformat(), "date")
        axes.text(x + THICK / 2, 0.22, label, ha="center", va="center", color=style.MUTED, weight="bold")
    _ribbons(axes, flows, sides)
    for nodes, x, align, text_x in ((sides[0], LEFT_X, "right", -0.07), (sides[1], RIGHT_X, "left", THICK + 0.07)):
        for node, y in zip(nodes, _spread(nodes), strict=True):
            if node.size <= 0:
                continue
            axes.add_patch(Rectangle((x, node.top), THICK, node.bottom - node.top, fc=style.INK, ec="none"))
            count = words.number(round(node.size), "int")
            axes.text(x + text_x, y - 0.085, node.name, ha=align, va="center", color=style.TEXT)
            axes.text(x + text_x, y + 0.09, count, ha=align, va="center", color=style.MUTED, fontsize=9.5)
    _key(axes, words)


def _flows(moved: Migration) -> Array:
    """From tiers and outside to tiers and outside, customers."""
    size = len(moved.tiers)
    last = moved.customers[-1]
    return np.vstack([last[:size], last[size:].sum(axis=0, keepdims=True)])


def _nodes(called: list[str], sizes: list[float]) -> list[Node]:
    room = BOTTOM - TOP - GAP * (len(called) - 1)
    scale, y, found = room / max(sum(sizes), 1), TOP, []
    for name, size in zip(called, sizes, strict=True):
        found.append(Node(name, float(size), y, y + size * scale))
        y += size * scale + GAP
    return found


def _spread(nodes: list[Node], least: float = 0.37) -> list[float]:
    """Middles of the labels, pushed apart where bars are thin."""
    middles = [(node.top + node.bottom) / 2 for node in nodes]
    shown = [place for place, node in enumerate(nodes) if node.size > 0]
    for before, after in itertools.pairwise(shown):
        middles[after] = max(middles[after], middles[before] + least)
    over = middles[shown[-1]] - (BOTTOM + 0.02) if shown else 0.0
    for place in reversed(shown):
        if over <= 0:
            break
        middles[place] -= over
        earlier = [p for p in shown if p < place]
        over = middles[earlier[-1]] + least - middles[place] if earlier else 0.0
    return middles


def _ribbons(axes: Axes, flows: Array, sides: list[list[Node]]) -> None:
    """Those who stay first, so that movers lie above them; each side is filled from the top down in the order of the other."""
    size = flows.shape[0]
    rank = [size - 2 - place if place < size - 1 else size - 1 for place in range(size)]  # drawn place of a tier
    scale = [(nodes[0].bottom - nodes[0].top) / nodes[0].size if nodes[0].size else 0.0 for nodes in sides]
    unit = max(scale) or (BOTTOM - TOP - GAP * (size - 1)) / max(flows.sum(), 1)
    starts: dict[tuple[int, int], float] = {}
    ends: dict[tuple[int, int], float] = {}
    order = sorted(range(size), key=lambda place: rank[place])
    for before in order:
        y = sides[0][rank[before]].top
        for after in order:
            starts[before, after] = y
            y += flows[before, after] * unit
    for after in order:
        y = sides[1][rank[after]].top
        for before in order:
            ends[before, after] = y
            y += flows[before, after] * unit
    for before, after in sorted(starts, key=lambda cell: cell[0] != cell[1]):
        if flows[before, after] > 0:
            colour = STAY if before == after else _direction(before, after, size)
            _ribbon(axes, (starts[before, after], ends[before, after]), flows[before, after] * unit, colour)


def _direction(before: int, after: int, size: int) -> str:
    outside = size - 1
    return UP if before == outside or (after != outside and after > before) else DOWN


def _ribbon(axes: Axes, ends: tuple[float, float], thick: float, colour: str) -> None:
    x0, x1, (y0, y1) = LEFT_X + THICK, RIGHT_X, ends
    middle = (x0 + x1) / 2
    points = [(x0, y0), (middle, y0), (middle, y1), (x1, y1), (x1, y1 + thick), (middle, y1 + thick), (middle, y0 + thick),
              (x0, y0 + thick), (x0, y0)]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, codes), fc=colour, ec="none"))


def _key(axes: Axes, words: Words) -> None:
    middle = (LEFT_X + RIGHT_X + THICK) / 2
    for x, align, name, colour in (
        (middle - 0.12, "right", "up", style.ACCENT),
        (middle + 0.12, "left", "down", style.NEGATIVE),
    ):
        text = words.fill(f"chart.tiers.{name}")
        axes.text(x, 4.42, text, ha=align, va="center", color=colour, weight="bold", fontsize=9.5)


def _matrix(axes: Axes, moved: Migration, called: list[str], words: Words) -> None:
    size = len(called)
    width = (style.WIDE[0] - MATRIX_X - 0.02) / (size + 1)
    height = min((BOTTOM - 0.95) / size, 0.82)
    columns = [*called[::-1], words.fill("chart.tiers.left")]
    muted: dict[str, Any] = {"va": "center", "color": style.MUTED, "fontsize": 9.5}
    middle = MATRIX_X + width * (size + 1) / 2
    axes.text(middle, 0.3, words.fill("chart.tiers.matrix"), ha="center", **muted)
    for place, name in enumerate(columns):
        text = short(name, max(int(width / 0.072), 3))
        axes.text(
            MATRIX_X + (place + 0.5) * width, 0.72, text, ha="center", va="center", color=style.TEXT, fontsize=9.5
        )
    for row in range(size):
        before = size - 1 - row
        y = 0.92 + row * height
        axes.text(
            MATRIX_X - 0.06,
            y + height / 2,
            short(called[before], 10),
            ha="right",
            va="center",
            color=style.TEXT,
            fontsize=9.5,
        )
        for place in range(size + 1):
            after = size - 1 - place if place < size else size
            _cell(axes, moved, (before, after), (MATRIX_X + place * width, y, width, height), words)


def _cell(
    axes: Axes, moved: Migration, cell: tuple[int, int], box: tuple[float, float, float, float], words: Words
) -> None:
    before, after = cell
    rate = moved.rate(before, after)
    x, y, width, height = box
    size = len(moved.tiers)
    tone = style.GREY[3] if before == after else UP if before < after < size else DOWN
    depth = 0.0 if rate.why else min(rate.value * (1.0 if before == after else 2.0), 1.0)
    face = _mixed(tone, 0.1 + 0.9 * depth)
    axes.add_patch(Rectangle((x + 0.015, y + 0.015), width - 0.03, height - 0.03, fc=face, ec="none"))
    centre = x + width / 2
    roomy = size <= MOST and height > 0.45
    text = words.number(rate.value, "pct0")
    axes.text(centre, y + height / 2 - (0.09 if roomy else 0), text, ha="center", va="center", color=style.INK,
              weight="bold" if before == after else "normal", fontsize=11 if size <= MOST else 8)  # fmt: skip
    if roomy and not rate.why and width > 0.55:
        limits = f"{words.number(rate.lower, 'pct0').rstrip('%')}–{words.number(rate.upper, 'pct0').rstrip('%')}"
        axes.text(centre, y + height / 2 + 0.12, limits, ha="center", va="center", color=style.TEXT, fontsize=8.5)


def _mixed(colour: str, depth: float) -> tuple[float, float, float]:
    red, green, blue = (1 - (1 - part) * depth for part in to_rgb(colour))
    return red, green, blue
