"""The six stages as a funnel: who came to each, who went on, which tool owns the step."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Pipeline
from crmlib.base.pipeline import OWNERS, STAGES, Step
from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words

HEIGHT = 0.62
WIDEST = 100.0
LEFT, RIGHT = -58.0, 62.0


@style.styled
def pipeline(found: Pipeline, words: Words) -> Figure:
    """Bars as wide as the leads that came to a stage, of the first one; a stage without data is an outline.

    Args:
        found: The pipeline.
        words: Texts of one language.
    """
    if not found.steps:
        return notice(f"base.{found.why or 'no_leads'}", words)
    figure = style.figure()
    axes = figure.subplots()
    by_start = {step.start: step for step in found.steps}
    largest = max(step.reached for step in found.steps) or 1
    for place, name in enumerate(STAGES):
        step = by_start.get(name)
        _stage(axes, place, name, words)
        if step:
            worst = found.worst >= 0 and found.steps[found.worst] is step
            _bar(axes, place, step.reached / largest, words.number(step.reached, "int"), worst=worst)
            _conversion(axes, place, step, words, worst=worst)
        elif name in found.measured:
            last = found.steps[-1]
            count = last.reached - last.lost
            _bar(axes, place, count / largest, "", worst=False)
        else:
            _missing(axes, place, words)
    axes.set(xlim=(-WIDEST / 2 + LEFT, WIDEST / 2 + RIGHT), ylim=(len(STAGES) - 0.55, -0.75))
    axes.axis("off")
    return native.attach(figure)


def _stage(axes: Axes, place: int, name: str, words: Words) -> None:
    x = -WIDEST / 2 + LEFT
    axes.text(x, place, words.fill(f"chart.base.stage.{name}"), va="center", ha="left", weight="bold", color=style.INK)
    owner = words.fill(f"chart.base.owner.{OWNERS[name]}")
    axes.text(-WIDEST / 2 - 4, place, owner, va="center", ha="right", color=style.MUTED)


def _bar(axes: Axes, place: int, share: float, text: str, *, worst: bool) -> None:
    width = max(share * WIDEST, 0.6)
    axes.barh(place, width, left=-width / 2, height=HEIGHT, color=style.NEGATIVE if worst else style.ACCENT)
    inside = width > WIDEST * 0.22
    x, colour, align = (0.0, "white", "center") if inside else (width / 2 + 2, style.INK, "left")
    axes.text(x, place, text, va="center", ha=align, weight="bold", color=colour)


def _conversion(axes: Axes, place: int, step: Step, words: Words, *, worst: bool) -> None:
    """Beside the gap between two stages: the share that went on."""
    if step.conversion.why:
        return
    text = words.fill("chart.base.conversion", share=words.number(step.conversion.value, "pct"))
    colour = style.NEGATIVE if worst else style.TEXT
    axes.text(
        WIDEST / 2 + 6, place + 0.5, text, va="center", ha="left", color=colour, weight="bold" if worst else "normal"
    )


def _missing(axes: Axes, place: int, words: Words) -> None:
    box: dict[str, Any] = {"edgecolor": style.GREY[3], "facecolor": "white", "linestyle": (0, (4, 3))}
    axes.barh(place, WIDEST * 0.5, left=-WIDEST * 0.25, height=HEIGHT, **box)
    axes.text(0, place, words.fill("chart.base.unmeasured"), va="center", ha="center", color=style.MUTED)
