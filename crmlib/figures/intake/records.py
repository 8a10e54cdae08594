"""The four kinds of record: how far back each table reaches, how well it joins, and what it unlocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import matplotlib.dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.table import Table
from crmlib.intake.passport import Passport
from crmlib.intake.scorecard import ABSENT, KINDS, LEADING, Record, diagnostics
from crmlib.text import Words

ROWS, NAME, KIND = -8, -78, -178  # points left of the lines: where the count, the table and the kind end or begin
JOINED, MISSING = 48, 96  # points right of the lines: where the shares end
TICKS = 4  # dates below the lines
Row = tuple[str, Record | None]


@style.styled
def records(passport: Passport, words: Words) -> Figure:
    """A line of time for each table, by kind of record: first to last day, rows, the shares that join and that are empty.

    Args:
        passport: The intake.
        words: Texts of one language.
    """
    card = passport.scorecard
    found = list(card.records.values())
    begin = min((one.first for one in found if one.first), default=passport.as_of)
    end = max([one.last for one in found if one.last] + [passport.as_of, begin + dt.timedelta(days=1)])
    rows: list[Row] = []
    for kind, tables in KINDS.items():
        rows += [(kind, None), *((kind, card.records[table]) for table in tables)]
    figure = style.figure()
    axes = figure.subplots()
    for place, (kind, record) in enumerate(rows):
        if record is None:
            _kind(axes, place, (kind, card.state(kind)), words)
        else:
            _line(axes, place, record, begin, words)
    _heads(axes, words)
    axes.set(xlim=(_day(begin), _day(end)), ylim=(len(rows) - 0.4, -0.6))
    axes.set_yticks([])
    shown = [begin + (end - begin) * step / TICKS for step in range(TICKS)]
    axes.set_xticks([_day(date) for date in shown], [date.isoformat()[:7] for date in shown], ha="left")
    return native.attach(figure)


def _kind(axes: Axes, place: int, told: tuple[str, str], words: Words) -> None:
    kind, state = told
    text = f"{words.fill(f'chart.intake.kind.{kind}')}: {words.fill(f'chart.intake.kind_state.{state}')}"
    colour = style.NEGATIVE if state == ABSENT else style.INK
    _text(axes, (0, place), text, KIND, ha="left", color=colour, weight="bold")
    axes.axhline(place - 0.5, color=style.GREY[2], lw=0.7)


def _text(axes: Axes, at: tuple[float, float], text: str, left: float, **how: Any) -> None:
    axes.annotate(
        text, at, xycoords=axes.get_yaxis_transform(), xytext=(left, 0), textcoords="offset points", va="center", **how
    )


def _day(date: dt.date) -> float:
    return float(mdates.date2num(date))


def _line(axes: Axes, place: int, record: Record, begin: dt.date, words: Words) -> None:
    colour = style.TEXT if record.present else style.MUTED
    rows = words.number(record.rows, "int") if record.present else words.fill("chart.intake.absent")
    for text, left in ((rows, ROWS), (words.fill(f"table.intake.name.{record.table}"), NAME)):
        _text(axes, (0, place), text, left, ha="right", color=colour)
    if record.first and record.last:
        start, width = _day(record.first), max((record.last - record.first).days, 1)
        leading = record.table in LEADING.values()
        axes.barh(place, width, left=start, height=0.42, color=style.ACCENT if leading else style.ACCENT_LIGHT)
    elif record.present:
        axes.plot([_day(begin)], [place], "o", color=style.ACCENT_LIGHT, ms=6, clip_on=False)
    if record.present:
        for share, right in ((record.joined, JOINED), (record.missing, MISSING)):
            _text(axes, (1, place), words.number(share, "pct"), right, ha="right", color=style.TEXT)


def _heads(axes: Axes, words: Words) -> None:
    for name, at, left in (("rows", 0, ROWS), ("joined", 1, JOINED), ("missing", 1, MISSING)):
        axes.annotate(
            words.fill(f"chart.intake.head.{name}"), (at, 1), xycoords="axes fraction", xytext=(left, 3),
            textcoords="offset points", ha="right", va="bottom", color=style.MUTED,
        )  # fmt: skip


def records_table(passport: Passport, words: Words) -> Table:
    """Which analysis stands on which data: whole, or what it lacks."""
    card = passport.scorecard
    listed = {name: card.lacking(name) for name in diagnostics()}
    rows = [
        (words.fill(f"table.intake.diagnostic.{name}"), _lacking(lacking, words), words.fill(f"table.intake.grade.{_whole(lacking)}"))
        for name, lacking in listed.items()
    ]  # fmt: skip
    header = words.fill_each("table.intake", "analysis", "lacks", "unlocked")
    return Table(header, rows, (), (1.0, 1.5, 0.7), left=3)


def _lacking(tables: tuple[str, ...], words: Words) -> str:
    joint = words.fill("table.intake.comma")
    return joint.join(words.fill(f"table.intake.name.{name}") for name in tables) or words.number(None, "int")


def _whole(lacking: tuple[str, ...]) -> str:
    return "partly" if lacking else "whole"
