"""Calls: the plain difference beside the adjusted one, and the response by number of contacts."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.lift.labels import effect_colour
from crmlib.figures.names import cut
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.intervals import Estimate
from crmlib.lift.dose import DoseResponse
from crmlib.lift.phone import PhoneLift
from crmlib.lift.studies import Study
from crmlib.text import Words

SHOWN, NAME = 4, 22


@style.styled
def calls(study: Study, words: Words) -> Figure:
    """Left: each campaign of calls, plain and adjusted effect on 180-day retention. Right: response by contacts a month.

    Args:
        study: All results.
        words: Texts of one language.
    """
    found = _shown(study)
    if not found:
        return notice("lift.no_calls", words)
    figure = style.figure()
    many = study.doses is not None and len(study.doses.dose) > 1
    if many and study.doses is not None:
        left, right = figure.subplots(1, 2, width_ratios=[1.9, 1.0])
        _doses(right, study.doses, words)
    else:
        left = figure.subplots()
    for place, call in enumerate(found):
        _pair(left, place, call, words)
    left.axvline(0, color=style.GREY[4], lw=1.0, zorder=0)
    left.set(ylim=(len(found) - 0.35, -0.75), xlabel=words.fill("chart.lift.points_180"))
    left.set_yticks(range(len(found)), [cut(call.name, NAME) for call in found])
    left.tick_params(axis="y", labelcolor=style.TEXT)
    left.margins(x=0.12)
    left.xaxis.set_major_locator(MaxNLocator(6))
    left.xaxis.set_major_formatter(lambda x, _: words.number(x / 100, "spct").replace(".0", ""))
    left.grid(axis="x")
    return native.attach(figure)


def _shown(study: Study) -> list[PhoneLift]:
    return [call for call in study.calls if not call.retention.estimate.ate.why][:SHOWN]


def _pair(axes: Axes, place: int, call: PhoneLift, words: Words) -> None:
    naive, ate = call.retention.estimate.naive, call.retention.estimate.ate
    colour = effect_colour(ate)
    _line(
        axes,
        place - 0.17,
        naive,
        (style.GREY[4], "D"),
        words.fill("chart.lift.plain", value=words.number(naive.value, "spct")),
    )
    _line(
        axes, place + 0.17, ate, (colour, "o"), words.fill("chart.lift.adjusted", value=words.number(ate.value, "spct"))
    )


def _line(axes: Axes, y: float, effect: Estimate, look: tuple[str, str], text: str) -> None:
    colour, marker = look
    if effect.why:
        return
    axes.plot([effect.lower * 100, effect.upper * 100], [y, y], color=colour, lw=2.2)
    axes.plot(
        effect.value * 100, y, marker, ms=8, color=colour if marker == "o" else "white", mec=colour, mew=1.4, zorder=4
    )
    axes.annotate(
        text, (effect.value * 100, y), xytext=(0, 7), textcoords="offset points", ha="center", va="bottom",
        color=style.TEXT, weight="bold" if marker == "o" else "normal",
    )  # fmt: skip


def _doses(axes: Axes, doses: DoseResponse, words: Words) -> None:
    place = range(len(doses.dose))
    rates = [rate.value * 100 for rate in doses.rate]
    axes.bar(place, rates, width=0.66, color=style.GREY[3])
    axes.vlines(
        place, [r.lower * 100 for r in doses.rate], [r.upper * 100 for r in doses.rate], color=style.GREY[4], lw=1.4
    )
    for x, rate in zip(place, doses.rate, strict=True):
        axes.annotate(
            words.number(rate.value, "pct0"), (x, rate.upper * 100), xytext=(0, 3), textcoords="offset points", ha="center",
            va="bottom", color=style.TEXT,
        )  # fmt: skip
    axes.set_ylim(0, max(rate.upper for rate in doses.rate) * 118)
    last = len(doses.dose) - 1
    names = [
        words.fill("chart.lift.and_more", dose=str(d)) if i == last and d >= 6 else str(d)
        for i, d in enumerate(doses.dose)
    ]
    axes.set_xticks(list(place), names)
    axes.set(xlabel=words.fill("chart.lift.contacts_month"))
    axes.set_title(words.fill("chart.lift.dose"), loc="left", color=style.MUTED, fontsize=10.5)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="y")


def calls_table(study: Study, words: Words) -> Table:
    """Calls, grade and yen per call, as reported and with harm counted."""
    header = words.fill_each("table.lift", "calls", "made", "grade", "reported_yen", "yen")
    rows = [
        (
            cut(call.name, 16), words.number(call.calls, "int"), call.retention.grade,
            words.money(call.response_yen, study.economy.currency), words.money(call.yen.value, study.economy.currency),
        )
        for call in _shown(study)
    ]  # fmt: skip
    return Table(header, rows or [("",) * 5], (), (1.5, 0.65, 0.55, 1.0, 1.0))
