"""The texts of a drawn figure: where they stand and how they look; and which of them name a point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from crmlib.figures.native import Box, Label, Note
from crmlib.figures.reading import places

BOLD = ("bold", "semibold", 700, 600)
NEAR = 1.5  # points: an anchor stands on what it names


@dataclass(frozen=True)
class Written:
    """A text, the point that it names, and where it stands."""

    note: Note
    anchor: tuple[float, float]

    def label(self, at: str) -> Label:
        """The text as a label of a point."""
        one = self.note
        return Label(one.text, at, one.size, one.bold, one.colour)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its box."""
        x, y, w, h = self.note.box
        return x + w / 2, y + h / 2

    def names(self, at: tuple[float, float], near: float = NEAR) -> bool:
        """Whether its anchor is a point."""
        return abs(self.anchor[0] - at[0]) <= near and abs(self.anchor[1] - at[1]) <= near


def of(axes: Axes) -> list[Written]:
    """Texts and annotations of axes, without ticks, titles and legend."""
    return [_written(text) for text in axes.texts if text.get_visible() and text.get_text().strip()]


def around(axes: Axes) -> list[Note]:
    """Titles of axes and of their sides."""
    titles: list[Text] = [axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]  # noqa: SLF001
    if axes.axison:
        titles += [axis.label for axis in (axes.xaxis, axes.yaxis) if axis.get_visible()]
    return [_written(text).note for text in titles if text.get_visible() and text.get_text().strip()]


def free(figure: Figure) -> list[Note]:
    """Texts of the figure itself."""
    return [_written(text).note for text in figure.texts if text.get_visible() and text.get_text().strip()]


def notes(texts: Iterable[Text]) -> Iterator[Note]:
    """Texts that stand for themselves."""
    for text in texts:
        if text.get_text().strip():
            yield _written(text).note


def box(text: Text) -> Box:
    """Where a text stands."""
    height = text.get_figure().bbox.height  # type: ignore[union-attr]
    return places.box(Text.get_window_extent(text), height)


def _written(text: Text) -> Written:
    figure = text.get_figure()
    height = figure.bbox.height  # type: ignore[union-attr]
    patch = text.get_bbox_patch()
    fill = places.colour(patch.get_facecolor()) if patch else ""
    line = places.colour(patch.get_edgecolor()) if patch else ""
    bold = text.get_fontweight() in BOLD
    note = Note(
        text.get_text(), box(text), str(text.get_horizontalalignment()), round(float(text.get_fontsize()), 2), bold,
        places.colour(text.get_color()), round(float(text.get_rotation()), 1), fill, line,
    )  # fmt: skip
    if isinstance(text, Annotation):
        x, y = text._get_position_xy(figure.canvas.get_renderer())  # type: ignore[union-attr, attr-defined]  # noqa: SLF001 - in pixels
    else:
        x, y = text.get_transform().transform(text.get_position())
    return Written(note, (float(x), float(height - y)))
