"""Loyal and semi-loyal customers: score of amount, tenure and repeats, what they are worth, what the next ones lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, normal, proportion, unknown, z

Array = NDArray[np.float64]
LOYAL, SEMI = 0.065, 0.135  # of the customers; the field says 5-8 % and the next 12-15 %
DIMENSIONS = ("amount", "tenure", "frequency")
GROUPS = ("loyal", "semi", "other")
SMALL_GROUP = 5
TIED = 0.5  # a cut that misses its share by more than half of it is no cut


@dataclass(frozen=True)
class Group:
    """Customers of one group; money in major units.

    Args:
        customers: How many.
        share: Of all customers.
        sales_share: Of all their sales.
        amount: Mean of all purchases.
        year: Mean of this year's purchases.
        purchases: Mean number of purchases.
        tenure: Mean days from first to last purchase.
    """

    customers: int
    share: Estimate
    sales_share: float
    amount: Estimate
    year: Estimate
    purchases: float
    tenure: float


@dataclass(frozen=True, eq=False)
class Loyalty:
    """The three groups and what lies between them.

    Args:
        groups: loyal, semi, other.
        multiple: Mean amount of a loyal customer over that of one of the others.
        point: Sales a year (major units) of one more per cent of the customers being loyal instead of semi-loyal.
        lines: Amount (minor units), tenure (days) and repeats that three quarters of the loyal customers reach.
        lacking: Share of the semi-loyal customers below each line.
        missing: Median of what those below it lack (major units, days, repeats).
        near: Semi-loyal customers below one line only.
        reach: Repeats and amount (minor units) that three quarters of loyal and semi-loyal customers reach.
        label: 0 loyal, 1 semi, 2 other for each row of the standing table.
        why: Text key of why nothing can be said, "" otherwise.
    """

    groups: Mapping[str, Group]
    multiple: Estimate
    point: Estimate
    lines: Mapping[str, float]
    lacking: Mapping[str, Estimate]
    missing: Mapping[str, float]
    near: int
    reach: tuple[int, int]
    label: NDArray[np.int64]
    why: str


def score(standing: pd.DataFrame) -> NDArray[np.int64]:
    """Sum of the three percentile ranks of each row, in half customers: an integer, so that equal rows stay equal.

    Divided by 6 x customers it is the mean of three percentile ranks in [0, 1]. Equal values share the middle rank.

    Args:
        standing: amount, tenure, frequency, n.
    """
    n = standing["n"].to_numpy(np.int64)
    ranks = np.zeros(len(standing), np.int64)
    for name in DIMENSIONS:
        values, where = np.unique(standing[name].to_numpy(np.int64), return_inverse=True)
        size = np.bincount(where, n, values.size).astype(np.int64)
        ranks += (2 * (np.cumsum(size) - size) + size)[where]
    return ranks


def labels(standing: pd.DataFrame, loyal: float = LOYAL, semi: float = SEMI) -> NDArray[np.int64]:
    """0 loyal, 1 semi-loyal, 2 other: cuts at the scores whose shares of customers come nearest to the two wanted ones.

    Customers of one score are never separated.
    """
    points, n = score(standing), standing["n"].to_numpy(np.int64)
    values, where = np.unique(-points, return_inverse=True)
    share = np.concatenate([[0.0], np.cumsum(np.bincount(where, n, values.size))]) / max(n.sum(), 1)
    first = int(np.argmin(np.abs(share - loyal)))
    second = max(int(np.argmin(np.abs(share - loyal - semi))), first)
    return np.digitize(where, [first, second])


def loyalty(standing: pd.DataFrame, scale: int) -> Loyalty:
    """Who is loyal, what they are worth, and what semi-loyal customers lack.

    The yen of a point assumes that a promoted customer comes to buy as the loyal ones do now: an upper bound, since
    loyal customers also differ in ways that no promotion changes.

    Args:
        standing: frequency, tenure (days), amount, amount_this (minor units), n.
        scale: Minor units per major unit.
    """
    label, n = labels(standing), standing["n"].to_numpy(float)
    sizes: Array = np.bincount(label, n, 3).astype(float)
    why = _why(sizes)
    total = float((n * standing["amount"]).sum())
    groups = {name: _group(standing, label == place, total, scale) for place, name in enumerate(GROUPS)}
    nothing = unknown(int(n.sum()), why or "too_few")
    best = standing[label == 0]
    lines = {name: _quantile(best, name, 0.25) for name in DIMENSIONS}
    upper = standing[label < 2]
    reach = (int(_quantile(upper, "frequency", 0.25)), int(_quantile(upper, "amount", 0.25))) if not why else (0, 0)
    lacking, missing, near = _lacks(standing[label == 1], lines, scale)
    return Loyalty(
        groups, nothing if why else _ratio(standing, label, groups), nothing if why else _point(groups, int(n.sum())),
        lines, lacking, missing, near, reach, label, why,
    )  # fmt: skip


def _why(sizes: Array) -> str:
    if sizes.sum() < SMALL_GROUP:
        return "too_few"
    off = abs(sizes[0] / sizes.sum() - LOYAL) > TIED * LOYAL or abs(sizes[1] / sizes.sum() - SEMI) > TIED * SEMI
    return "no_cut" if off or sizes.min() < 1 else ""


def _group(standing: pd.DataFrame, chosen: NDArray[np.bool_], total: float, scale: int) -> Group:
    rows, everybody = standing[chosen], int(standing["n"].sum())
    n = rows["n"].to_numpy(float)
    size = int(n.sum())
    amount, year = (_mean(rows[name].to_numpy(float) / scale, n) for name in ("amount", "amount_this"))
    sales = float((n * rows["amount"]).sum())
    purchases, tenure = (_mean(rows[name].to_numpy(float), n).value for name in ("frequency", "tenure"))
    part = sales / total if total > 0 else np.nan
    return Group(size, proportion(size, everybody), part, amount, year, purchases + 1, tenure)


def _mean(values: Array, n: Array) -> Estimate:
    size = int(n.sum())
    if not size:
        return unknown(0, "too_few")
    mean = float(n @ values) / size
    error = float(np.sqrt(n @ (values - mean) ** 2 / max(size - 1, 1) / size))
    low, high = normal(mean, error)
    return Estimate(mean, float(low), float(high), size)


def _ratio(standing: pd.DataFrame, label: NDArray[np.int64], groups: Mapping[str, Group]) -> Estimate:
    """Ratio of two means of a sample cut at its own quantiles.

    The cut moves with the sample, so a customer counts with his distance from those at the cut: the influence function of a tail
    mean, (x - x_cut) 1(in the tail) / p, here with the mean amount of the customers next to the cut for x_cut.
    """
    n, amount = standing["n"].to_numpy(float), standing["amount"].to_numpy(float)
    size, order = n.sum(), np.argsort(-score(standing), kind="stable")
    logs = np.zeros(len(standing))
    for place, sign, cut in ((0, 1.0, LOYAL), (2, -1.0, LOYAL + SEMI)):
        inside = label == place
        mean = (n * amount)[inside].sum() / n[inside].sum()
        edge = _beside(amount[order], n[order], cut * size, 0.02 * size)
        logs += sign * np.where(inside, (amount - edge) / (mean * n[inside].sum()), 0.0)
    centre = (n @ logs) / size
    error = float(np.sqrt(n @ (logs - centre) ** 2))
    value = groups["loyal"].amount.value / groups["other"].amount.value if groups["other"].amount.value > 0 else np.nan
    if not np.isfinite(value) or value <= 0:
        return unknown(int(size), "no_sales")
    return Estimate(value, float(value * np.exp(-z() * error)), float(value * np.exp(z() * error)), int(size))


def _beside(amount: Array, n: Array, rank: float, width: float) -> float:
    """Mean amount of the customers whose rank lies within `width` of `rank`."""
    upper = np.cumsum(n)
    near = (upper > rank - width) & (upper - n < rank + width)
    return float((n * amount)[near].sum() / n[near].sum())


def _point(groups: Mapping[str, Group], customers: int) -> Estimate:
    best, middle = groups["loyal"].year, groups["semi"].year
    error = np.hypot(best.upper - best.value, middle.upper - middle.value)
    gap, moved = best.value - middle.value, customers / 100
    return Estimate(gap * moved, float((gap - error) * moved), float((gap + error) * moved), best.n + middle.n)


def _quantile(rows: pd.DataFrame, name: str, share: float) -> float:
    if rows.empty:
        return float("nan")
    ordered = rows.sort_values(name, kind="stable")
    sums = ordered["n"].cumsum().to_numpy()
    return float(ordered[name].to_numpy()[np.searchsorted(sums, share * sums[-1])])


def gaps(standing: pd.DataFrame, lines: Mapping[str, float]) -> pd.DataFrame:
    """What each row lacks to the lines: amount (minor units), tenure (days), frequency (repeats), 0 where it reaches them."""
    return pd.DataFrame(
        {name: (lines[name] - standing[name]).clip(lower=0) for name in DIMENSIONS}, index=standing.index
    )


def _lacks(
    semi: pd.DataFrame, lines: Mapping[str, float], scale: int
) -> tuple[dict[str, Estimate], dict[str, float], int]:
    short, n = gaps(semi, lines), semi["n"]
    lacking = {name: proportion(int(n[short[name] > 0].sum()), int(n.sum())) for name in DIMENSIONS}
    missing = {
        name: _quantile(pd.DataFrame({name: short[name], "n": n})[short[name] > 0], name, 0.5) for name in DIMENSIONS
    }
    missing["amount"] /= scale
    return lacking, missing, int(n[(short > 0).sum(axis=1) == 1].sum())
