"""What the actions enter in the ledger: every finding's money, the total, the stop list, the tests and the day of checking."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from crmlib.actions import DAYS, MARGIN, SALES, Agenda, Stake
from crmlib.intervals import Estimate
from crmlib.lift import design, power
from crmlib.numbers import lists
from crmlib.numbers.model import Ledger, Measure

YEAR, SHOWN = 365, 8
HALF = 0.5  # new customers are split in two
MEASURES = (
    Measure("actions.findings", "count", "actions.findings"),
    Measure("actions.decided", "count", "actions.decided"),
    Measure("actions.counted", "count", "actions.counted"),
    Measure("actions.open", "count", "actions.open"),
    Measure("actions.basis", "label", "actions.basis"),
    Measure("actions.margin_rate", "share", "actions.margin_rate"),
    Measure("actions.total", "money", "actions.total"),
    Measure("actions.losses", "money", "actions.losses"),
    Measure("actions.naive", "money", "actions.naive"),
    Measure("actions.overlap", "money", "actions.overlap"),
    Measure("actions.customers", "count", "actions.customers"),
    Measure("actions.saved", "money", "actions.saved"),
    Measure("actions.decide.count", "count", "actions.decide.count"),
    Measure("actions.stop.count", "count", "actions.stop.count"),
    Measure("actions.stop.first", "count", "actions.stop.first"),
    Measure("actions.test.count", "count", "actions.test.count"),
    Measure("actions.stop.{place}.name", "label", "actions.stop.name"),
    Measure("actions.stop.{place}.kind", "label", "actions.stop.name"),
    Measure("actions.stop.{place}.yen", "money", "actions.stop.yen"),
    Measure("actions.stake.{analysis}.{name}", "money", "actions.stake"),
    Measure("actions.touched.{analysis}.{name}", "count", "actions.touched"),
    Measure("actions.test_customers.{analysis}.{name}", "count", "actions.test_customers"),
    Measure("actions.test_mde.{analysis}.{name}", "points", "actions.test_mde"),
    Measure("actions.test_needed.{analysis}.{name}", "count", "actions.test_needed"),
    Measure("actions.days", "days", "actions.days"),
    Measure("actions.check", "date", "actions.check"),
    Measure("actions.soon", "date", "actions.soon"),
    Measure("actions.state", "label", "actions.state"),
    *lists.MEASURES,  # of the lists' cells
)


def ledger(agenda: Agenda, others: Ledger, cells: pd.DataFrame, rate: float | None) -> Ledger:
    """The numbers of the pages on actions.

    Args:
        agenda: As `findings.agenda.agenda` makes it.
        others: The ledger of all analyses.
        cells: As `summaries.actions.cells`.
        rate: Margin rate; None when unknown.
    """
    book = Ledger(MEASURES, others.currency)
    _counts(book, agenda)
    book.add("actions.basis", SALES if rate is None else MARGIN)
    book.add("actions.margin_rate", rate, why="actions.no_margin_rate")
    _totals(book, agenda)
    for stake in agenda.stakes:
        _money(book, f"actions.stake.{stake.finding}", stake.yen)
        book.add(
            f"actions.touched.{stake.finding}", int(cells["n"].to_numpy()[cells[stake.finding].to_numpy(bool)].sum())
        )
        _test(book, stake, others)
    book.add("actions.days", DAYS)
    book.add("actions.check", agenda.check.isoformat())
    book.add("actions.soon", agenda.soon.isoformat())
    return book


def _counts(book: Ledger, agenda: Agenda) -> None:
    decided = sum(stake.decided for stake in agenda.stakes)
    book.add("actions.findings", len(agenda.stakes))
    book.add("actions.decided", decided)
    book.add("actions.open", len(agenda.stakes) - decided)
    book.add("actions.counted", len(agenda.total.stakes))
    book.add("actions.decide.count", len(agenda.decide))
    book.add("actions.test.count", len(agenda.test))
    book.add("actions.stop.count", len(agenda.savings))
    book.add("actions.stop.first", len(agenda.stop))
    book.add("actions.state", _state(agenda))


def _state(agenda: Agenda) -> str:
    if not agenda.stakes:
        return "empty"
    if agenda.decide:
        return "decided" if agenda.savings else "changing"
    return "saving" if agenda.savings else "open" if agenda.test else "unpriced"


def _totals(book: Ledger, agenda: Agenda) -> None:
    total = agenda.total
    _money(book, "actions.total", total.together)
    _money(book, "actions.losses", agenda.losses.together)
    why = total.together.why
    book.add("actions.naive", None if why else total.naive, why=why)
    book.add("actions.overlap", None if why else total.overlap, why=why)
    book.add("actions.customers", total.customers)
    _money(book, "actions.saved", agenda.saved)
    for place, one in enumerate(agenda.savings[:SHOWN], 1):
        book.add(f"actions.stop.{place}.name", one.name)
        book.add(f"actions.stop.{place}.kind", one.kind)
        _money(book, f"actions.stop.{place}.yen", one.yen)


def _money(book: Ledger, key: str, yen: Estimate) -> None:
    book.estimate(key, yen, yen.why)


def _test(book: Ledger, stake: Stake, others: Ledger) -> None:
    """Size of the next test within the plan, the smallest effect it can see, and what it takes to see the difference found."""
    made = _design(stake.lever, others)
    names = [f"actions.test_{what}.{stake.finding}" for what in ("customers", "mde", "needed")]
    if made is None or not math.isfinite(made.mde):
        for name in names:
            book.add(name, None, why="actions.no_test")
        return
    deviation = math.sqrt(made.baseline * (1 - made.baseline))
    effect = _points(stake, others)
    needed = power.size_of(deviation, effect, made.holdout) if effect and deviation else None
    book.add(names[0], made.eligible)
    book.add(names[1], made.mde)
    book.add(names[2], needed, why="" if needed else "actions.no_points")


def _design(lever: str, others: Ledger) -> design.TestDesign | None:
    nothing = design.Prices(math.nan, math.nan)
    if lever in ("entry", "contract"):
        eligible = _value(others, "retention.worth.new_a_year") * DAYS / YEAR
        baseline, holdout, window = _value(others, f"retention.f2_km.{DAYS}d"), HALF, DAYS
    elif lever in ("spend", "contact"):
        eligible, baseline = (_value(others, f"lift.design.{name}") for name in ("eligible_customers", "baseline"))
        holdout, window = _value(others, "lift.design.holdout"), 30
    else:
        return None
    if not (np.isfinite([eligible, baseline, holdout]).all() and eligible >= 2 and 0 < baseline < 1):
        return None
    return design.plan(round(eligible), baseline, nothing, holdout, window)


def _points(stake: Stake, others: Ledger) -> float:
    """The finding's difference, where it is one of shares."""
    key = DIFFERENCES.get(stake.finding, "")
    return abs(_value(others, key)) if key and math.isfinite(_value(others, key)) else 0.0


