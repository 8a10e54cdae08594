"""Programme design: what other thresholds and a larger share of good customers would bring, and what they would cost.

All of it is arithmetic on the spend of the last year. What customers would do under other rules is not known from it:
an effect of the line on spend enters only where the discontinuity at that line has shown one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, unknown
from crmlib.tiers.migration import SMALL_GROUP
from crmlib.tiers.threshold import Threshold

Array = NDArray[np.float64]
GRID = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)  # of the present threshold
SHARES = (0.22, 0.25, 0.30)
BASE_SHARE = 0.20  # the good customers of the field's rule


@dataclass(frozen=True)
class Spend:
    """Customers by yearly spend.

    Args:
        edges: Lower end of each step with customers, minor units, rising.
        customers: In each step.
        amount: Their spend.
        step: Width of a step.
    """

    edges: Array
    customers: Array
    amount: Array
    step: int

    def above(self, line: float) -> tuple[float, float]:
        """Customers with at least so much, and their spend; a step that the line cuts counts in proportion."""
        part = np.clip((self.edges + self.step - line) / self.step, 0, 1)
        return float((part * self.customers).sum()), float((part * self.amount).sum())

    def line_of(self, share: float) -> float:
        """The spend that the given share of customers reaches at least."""
        wanted = share * self.customers.sum()
        low, high = 0.0, float(self.edges.max(initial=0) + self.step)
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if self.above(middle)[0] > wanted else (low, middle)
        return (low + high) / 2


@dataclass(frozen=True)
class Plan:
    """One set of thresholds.

    Args:
        name: Name of the scenario.
        thresholds: Minor units.
        customers: In each tier, by last year's spend.
        sales: Last year's spend of each tier, minor units.
        cost: Benefits a year, minor units.
        net: Margin of the spend that the line creates less the change in benefits against the present lines, minor units.
        covered: Share of the spend that comes from customers above the lowest tier.
    """

    name: str
    thresholds: tuple[int, ...]
    customers: tuple[float, ...]
    sales: tuple[float, ...]
    cost: float
    net: Estimate
    covered: float


@dataclass(frozen=True)
class ShareScenario:
    """More good customers: the next best come up to them.

    Args:
        share: Share of good customers aimed at.
        customers: How many more that are.
        spend: What they spend now, minor units.
        line: Spend from which the top 20 % begin, minor units.
        net: Yearly margin less benefits: if they come up to the median of the present top 20 %; lower: just to its line;
            upper: to its mean. The ends are cases, not an interval of chance.
    """

    share: float
    customers: float
    spend: float
    line: float
    net: Estimate


@dataclass(frozen=True)
class Terms:
    """What a scenario is priced with.

    Args:
        thresholds: Present lines, minor units.
        benefits: Share of sales that each tier gives back.
        margin_rate: Gross margin, None when unknown.
        assumed: Whether the benefits are an assumption of ours.
    """

    thresholds: tuple[int, ...]
    benefits: tuple[float, ...]
    margin_rate: float | None
    assumed: bool


def spend(cells: pd.DataFrame, step: int) -> Spend:
    """The distribution as the engine counted it (`summaries.tiers_design.spending`)."""
    whole = cells.groupby("bin")[["customers", "amount"]].sum()
    customers, amount = (whole[name].to_numpy(float) for name in ("customers", "amount"))
    return Spend(whole.index.to_numpy(float) * step, customers, amount, step)


def step_of(thresholds: Sequence[int], scale: int = 1) -> int:
    """Width of the steps of the distribution: at most a hundredth of the lowest line above zero, all lines on edges."""
    lines = [line for line in thresholds if line > 0] or [10_000 * scale]
    widest, common = max(min(lines) // 100, 1), math.gcd(*lines)
    fitting = (step for step in range(widest, widest // 10, -1) if common % step == 0)
    return next(fitting, widest)


def terms(thresholds: Sequence[int], benefits: Sequence[float], margin_rate: float | None, highest: float) -> Terms:
    """What scenarios are priced with.

    Args:
        thresholds: Present lines, minor units; empty without a programme.
        benefits: Share of sales that each tier gives back; empty when unknown.
        margin_rate: Gross margin, None when unknown.
        highest: Assumed share in the highest tier where the benefits are unknown; those below rise evenly to it.
    """
    shares, assumed = benefits_of(benefits, max(len(thresholds), 1), highest if thresholds else 0.0)
    return Terms(tuple(thresholds), shares, margin_rate, assumed)


def benefits_of(benefits: Sequence[float], tiers: int, highest: float) -> tuple[tuple[float, ...], bool]:
    """The client's benefits, or ones that rise evenly to an assumed share in the highest tier.

    Returns:
        Shares by tier; whether they are assumed.
    """
    if benefits:
        return tuple(benefits), False
    return tuple(highest * tier / max(tiers - 1, 1) for tier in range(tiers)), True


def plan(name: str, lines: Sequence[int], spent: Spend, terms: Terms, works: Mapping[int, Threshold]) -> Plan:
    """Who would be in which tier with these lines, what their benefits cost, and what is gained or lost.

    Where the line of a tier has been shown to make next period's spend jump, those who come above it spend more by the jump, and those
    who come below it less; otherwise nobody is taken to change. The ends are those of the jump's interval in either case.

    Args:
        name: Name of the scenario.
        lines: Thresholds, minor units.
        spent: Last year's spend.
        terms: Present lines, benefits, margin.
        works: The threshold test by number of the tier.
    """
    customers, sales = tiered(spent, lines)
    cost = float(np.dot(sales, terms.benefits))
    _, now = tiered(spent, terms.thresholds)
    saved = float(np.dot(now, terms.benefits)) - cost
    covered = 1 - sales[0] / sum(sales) if sum(sales) else np.nan
    net = _net(lines, spent, terms, works, saved)
    return Plan(name, tuple(lines), customers, sales, cost, net, float(covered))


def tiered(spent: Spend, lines: Sequence[int]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Customers and spend of each tier under these lines."""
    above = [spent.above(line) if line > 0 else (spent.customers.sum(), spent.amount.sum()) for line in lines]
    parts = np.array([*above, (0.0, 0.0)])
    return tuple((parts[:-1] - parts[1:])[:, 0].tolist()), tuple((parts[:-1] - parts[1:])[:, 1].tolist())


