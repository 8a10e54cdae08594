"""Ledger of the steps to F6, the leak, the groups by entry and the bad months, with the yen at stake."""

from __future__ import annotations

from collections.abc import Mapping

from crmlib.intervals import Estimate, times, unknown
from crmlib.numbers.model import Ledger, Measure
from crmlib.numbers.retention.entering import estimate, reason
from crmlib.retention import BadMonths, Details, F2Trend, Group, GroupedF2, Leak, SecondPurchase, Worth

POINTS = 0.03  # of the F2 rate, whose worth the F2 page tells
SHOWN_GROUPS = 12

MEASURES = (
    Measure("retention.steps.state", "label", "retention.steps.state"),
    Measure("retention.steps.last", "count", "retention.steps.last"),
    Measure("retention.step.{fn}.customers", "count", "retention.step.customers"),
    Measure("retention.step.{fn}.contact_day", "days", "retention.f2_hazard.contact_day"),
    Measure("retention.{fn}_days.{quantile}", "days", "retention.fn_days"),
    Measure("retention.{fn}_rate.{days}d", "share", "retention.fn_rate"),
    Measure("retention.{fn}_km.{days}d", "share", "retention.fn_km"),
    Measure("retention.entry.bought", "count", "retention.entry.bought"),
    Measure("retention.entry.subscribed", "count", "retention.entry.subscribed"),
    Measure("retention.leak.state", "label", "retention.leak.state"),
    Measure("retention.leak.day", "days", "retention.leak.day"),
    Measure("retention.leak.ratio", "ratio", "retention.leak.ratio"),
    Measure("retention.leak.change", "ratio", "retention.leak.change"),
    Measure("retention.leak.lost", "points", "retention.leak.lost"),
    Measure("retention.leak.p", "parameter", "retention.leak.p"),
    Measure("retention.leak.new_a_year", "count", "retention.leak.new_a_year"),
    Measure("retention.leak.conversion", "money", "retention.leak.conversion"),
    Measure("retention.leak.yen", "money", "retention.leak.yen"),
    Measure("retention.by.window", "days", "retention.by.window"),
    Measure("retention.by.state", "label", "retention.by.state"),
    Measure("retention.by.tested", "count", "retention.by.tested"),
    Measure("retention.by.{dimension}.p", "parameter", "retention.by.p"),
    Measure("retention.by.{dimension}.q", "parameter", "retention.by.q"),
    Measure("retention.by.{dimension}.groups", "count", "retention.by.groups"),
    Measure("retention.by.{dimension}.hidden", "count", "retention.by.hidden"),
    Measure("retention.by.{dimension}.unknown", "count", "retention.by.unknown"),
    Measure("retention.by.{dimension}.clearest", "label", "retention.by.clearest"),
    Measure("retention.by.{dimension}.rate", "share", "retention.by.rate"),
    Measure("retention.by.{dimension}.difference", "points", "retention.by.difference"),
    Measure("retention.by.{dimension}.yen", "money", "retention.by.yen"),
    Measure("retention.by.{dimension}.{place}.name", "label", "retention.by.name"),
    Measure("retention.by.{dimension}.{place}.n", "count", "retention.by.n"),
    Measure("retention.by.{dimension}.{place}.rate", "share", "retention.by.rate"),
    Measure("retention.by.{dimension}.{place}.shrunk", "share", "retention.by.shrunk"),
    Measure("retention.by.{dimension}.{place}.difference", "points", "retention.by.difference"),
    Measure("retention.bad_months.state", "label", "retention.bad_months.state"),
    Measure("retention.bad_months.medium", "label", "retention.bad_months.medium"),
    Measure("retention.bad_months.from", "label", "retention.bad_months.months"),
    Measure("retention.bad_months.to", "label", "retention.bad_months.months"),
    Measure("retention.bad_months.rate", "share", "retention.bad_months.rate"),
    Measure("retention.bad_months.expected", "share", "retention.bad_months.expected"),
    Measure("retention.bad_months.difference", "points", "retention.bad_months.difference"),
    Measure("retention.bad_months.missing", "count", "retention.bad_months.missing"),
    Measure("retention.bad_months.p", "parameter", "retention.bad_months.p"),
    Measure("retention.bad_months.yen", "money", "retention.bad_months.yen"),
    Measure("retention.worth.conversion", "money", "retention.worth.conversion"),
    Measure("retention.worth.new_a_year", "count", "retention.worth.new_a_year"),
    Measure("retention.worth.points", "points", "retention.worth.points"),
    Measure("retention.worth.points_yen", "money", "retention.worth.points_yen"),
)


def enter(book: Ledger, details: Details, trend: F2Trend) -> None:
    """Everything about how customers came in and went on."""
    entries, worth = details.entries, details.worth
    _steps(book, details.steps)
    book.add("retention.entry.bought", entries.bought)
    book.add("retention.entry.subscribed", entries.subscribed)
    _worth(book, worth, trend)
    _leak(book, entries.leak, (worth, entries.bought_a_year))
    _bad(book, entries.bad, worth)
    for found in entries.groups.values():
        _group(book, found, worth.scale)
    first = entries.groups["product"]
    compared = [found for found in entries.groups.values() if not found.why]
    window = max((found.window for found in compared), default=0) or first.window
    book.add("retention.by.window", window or None, why="" if window else reason("too_young"))
    book.add("retention.by.tested", len(compared))
    book.add("retention.by.state", _state(compared, book))


