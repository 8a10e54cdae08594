"""Customer lifetime value: expected purchases times expected amount, discounted month by month.

    CLV(n months) = sum over k = 1..n of ( E[Y(k)] - E[Y(k-1)] ) / (1 + d)^(k/12)  *  E[amount | x, S]

E[Y(k)] are the purchases expected in the next k months of 365.25 / 12 days (BG/NBD, given the history), E[amount] the
Gamma-Gamma expectation, d the yearly discount rate: a purchase of month k is discounted as if made at its end. Value is
of the future only and of today's customers only; margin value is sales value times the margin rate.

Intervals carry the uncertainty of the seven parameters (delta method on the log scale), not that of the model itself:
that is what the holdout race is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import Estimate, delta_error, unknown, z
from crmlib.ltv import bg_nbd, gamma_gamma

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from crmlib.ltv.bg_nbd import BgNbd
    from crmlib.ltv.gamma_gamma import GammaGamma
    from crmlib.newton import FloatArray

DAYS_PER_MONTH = 365.25 / 12
HORIZONS = (12, 24, 36)
SMALL_GROUP = 5  # the value of fewer customers is not shown
NUDGE = 0.25  # finite differences step by this many standard errors: wide enough for a median, which moves in jumps


@dataclass(frozen=True, eq=False)
class Histories:
    """Distinct (frequency, recency, T in days, total of repeat purchases in major units) with their customers."""

    frequency: FloatArray
    recency: FloatArray
    T: FloatArray
    total: FloatArray
    weight: FloatArray


@dataclass(frozen=True)
class ValueAt:
    """Mean, total and median sales CLV of the customers over one horizon, major units, with intervals."""

    months: int
    mean: Estimate
    total: Estimate
    median: Estimate


@dataclass(frozen=True, eq=False)
class CustomerValue:
    """Lifetime value of the base. `why` is "" or the text key of the reason why there is none (all figures NaN)."""

    histories: Histories
    alive: FloatArray  # probability alive per history
    clv: FloatArray  # 12-month sales CLV of one customer per history
    horizons: tuple[ValueAt, ...]
    discount_rate: float
    why: str = ""

    @property
    def customers(self) -> int:
        """Customers valued."""
        return int(self.histories.weight.sum())


def histories_from_frame(frame: pd.DataFrame, scale: int) -> Histories:
    """Histories from counts: frequency, recency, T (days), amount (minor units, repeat purchases), weight; any order."""
    columns = ["frequency", "recency", "T", "amount", "weight"]
    ordered = frame.sort_values(columns[:4])
    x, t_x, T, amount, weight = (ordered[name].to_numpy(float) for name in columns)
    return Histories(x, t_x, T, amount / scale, weight)


def of_customers(frequency: BgNbd, amount: GammaGamma, histories: Histories, discount_rate: float) -> CustomerValue:
    """Value of every customer and of the base at 12, 24 and 36 months.

    Args:
        frequency: fitted BG/NBD model.
        amount: fitted Gamma-Gamma model.
        histories: who is valued, at the models' as_of.
        discount_rate: per year, e.g. 0.10.
    """
    why = _why_not(frequency, amount, histories)
    if why:
        return _unknown(histories, discount_rate, why)
    clv = _per_customer(frequency, amount, histories, discount_rate)
    horizons = tuple(_with_intervals(frequency, amount, histories, discount_rate))
    alive = bg_nbd.probability_alive(frequency, histories.frequency, histories.recency, histories.T)
    return CustomerValue(histories, alive, clv[0], horizons, discount_rate)


def discounted_purchases(
    model: BgNbd, frequency: FloatArray, T: FloatArray, discount_rate: float, months: int
) -> FloatArray:
    """Discounted purchases of an active customer over each horizon 1..months; shape (months, customers)."""
    ends = np.arange(1, months + 1)
    by_end = bg_nbd.purchases_while_alive(model, ends[:, None] * DAYS_PER_MONTH, frequency, T)
    by_month = np.diff(by_end, axis=0, prepend=0.0)
    return np.asarray(np.cumsum(by_month / (1 + discount_rate) ** (ends[:, None] / 12), axis=0))


def _per_customer(frequency: BgNbd, amount: GammaGamma, h: Histories, discount_rate: float) -> FloatArray:
    """CLV per history, one row per horizon. While active, recency plays no part: work on distinct (x, T)."""
    pair, where = np.unique(np.stack([h.frequency, h.T]), axis=1, return_inverse=True)
    purchases = discounted_purchases(frequency, pair[0], pair[1], discount_rate, max(HORIZONS))
    chosen = purchases[np.array(HORIZONS) - 1][:, where.ravel()]
    alive = bg_nbd.probability_alive(frequency, h.frequency, h.recency, h.T)
    return np.asarray(chosen * alive * gamma_gamma.expected_amount(amount, h.frequency, h.total))


def _with_intervals(frequency: BgNbd, amount: GammaGamma, h: Histories, rate: float) -> list[ValueAt]:
    def summary(log_step: FloatArray) -> FloatArray:
        clv = _per_customer(frequency.shifted(log_step[:4]), amount.shifted(log_step[4:]), h, rate)
        mean = clv @ h.weight / h.weight.sum()
        return np.log(np.stack([mean, mean * h.weight.sum(), [weighted_median(row, h.weight) for row in clv]], axis=1))

    covariance = np.zeros((7, 7))
    covariance[:4, :4], covariance[4:, 4:] = frequency.log_covariance, amount.log_covariance
    centre = summary(np.zeros(7))
    slopes = _slopes(summary, np.sqrt(np.diag(covariance)))
    n = int(h.weight.sum())
    rows = []
    for i, months in enumerate(HORIZONS):
        errors = [delta_error(slopes[:, i, j], covariance) for j in range(3)]
        rows.append(ValueAt(months, *(_estimate(centre[i, j], errors[j], n) for j in range(3))))
    return rows


def _slopes(summary: Callable[[FloatArray], FloatArray], errors: FloatArray) -> FloatArray:
    """Central differences of the logarithms by each log-parameter."""
    steps = np.diag(NUDGE * errors)
    return np.stack([(summary(step) - summary(-step)) / (2 * step.sum()) for step in steps])


def _estimate(log_value: float, error: float, n: int) -> Estimate:
    value, spread = float(np.exp(log_value)), float(np.exp(z() * error))
    return Estimate(value, value / spread, value * spread, n)


def weighted_median(value: FloatArray, weight: FloatArray) -> float:
    """The smallest value that at least half of the customers do not exceed.

    Example:
        >>> weighted_median(np.array([5.0, 1.0, 9.0]), np.array([1.0, 1.0, 3.0]))
        9.0
    """
    order = np.argsort(value, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    return float(value[order][np.searchsorted(share, 0.5)])


def _why_not(frequency: BgNbd, amount: GammaGamma, histories: Histories) -> str:
    if histories.weight.sum() < SMALL_GROUP:
        return "ltv.small_group"
    if not frequency.report.converged:
        return frequency.report.why
    if not amount.report.converged:
        return amount.report.why
    return "ltv.infinite_mean" if amount.q <= 1 else ""


def _unknown(histories: Histories, discount_rate: float, why: str) -> CustomerValue:
    blank = np.full(len(histories.weight), np.nan)
    none = unknown(int(histories.weight.sum()), why)
    horizons = tuple(ValueAt(months, none, none, none) for months in HORIZONS)
    return CustomerValue(histories, blank, blank, horizons, discount_rate, why)