def _net(lines: Sequence[int], spent: Spend, terms: Terms, works: Mapping[int, Threshold], saved: float) -> Estimate:
    n = int(spent.customers.sum())
    if terms.margin_rate is None:
        return unknown(n, "no_margin_rate")
    ends = np.zeros(3)
    for tier, (line, present) in enumerate(zip(lines, terms.thresholds, strict=True)):
        if line != present:
            moved = spent.above(line)[1] - spent.above(present)[1]
            ends += moved * _effect(works.get(tier))
    value, *limits = (terms.margin_rate * ends + saved).tolist()
    return Estimate(value, min(limits), max(limits), n)


def _effect(tested: Threshold | None) -> Array:
    """Relative change of spend by coming above a line: value, lower, upper; the value is 0 where no jump was shown."""
    if tested is None or tested.spend.why:
        return np.array([0.0, np.nan, np.nan])
    found = np.expm1([tested.spend.value, tested.spend.lower, tested.spend.upper])
    if tested.verdict != "creates" or tested.kind != "spend":
        found[0] = 0.0
    return np.asarray(found)


def grid(spent: Spend, terms: Terms, works: Mapping[int, Threshold]) -> tuple[Plan, ...]:
    """The highest line at each multiple of itself, the others as they are; lines that would not rise are left out."""
    top = terms.thresholds[-1]
    multiples = [(round(100 * part), round(top * part)) for part in GRID]
    return tuple(
        plan(f"line_{percent}", (*terms.thresholds[:-1], line), spent, terms, works)
        for percent, line in multiples
        if line > terms.thresholds[-2]
    )


def share_scenarios(spent: Spend, terms: Terms, shares: Sequence[float] = SHARES) -> tuple[ShareScenario, ...]:
    """From 20 % good customers (by spend) to more, in money a year."""
    everybody = spent.customers.sum()
    if everybody * BASE_SHARE < SMALL_GROUP:
        nothing = unknown(int(everybody), "too_few")
        return tuple(ShareScenario(share, np.nan, np.nan, np.nan, nothing) for share in shares)
    line = spent.line_of(BASE_SHARE)
    good, good_sales = spent.above(line)
    cases = np.array([spent.line_of(BASE_SHARE / 2), line, good_sales / good])
    return tuple(_raised(spent, terms, share, cases) for share in shares)


def _raised(spent: Spend, terms: Terms, share: float, cases: Array) -> ShareScenario:
    line = float(cases[1])
    good, good_sales = spent.above(line)
    more, more_sales = spent.above(spent.line_of(share))
    risen, now = more - good, more_sales - good_sales
    if terms.margin_rate is None:
        return ShareScenario(share, risen, now, line, unknown(int(spent.customers.sum()), "no_margin_rate"))
    rate = terms.margin_rate
    back = np.array([terms.benefits[_tier_at(amount, terms.thresholds)] for amount in cases])
    before = terms.benefits[_tier_at(now / risen if risen else 0.0, terms.thresholds)] * now
    value, lower, upper = (rate * (risen * cases - now) - (back * risen * cases - before)).tolist()
    return ShareScenario(share, risen, now, line, Estimate(value, min(value, lower), max(value, upper), int(risen)))


def _tier_at(amount: float, thresholds: Sequence[int]) -> int:
    return max(int(np.searchsorted(np.asarray(thresholds, float), amount, side="right")) - 1, 0)
