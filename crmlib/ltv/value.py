"""Customer lifetime value: expected purchases times expected amount, discounted month by month.

    CLV(n months) = sum over k = 1..n of ( E[Y(k)] - E[Y(k-1)] ) / (1 + d)^(k/12)  *  E[amount | x, S]

E[Y(k)] are the purchases expected in the next k months of 365.25 / 12 days (any model of `models`, given the history), E[amount] the
Gamma-Gamma expectation, d the yearly discount rate: a purchase of month k is discounted as if made at its end. Value is
of the future only and of today's customers only; margin value is sales value times the margin rate.

Intervals carry the uncertainty of all parameters (delta method on the log scale), and those of mean and total also chance:
what these customers would do if the parameters were known (`futures`), so that they are intervals of the realised value.
They do not carry that of the model itself: that is what the holdout race is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

from crmlib.intervals import Estimate, delta_error, unknown, z
from crmlib.ltv import futures, gamma_gamma, models
from crmlib.ltv.mbg_cnbd import MbgCnbd

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from crmlib.ltv.gamma_gamma import GammaGamma
    from crmlib.ltv.models import Model
    from crmlib.newton import FloatArray

DAYS_PER_MONTH = 365.25 / 12
HORIZONS = (12, 24, 36)
SMALL_GROUP = 5  # the value of fewer customers is not shown
SAMPLE = 3_000  # customers from whom the slopes of mean and median by the parameters are taken
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


def of_customers(frequency: Model, amount: GammaGamma, histories: Histories, discount_rate: float) -> CustomerValue:
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
    alive = models.probability_alive(frequency, histories.frequency, histories.recency, histories.T)
    return CustomerValue(histories, alive, clv[0], horizons, discount_rate)


def discounted_purchases(model: Model, h: Histories, discount_rate: float, months: int) -> FloatArray:
    """Discounted purchases expected over each horizon 1..months; shape (months, histories)."""
    by_end, place, alive = _by_month_end(model, h, months)
    return np.asarray(_discounted(by_end, discount_rate)[:, place] * alive)


def purchases(model: Model, h: Histories, discount_rate: float, months: int) -> tuple[FloatArray, FloatArray]:
    """Purchases expected over that many months, as they are and discounted, per history."""
    by_end, place, alive = _by_month_end(model, h, months)
    return by_end[-1][place] * alive, _discounted(by_end, discount_rate)[-1][place] * alive


def _discounted(by_end: FloatArray, discount_rate: float) -> FloatArray:
    ends = np.arange(1, len(by_end) + 1)[:, None]
    return np.cumsum(np.diff(by_end, axis=0, prepend=0.0) / (1 + discount_rate) ** (ends / 12), axis=0)


def _by_month_end(model: Model, h: Histories, months: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Purchases expected by the end of each month, shape (months, cases), the case of each history, and its factor."""
    days = np.arange(1, months + 1) * DAYS_PER_MONTH
    if isinstance(model, MbgCnbd):  # a smooth curve: what lies between a few months is interpolated
        few = np.unique(np.r_[1, 3, 6, 12, 24, 36, months])[:, None] * DAYS_PER_MONTH
        known = models.conditional_expected_purchases(model, few, h.frequency, h.recency, h.T)
        curve = PchipInterpolator(np.r_[0.0, few[:, 0]], np.vstack([np.zeros(len(h.T)), known]), axis=0)
        return curve(days), np.arange(len(h.T)), np.ones(len(h.T))
    # While active, recency plays no part: work on distinct (x, T).
    key = h.frequency * (np.floor(h.T.max(initial=0)) + 1) + h.T
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    active = models.FAMILIES[model.NAME].purchases_while_alive(model, days[:, None], h.frequency[first], h.T[first])
    return active, place, models.probability_alive(model, h.frequency, h.recency, h.T)


def _per_customer(frequency: Model, amount: GammaGamma, h: Histories, discount_rate: float) -> FloatArray:
    """CLV per history, one row per horizon."""
    purchases = discounted_purchases(frequency, h, discount_rate, max(HORIZONS))[np.array(HORIZONS) - 1]
    return np.asarray(purchases * gamma_gamma.expected_amount(amount, h.frequency, h.total))


def _with_intervals(frequency: Model, amount: GammaGamma, h: Histories, rate: float) -> list[ValueAt]:
    some = futures.sample(h, SAMPLE)

    def summary(log_step: FloatArray, h: Histories = some) -> FloatArray:
        clv = _per_customer(frequency.shifted(log_step[:-3]), amount.shifted(log_step[-3:]), h, rate)
        mean = clv @ h.weight / h.weight.sum()
        return np.log(np.stack([mean, mean * h.weight.sum(), [weighted_median(row, h.weight) for row in clv]], axis=1))

    size = len(frequency.parameters)
    covariance = np.zeros((size + 3, size + 3))
    covariance[:size, :size], covariance[size:, size:] = frequency.log_covariance, amount.log_covariance
    centre = summary(np.zeros(size + 3), h)
    slopes = _slopes(summary, np.sqrt(np.diag(covariance)))
    chance = futures.relative_errors(frequency, amount, h, rate)
    n = int(h.weight.sum())
    rows = []
    for i, months in enumerate(HORIZONS):
        errors = [np.hypot(delta_error(slopes[:, i, j], covariance), chance[i] * (j < 2)) for j in range(3)]
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


def _why_not(frequency: Model, amount: GammaGamma, histories: Histories) -> str:
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
