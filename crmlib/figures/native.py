"""What a drawn figure is as charts, tables and texts that office programs edit: numbers, not a picture.

A drawing function says ``native.attach(figure)`` before it returns: `figures.reading` then reads the bars, lines, bands,
points, ticks and labels back from what was drawn, so that the editable chart and the picture cannot differ. Names that
the drawing does not show go along: ``native.attach(figure, categories=[...], names={colour: name})``; a heat-map gives
the edges of its cells, ``native.attach(figure, columns=[...], rows=[...])`` (inches from the left and the top).
What no Office chart can show (ribbons of an alluvial chart) is left without it and stays an outlined picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

from matplotlib.figure import Figure

HINTS = "crmlib_native"
Box = tuple[float, float, float, float]  # left, top, width, height; points from the figure's upper left corner
Values = tuple[float | None, ...]


class Hints(TypedDict, total=False):
    """What the drawing itself does not tell (see the module).

    ``categories``: names of the bars or places, first to last; ``names``: name of what has a colour;
    ``columns``, ``rows``: edges of a heat-map's cells in inches.
    """

    categories: Sequence[str]
    names: Mapping[str, str]
    columns: Sequence[float]
    rows: Sequence[float]


@dataclass(frozen=True)
class Label:
    """A label of one point of a series: its words, and where it stands (outEnd, ctr, t, b, l, r)."""

    text: str
    at: str
    size: float
    bold: bool
    colour: str


@dataclass(frozen=True)
class Series:
    """One row of numbers: how it is drawn (bar, line, area, points), its numbers, and how it looks.

    ``colour`` is empty for what only holds others up (the base of a waterfall's bars); ``form`` is Excel's number format
    that shows the labels' words from the numbers, empty where none does.
    """

    name: str
    kind: str
    values: Values
    x: Values = ()
    colour: str = ""
    alpha: float = 1.0
    colours: Mapping[int, str] = field(default_factory=dict)
    width: float = 0.0
    dash: str = ""
    marker: str = ""
    size: float = 0.0
    fill: str = ""
    labels: Mapping[int, Label] = field(default_factory=dict)
    form: str = ""
    below: Values = ()
    above: Values = ()
    error: str = ""
    listed: bool = False


@dataclass(frozen=True)
class Axis:
    """An axis: its limits, its step and number format where office programs can write it, else its labels are notes."""

    low: float
    high: float
    step: float = 0.0
    form: str = ""
    labelled: bool = False
    grid: bool = False
    flipped: bool = False
    line: str = ""


@dataclass(frozen=True)
class Chart:
    """One chart: where it stands, where its plot is, its categories and series.

    ``kind``: columns, bars (horizontal), areas (lines and bands over evenly spaced places) or points (x and y).
    """

    kind: str
    frame: Box
    plot: Box
    series: tuple[Series, ...]
    across: Axis
    up: Axis
    categories: tuple[str, ...] = ()
    stacked: bool = False
    gap: int = 50
    legend: Box | None = None


@dataclass(frozen=True)
class Note:
    """A text beside the numbers: words, place, look."""

    text: str
    box: Box
    align: str
    size: float
    bold: bool
    colour: str
    turn: float = 0.0
    fill: str = ""
    line: str = ""


@dataclass(frozen=True)
class Shape:
    """A mark without numbers: a line (from, to), or a rectangle or dot."""

    kind: str
    box: Box
    colour: str
    width: float = 0.0
    dash: str = ""
    fill: str = ""
    alpha: float = 1.0


@dataclass(frozen=True)
class Line:
    """A line of a cell."""

    text: str
    size: float
    bold: bool
    colour: str


@dataclass(frozen=True)
class Cell:
    """A cell of a heat-map: its lines, where they begin, its ground; hatched where it cannot be known yet.

    ``span`` columns wide; ``merged``: taken by the cell before it.
    """

    lines: tuple[Line, ...] = ()
    align: str = "center"
    fill: str = ""
    hatched: bool = False
    span: int = 1
    merged: bool = False


@dataclass(frozen=True)
class Cells:
    """A heat-map as a table: widths, heights and cells."""

    box: Box
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Native:
    """A whole figure: what lies behind the charts, the charts, and what lies above them."""

    charts: tuple[Chart, ...]
    grounds: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    notes: tuple[Note, ...]
    cells: Cells | None = None


def attach(figure: Figure, **hints: Unpack[Hints]) -> Figure:
    """Say that a figure can be an editable chart.

    Args:
        figure: As it was drawn.
        hints: What the drawing itself does not tell.
    """
    setattr(figure, HINTS, hints)
    return figure


def hints(figure: Figure) -> Hints | None:
    """What `attach` said of a figure; None when nothing was said."""
    found: Any = getattr(figure, HINTS, None)
    return None if found is None else Hints(**found)
