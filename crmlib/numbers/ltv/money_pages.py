"""The ledger's part on money: beginnings, media, payback, protect list, customer balance sheet, subscriptions, segments."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import LEVEL, Estimate, unknown
from crmlib.ltv.acquisition import ALL
from crmlib.ltv.balance import LEVERS
from crmlib.ltv.protect import STATES
from crmlib.ltv.value import HORIZONS
from crmlib.numbers.ltv.model_pages import as_count, enter_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.ltv.acquisition import Medium
    from crmlib.ltv.entry import EntryComparison
    from crmlib.ltv.study import Beginnings, Study
    from crmlib.numbers.model import Ledger

PLACES = 5  # of the best cells (product x medium x offer)
DAYS = (90, 180, 360, 720, 1080)


def enter(book: Ledger, study: Study) -> None:
    """Enter what the pages on money print."""
    book.add("ltv.basis", study.begun.basis)
    _mixed(book, study)
    _protect(book, study)
    _entries(book, study.begun)
    _media(book, study.begun)
    _curves(book, study.begun)
    _sheet(book, study)
    for one in study.segments:
        enter_estimate(book, f"ltv.segment.{one.name}.gain", one.gain)


def part(name: str) -> str:
    """A client's own word as a part of a ledger key: dots would split the key."""
    return name.replace(".", "_").strip() or "_"


def unique(names: Sequence[str]) -> list[str]:
    """Key parts of the client's words, no two alike and none that is ours ("all").

    Example:
        >>> unique(["a.b", "a_b", "all"])
        ['a_b', 'a_b_', 'all_']
    """
    keys: list[str] = []
    for name in names:
        key = part(name)
        while key in keys or key == ALL:
            key += "_"
        keys.append(key)
    return keys


def _mixed(book: Ledger, study: Study) -> None:
    held, mixed = study.held, study.mixed
    absent = held.why == "ltv.no_subscriptions"
    book.add("ltv.subscriptions.running", held.running)
    book.add("ltv.subscriptions.shipment", held.shipment, why=held.why)
    for i, months in enumerate(HORIZONS):
        for name in ("single", "total") if absent else ("single", "subscription", "total"):
            enter_estimate(book, f"ltv.mixed.{months}m.{name}", getattr(mixed, name)[i])


def _protect(book: Ledger, study: Study) -> None:
    found = study.protect
    at = STATES.index("slipping")
    for row, state in enumerate(STATES):
        prefix = f"ltv.protect.{state}"
        book.add(f"{prefix}.customers", as_count(found.customers[row]), why=found.why)
        for name in ("expected", "lost"):
            book.add(f"{prefix}.{name}", getattr(found, name)[row], why=found.why or "ltv.small_group")
    book.add("ltv.at_risk.customers", as_count(found.customers[at]), why=found.why)
    book.add("ltv.at_risk.valuable", as_count(found.valuable[0]), why=found.why)
    book.add("ltv.at_risk.yen", found.expected[at], why=found.why or "ltv.small_group")
    book.add("ltv.at_risk.lost", found.lost[at], why=found.why or "ltv.small_group")
    state = "unfitted" if found.why else "some" if math.isfinite(found.expected[at]) and found.customers[at] else "none"
    book.add("ltv.protect_state", state)


def _entries(book: Ledger, begun: Beginnings) -> None:
    compared = begun.entries
    book.add("ltv.entry_state", _standing(compared))
    book.add("ltv.entry.months", compared.step)
    best = begun.names.get(compared.best, compared.best)
    book.add("ltv.entry.best", best or None, why=compared.why or "ltv.nobody_best")
    book.add("ltv.entry.left_out", compared.left_out)
    enter_estimate(book, "ltv.entry.gap", compared.gap)
    keys = unique([one.name for one in compared.entries])
    for place, (key, one) in enumerate(zip(keys, compared.entries, strict=True), 1):
        prefix = f"ltv.entry.{key}"
        book.add(f"{prefix}.customers", one.customers)
        enter_estimate(book, f"{prefix}.mean", one.shrunk)
        book.add(f"{prefix}.raw", one.raw, n=one.customers)
        book.add(f"{prefix}.p_best", one.p_best, n=one.customers)
        if place <= PLACES:
            book.add(f"ltv.entry_chance.{place}", one.p_best, n=one.customers)
    first = compared.entries[0].shrunk if compared.entries else unknown(0, compared.why)
    enter_estimate(book, "ltv.entry_first.mean", first)
    for place, one in enumerate(begun.cells.entries[:PLACES], 1):
        book.add(f"ltv.cell.{place}.customers", one.customers)
        enter_estimate(book, f"ltv.cell.{place}.mean", one.shrunk)
        book.add(f"ltv.cell.{place}.p_best", one.p_best, n=one.customers)


def _standing(compared: EntryComparison) -> str:
    """Which text fits the page on ways in: one is best, the order is open, or nothing tells them apart."""
    if compared.why:
        return "unobservable"
    return "best" if compared.best else "open" if compared.spread > 0 else "flat"


