"""Everything the tier pages say, in two results: what moved, and what the programme's design can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from crmlib.tiers.change import Change, ChiSquare, change, order
from crmlib.tiers.design import Plan, ShareScenario, Spend, Terms, grid, share_scenarios
from crmlib.tiers.drivers import Drivers, drivers
from crmlib.tiers.falls import Fall, clearest_fall
from crmlib.tiers.forecast import Forecast, Trial, forecast, trial
from crmlib.tiers.frontier import frontier
from crmlib.tiers.migration import Migration
from crmlib.tiers.threshold import Threshold

NEAR_PART = 2  # of the 20 parts of a threshold: near is less than a tenth of it away
PARTS = 20


@dataclass(frozen=True)
class Study:
    """What moved between the yearly reviews, and what follows from it."""

    moved: Migration
    change: Change
    fall: Fall
    order: ChiSquare
    forecast: Forecast
    trial: Trial
    drivers: Drivers


@dataclass(frozen=True)
class Near:
    """Customers of one tier before the next review.

    Args:
        misses: Customers less than a tenth of the next threshold short of it.
        missing: What they lack in all, minor units.
        at_risk: Customers who do not yet have what keeps their tier.
        to_keep: What they lack in all, minor units.
        missed: Customers who were less than a tenth short of the next threshold at the last review.
    """

    misses: int
    missing: float
    at_risk: int
    to_keep: float
    missed: int


@dataclass(frozen=True)
class Design:
    """What the programme's lines do and what others would.

    Args:
        terms: Lines, benefits, margin.
        spent: Spend at the last review.
        works: The threshold test by number of the tier.
        plans: The highest line moved, cheapest first.
        frontier: Lines to which no others cover more for less.
        shares: More good customers.
        near: Before the next review, by tier; empty without rules.
        coming: The next review, None without rules.
        fresh: Whether nothing counts yet for the next review: a new year has just begun.
        why: Text key of why there is no design, "" otherwise.
    """

    terms: Terms
    spent: Spend
    works: Mapping[int, Threshold]
    plans: tuple[Plan, ...]
    frontier: tuple[Plan, ...]
    shares: tuple[ShareScenario, ...]
    near: tuple[Near, ...]
    coming: dt.date | None
    fresh: bool = False
    why: str = ""

    @property
    def best(self) -> Plan | None:
        """The plan with the highest net above zero beyond doubt, None when there is none."""
        gains = [one for one in self.plans if not one.net.why and one.net.lower > 0]
        return max(gains, key=lambda one: one.net.value, default=None)


def study(moved: Migration, paths: pd.DataFrame, falls: pd.DataFrame) -> Study:
    """Change, order, forecast, trial and drivers of a migration.

    Args:
        moved: Yearly migration.
        paths: As `summaries.tiers.paths` returns them.
        falls: As `summaries.tiers_design.falls` returns them.
    """
    changed = change(moved)
    return Study(
        moved, changed, clearest_fall(moved), order(paths, len(moved.tiers)), forecast(moved), trial(moved), drivers(falls),
    )  # fmt: skip


def designed(
    spent: Spend, terms: Terms, works: Mapping[int, Threshold], near: pd.DataFrame, coming: dt.date | None
) -> Design:
    """Scenarios, frontier and lists of a programme.

    Args:
        spent: Spend at the last review.
        terms: Lines (empty without a programme), benefits, margin.
        works: The threshold test by number of the tier.
        near: As `summaries.tiers_design.chance_counts` returns them.
        coming: The next review.
    """
    ruled = len(terms.thresholds) > 1 and spent.customers.sum() > 0
    plans = grid(spent, terms, works) if ruled else ()
    best = frontier(spent, terms, works) if ruled else ()
    tiers = len(terms.thresholds) if ruled and coming else 0
    lists = tuple(_near(near, spent, terms, tier) for tier in range(tiers))
    why = "" if ruled else "no_line"
    fresh = bool(lists) and not near.loc[near["kind"] == "keep", "amount"].sum()
    return Design(terms, spent, works, plans, best, share_scenarios(spent, terms), lists, coming, fresh, why)


def _near(near: pd.DataFrame, spent: Spend, terms: Terms, tier: int) -> Near:
    mine = near[near["tier"] == tier]
    rise = mine[(mine["kind"] == "rise") & (mine["part"] < NEAR_PART)]
    keep = mine[mine["kind"] == "keep"]
    return Near(
        int(rise["customers"].sum()), float(rise["gap"].sum()), int(keep["customers"].sum()), float(keep["gap"].sum()),
        _missed(spent, terms, tier),
    )  # fmt: skip


def _missed(spent: Spend, terms: Terms, tier: int) -> int:
    if tier + 1 >= len(terms.thresholds):
        return 0
    line = terms.thresholds[tier + 1]
    return round(spent.above(line * (1 - NEAR_PART / PARTS))[0] - spent.above(line)[0])
