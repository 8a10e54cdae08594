"""Cohort heat-map: acquisition months down, months since across, what is not over yet hatched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from matplotlib.typing import ColorType

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.intervals import Estimate
from crmlib.retention import CohortRetention, fit_to_page
from crmlib.retention.cohort import PAGE_PERIODS, SMALL_GROUP
from crmlib.text import Words

# inches from the left and from the top of the figure
LABEL_X, SIZE_X, CELLS_X = 0.95, 1.58, 1.72
HEADER_Y, TICKS_Y, CELLS_Y = 0.38, 0.46, 0.52
FOOT = 0.34
TALLEST = 0.46
HATCH = 0.07  # between the lines of a cell that is not yet observable
CURVE_HEIGHT = 0.9  # at least; otherwise there is no room for the mean's curve below the table


@dataclass(frozen=True)
class Grid:
    """Where things stand, in inches."""

    rows: int
    columns: int

    @property
    def width(self) -> float:
        """Width of a cell."""
        return min((style.WIDE[0] - CELLS_X - 0.03) / self.columns, 1.3)

    @property
    def height(self) -> float:
        """Height of a cell; the row of means counts as 1.25 rows."""
        return min((style.WIDE[1] - CELLS_Y - FOOT) / (self.rows + 1.25), TALLEST)

    @property
    def curve(self) -> tuple[float, float]:
        """Upper and lower edge of the room below the row of means."""
        return CELLS_Y + (self.rows + 1.25) * self.height + 0.18, style.WIDE[1] - FOOT - 0.1

    @property
    def columns_at(self) -> list[float]:
        """Edges of the table's columns: cohort, size, months."""
        return [
            0.0,
            LABEL_X + 0.06,
            SIZE_X + 0.06,
            *(CELLS_X + place * self.width for place in range(self.columns + 1)),
        ]

    @property
    def rows_at(self) -> list[float]:
        """Edges of the table's rows: heading, cohorts, mean."""
        return [
            HEADER_Y - 0.12,
            *(CELLS_Y + place * self.height for place in (*range(self.rows + 1), self.rows + 1.25)),
        ]

    def centre(self, column: float) -> float:
        """Middle of a column (0, 1, ...)."""
        return CELLS_X + (column + 0.5) * self.width


@style.styled
def cohort(matrix: CohortRetention, words: Words) -> Figure:
    """Heat-map of the cohorts with their sizes, the weighted mean, and the mean's curve where there is room.

    Args:
        matrix: Monthly cohorts; too many of them are shown as quarters, and the chart says so.
        words: Texts of one language.
    """
    page = fit_to_page(matrix)
    means = [matrix.mean(period) for period in range(1, min(matrix.periods, PAGE_PERIODS) + 1)]
    if all(mean.why for mean in means):
        return notice(f"retention.{matrix.why or 'too_few'}", words)
    figure, grid = style.figure(), Grid(len(page.cohorts), page.periods)
    figure.set_layout_engine("none")  # every place is given in inches
    axes = figure.add_axes((0, 0, 1, 1 - TICKS_Y / style.WIDE[1]))
    axes.set(xlim=(0, style.WIDE[0]), ylim=(style.WIDE[1], TICKS_Y))
    _header(axes, page, grid, words)
    _rows(axes, page, grid, words)
    _mean_row(axes, means, grid, words)
    _legend(axes, page, words)
    if grid.curve[1] - grid.curve[0] >= CURVE_HEIGHT and grid.columns > 1 and not matrix.why:
        _curve(figure, means, grid, words)
    return native.attach(figure, columns=grid.columns_at, rows=grid.rows_at)


def _header(axes: Axes, page: CohortRetention, grid: Grid, words: Words) -> None:
    muted: dict[str, Any] = {"color": style.MUTED, "va": "center"}
    middle = CELLS_X + grid.columns * grid.width / 2
    axes.text(max(middle, CELLS_X + 1.6), 0.13, words.fill("chart.retention.months"), ha="center", **muted)
    axes.text(LABEL_X, HEADER_Y, words.fill(f"chart.retention.{page.step}"), ha="right", **muted)
    axes.text(SIZE_X, HEADER_Y, words.fill("chart.retention.size"), ha="right", **muted)
    axes.set_xticks([grid.centre(column) for column in range(grid.columns)], [str(c + 1) for c in range(grid.columns)])
    axes.tick_params(labeltop=True, labelbottom=False, pad=0)
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _rows(axes: Axes, page: CohortRetention, grid: Grid, words: Words) -> None:
    cells = [[page.cell(row, column + 1) for column in range(grid.columns)] for row in range(grid.rows)]
    darkest = max((cell.value for line in cells for cell in line if not cell.why), default=0.0) or 1.0
    colours = LinearSegmentedColormap.from_list("share", style.SEQUENTIAL)
    for row, line in enumerate(cells):
        y = CELLS_Y + (row + 0.5) * grid.height
        axes.text(LABEL_X, y, page.cohorts[row], ha="right", va="center", color=style.TEXT)
        axes.text(SIZE_X, y, words.number(int(page.sizes[row]), "int"), ha="right", va="center", color=style.MUTED)
        for column, cell in enumerate(line):
            place = (CELLS_X + column * grid.width, CELLS_Y + row * grid.height)
            _cell(axes, cell, place, grid, (colours, darkest, words))


