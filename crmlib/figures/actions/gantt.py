"""The plan of 90 days: who does what in which week, and when the answer is checked."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.actions import WEEKS, Agenda
from crmlib.figures import native, style
from crmlib.figures.actions.labels import owner, saved
from crmlib.figures.names import cut
from crmlib.findings.model import Findings
from crmlib.text import Words

NAME, LEAST = 34, 7
# kind -> weeks of preparing, weeks of running (first, last)
SPANS = {
    "decide": ((1, 4), (5, 13)),
    "stop": ((1, 2), (3, 13)),
    "test": ((1, 3), (4, 12)),
    "check": ((13, 13), (13, 13)),
}


@style.styled
def gantt(agenda: Agenda, found: Findings, words: Words) -> Figure:
    """A row per action: light while it is prepared, dark while it runs; a diamond on the day of checking.

    Args:
        agenda: What to decide, stop and test.
        found: Findings, for their owners.
        words: Texts of one language.
    """
    rows = tasks(agenda, found, words)
    figure = style.figure()
    axes = figure.subplots()
    for place, (kind, _name, _owner) in enumerate(rows):
        _bars(axes, place, kind)
    axes.set(xlim=(0.4, WEEKS + 0.6), ylim=(max(len(rows), LEAST) - 0.4, -0.75))
    axes.set_xticks(range(1, WEEKS + 1), [str(week) for week in range(1, WEEKS + 1)])
    axes.set_xlabel(words.fill("chart.actions.week"))
    axes.set_yticks(
        range(len(rows)), [f"{words.fill(f'chart.actions.{kind}')}  {cut(name, NAME)}" for kind, name, _ in rows]
    )
    axes.tick_params(axis="y", labelcolor=style.TEXT)
    axes.grid(axis="x")
    for place, (kind, _name, who) in enumerate(rows):
        dark = kind != "check"
        where: dict[str, Any] = {"va": "center", "color": "white" if dark else style.TEXT, "zorder": 5}
        axes.text(9.0 if dark else 12.4, place, who, ha="center" if dark else "right", **where)
    return native.attach(figure)


def tasks(agenda: Agenda, found: Findings, words: Words) -> list[tuple[str, str, str]]:
    """Kind, name and owner of each action, the check last."""
    ids = {one.id: one.owner for one in found}
    owners = {name: words.fill(f"owner.{owner}") for name, owner in ids.items()}
    rows = [("decide", words.fill(f"finding.{one.finding}.name"), owners[one.finding]) for one in agenda.decide]
    rows += [("stop", saved(one, words), words.fill(f"owner.{owner(one, ids)}")) for one in agenda.stop]
    rows += [("test", words.fill(f"finding.{one.finding}.name"), owners[one.finding]) for one in agenda.test]
    return [*rows, ("check", words.number(agenda.check.isoformat(), "date"), words.fill("owner.data"))]


def _bars(axes: Axes, place: int, kind: str) -> None:
    prepared, running = SPANS[kind]
    if place % 2 == 0:
        axes.axhspan(place - 0.5, place + 0.5, color=style.GREY[1], lw=0, zorder=-2)
    if kind == "check":
        axes.plot(WEEKS, place, "D", ms=12, color=style.INK, zorder=4)
        return
    colour = {"decide": style.ACCENT, "stop": style.NEGATIVE, "test": style.TEXT}[kind]
    for (first, last), fill in ((prepared, style.GREY[3]), (running, colour)):
        axes.barh(place, last - first + 1, left=first - 0.5, height=0.56, color=fill, zorder=3)