def _steps(book: Ledger, steps: Mapping[int, SecondPurchase]) -> None:
    for n, step in steps.items():
        book.add(f"retention.step.f{n}.customers", step.curve.n)
        day = step.hazard.contact_day
        book.add(f"retention.step.f{n}.contact_day", day or None, why="" if day else reason(step.why or "too_young"))
        if n == min(steps):
            continue  # F2 has its own keys
        for days in step.matured:
            estimate(book, f"retention.f{n}_rate.{days}d", step.matured[days])
            estimate(book, f"retention.f{n}_km.{days}d", step.curve_at[days])
        for name, quantile in step.quantiles.items():
            estimate(book, f"retention.f{n}_days.{name}", quantile)
    readable = [n for n, step in steps.items() if not step.curve_at[min(step.curve_at)].why]
    book.add("retention.steps.last", max(readable, default=0) or None, why="" if readable else reason("too_young"))
    book.add("retention.steps.state", "shown" if len(readable) > 1 else "absent")


def _worth(book: Ledger, worth: Worth, trend: F2Trend) -> None:
    estimate(book, "retention.worth.conversion", worth.conversion)
    book.add("retention.worth.new_a_year", worth.new_a_year)
    book.add("retention.worth.points", POINTS)
    none = unknown(worth.conversion.n, "no_new")
    points = times(worth.conversion, POINTS * worth.new_a_year) if worth.new_a_year else none
    estimate(book, "retention.worth.points_yen", points)
    estimate(book, "retention.f2_trend.yen", _yen(trend.difference, worth.new_a_year, worth))


def _yen(share: Estimate, customers: float, worth: Worth) -> Estimate:
    """A share of some customers, each worth what a converted one brings; the interval is the share's."""
    return _priced(share, customers, worth.conversion)


def _priced(share: Estimate, customers: float, each: Estimate) -> Estimate:
    why = share.why or each.why or ("" if customers else "no_new")
    return unknown(share.n, why) if why else times(share, customers * each.value)


def _leak(book: Ledger, leak: Leak, base: tuple[Worth, int]) -> None:
    for name, found in (("day", leak.day), ("ratio", leak.ratio), ("change", leak.change), ("lost", leak.lost)):
        estimate(book, f"retention.leak.{name}", found)
    book.add("retention.leak.p", leak.p, why=reason(leak.why))
    worth, new = base
    each = worth.after(leak.day.value) if not leak.why else worth.conversion
    book.add("retention.leak.new_a_year", new)
    estimate(book, "retention.leak.conversion", each)
    estimate(book, "retention.leak.yen", _priced(leak.lost, new, each))
    proven = not leak.why and leak.change.upper < 0
    book.add("retention.leak.state", _verdict(leak.why, proven))


def _bad(book: Ledger, bad: BadMonths, worth: Worth) -> None:
    why = reason(bad.why)
    for name, text in (("medium", bad.medium), ("from", bad.first), ("to", bad.last)):
        book.add(f"retention.bad_months.{name}", text or None, why=why)
    estimate(book, "retention.bad_months.rate", bad.rate)
    book.add("retention.bad_months.expected", bad.expected, why=why)
    estimate(book, "retention.bad_months.difference", bad.difference)
    estimate(book, "retention.bad_months.missing", bad.missing)
    book.add("retention.bad_months.p", bad.p, why=why)
    estimate(book, "retention.bad_months.yen", _yen(bad.missing, 1.0, worth))
    proven = not bad.why and bad.difference.upper < 0
    book.add("retention.bad_months.state", _verdict(bad.why, proven))


def _verdict(why: str, proven: bool) -> str:
    return "absent" if why else "found" if proven else "unproven"


def _group(book: Ledger, found: GroupedF2, scale: int) -> None:
    key = f"retention.by.{found.dimension}"
    why = reason(found.why or found.test.why)
    for name, p in (("p", found.test.p), ("q", found.q)):
        book.add(f"{key}.{name}", p, why=why)
    for name, count in (("groups", len(found.groups)), ("hidden", found.hidden), ("unknown", found.unknown)):
        book.add(f"{key}.{name}", count)
    for place, group in enumerate(found.groups[:SHOWN_GROUPS], 1):
        _one(book, f"{key}.{place}", group)
    clearest = found.clearest
    if clearest is not None:
        book.add(f"{key}.clearest", clearest.name)
        estimate(book, f"{key}.rate", clearest.rate)
        estimate(book, f"{key}.difference", clearest.difference)
        new = clearest.new_a_year
        yen = times(clearest.gain, new / scale) if new else unknown(clearest.gain.n, clearest.gain.why or "no_new")
        estimate(book, f"{key}.yen", yen)


def _one(book: Ledger, key: str, group: Group) -> None:
    book.add(f"{key}.name", group.name)
    book.add(f"{key}.n", group.n)
    estimate(book, f"{key}.rate", group.rate)
    book.add(f"{key}.shrunk", group.shrunk, why=reason(group.rate.why))
    estimate(book, f"{key}.difference", group.difference)


def _state(compared: list[GroupedF2], book: Ledger) -> str:
    """Which text fits the page of the groups: nothing to compare, a difference proven, or none."""
    if not compared:
        return "absent"
    numbers = [book[f"retention.by.{found.dimension}.difference"] for found in compared if found.clearest]
    proven = [n for n in numbers if (n.lower or 0) > 0 or (n.upper or 0) < 0]
    return "different" if proven else "alike"
