"""What goes with falling: a logistic regression on grouped counts, read as odds ratios against a reference group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, proportion, unknown, z

Array = NDArray[np.float64]
FACTORS = ("tier", "headroom", "recency", "purchases", "products", "contacts")
REFERENCE: Mapping[str, int] = {"recency": 0, "purchases": 0, "products": 0, "contacts": 0, "headroom": 0}
SHOWN = ("recency", "purchases", "products", "contacts")  # tier and headroom are held constant, not read
LEAST = 10  # customers of a group that fell, and that did not
STEPS = 50


@dataclass(frozen=True)
class Driver:
    """One group of one factor.

    Args:
        factor: recency, purchases, products or contacts.
        group: Number of the group, 0 the reference.
        last: Number of the last group that was put together with it.
        rate: Share that fell or left.
        odds: Odds ratio against the reference, tier, headroom and the other factors alike; 1 without interval for the reference.
    """

    factor: str
    group: int
    last: int
    rate: Estimate
    odds: Estimate


@dataclass(frozen=True)
class Drivers:
    """What goes with falling.

    Args:
        rows: Groups in the order of the factors; empty when there is no model.
        n: Customers above the lowest tier at the review before.
        fell: How many of them fell or left.
        why: Text key of why there is no model, "" otherwise.
    """

    rows: tuple[Driver, ...]
    n: int
    fell: int
    why: str = ""

    @property
    def strongest(self) -> Driver | None:
        """The group whose odds are raised most beyond doubt (highest lower limit above 1), None when there is none."""
        raised = [row for row in self.rows if not row.odds.why and row.odds.lower > 1]
        return max(raised, key=lambda row: row.odds.lower, default=None)


def drivers(cells: pd.DataFrame) -> Drivers:
    """Odds ratios of falling.

    Groups in which fewer than `LEAST` fell or stayed are put together with the next one, the last with the one before it.

    Args:
        cells: As `summaries.tiers_design.falls` returns them.
    """
    n, fell = (int(cells[name].sum()) if len(cells) else 0 for name in ("customers", "fell"))
    if min(fell, n - fell) < LEAST:
        return Drivers((), n, fell, "too_few_falls")
    factors = [name for name in FACTORS if name in cells]
    groups = {name: _merged(cells, name) for name in factors}
    columns = [(name, level) for name in factors for level in sorted(set(groups[name]))[1:]]
    design = np.column_stack([np.ones(len(cells)), *((groups[name] == level).astype(float) for name, level in columns)])
    beta, covariance = logistic(design, cells["fell"].to_numpy(float), cells["customers"].to_numpy(float))
    if not np.all(np.isfinite(beta)):
        return Drivers((), n, fell, "not_fitted")
    error = np.sqrt(np.diagonal(covariance))
    odds = {place: _odds(beta[k + 1], error[k + 1], n) for k, place in enumerate(columns)}
    rows = [
        _row(cells, name, groups[name] == level, odds.get((name, level), Estimate(1.0, np.nan, np.nan, n)))
        for name in factors
        if name in SHOWN and len(set(groups[name])) > 1
        for level in sorted(set(groups[name]))
    ]
    return Drivers(tuple(rows), n, fell)


def logistic(design: Array, successes: Array, trials: Array) -> tuple[Array, Array]:
    """Maximum likelihood by Newton's method on grouped counts.

    Args:
        design: Shape (rows, parameters), with the column of ones.
        successes: Per row.
        trials: Per row.

    Returns:
        Coefficients and their covariance; NaN where the iteration does not settle (a group without any or with only successes).

    Source:
        McCullagh & Nelder (1989), chapter 4. Checked against statsmodels' binomial GLM.
    """
    beta: Any = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        information = design.T @ (design * (trials * chance * (1 - chance))[:, None])
        covariance: Any = np.linalg.pinv(information)
        step = covariance @ (design.T @ (successes - trials * chance))
        beta = beta + step
        if np.max(np.abs(step)) < 1e-9:
            return beta, covariance
    return np.full(design.shape[1], np.nan), covariance


def _merged(cells: pd.DataFrame, name: str) -> NDArray[np.int64]:
    """Group numbers after small groups have joined the next one, and the last of them the one before."""
    sums = cells.groupby(name)[["customers", "fell"]].sum()
    joined: dict[int, int] = {}
    start, n, fell, starts = None, 0, 0, []
    for level, (customers, lost) in zip(sums.index.astype(int), sums.to_numpy(), strict=True):
        start = level if start is None else start
        joined[level], n, fell = start, n + int(customers), fell + int(lost)
        if min(fell, n - fell) >= LEAST:
            starts.append(start)
            start, n, fell = None, 0, 0
    last = starts[-1] if starts else int(sums.index[0])
    final = {level: group if group in starts else last for level, group in joined.items()}
    return np.asarray([final[int(level)] for level in cells[name]], dtype=np.int64)


def _row(cells: pd.DataFrame, factor: str, mine: NDArray[np.bool_], odds: Estimate) -> Driver:
    own = cells.loc[mine]
    n, levels = int(own["customers"].sum()), own[factor]
    rate = proportion(float(own["fell"].sum()), n) if n else unknown(0, "too_few")
    return Driver(factor, int(levels.min()), int(levels.max()), rate, odds)


def _odds(slope: float, error: float, n: int) -> Estimate:
    low, high = slope - z() * error, slope + z() * error
    return Estimate(float(np.exp(slope)), float(np.exp(low)), float(np.exp(high)), n)