def _media(book: Ledger, begun: Beginnings) -> None:
    rate = begun.margin_rate
    book.add("ltv.margin_realised", rate, why="ltv.no_margin_rate")
    media = {one.name: one for one in begun.media}
    why = "ltv.no_costs" if not media else "ltv.no_margin_rate" if math.isnan(rate) else ""
    book.add("ltv.money_state", _state(media.get(ALL), why))
    keys = unique([one.name for one in begun.media[:-1]])
    for key, one in zip([*keys, ALL], begun.media, strict=True) if media else ():
        _medium(book, key, one, why)
        _overspend(book, key, one, (begun.media[:-1] if key == ALL else [one], why))
    _gap(book, media.get(ALL), why)
    if not media:
        for name in ("cpo", "safe_cpo", "payback_months", "overspend", "cost"):
            book.add(f"ltv.{name}.{ALL}", None, why=why)


def _gap(book: Ledger, whole: Medium | None, why: str) -> None:
    """What the safe cost leaves above today's, as displayed, with the interval of the mean margin."""
    if whole is None or whole.curve is None or why or not math.isfinite(whole.safe_cpo.value - whole.cpo):
        book.add("ltv.safety_gap", None, why=why or "ltv.not_observed_so_long")
        return
    mean = whole.curve.at(12)
    value = round(whole.safe_cpo.value) - round(whole.cpo)
    enter_estimate(book, "ltv.safety_gap", Estimate(value, mean.lower - whole.cpo, mean.upper - whole.cpo, mean.n))


def _state(whole: Medium | None, why: str) -> str:
    """Which text fits the payback page."""
    if whole is None:
        return "no_costs"
    if why:
        return "no_margin"
    if not math.isfinite(whole.cpo) or not math.isfinite(whole.safe_cpo.value):
        return "unobservable"
    paid = "paid" if not whole.payback.why else "unpaid"
    return paid if whole.cpo <= whole.safe_cpo.value else f"{paid}_over"


def _medium(book: Ledger, name: str, one: Medium, why: str) -> None:
    book.add(f"ltv.cost.{name}", one.cost)
    new = round(one.new_customers) if math.isfinite(one.new_customers) else None
    book.add(f"ltv.new_customers.{name}", new, why="ltv.no_new_customers")
    book.add(f"ltv.cpo.{name}", one.cpo, n=new, why="ltv.no_new_customers")
    book.add(f"ltv.cpr.{name}", one.cpr, why="ltv.no_trials")
    enter_estimate(book, f"ltv.pull_up.{name}", one.pull_up)
    for key, estimate in (("payback_months", one.payback), ("safe_cpo", one.safe_cpo)):
        enter_estimate(book, f"ltv.{key}.{name}", _because(estimate, why))


def _overspend(book: Ledger, name: str, one: Medium, of: tuple[Sequence[Medium], str]) -> None:
    """Cost of the year above the safe cost; its interval is that of the cost above the mean margin of a year, summed over media."""
    media, why = of
    known = [m for m in media if m.curve is not None and math.isfinite(m.overspend) and not m.curve.at(12).why]
    year = [(m, m.curve.at(12)) for m in known if m.curve is not None]
    lower = sum(max(m.cpo - margin.upper, 0.0) * m.new_customers for m, margin in year)
    upper = sum(max(m.cpo - margin.lower, 0.0) * m.new_customers for m, margin in year)
    bounds = {"lower": lower, "upper": max(upper, one.overspend), "level": LEVEL} if known else {}
    book.add(f"ltv.overspend.{name}", one.overspend, why=why or "ltv.no_curve", **bounds)


def _because(estimate: Estimate, why: str) -> Estimate:
    return unknown(estimate.n, why) if why else estimate


def _curves(book: Ledger, begun: Beginnings) -> None:
    named = {ALL: begun.everybody, **begun.cohorts}
    for name, curve in named.items():
        for days in DAYS:
            enter_estimate(book, f"ltv.curve.{part(name)}.{days}d", curve.at(days // 30))
    last = begun.everybody.mean[begun.everybody.observed - 1] if begun.everybody.observed else float("nan")
    book.add("ltv.earned.all", last, why="ltv.not_observed_so_long")
    money, customers = begun.first_money
    whole = begun.everybody.at(12)
    enter_estimate(book, "ltv.year_one.with_first", whole)
    first = money / customers if customers else float("nan")
    why = whole.why or ("" if math.isfinite(first) else "ltv.not_observed_so_long")
    enter_estimate(
        book,
        "ltv.year_one.without_first",
        Estimate(whole.value - first, whole.lower - first, whole.upper - first, whole.n, why),
    )


def _sheet(book: Ledger, study: Study) -> None:
    sheet = study.sheet
    book.add("ltv.sheet_state", "short" if sheet.why else "projected" if np.isfinite(sheet.backtest) else "untried")
    book.add("ltv.bs.current", sheet.current)
    enter_estimate(book, "ltv.bs.multiple", sheet.multiple)
    book.add("ltv.bs.backtest", sheet.backtest, why="ltv.short_history")
    for year, (sales, active) in enumerate(zip(sheet.sales, sheet.active, strict=True), 1):
        enter_estimate(book, f"ltv.bs.year.{year}", sales)
        enter_estimate(book, f"ltv.bs.active.{year}", active)
    for lever in LEVERS:
        enter_estimate(book, f"ltv.bs.lever.{lever}", sheet.levers[lever])
    for (f2, retention), gain in sheet.grid.items():
        enter_estimate(book, f"ltv.bs.what_if.{f2}.{retention}", gain)
    for rank in sheet.ranks:
        prefix = f"ltv.bs.rank.{rank.state}"
        book.add(f"{prefix}.customers", rank.customers)
        enter_estimate(book, f"{prefix}.retention", rank.retention)
        enter_estimate(book, f"{prefix}.value", rank.value)
