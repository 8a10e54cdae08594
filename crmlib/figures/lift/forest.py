"""Forest plot of all campaigns: effect on purchases with its interval, what is reported without a holdout, grade."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.names import cut
from crmlib.figures.notice import notice
from crmlib.lift import choices, verdicts
from crmlib.lift.results import CampaignLift, OutcomeLift, VersionLift
from crmlib.lift.studies import Study
from crmlib.text import Words

NAME = 25  # half-width characters of a campaign's name


@style.styled
def campaigns(study: Study, words: Words) -> Figure:
    """One row per version: dot and interval, a hollow diamond for the response that is reported, estimate and grade at the right.

    Args:
        study: All results.
        words: Texts of one language.
    """
    rows = choices.shown(study)
    if not rows:
        return notice("lift.no_contacts" if not study.campaigns else "lift.too_few", words)
    figure = style.figure()
    axes, side = figure.subplots(1, 2, width_ratios=[3.1, 1.35], sharey=True)
    for place, (one, version) in enumerate(rows):
        _row(axes, place, version.outcomes["purchase"])
        _texts(side, place, (one, version), words)
    axes.axvline(0, color=style.GREY[4], lw=1.0, zorder=0)
    axes.margins(x=0.06)
    axes.set(ylim=(len(rows) - 0.4, -0.9), xlabel=words.fill("chart.lift.points"))
    axes.set_yticks(range(len(rows)), [cut(choices.title(*row), NAME) for row in rows])
    axes.tick_params(axis="y", labelcolor=style.TEXT)
    axes.xaxis.set_major_formatter(lambda x, _: words.number(x / 100, "spct").replace(".0", ""))
    axes.grid(axis="x")
    _legend(axes, words)
    side.set(xlim=(0, 1))
    side.axis("off")
    return native.attach(figure)


def _row(axes: Axes, place: int, outcome: OutcomeLift) -> None:
    ate, naive = outcome.estimate.ate, outcome.estimate.naive
    sure = outcome.grade in "AB"
    colour = _colour(outcome) if sure else style.GREY[4]
    if place % 2 == 0:
        axes.axhspan(place - 0.5, place + 0.5, color=style.GREY[1], lw=0, zorder=-2)
    axes.plot(
        [ate.lower * 100, ate.upper * 100], [place, place], color=colour, lw=2.2, ls="-" if sure else (0, (1.2, 1.2))
    )
    axes.plot(ate.value * 100, place, "o", ms=8, color=colour if sure else "white", mec=colour, mew=1.6, zorder=4)
    if not naive.why:
        axes.plot(naive.value * 100, place, "D", ms=6, mfc="white", mec=style.TEXT, mew=1.2, zorder=3)


def _colour(outcome: OutcomeLift) -> str:
    """That of the verdict, not of the single interval: among many campaigns one interval misses zero by chance."""
    if outcome.verdict == verdicts.WORKS:
        return style.ACCENT
    return style.NEGATIVE if outcome.estimate.ate.upper < 0 else style.GREY[4]


def _texts(side: Axes, place: int, row: tuple[CampaignLift, VersionLift], words: Words) -> None:
    outcome = row[1].outcomes["purchase"]
    ate = outcome.estimate.ate
    text = f"{words.number(ate.value, 'spct')} ({words.number(ate.lower, 'spct')} – {words.number(ate.upper, 'spct')})"
    if place % 2 == 0:
        side.axhspan(place - 0.5, place + 0.5, color=style.GREY[1], lw=0, zorder=-2)
    side.text(0.0, place, text, ha="left", va="center", color=style.TEXT)
    badge: dict[str, Any] = {"boxstyle": "round,pad=0.25", "fc": "white", "ec": style.GREY[4], "lw": 0.9}
    side.text(0.95, place, outcome.grade, ha="center", va="center", weight="bold", color=style.INK, bbox=badge)
    if place == 0:
        muted: dict[str, Any] = {"va": "center", "color": style.MUTED}
        side.text(0.0, -0.72, words.fill("chart.lift.effect"), ha="left", **muted)
        side.text(0.95, -0.72, words.fill("chart.lift.grade"), ha="center", **muted)


def _legend(axes: Axes, words: Words) -> None:
    axes.plot([], [], "o", ms=8, color=style.ACCENT, label=words.fill("chart.lift.increment"))
    axes.plot([], [], "D", ms=6, mfc="white", mec=style.TEXT, mew=1.2, label=words.fill("chart.lift.response"))
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (-0.02, 0.985), "ncols": 2, "borderaxespad": 0.0}
    axes.legend(**place, handletextpad=0.4, columnspacing=1.2)
