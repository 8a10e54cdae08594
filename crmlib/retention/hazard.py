"""When customers come back: the share of those still waiting who buy again, week by week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crmlib.intervals import Estimate, wilson
from crmlib.retention.kaplan_meier import KaplanMeier

Array = NDArray[np.float64]
WEEKS = 52


@dataclass(frozen=True)
class WeeklyHazard:
    """Actuarial share buying again in each week, of those who had not before. Index 0 is week 1 (days 1-7).

    Args:
        rate: Share per week.
        lower: Lower Wilson limit.
        upper: Upper Wilson limit.
        exposed: Customers exposed: at risk at the start of the week less half of those whose observation ends in it.
        peak_week: Week with the highest lower limit (a week with few customers cannot be the peak by chance); 0 = none.
        fade_week: First week after the peak whose interval lies below half of the peak's rate, with no later week
            whose interval lies above it; 0 = none.
        converted_by_peak: Share of all customers with F2 by the end of the peak week, from the curve.
    """

    rate: Array
    lower: Array
    upper: Array
    exposed: Array
    peak_week: int
    fade_week: int
    converted_by_peak: Estimate

    @property
    def contact_day(self) -> int:
        """Last day of the peak week: by then the next contact must have arrived."""
        return 7 * self.peak_week

    def week(self, number: int) -> Estimate:
        """One week's rate with its interval."""
        index = number - 1
        return Estimate(
            float(self.rate[index]), float(self.lower[index]), float(self.upper[index]), int(self.exposed[index])
        )


def weekly_hazard(curve: KaplanMeier) -> WeeklyHazard:
    """Hazard by whole weeks up to the curve's horizon, at most a year.

    Source:
        Cutler & Ederer (1958), actuarial life table: q = d / (n - c / 2).
    """
    weeks = min(WEEKS, max(curve.horizon, 0) // 7)
    start = 7 * np.arange(weeks) + 1
    day = np.arange(1, 7 * weeks + 1)
    events = _padded(curve.events, day).reshape(weeks, 7).sum(axis=1)
    at_risk = _padded(curve.at_risk, start)
    ended = at_risk - events - _padded(curve.at_risk, start + 7)
    exposed = at_risk - ended / 2
    lower, upper = wilson(events, exposed)
    rate = np.divide(events, exposed, out=np.full(weeks, np.nan), where=exposed > 0)
    peak = int(np.nanargmax(lower)) + 1 if events.sum() else 0
    fade = _fade(lower, upper, peak, rate[peak - 1] / 2) if peak else 0
    return WeeklyHazard(rate, lower, upper, exposed, peak, fade, curve.converted(7 * peak))


def _fade(lower: Array, upper: Array, peak: int, half: float) -> int:
    above = np.flatnonzero(lower[peak:] > half)
    start = peak + (int(above[-1]) + 1 if above.size else 0)
    below = np.flatnonzero(upper[start:] < half)
    return start + int(below[0]) + 1 if below.size else 0


def _padded(counts: NDArray[np.int64], index: NDArray[np.int64]) -> Array:
    inside = index < len(counts)
    return np.where(inside, counts[np.where(inside, index, 0)], 0).astype(float)
