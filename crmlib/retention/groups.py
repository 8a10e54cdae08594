"""F2 by group (entry product, medium, channel, payment method): curves, log-rank tests, differences from the rest, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, false_discovery, mean_difference, unknown, z
from crmlib.retention.cohort import SMALL_GROUP
from crmlib.retention.f2 import f2
from crmlib.retention.kaplan_meier import KaplanMeier
from crmlib.retention.log_rank import LogRank, log_rank
from crmlib.retention.tally import YEAR, Tally

Array = NDArray[np.float64]
TESTED = 30  # customers: smaller groups are shown but not compared


@dataclass(frozen=True)
class Group:
    """One group.

    Args:
        name: The client's word.
        n: Customers.
        rate: F2 within the window, Kaplan-Meier.
        shrunk: The same, drawn to the mean of all groups by how little is known of it.
        difference: rate minus that of all others, with an interval that holds for all groups together.
        p: Log-rank test against all others.
        gain: Repeat purchases of a customer's first year, mean minus that of all others, minor units; interval as of `difference`.
        new_a_year: Of the customers, those acquired in the last 365 days.
    """

    name: str
    n: int
    rate: Estimate
    shrunk: float
    difference: Estimate
    p: float
    gain: Estimate
    new_a_year: int


@dataclass(frozen=True)
class GroupedF2:
    """F2 by one way of coming in, largest group first.

    Args:
        dimension: product, medium, channel or payment.
        window: Days of the rates.
        groups: Groups of at least five customers.
        hidden: Customers in smaller groups, which are not shown.
        unknown: Customers of whom the value is not known.
        test: Log-rank over the groups of at least 30 customers.
        q: p of the test, adjusted for the dimensions tested (filled by `adjusted`).
        why: Text key of why nothing can be compared.
    """

    dimension: str
    window: int
    groups: tuple[Group, ...]
    hidden: int
    unknown: int
    test: LogRank
    q: float = np.nan
    why: str = ""

    @property
    def clearest(self) -> Group | None:
        """The group whose difference from the rest is clearest; None where none was compared."""
        compared = [group for group in self.groups if not group.difference.why]
        return max(compared, key=lambda group: abs(_score(group.difference)), default=None)


def by_group(counts: pd.DataFrame, dimension: str, level: float = 0.95) -> GroupedF2:
    """F2 of the groups of one dimension; customers who came in with a subscription are left out.

    Args:
        counts: value (None: unknown), contract, observed, days, event, n, amount, squares.
        dimension: What the values are.
        level: Of the differences' intervals, for all groups together (Bonferroni).
    """
    bought = counts[~counts["contract"].astype(bool)]
    known = bought[bought["value"].notna()]
    days = int(known[["days", "observed"]].to_numpy().max(initial=0))
    each = {str(name): Tally.of(part, days) for name, part in known.groupby("value")}
    ranked = dict(sorted(each.items(), key=lambda item: -item[1].n))
    whole, window = Tally.of(known, days), f2(known).last_window
    large = [one for one in each.values() if one.n >= TESTED]
    within = 1 - (1 - level) / max(len(large), 1)
    shown = {name: one for name, one in ranked.items() if one.n >= SMALL_GROUP} if window else {}
    groups = [_group(one, whole - one, name, window, within) for name, one in shown.items()]
    groups = [
        replace(group, difference=replace(group.difference, level=level), gain=replace(group.gain, level=level))
        for group in groups
    ]
    return GroupedF2(
        dimension, window, _shrunk(groups), sum(one.n for one in each.values() if one.n < SMALL_GROUP),
        int(bought["n"].sum()) - whole.n, log_rank(large, YEAR), why=_why(known, window, len(large)),
    )  # fmt: skip


def adjusted(dimensions: Mapping[str, GroupedF2]) -> dict[str, GroupedF2]:
    """The dimensions with their tests adjusted for one another (Benjamini & Hochberg)."""
    q = false_discovery([found.test.p for found in dimensions.values()])
    return {name: replace(found, q=float(value)) for (name, found), value in zip(dimensions.items(), q, strict=True)}


def difference_at(one: KaplanMeier, other: KaplanMeier, day: int, level: float) -> Estimate:
    """Difference of two curves' conversions by a day, with Greenwood's errors; the larger of pooled and unpooled."""
    first, second, n = one.converted(day), other.converted(day), one.n + other.n
    if first.why or second.why or min(one.n, other.n) < TESTED:
        return unknown(n, first.why or second.why or "too_few")
    errors = [_error(curve, day) for curve in (one, other)]
    pooled = (first.value * one.n + second.value * other.n) / n
    unit = pooled * (1 - pooled)
    design = [
        error**2 / max(share.value * (1 - share.value), 1e-9)
        for error, share in zip(errors, (first, second), strict=True)
    ]
    error = max(float(np.hypot(errors[0], errors[1])), float(np.sqrt(unit * sum(design))))
    gap, half = first.value - second.value, z(level) * error
    return Estimate(gap, gap - half, gap + half, n, level=level)


def _error(curve: KaplanMeier, day: int) -> float:
    index = min(day, len(curve.survival) - 1)
    return float(curve.survival[index] * np.sqrt(curve.log_variance[index]))


def _group(own: Tally, rest: Tally, name: str, window: int, level: float) -> Group:
    curve = own.curve()
    p = log_rank((own, rest), YEAR).p if own.n >= TESTED else np.nan
    rate = curve.converted(window)
    gain = mean_difference(own.spent.mean(level=level), rest.spent.mean(level=level))
    return Group(name, own.n, rate, rate.value, difference_at(curve, rest.curve(), window, level), p, gain, own.young)


def _shrunk(groups: list[Group]) -> tuple[Group, ...]:
    """Each rate drawn to the mean: empirical Bayes with the variance between groups by moments (DerSimonian & Laird 1986)."""
    known = [group for group in groups if np.isfinite([group.rate.lower, group.rate.upper]).all()]
    if len(known) < 3:
        return tuple(groups)
    rate = np.array([group.rate.value for group in known])
    variance = np.array([((group.rate.upper - group.rate.lower) / (2 * z())) ** 2 for group in known])
    weight = 1 / variance
    mean = (weight @ rate) / weight.sum()
    scale = weight.sum() - (weight @ weight) / weight.sum()
    between = max(0.0, float((weight @ (rate - mean) ** 2 - (len(known) - 1)) / scale))
    drawn = {
        group.name: mean + (group.rate.value - mean) * between / (between + v)
        for group, v in zip(known, variance, strict=True)
    }
    return tuple(replace(group, shrunk=float(drawn.get(group.name, group.shrunk))) for group in groups)


def _score(difference: Estimate) -> float:
    half = (difference.upper - difference.lower) / 2
    return difference.value / half if half > 0 else 0.0


def _why(known: pd.DataFrame, window: int, tested: int) -> str:
    if known.empty:
        return "absent"
    if not window:
        return "too_young"
    return "" if tested >= 2 else "one_group"