DIFFERENCES: Mapping[str, str] = {
    "base.f2_change": "base.chart.f2.change", "base.entry_product": "base.entry.gap",
    "retention.f2_trend": "retention.f2_trend.difference", "retention.bad_months": "retention.bad_months.difference",
    "retention.by_product": "retention.by.product.difference", "retention.by_medium": "retention.by.medium.difference",
    "retention.by_channel": "retention.by.channel.difference", "retention.by_payment": "retention.by.payment.difference",
    "retention.wavering": "retention.subscription.wavering.difference", "retention.leak": "retention.leak.lost",
    "lift.campaign": "lift.headline.ate", "lift.version": "lift.version.effect", "lift.match": "lift.match.spread", "tiers.fall": "tiers.change.fall",
    "tiers.balance": "tiers.up_less_down",
}  # fmt: skip


def _value(others: Ledger, key: str) -> float:
    value = others[key].value if key in others else None
    return float(value) if isinstance(value, int | float) else math.nan


def stops(book: Ledger) -> int:
    """How many pages the stop list takes: none where nothing is to be stopped."""
    return int(book["actions.stop.count"].value != 0)


def decisions(book: Ledger) -> int:
    """How many pages the decisions take: none where there is nothing to decide, stop or test; page 1 says so already."""
    return int(book["actions.state"].value not in ("unpriced", "empty"))
