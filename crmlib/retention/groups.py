"""F2 by group (entry product, medium, channel, payment method): curves, log-rank tests, differences from the rest, money."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import LEVEL, Estimate, chi_square_p, false_discovery, mean, mean_difference, unknown, z
from crmlib.retention.cohort import SMALL_GROUP
from crmlib.retention.f2 import f2, reading_horizon
from crmlib.retention.kaplan_meier import KaplanMeier, kaplan_meier

Array = NDArray[np.float64]
TESTED = 30  # customers: smaller groups are shown but not compared
YEAR = 365
MIN_EXPECTED = 5  # second purchases that a group must be expected to have, for a chi-square to hold


@dataclass(frozen=True, eq=False)
class LogRank:
    """Whether the groups' curves are one and the same.

    Args:
        observed: Second purchases of each group.
        expected: What they would be, were all groups alike.
        statistic: Chi-square with groups - 1 degrees of freedom.
        p: Of no difference; NaN with a why where it was not tested.
        why: Text key.
    """

    observed: Array
    expected: Array
    statistic: float
    p: float
    why: str = ""


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
    sizes = known.groupby("value")["n"].sum().sort_values(ascending=False, kind="stable")
    shown = [str(name) for name in sizes.index[sizes >= SMALL_GROUP]]
    window = f2(known).last_window
    test = log_rank(known[known["value"].isin(sizes.index[sizes >= TESTED])], YEAR)
    tested = sum(sizes >= TESTED)
    within = 1 - (1 - level) / max(tested, 1)
    groups = [_group(known, name, window, within) for name in shown] if window else []
    groups = [
        replace(group, difference=replace(group.difference, level=level), gain=replace(group.gain, level=level))
        for group in groups
    ]
    return GroupedF2(
        dimension, window, _shrunk(groups), int(sizes[sizes < SMALL_GROUP].sum()),
        int(bought["n"].sum() - known["n"].sum()), test, why=_why(known, window, tested),
    )  # fmt: skip


def adjusted(dimensions: Mapping[str, GroupedF2]) -> dict[str, GroupedF2]:
    """The dimensions with their tests adjusted for one another (Benjamini & Hochberg)."""
    q = false_discovery([found.test.p for found in dimensions.values()])
    return {name: replace(found, q=float(value)) for (name, found), value in zip(dimensions.items(), q, strict=True)}


def log_rank(counts: pd.DataFrame, last: int, by: str = "value") -> LogRank:
    """Mantel's test of equal hazards up to a day.

    Args:
        counts: A column that names the group, days, event, n.
        last: Days after it are censored.
        by: The column.

    Source:
        Mantel (1966); Peto & Peto (1972). Checked against statsmodels' survdiff.
    """
    place, names = pd.factorize(counts[by].astype(str), sort=True)  # hashes; np.unique would sort every row
    size = len(names)
    days = np.minimum(counts["days"].to_numpy(np.int64), last)
    event = counts["event"].to_numpy(bool) & (counts["days"].to_numpy(np.int64) <= last)
    n = counts["n"].to_numpy(float)
    if size < 2:
        return LogRank(np.zeros(size), np.zeros(size), np.nan, np.nan, "one_group")
    d, at_risk = np.zeros((2, size, last + 1))
    np.add.at(d, (place[event], days[event]), n[event])
    np.add.at(at_risk, (place, days), n)
    at_risk = at_risk[:, ::-1].cumsum(axis=1)[:, ::-1]
    total, events = at_risk.sum(axis=0), d.sum(axis=0)
    seen = events > 0
    share = at_risk[:, seen] / total[seen]
    spread = events[seen] * (total[seen] - events[seen]) / np.maximum(total[seen] - 1, 1)
    expected = share @ events[seen]
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    observed = d.sum(axis=1)
    if expected.min(initial=np.inf) < MIN_EXPECTED:
        return LogRank(observed, expected, np.nan, np.nan, "too_few")
    gap = (observed - expected)[:-1]
    statistic = float(gap @ np.linalg.solve(covariance[:-1, :-1], gap))
    return LogRank(observed, expected, statistic, chi_square_p(statistic, size - 1))


def curve_of(counts: pd.DataFrame) -> KaplanMeier:
    """Time to the second purchase of some customers, read as far as enough of them have been observed."""
    return kaplan_meier(counts["days"], counts["event"], counts["n"], reading_horizon(counts))


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


def _group(known: pd.DataFrame, name: str, window: int, level: float) -> Group:
    inside = known["value"].astype(str) == name
    own, rest = curve_of(known[inside]), curve_of(known[~inside])
    p = log_rank(known.assign(inside=inside), YEAR, "inside").p if own.n >= TESTED else np.nan
    rate = own.converted(window)
    seen = known["observed"] >= YEAR
    gain = mean_difference(*(spent(known[seen & part], 1, level) for part in (inside, ~inside)))
    new = int(known.loc[inside & ~seen, "n"].sum())
    return Group(name, own.n, rate, rate.value, difference_at(own, rest, window, level), p, gain, new)


def spent(counts: pd.DataFrame, scale: int, level: float = LEVEL) -> Estimate:
    """Mean repeat purchases of some customers in their first year.

    Args:
        counts: n, amount, squares (minor units).
        scale: Minor units in the unit wanted.
        level: Of the interval.
    """
    n = int(counts["n"].sum())
    if n < SMALL_GROUP:
        return unknown(n, "too_few")
    squares = math.fsum(counts["squares"])  # the order of rows differs between engines
    return mean(n, float(counts["amount"].sum()) / scale, squares / scale**2, level)


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
