"""Kaplan-Meier on counts: one entry per day, so that the cost grows with the days and not with the customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crmlib.intervals import Estimate, first_at_or_below, log_log, unknown

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class KaplanMeier:
    """Share still without the event, by day. Index = day, 0 to the longest time.

    Args:
        at_risk: Under observation and without the event just before the day.
        events: Events on the day.
        survival: Share without the event at the end of the day.
        log_variance: Greenwood's sum up to the day.
        lower: Lower log-log limit of `survival`, NaN where it is 0 or 1.
        upper: Upper log-log limit.
        horizon: Last day on which the curve is read.
        n: Customers.
    """

    at_risk: Counts
    events: Counts
    survival: Array
    log_variance: Array
    lower: Array
    upper: Array
    horizon: int
    n: int

    def converted(self, day: int) -> Estimate:
        """Share with the event by the end of a day, 1 - S, with its log-log interval; NaN after the horizon."""
        if day > self.horizon:
            return unknown(self.n, "too_young")
        index = min(day, len(self.survival) - 1)  # everyone has left before: the curve stays where it is
        return Estimate(
            float(1 - self.survival[index]), float(1 - self.upper[index]), float(1 - self.lower[index]), self.n
        )

    def at_risk_on(self, day: int) -> int:
        """Customers under observation and without the event just before a day."""
        return int(self.at_risk[day]) if day < len(self.at_risk) else 0

    def quantile(self, share: float) -> Estimate:
        """Day by which a share of all customers has the event.

        The interval inverts the curve's (Brookmeyer & Crowley 1982 with the log-log transform): it holds the days
        whose own interval covers the share. What the curve or its band does not reach is NaN: the day may be
        unknown and its lower limit known.
        """
        value, lower, upper = (self._day(curve, 1 - share) for curve in (self.survival, self.lower, self.upper))
        return Estimate(value, lower, upper, self.n, "not_reached" if np.isnan(value) else "")

    def _day(self, curve: Array, height: float) -> float:
        day = first_at_or_below(curve, height)
        return day if day <= self.horizon else np.nan


def kaplan_meier(days: ArrayLike, event: ArrayLike, n: ArrayLike, horizon: int) -> KaplanMeier:
    """Product-limit estimate from counts; somebody who leaves on a day is still at risk on it.

    Args:
        days: Whole days to the event, or to the end of observation, shape (rows,).
        event: True where the row's customers had the event.
        n: Customers of the row.
        horizon: Last day on which the curve may be read.

    Source:
        Kaplan & Meier (1958); Greenwood (1926) for the variance. Checked against statsmodels' SurvfuncRight.
    """
    days, event, n = np.asarray(days, np.int64), np.asarray(event, bool), np.asarray(n, np.int64)
    leaving = np.bincount(days, n, minlength=1).astype(np.int64)
    events = np.bincount(days[event], n[event], minlength=len(leaving)).astype(np.int64)
    at_risk = leaving[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - _ratio(events, at_risk), dtype=np.float64)
    log_variance = np.cumsum(_ratio(events, at_risk * (at_risk - events)))
    lower, upper = log_log(survival, log_variance)
    return KaplanMeier(at_risk, events, survival, log_variance, lower, upper, horizon, int(n.sum()))


def _ratio(top: Counts, bottom: Counts) -> Array:
    return np.divide(top, bottom, out=np.zeros(len(top)), where=bottom > 0)
