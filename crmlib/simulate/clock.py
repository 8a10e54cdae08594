"""The calendar of a simulated client: days since its start, months, fiscal years, season.

Purchases happen in operational time, tau(t) = integral of 1 + A cos(2 pi (t - peak) / 365.25), so a season
speeds the same process up and slows it down without changing what it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crmlib.simulate.streams import Floats, Ints

YEAR = 365.25
AHEAD = 365  # days simulated beyond as_of, for the truth of the next twelve months
PEAK = (12, 10)  # the season's top: year-end gifts


@dataclass(frozen=True)
class Clock:
    """Day 0 is `start`; day `days` is the first day after as_of."""

    start: dt.date
    days: int
    season: float = 0.0
    trend: float = 0.0

    @property
    def end(self) -> int:
        """The last day simulated, for the future's truth."""
        return self.days + AHEAD

    def wave(self, t: Floats) -> Floats:
        """The season's shape, cos, 1 at its peak."""
        peak = (dt.date(self.start.year, *PEAK) - self.start).days
        return np.asarray(np.cos(2 * np.pi * (t - peak) / YEAR))

    @cached_property
    def _tau(self) -> Floats:
        middle = np.arange(self.end + 2) + 0.5
        return np.concatenate([[0.0], np.cumsum(1 + self.season * self.wave(middle))])

    def inner(self, t: Floats) -> Floats:
        """Operational time of calendar time t (days)."""
        return t if self.season == 0 else np.interp(t, np.arange(self._tau.size), self._tau)

    def outer(self, tau: Floats) -> Floats:
        """Calendar time of operational time; beyond the last day it is infinite."""
        if self.season == 0:
            return tau
        return np.interp(tau, self._tau, np.arange(self._tau.size), right=np.inf)

    @cached_property
    def arrivals(self) -> Floats:
        """Probability that a new customer comes on each day: proportional to (1 + A cos) (1 + trend * years)."""
        t = np.arange(self.days) + 0.5
        weight = (1 + self.season * self.wave(t)) * (1 + self.trend * t / YEAR)
        return np.asarray(weight / weight.sum())

    @cached_property
    def _months(self) -> Ints:
        days = np.datetime64(self.start) + np.arange(self.end + 40)
        first = np.datetime64(self.start, "M")
        return (days.astype("datetime64[M]") - first).astype(np.int64)

    def month(self, day: Ints) -> Ints:
        """Months since the month of start."""
        return self._months[day]

    def month_name(self, month: int) -> str:
        """`2024-03` of a month number."""
        return str(np.datetime64(self.start, "M") + month)

    @cached_property
    def years(self) -> Ints:
        """First day of each whole year of the programme from start, and the day after the last."""
        dates = [dt.date(self.start.year + k, self.start.month, self.start.day) for k in range(self.days // 365 + 1)]
        return np.array([(date - self.start).days for date in dates if (date - self.start).days <= self.days])

    @cached_property
    def arrivals_by_year(self) -> tuple[float, ...]:
        """Of the customers who come in a whole year of the programme, the share that comes in each."""
        cumulated = np.concatenate([[0.0], np.cumsum(self.arrivals)])[self.years]
        shares = np.diff(cumulated)
        return tuple((shares / shares.sum()).tolist()) if shares.size else ()

    @cached_property
    def quarters(self) -> Ints:
        """First day of each quarter from start, and the day after the last."""
        months = np.flatnonzero(np.diff(self._months, prepend=-1) > 0)
        firsts = months[::3]
        return firsts[firsts <= self.days]

    def iso(self, day: int) -> str:
        """`2024-03-05` of a day number."""
        return (self.start + dt.timedelta(days=int(day))).isoformat()
