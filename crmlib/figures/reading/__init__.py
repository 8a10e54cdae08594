"""A drawn figure read back as charts, tables, marks and texts that office programs edit (see `figures.native`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from crmlib.figures import export, native
from crmlib.figures.native import Box, Hints, Native, Note, Shape
from crmlib.figures.reading import bars, cells, curves, drawn, marks, part, places, texts, ticks
from crmlib.figures.reading.drawn import Drawn
from crmlib.figures.reading.part import Part, Seen

__all__ = ["payload", "read"]

ROOM = 0.15


def read(figure: Figure) -> Native | None:
    """The figure as editable parts; None when it is a picture only, or when it is drawn as no Office chart can be.

    Args:
        figure: Its layout is settled (see `export.svg`).
    """
    hints = native.hints(figure)
    if hints is None:
        return None
    with export.on_canvas(FigureCanvasAgg, figure):
        read_parts = [_axes(axes, hints) for axes in figure.axes if axes.get_visible()]
        found = [one for one in read_parts if one is not None]
        if len(found) < len(read_parts):
            return None
        notes = [note for one in found for note in one.notes] + texts.free(figure)
    whole = Native(
        tuple(chart for one in found for chart in one.charts), tuple(_shapes(one.grounds for one in found)),
        tuple(_shapes(one.shapes for one in found)), tuple(notes),
    )  # fmt: skip
    return _table(whole, hints) if "columns" in hints else whole


def payload(figure: Figure) -> dict[str, Any] | None:
    """As `read`, for a slide's payload: what is as usual is left out. A figure that cannot be read stays a picture."""
    try:
        found = read(figure)
    except (ArithmeticError, LookupError, TypeError, ValueError):  # never a deck without a page for its editable form
        return None
    if found is None:
        return None
    bare: dict[str, Any] = _bare(asdict(found))
    return bare


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _bare(item) for key, item in value.items() if item or (item == 0 and item is not False)}
    if isinstance(value, (list, tuple)):
        return [_bare(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def _shapes(groups: Iterable[tuple[Shape, ...]]) -> list[Shape]:
    return [shape for group in groups for shape in group]


def _table(whole: Native, hints: Hints) -> Native:
    edges = (hints["columns"], hints["rows"])
    made, notes = cells.table(edges, whole.notes, whole.grounds, whole.shapes)
    outside = tuple(one for one in whole.grounds if not _within(one.box, made.box))
    lines = tuple(one for one in whole.shapes if not _within(one.box, made.box))
    return replace(whole, cells=made, notes=tuple(notes), grounds=outside, shapes=lines)


def _within(box: Box, outer: Box) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return outer[0] <= x <= outer[0] + outer[2] and outer[1] <= y <= outer[1] + outer[3]


def _axes(axes: Axes, hints: Hints) -> Part | None:
    """One pair of axes: its chart where it has numbers, else its marks and texts alone."""
    written = tuple(texts.of(axes))
    seen, found = Seen(axes, written, hints), drawn.on(axes)
    if "columns" in hints and axes is axes.figure.axes[0]:  # the heat-map itself
        return _marks(seen, found)
    if not axes.axison and not found.bars and not found.bands and not found.curves:
        made: Part | None = replace(_marks(seen, found), notes=())
    elif found.bars:
        made = bars.chart(seen, found)
    elif found.bands:
        made = curves.areas(seen, found) or curves.points(seen, found)
    else:
        made = curves.points(seen, found)
    if made is None:
        return None
    left = [one.note for place, one in enumerate(written) if place not in made.used]
    legend = axes.get_legend()
    if legend is not None:
        made = _legend(made, legend)
    return replace(made, notes=(*made.notes, *left, *texts.around(axes)))


def _marks(seen: Seen, found: Drawn) -> Part:
    """Axes without numbers: rectangles, lines and texts."""
    axes = seen.axes
    lines = [mark for curve in found.curves for mark in part.straight(axes, curve) or ()]
    lines += [*found.shapes, *(part.interval(axes, one) for one in found.intervals)]
    labels = [label for which in "xy" for tick in ticks.shown(axes, which) if (label := ticks.label(tick))]
    notes = [*(one.note for one in seen.written), *texts.notes(labels)]
    return Part((), tuple(found.grounds), tuple(lines), tuple(notes))


def _legend(made: Part, legend: Legend) -> Part:
    """The legend as one of the chart, where all of its entries are series; else its words and marks."""
    said = [text.get_text() for text in legend.get_texts()]
    chart = made.charts[0] if made.charts else None
    height = legend.figure.bbox.height
    if chart and all(any(one.listed and one.name == word for one in chart.series) for word in said):
        x, y, w, h = places.box(legend.get_window_extent(), height)
        where = (max(x - ROOM * w / 2, 0.0), y, w * (1 + ROOM), h)  # office fonts run wider
        frame = places.union((chart.frame, where))
        return replace(made, charts=(replace(chart, legend=where, frame=frame), *made.charts[1:]))
    notes: list[Note] = list(texts.notes(legend.get_texts()))
    beside = [mark for one in legend.legend_handles if one is not None for mark in marks.handle(one)]
    return replace(made, notes=(*made.notes, *notes), shapes=(*made.shapes, *beside))
