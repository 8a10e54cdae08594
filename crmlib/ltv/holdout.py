"""The holdout race: fit on the first part of the observation, predict the second, compare with what happened.

Two accuracy measures that differ, each under its own name:

tracking     cumulative repeat purchases of all customers from their first purchase to as_of, the model's expectation for
             customers of whom nothing but the first purchase date is known: does the model describe the base?
conditional  purchases in the holdout period only, the sum over customers of what the model expects given their history
             up to the calibration date: does the model predict these customers?

The naive baseline is "the same rate continues": every customer goes on buying at his own rate of the calibration period;
who was observed for less than `NAIVE_MIN_DAYS` takes the rate of all customers together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import Estimate, times, unknown, z
from crmlib.ltv import bg_nbd, models
from crmlib.ltv import patterns as grouping
from crmlib.ltv.holdout_scores import Score, same_rate, score

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from crmlib.ltv.models import Model
    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray

SMALL_GROUP = 5  # a mean of fewer customers is not shown
DECILES = 10
LAST_FREQUENCY = 7  # frequencies from here on are one group, "7 or more"


@dataclass(frozen=True, eq=False)
class Tracking:
    """Cumulative repeat purchases by day since the first purchase of all; `naive` is NaN before the holdout."""

    day: FloatArray
    actual: FloatArray
    predicted: FloatArray
    naive: FloatArray


@dataclass(frozen=True, eq=False)
class ByFrequency:
    """Mean holdout purchases per customer by calibration frequency 0, 1, ... 6, 7 or more; NaN below five customers."""

    frequency: FloatArray
    customers: FloatArray
    actual: FloatArray
    predicted: FloatArray
    naive: FloatArray


@dataclass(frozen=True, eq=False)
class ByDecile:
    """Mean holdout purchases per customer by tenth of the customers, those of whom most was expected first."""

    actual: FloatArray
    predicted: FloatArray


@dataclass(frozen=True, eq=False)
class HoldoutRace:
    """Everything the race found. Where the calibration fit failed (`model.report`), predictions are NaN.

    `gain`: mean absolute error of the naive baseline minus the model's, per customer, with interval (positive: the model is
    nearer). `gap`: actual minus conditionally expected holdout purchases of all customers, with interval.
    """

    calibration_end: dt.date
    as_of: dt.date
    model: Model
    customers: int
    tracking: Tracking
    by_frequency: ByFrequency
    by_decile: ByDecile
    conditional: tuple[float, float, float]  # actual, predicted, naive
    score: Score
    naive_score: Score
    gain: Estimate
    gap: Estimate

    @property
    def days(self) -> int:
        """Length of the holdout period in days."""
        return (self.as_of - self.calibration_end).days

    @property
    def first(self) -> dt.date:
        """Day of the first purchase that is looked at."""
        return self.as_of - dt.timedelta(days=len(self.tracking.day) - 1)

    @property
    def tracked(self) -> tuple[float, float, float]:
        """The tracking measure at as_of: actual, predicted, naive."""
        return float(self.tracking.actual[-1]), float(self.tracking.predicted[-1]), float(self.tracking.naive[-1])


def calibration_end(first: dt.date | None, as_of: dt.date, chosen: dt.date | None = None) -> dt.date:
    """The last day that the model sees: the chosen one, or the middle of the observation, rounded down to a day.

    A chosen day that leaves no calibration or no holdout period at this `as_of` is not used.

    Args:
        first: the very first purchase (None or NaT when there is none: then there is no holdout).
        as_of: last day of observation.
        chosen: client.yaml's `holdout`.

    Example:
        >>> calibration_end(dt.date(1997, 1, 1), dt.date(1998, 6, 30))
        datetime.date(1997, 9, 30)
    """
    if first is None or first != first:  # noqa: PLR0124  NaT is not equal to itself
        return as_of
    start = dt.date(first.year, first.month, first.day)
    if chosen is not None and start < chosen < as_of:
        return chosen
    return start + dt.timedelta(days=(as_of - start).days // 2)


def race(
    histories: pd.DataFrame, daily: pd.DataFrame, calibration_end: dt.date, as_of: dt.date,
    fit: Callable[[Patterns], Model] = bg_nbd.fit,
) -> HoldoutRace:  # fmt: skip
    """Fit a model to the calibration period and compare it with the holdout period and the naive baseline.

    Args:
        histories: frequency, recency, T (days, at `calibration_end`), purchases (in the holdout), weight (customers).
        daily: order_date, customers (first purchases), repeats (repeat purchases) of the same customers, to `as_of`.
        calibration_end: last day the model sees.
        as_of: last day of the holdout.
        fit: how the model is fitted; BG/NBD unless said otherwise.

    Raises:
        ValueError: `as_of` lies before `calibration_end`.
    """
    if as_of < calibration_end:
        raise ValueError(f"the holdout ends on {as_of}, before the calibration ends on {calibration_end}")
    model = fit(grouping.from_frame(histories))
    days = (as_of - calibration_end).days
    x, t_x, T, bought, w = (histories[c].to_numpy(float) for c in ("frequency", "recency", "T", "purchases", "weight"))
    predicted = models.conditional_expected_purchases(model, days, x, t_x, T)
    naive = same_rate(x, T, w) * days
    return HoldoutRace(
        *(calibration_end, as_of, model, int(w.sum())),
        _tracking(model, daily, calibration_end, (as_of, float(w @ naive))),
        _by_frequency(x, w, bought, (predicted, naive)),
        _by_decile(predicted, bought, w),
        (float(w @ bought), float(w @ predicted), float(w @ naive)),
        score(predicted, bought, w),
        score(naive, bought, w),
        _mean(np.abs(bought - naive) - np.abs(bought - predicted), w),
        times(_mean(bought - predicted, w), w.sum()),
    )


def _tracking(model: Model, daily: pd.DataFrame, calibration_end: dt.date, end: tuple[dt.date, float]) -> Tracking:
    as_of, naive_total = end
    if daily.empty:
        return Tracking(*(np.full(1, np.nan) for _ in range(4)))
    dates = daily["order_date"].to_numpy("datetime64[D]")
    length = int((np.datetime64(as_of) - dates.min()).astype(int)) + 1
    day = (dates - dates.min()).astype(int)
    new = np.bincount(day, daily["customers"].to_numpy(float), length)
    actual = np.cumsum(np.bincount(day, daily["repeats"].to_numpy(float), length))
    expected = models.expected_purchases(model, np.arange(length))
    predicted = np.convolve(new, expected)[:length]
    start = int((np.datetime64(calibration_end) - dates.min()).astype(int))
    after = np.arange(length) - start
    naive = np.where(after >= 0, actual[start] + naive_total * after / max(after[-1], 1), np.nan)
    return Tracking(np.arange(length, dtype=float), actual, predicted, naive)


def _by_frequency(x: FloatArray, w: FloatArray, bought: FloatArray, both: tuple[FloatArray, FloatArray]) -> ByFrequency:
    group = np.minimum(x, LAST_FREQUENCY).astype(int)
    size = LAST_FREQUENCY + 1
    customers = np.bincount(group, w, size)
    below = np.where(customers >= SMALL_GROUP, customers, np.nan)
    actual, predicted, naive = (np.bincount(group, w * v, size) / below for v in (bought, *both))
    return ByFrequency(np.arange(size, dtype=float), customers, actual, predicted, naive)


def _by_decile(predicted: FloatArray, bought: FloatArray, w: FloatArray) -> ByDecile:
    """A history that straddles a boundary is split in proportion, so that ties do not depend on their order."""
    if not np.isfinite(predicted).all() or w.sum() < DECILES * SMALL_GROUP:
        return ByDecile(np.full(DECILES, np.nan), np.full(DECILES, np.nan))
    order = np.argsort(-predicted, kind="stable")
    customers = np.r_[0.0, np.cumsum(w[order])]
    edges = np.linspace(0, customers[-1], DECILES + 1)
    sums = [np.diff(np.interp(edges, customers, np.r_[0.0, np.cumsum((w * v)[order])])) for v in (bought, predicted)]
    return ByDecile(*(total / (customers[-1] / DECILES) for total in sums))


def _mean(value: FloatArray, w: FloatArray) -> Estimate:
    """Weighted mean over customers with its normal interval."""
    n = int(w.sum())
    if not np.isfinite(value).all() or n < 2:
        return unknown(n, "ltv.no_prediction")
    mean = float(np.average(value, weights=w))
    half = z() * float(np.sqrt(w @ (value - mean) ** 2 / (n - 1) / n))
    return Estimate(mean, mean - half, mean + half, n)
