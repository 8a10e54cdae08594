"""Numbers by month: movement between classes, control charts."""

from __future__ import annotations

import math

from crmlib.base import Months
from crmlib.base.control import ControlChart
from crmlib.base.cpm import CLASSES
from crmlib.intervals import Estimate, proportion, unknown
from crmlib.numbers.base.entering import estimate, number
from crmlib.numbers.model import Ledger, Measure

SMALL_GROUP = 5

MEASURES = (
    Measure("base.cpm.state", "label", "base.state"),
    Measure("base.moved.share", "share", "base.moved"),
    Measure("base.lapsed.share", "share", "base.lapsed"),
    Measure("base.lapsed.before", "share", "base.lapsed"),
    Measure("base.chart.f2.{figure}_level", "share", "base.chart.level"),
    Measure("base.chart.loyal.{figure}_level", "share", "base.chart.level"),
    Measure("base.chart.value.{figure}_level", "money", "base.chart.level"),
    Measure("base.chart.f2.change", "points", "base.chart.change"),
    Measure("base.chart.loyal.change", "points", "base.chart.change"),
    Measure("base.chart.value.change", "money", "base.chart.change"),
    Measure("base.chart.{name}.month", "label", "base.chart.month"),
    Measure("base.chart.{name}.p", "parameter", "base.chart.p"),
    Measure("base.chart.{name}.outside", "count", "base.chart.outside"),
    Measure("base.chart.{name}.months", "count", "base.chart.months"),
    Measure("base.chart.changes", "count", "base.chart.changes"),
    Measure("base.chart.state", "label", "base.state"),
    Measure("base.chart.event.{rank}", "label", "base.chart.event"),
    Measure("base.chart.event.{rank}.{language}", "label", "base.chart.event"),
)


def enter(book: Ledger, months: Months) -> None:
    """Enter movement and charts."""
    moved = months.movement
    first, last = moved.customers[0], moved.customers[-1]
    total = int(last.sum())
    enough = "known" if first.sum() else "young"
    book.add("base.cpm.state", enough if total >= SMALL_GROUP else "too_few" if total else "no_customers")
    for place, name in enumerate(CLASSES):
        share = proportion(int(first[place]), int(first.sum())) if first.sum() else unknown(0, "no_customers")
        estimate(book, f"base.cpm.{name}.before", share)
        book.add(f"base.cpm.{name}.change", int(moved.year[place]))
    number(book, "base.moved.share", moved.moved(-1), "no_customers")
    for key, row in (("share", last), ("before", first)):
        lapsed = int(row[len(CLASSES) // 2 :].sum())
        value = proportion(lapsed, int(row.sum())) if row.sum() else unknown(0, "no_customers")
        estimate(book, f"base.lapsed.{key}", value)
    for name, chart in months.charts.items():
        _chart(book, f"base.chart.{name}", chart)
    found = [chart for chart in months.charts.values() if chart.significant]
    book.add("base.chart.changes", len(found))
    for rank, event in enumerate(months.events, 1):
        book.add(f"base.chart.event.{rank}", event.date.isoformat())
        book.add(f"base.chart.event.{rank}.ja", event.ja)
        book.add(f"base.chart.event.{rank}.en", event.en)
    short = all(chart.why or chart.change is None for chart in months.charts.values())
    book.add("base.chart.state", "too_short" if short else "changed" if found else "steady")


def _chart(book: Ledger, key: str, chart: ControlChart) -> None:
    why = "" if chart.change else "too_short"
    book.add(f"{key}.months", int((chart.n > 0).sum()))
    number(book, f"{key}.centre_level", chart.centre, "too_short")
    known = [place for place, value in enumerate(chart.values) if math.isfinite(value)]
    for name, series in (("now", chart.values), ("low", chart.low), ("high", chart.high)):
        number(book, f"{key}.{name}_level", float(series[known[-1]]) if known else math.nan, "too_short")
    book.add(f"{key}.outside", len(chart.outside))
    change = chart.change
    for name in ("before", "after"):
        number(book, f"{key}.{name}_level", getattr(change, name) if change else float("nan"), why)
    book.add(f"{key}.month", change.label if change else None, why=why and f"base.{why}")
    book.add(f"{key}.p", change.p if change else None, why=why and f"base.{why}")
    estimate(book, f"{key}.change", _gap(chart))


def _gap(chart: ControlChart) -> Estimate:
    return chart.change.gap if chart.change else unknown(int(chart.n.sum()), "too_short")
