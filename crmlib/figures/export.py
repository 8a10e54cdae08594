"""A drawn figure as SVG with real text, the same bytes each time; labels that run out of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FuncFormatter

from crmlib.figures import style
from crmlib.lettering import printable

SVG_DPI = 72
TOLERANCE = 2.0  # pixels; a label may touch the edge


def svg(figure: Figure) -> str:
    """The figure as matplotlib writes it, without date and creator; its layout is settled.

    Args:
        figure: Drawn 1:1 in slide inches.
    """
    _clean(figure)
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine) and figure.axes:
        with on_canvas(FigureCanvasAgg, figure):
            engine.execute(figure)
        figure.set_layout_engine("none")  # each further drawing would only compute it again
    buffer = io.StringIO()
    with on_canvas(FigureCanvasSVG, figure) as canvas:
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _clean(figure: Figure) -> None:
    """Every label printable: a client's name may hold what no font draws or what no XML allows."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        given = axis.get_major_formatter()
        if isinstance(given, FixedFormatter | FuncFormatter):  # named ticks get their text when they are drawn
            axis.set_major_formatter(FuncFormatter(lambda value, place, given=given: printable(given(value, place))))
    for text in figure.findobj(Text):
        if isinstance(text, Text) and (shown := printable(text.get_text())) != text.get_text():
            text.set_text(shown)


@contextmanager
def on_canvas(kind: type[Any], figure: Figure) -> Iterator[Any]:
    """The figure on a canvas of its own, at 72 dots per inch; `savefig` would draw it twice, once to lay it out, which is done already."""
    canvas, own_dpi = figure.canvas, figure.dpi
    try:
        figure.dpi = SVG_DPI
        with style.context():
            yield kind(figure)
    finally:
        figure.dpi = own_dpi
        figure.set_canvas(canvas)


def clipped(figure: Figure) -> list[str]:
    """Labels that run out of the figure and would be cut off; quick once `svg` has drawn the figure."""
    with on_canvas(FigureCanvasAgg, figure):
        if figure.get_constrained_layout():
            figure.draw_without_rendering()
        hidden = set(_beyond_limits(figure))
        shown = [t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_visible() and t not in hidden]
        boxes = [(t.get_text(), t.get_window_extent()) for t in shown if t.get_text().strip()]
        edge = figure.bbox.padded(TOLERANCE)
        return [text for text, box in boxes if not (edge.contains(box.x0, box.y0) and edge.contains(box.x1, box.y1))]


def _beyond_limits(figure: Figure) -> Iterator[Text]:
    """Labels that exist but are not drawn: of hidden axes, and of ticks outside the axis' limits."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not (axes.axison and axis.get_visible() and low <= tick.get_loc() <= high):
                    yield from (tick.label1, tick.label2)
        if not axes.get_visible():
            yield from (t for t in axes.findobj(Text) if isinstance(t, Text))
        if not axes.axison:
            yield from (axes.xaxis.label, axes.yaxis.label)
