"""Value by days since the first purchase: what customers of one kind have brought after 30, 60, ... days, and payback.

The curve is chained: the step from 330 to 360 days is the mean over all customers observed for 360 days, so a young cohort
helps with the steps it has lived through and does not pull the rest down. The error is that of the mean of the customers
observed all the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import Estimate, unknown, z

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from crmlib.newton import FloatArray

STEP, STEPS = 30, 36
DAYS_PER_MONTH = 365.25 / 12
SMALL_GROUP = 5  # the value of fewer customers is not shown
SAFE_LEVEL = 0.80  # two-sided: its lower end is undercut with a probability of 10 %


@dataclass(frozen=True, eq=False)
class ValueCurve:
    """Mean value per customer (major units), by days since the first purchase, which is included.

    `customers` observed so long, `mean` and its standard `error`; NaN where fewer than five customers have been.
    """

    name: str
    days: FloatArray
    customers: FloatArray
    mean: FloatArray
    error: FloatArray

    def at(self, step: int, level: float = 0.95) -> Estimate:
        """Value after `step` times 30 days with its normal interval."""
        n, mean = int(self.customers[step - 1]), float(self.mean[step - 1])
        if not np.isfinite(mean):
            return unknown(n, "ltv.not_observed_so_long")
        half = z(level) * float(self.error[step - 1])
        return Estimate(mean, mean - half, mean + half, n, level=level)

    @property
    def observed(self) -> int:
        """Number of steps that can be seen."""
        return int(np.isfinite(self.mean).sum())


def curves(frame: pd.DataFrame, scale: int, by: Sequence[str] = ()) -> Mapping[str, ValueCurve]:
    """One curve per kind of customer, from counts that add up (`summaries.ltv.cumulative`).

    Args:
        frame: beginnings (product, medium, offer, cohort) and n_s, total_s, before_s for each step s, square_s for some.
        scale: minor units per major unit of the currency.
        by: beginnings that make a kind; none: all customers together, under the name "all". Rows in which one is unknown are
            left out.

    Returns:
        By name (parts joined by " | "), the largest group first.
    """
    if not by:
        return {"all": _curve("all", frame.select_dtypes("number").sum(), scale)}
    known = frame.dropna(subset=list(by))
    summed = known.groupby(list(by), sort=True).sum(numeric_only=True)
    found = {}
    for key, row in summed.iterrows():
        name = " | ".join(map(str, key)) if isinstance(key, tuple) else str(key)
        found[name] = _curve(name, row, scale)
    return dict(sorted(found.items(), key=lambda item: (-item[1].customers[0], item[0])))


def payback(curve: ValueCurve, cost: float) -> Estimate:
    """Months until the curve has earned `cost`, with the band of the curve's 95 % interval.

    Value NaN with a reason when it has not within what was observed; the upper end is NaN when the lower limit of the curve
    has not. Money that comes in within the first 30 days counts as earned by day 30.
    """
    n = int(curve.customers[0])
    if not np.isfinite(cost):
        return unknown(n, "ltv.no_cost")
    if not curve.observed:
        return unknown(n, "ltv.no_margin_rate" if n >= SMALL_GROUP else "ltv.small_group")
    half = z() * curve.error
    months = [_crossing(curve.days, height, cost) / DAYS_PER_MONTH for height in (curve.mean, *_band(curve.mean, half))]
    value, late, early = months
    return Estimate(value, early, late, n, "" if np.isfinite(value) else "ltv.not_paid_back")


def safe_cost(curve: ValueCurve, step: int = 12) -> Estimate:
    """The most that a new customer may cost: the margin after `step` times 30 days, at the lower 10 % bound.

    `value` is that bound; `lower` and `upper` are the 80 % interval of the mean margin itself.
    """
    mean = curve.at(step, SAFE_LEVEL)
    return Estimate(mean.lower, mean.lower, mean.upper, mean.n, mean.why, SAFE_LEVEL)


def _band(mean: FloatArray, half: FloatArray) -> tuple[FloatArray, FloatArray]:
    return mean - half, mean + half


def _crossing(days: FloatArray, height: FloatArray, cost: float) -> float:
    """The day on which a curve first reaches `cost`, interpolated within its step; NaN when it never does."""
    reached = np.flatnonzero(height >= cost)
    if not reached.size:
        return float("nan")
    k = int(reached[0])
    if k == 0:
        return float(days[0])
    part = (cost - height[k - 1]) / (height[k] - height[k - 1])
    return float(days[k - 1] + part * STEP)


def _curve(name: str, row: pd.Series, scale: int) -> ValueCurve:
    steps = range(1, STEPS + 1)
    n, total, before, square = (
        np.array([row.get(f"{what}_{s}", np.nan) for s in steps], float) for what in ("n", "total", "before", "square")
    )
    shown = np.cumprod((n >= SMALL_GROUP) & np.isfinite(total) & (total > 0)).astype(bool)
    safe = np.where(shown, n, 2.0)
    mean = np.where(shown, np.cumsum(np.where(shown, (total - before) / safe, 0.0)), np.nan)
    variance = np.where(shown, np.maximum(square / safe - (total / safe) ** 2, 0), np.nan)
    counted = np.flatnonzero(np.isfinite(variance))  # the spread over customers is counted at some steps only
    spread = (
        np.interp(np.arange(STEPS), counted, np.sqrt(variance[counted])) if counted.size else np.full(STEPS, np.nan)
    )
    error = np.where(shown, spread / np.sqrt(safe - 1), np.nan)
    return ValueCurve(name, STEP * np.arange(1.0, STEPS + 1), n, mean / scale, error / scale)
