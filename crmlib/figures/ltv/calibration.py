"""Mean holdout purchases by calibration frequency: does the model know heavy from light buyers?"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.ltv.tracking import DASHED
from crmlib.figures.notice import notice
from crmlib.ltv.holdout import LAST_FREQUENCY, ByFrequency, HoldoutRace
from crmlib.text import Words

ROWS = (("actual", style.INK), ("predicted", style.ACCENT), ("naive", style.MUTED), ("customers", style.MUTED))


@style.styled
def calibration(race: HoldoutRace, words: Words) -> Figure:
    """Bars (actual), line with dots (model), dashed line (naive), and the figures in a table below.

    Args:
        race: the holdout race.
        words: Texts of one language.
    """
    if race.gain.why:
        return notice(race.model.report.why or race.gain.why, words)
    figure, groups = style.figure(), race.by_frequency
    upper, lower = figure.subplots(2, 1, height_ratios=[4.0, 1.7], sharex=True)
    x = groups.frequency
    upper.bar(x, groups.actual, width=0.62, color=style.GREY[3])
    upper.plot(x, groups.naive, color=style.GREY[4], lw=1.8, ls=DASHED, marker="^", ms=6)
    upper.plot(x, groups.predicted, color=style.ACCENT, lw=2, marker="o", ms=7, mec="white", mew=1.3)
    top = float(np.nanmax([groups.actual, groups.predicted, groups.naive]))
    upper.set(ylim=(0, top * 1.08), xlim=(-0.6, LAST_FREQUENCY + 0.6))
    upper.yaxis.set_major_locator(MaxNLocator(5))
    upper.grid(axis="y")
    _names(upper, words)
    upper.set_xticks(x, [_name(int(f), words) for f in x])
    upper.tick_params(labelbottom=True)
    upper.set_xlabel(words.fill("chart.ltv.frequency"))
    _table(lower, groups, words)
    return native.attach(figure)


def _name(frequency: int, words: Words) -> str:
    return words.fill("chart.ltv.or_more") if frequency == LAST_FREQUENCY else str(frequency)


def _names(axes: Axes, words: Words) -> None:
    """Each series named once, at the left where the three lie apart from the bars."""
    top = axes.get_ylim()[1]
    marks = {"actual": ("s", style.GREY[3]), "predicted": ("o", style.ACCENT), "naive": ("^", style.GREY[4])}
    for row, (name, (marker, colour)) in enumerate(marks.items()):
        y = top * (0.93 - row * 0.115)
        axes.plot(-0.45, y, marker=marker, ms=8, color=colour, clip_on=False)
        ink = dict(ROWS)[name]
        axes.text(-0.28, y, words.fill(f"chart.ltv.{name}"), va="center", color=ink, weight="bold")


def _table(axes: Axes, groups: ByFrequency, words: Words) -> None:
    axes.axis("off")
    axes.set_ylim(len(ROWS) - 0.4, -0.6)
    for row, (name, colour) in enumerate(ROWS):
        form = "int" if name == "customers" else "dec2"
        axes.annotate(
            words.fill(f"chart.ltv.{name}"), (0, row), xycoords=("axes fraction", "data"), xytext=(-4, 0),
            textcoords="offset points", ha="right", va="center", color=colour, annotation_clip=False,
        )  # fmt: skip
        for frequency, value in zip(groups.frequency, getattr(groups, name), strict=True):
            shown = words.number(float(value), form)
            axes.text(frequency, row, shown, ha="center", va="center", color=colour)