def _cell(
    axes: Axes, cell: Estimate, place: tuple[float, float], grid: Grid, tone: tuple[Colormap, float, Words]
) -> None:
    colours, darkest, words = tone
    corner, box = (place[0] + 0.012, place[1] + 0.012), (grid.width - 0.024, grid.height - 0.024)
    if cell.why:
        _blank(axes, corner, box, hatched=cell.why == "immature")
        return
    depth = cell.value / darkest
    axes.add_artist(Rectangle(corner, *box, fc=colours(depth), ec="none"))
    axes.text(
        place[0] + grid.width / 2,
        place[1] + grid.height / 2,
        _bare(cell.value, words),
        ha="center",
        va="center",
        fontsize=10,
        color=max("white", style.INK, key=lambda ink: _contrast(ink, colours(depth))),
    )


def _blank(axes: Axes, corner: tuple[float, float], box: tuple[float, float], *, hatched: bool) -> None:
    """A cell without a value; hatched by lines of our own, because an SVG pattern is not drawn alike everywhere."""
    axes.add_artist(Rectangle(corner, *box, fc="white", ec=style.GREY[2], lw=0.6))
    if hatched:
        (left, top), (width, height) = corner, box
        offset = np.arange(-height, width, HATCH)[1:]
        low, high = np.maximum(0, -offset), np.minimum(height, width - offset)
        ends = [np.column_stack([left + offset + u, top + height - u]) for u in (low, high)]
        lines = LineCollection(list(np.stack(ends, axis=1)), colors=style.GREY[2], linewidths=0.8)
        lines.set_label("immature")
        axes.add_collection(lines, autolim=False)


def _contrast(one: ColorType, other: ColorType) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    dark, bright = sorted(_luminance(colour) for colour in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: ColorType) -> float:
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _bare(share: float, words: Words) -> str:
    """A percentage without its sign, which stands once in the heading."""
    return words.number(share, "pct0").rstrip("%")


def _mean_row(axes: Axes, means: list[Estimate], grid: Grid, words: Words) -> None:
    line = CELLS_Y + (grid.rows + 0.12) * grid.height
    y = CELLS_Y + (grid.rows + 0.7) * grid.height
    axes.plot([0.05, CELLS_X + grid.columns * grid.width], [line, line], color=style.GREY[4], lw=0.8)
    bold: dict[str, Any] = {"va": "center", "weight": "bold", "color": style.INK}
    axes.text(SIZE_X, y, words.fill("chart.retention.mean"), ha="right", **bold)
    for column, mean in enumerate(means[: grid.columns]):
        if not mean.why:
            axes.text(grid.centre(column), y, _bare(mean.value, words), ha="center", **bold)


def _legend(axes: Axes, page: CohortRetention, words: Words) -> None:
    y, x = style.WIDE[1] - 0.14, 0.05
    hidden = bool((page.sizes < SMALL_GROUP).any())
    for name in ["immature"] * bool(np.isnan(page.active).any()) + ["hidden"] * hidden:
        _blank(axes, (x, y - 0.08), (0.26, 0.16), hatched=name == "immature")
        axes.text(x + 0.34, y, words.fill(f"chart.retention.{name}"), va="center", color=style.MUTED)
        x += 2.45
    if page.step == "quarter":
        name = "left_out" if page.left_out else "quarters"
        note = words.fill(f"chart.retention.{name}", count=words.number(page.left_out, "int"))
        axes.text(style.WIDE[0] - 0.03, y, note, va="center", ha="right", color=style.MUTED)


def _curve(figure: Figure, means: list[Estimate], grid: Grid, words: Words) -> None:
    """The weighted mean with its band, each point below its column."""
    top, bottom = grid.curve
    span = grid.columns * grid.width
    place = (CELLS_X / style.WIDE[0], 1 - bottom / style.WIDE[1], span / style.WIDE[0], (bottom - top) / style.WIDE[1])
    axes = figure.add_axes(place)
    x = np.arange(grid.columns) + 0.5
    shares = np.array([(m.value, m.lower, m.upper) for m in means]).T * 100
    axes.fill_between(x, shares[1], shares[2], color=style.ACCENT, alpha=0.16, lw=0)
    axes.plot(x, shares[0], color=style.ACCENT, marker="o", ms=4.5, mec="white", mew=1)
    axes.set(xlim=(0, grid.columns), ylim=(0, np.nanmax(shares) * 1.18))
    axes.set_xticks([])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="y")
    axes.text(
        grid.columns - 0.1, np.nanmax(shares) * 1.12, words.fill("chart.retention.mean_line"),
        ha="right", va="top", color=style.ACCENT, weight="bold",
    )  # fmt: skip
