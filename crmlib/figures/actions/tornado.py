"""Tornado of the findings: what each is worth a year, with its interval; what is open is grey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.names import cut
from crmlib.figures.notice import notice
from crmlib.findings.agenda import standing
from crmlib.findings.model import Finding, Findings
from crmlib.numbers.model import Ledger, Number
from crmlib.text import Words

SHOWN, NAME, LEAST = 9, 28, 8  # rows drawn, half-width characters, rows that there is room for
COLOURS = {
    "loss": style.NEGATIVE, "gain": style.ACCENT, "saved": style.TEXT, "there": style.ACCENT_LIGHT, "open": style.GREY[3],
}  # fmt: skip


@style.styled
def tornado(found: Findings, ledger: Ledger, words: Words) -> Figure:
    """One bar per finding with money, the counted ones first: gains to the right, losses to the left, 95 % interval as a line.

    Args:
        found: Findings of all analyses.
        ledger: The numbers, those of the actions included.
        words: Texts of one language.
    """
    rows = largest(found, ledger)[:SHOWN]
    if not rows:
        return notice("actions.no_money_at_all", words)
    figure = style.figure()
    axes, side = figure.subplots(1, 2, width_ratios=[1.5, 1.62], sharey=True)
    for place, one in enumerate(rows):
        _row((axes, side), place, one, (ledger, words))
    axes.axvline(0, color=style.GREY[4], lw=1.0, zorder=2)
    axes.set(ylim=(max(len(rows), LEAST) - 0.4, -0.95))
    axes.margins(x=0.06)
    axes.set_yticks(range(len(rows)), [cut(words.fill(f"finding.{one.id}.name"), NAME) for one in rows])
    axes.tick_params(axis="y", labelcolor=style.TEXT)
    axes.locator_params(axis="x", nbins=3)
    axes.xaxis.set_major_formatter(lambda x, _: words.money(x, ledger.currency) if x else "0")
    axes.grid(axis="x")
    side.set(xlim=(0, 1))
    side.axis("off")
    return native.attach(figure)


def largest(found: Sequence[Finding], ledger: Ledger) -> list[Finding]:
    """Findings with money: losses, gains to win and costs to save first, then what is there, then what is open; by size."""
    known = [one for one in found if stake(one, ledger).value is not None]
    after = {"there": 1, "open": 2}

    def place(one: Finding) -> tuple[int, float, str]:
        return after.get(standing(one, ledger), 0), -abs(_number(stake(one, ledger).value)), one.id

    return sorted(known, key=place)


def stake(one: Finding, ledger: Ledger) -> Number:
    """A finding's money a year."""
    return ledger[f"actions.stake.{one.id}"]


def _number(value: Any) -> float:
    return float(value) if value is not None else 0.0


def _row(panels: tuple[Axes, Axes], place: int, one: Finding, said: tuple[Ledger, Words]) -> None:
    (axes, side), (ledger, words) = panels, said
    number, stands = stake(one, ledger), standing(one, ledger)
    sure, value = stands != "open", _number(number.value)
    for panel in panels if place % 2 == 0 else ():
        panel.axhspan(place - 0.5, place + 0.5, color=style.GREY[1], lw=0, zorder=-2)
    axes.barh(place, value, height=0.56, color=COLOURS[stands], zorder=3)
    ends = [_number(number.lower), _number(number.upper)]
    axes.plot(ends, [place, place], color=style.INK if sure else style.GREY[4], lw=1.3, marker="|", ms=7, zorder=4)
    money = [words.money(part, ledger.currency) for part in (number.value, number.lower, number.upper)]
    ink: dict[str, Any] = {"va": "center", "color": style.INK if sure else style.MUTED}
    side.text(0.0, place - 0.2, money[0], ha="left", weight="bold" if sure else "normal", **ink)
    side.text(0.0, place + 0.22, words.fill("chart.actions.range", low=money[1], high=money[2]), ha="left", **ink)
    badge: dict[str, Any] = {"boxstyle": "round,pad=0.25", "fc": "white", "ec": style.GREY[4], "lw": 0.9}
    side.text(0.69, place, words.fill(f"owner.{one.owner}"), ha="center", **ink)
    side.text(0.97, place, one.grade, ha="center", va="center", weight="bold", color=style.INK, bbox=badge)
    if place == 0:
        muted: dict[str, Any] = {"va": "center", "color": style.MUTED}
        side.text(0.0, -0.78, words.fill("chart.actions.yen"), ha="left", **muted)
        side.text(0.69, -0.78, words.fill("chart.actions.owner"), ha="center", **muted)
        side.text(0.97, -0.78, words.fill("chart.actions.grade"), ha="center", **muted)
