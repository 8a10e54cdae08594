"""Customers of a group by day: what its curve, its test and its money are made of, and those of all others by subtraction."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import LEVEL, Estimate, mean, unknown
from crmlib.retention.cohort import SMALL_GROUP
from crmlib.retention.f2 import reading_horizon
from crmlib.retention.kaplan_meier import KaplanMeier, kaplan_meier

Counts = NDArray[np.int64]
YEAR = 365


@dataclass(frozen=True)
class Spent:
    """What some customers spent: how many, the sum and the sum of squares, minor units."""

    n: int
    amount: int
    squares: float

    @classmethod
    def of(cls, counts: pd.DataFrame) -> Spent:
        """Of rows with n, amount and squares."""
        squares = math.fsum(counts["squares"])  # the order of rows differs between engines
        return cls(int(counts["n"].sum()), int(counts["amount"].sum()), squares)

    def __sub__(self, part: Spent) -> Spent:
        return Spent(self.n - part.n, self.amount - part.amount, self.squares - part.squares)

    def mean(self, scale: int = 1, level: float = LEVEL) -> Estimate:
        """Of a customer; `scale`: minor units in the unit wanted."""
        if self.n < SMALL_GROUP:
            return unknown(self.n, "too_few")
        return mean(self.n, self.amount / scale, self.squares / scale**2, level)


@dataclass(frozen=True, eq=False)
class Tally:
    """Customers by day; the arrays of one client are equally long.

    Args:
        events: Second purchases, by days since the first.
        waiting: Customers without one, by days observed.
        observed: All customers, by days observed.
        spent: Repeat purchases in the first year of those observed for a year.
    """

    events: Counts
    waiting: Counts
    observed: Counts
    spent: Spent

    @classmethod
    def of(cls, counts: pd.DataFrame, days: int) -> Tally:
        """Of rows with observed, days, event, n, amount and squares; `days`: the most there are of `observed`."""
        event, n = counts["event"].to_numpy(bool), counts["n"].to_numpy(np.int64)
        waited, observed = (counts[name].to_numpy(np.int64) for name in ("days", "observed"))

        def by_day(day: Counts, who: Counts) -> Counts:
            return np.bincount(day, who, days + 1).astype(np.int64)

        return cls(
            by_day(waited[event], n[event]),
            by_day(waited[~event], n[~event]),
            by_day(observed, n),
            Spent.of(counts[observed >= YEAR]),
        )

    def __sub__(self, part: Tally) -> Tally:
        return Tally(
            self.events - part.events,
            self.waiting - part.waiting,
            self.observed - part.observed,
            self.spent - part.spent,
        )

    @property
    def n(self) -> int:
        """Customers."""
        return int(self.observed.sum())

    @property
    def young(self) -> int:
        """Of them, those observed for less than a year."""
        return int(self.observed[:YEAR].sum())

    def curve(self) -> KaplanMeier:
        """Time to the second purchase, read as far as enough of them have been observed."""
        day = np.arange(len(self.observed))
        event = np.repeat([True, False], len(day))
        waited, n = np.tile(day, 2), np.concatenate([self.events, self.waiting])
        return kaplan_meier(waited, event, n, reading_horizon(day, self.observed))

    def hazards(self, last: int) -> tuple[Counts, Counts]:
        """Events and customers at risk on each of the days 0 to `last`."""
        leaving = (self.events + self.waiting)[::-1].cumsum()[::-1]
        return self.events[: last + 1], leaving[: last + 1]
