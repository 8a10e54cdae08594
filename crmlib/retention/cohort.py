"""Cohort retention: who comes back in the months after the month of the first purchase."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, chi_square_p, proportion, unknown

Array = NDArray[np.float64]
SMALL_GROUP = 5  # groups below this size are not shown with values
PAGE_COHORTS, PAGE_PERIODS = 16, 18  # rows and columns that one page can show in readable type
TESTED_PERIOD = 1  # the month that every cohort reaches first


@dataclass(frozen=True)
class CohortRetention:
    """Active customers by acquisition cohort and months since the acquisition.

    Args:
        cohorts: Labels in order of time, "1997-01" or "1997-Q1".
        sizes: Customers acquired, shape (cohorts,).
        active: Customers with a purchase in each month since, shape (cohorts, periods); column 0 is month 1.
            NaN = not observable yet, 0 = observed, nobody came.
        as_of: Last day of the data.
        step: "month" or "quarter", the width of a cohort.
        left_out: Earlier cohorts that are not in this matrix.
        why: Text key of why nothing is observable, "" otherwise.
    """

    cohorts: tuple[str, ...]
    sizes: NDArray[np.int64]
    active: Array
    as_of: date
    step: str = "month"
    left_out: int = 0
    why: str = ""

    @property
    def periods(self) -> int:
        """Number of months since acquisition that at least one cohort has completed."""
        return self.active.shape[1]

    def cell(self, cohort: int, period: int) -> Estimate:
        """Share of a cohort (row number) active in month `period` (1, 2, ...) with its Wilson interval."""
        n, count = int(self.sizes[cohort]), self.active[cohort, period - 1]
        if np.isnan(count):
            return unknown(n, "immature")
        return proportion(float(count), n) if n >= SMALL_GROUP else unknown(n, "small_group")

    def mean(self, period: int) -> Estimate:
        """Share over all cohorts that have completed month `period`, weighted by their customers."""
        column = self.active[:, period - 1]
        seen = ~np.isnan(column)
        n = int(self.sizes[seen].sum())
        return proportion(float(column[seen].sum()), n) if n >= SMALL_GROUP else unknown(n, "small_group")


@dataclass(frozen=True)
class HomogeneityTest:
    """Pearson's test of one and the same share in all cohorts; p is NaN with a why when it cannot be made."""

    statistic: float
    degrees: int
    p: float
    n: int
    why: str = ""


def by_cohort(counts: pd.DataFrame, sizes: pd.DataFrame, as_of: date) -> CohortRetention:
    """Cohort matrix with a maturity mask.

    A cell is observable only when its whole calendar month had passed by `as_of`, for all of the cohort alike.

    Args:
        counts: cohort and period (months; cohort = year * 12 + month - 1), active (distinct customers).
        sizes: cohort, n (customers whose first purchase fell in the month).
        as_of: Last day of the data.

    Returns:
        One row per month with new customers, one column per completed month since.
    """
    acquired = sizes.groupby("cohort")["n"].sum()
    if acquired.empty:
        return CohortRetention((), np.empty(0, np.int64), np.empty((0, 0)), as_of, why="no_customers")
    months = acquired.index.to_numpy(np.int64)
    completed = _last_complete_month(as_of) - months
    periods = max(int(completed.max()), 0)
    table = counts.pivot_table("active", "cohort", "period", "sum", fill_value=0)
    seen = table.reindex(index=months, columns=range(1, periods + 1), fill_value=0).to_numpy(float)
    active = np.where(np.arange(1, periods + 1) <= completed[:, None], seen, np.nan)
    labels = tuple(month_label(int(month)) for month in months)
    return CohortRetention(labels, acquired.to_numpy(np.int64), active, as_of, why=_why(int(acquired.sum()), active))


def _why(n: int, active: Array) -> str:
    if n < SMALL_GROUP or not active.size:
        return "too_few" if n < SMALL_GROUP else "too_young"
    return "" if np.nansum(active) else "no_repeat"


def homogeneity(matrix: CohortRetention) -> HomogeneityTest:
    """Whether the cohorts differ in the share that is active in month 1.

    Month 1 is fixed beforehand, so that no month is picked for its difference. Seasons count as differences.

    Returns:
        Pearson's chi-square with cohorts - 1 degrees of freedom. Not made with fewer than two cohorts, or where
        fewer than 80 % of the expected counts are 5 or more (Cochran 1954).
    """
    column = matrix.active[:, TESTED_PERIOD - 1] if matrix.periods else np.empty(0)
    seen = ~np.isnan(column)
    n, yes = matrix.sizes[: len(column)][seen].astype(float), column[seen]
    total = int(n.sum())
    if seen.sum() < 2:
        return HomogeneityTest(np.nan, 0, np.nan, total, "one_cohort")
    share = yes.sum() / total
    expected = np.concatenate([n * share, n * (1 - share)])
    if np.mean(expected >= 5) < 0.8 or expected.min() < 1:
        return HomogeneityTest(np.nan, len(n) - 1, np.nan, total, "too_few")
    statistic = float(((np.concatenate([yes, n - yes]) - expected) ** 2 / expected).sum())
    return HomogeneityTest(statistic, len(n) - 1, chi_square_p(statistic, len(n) - 1), total)


def fit_to_page(matrix: CohortRetention) -> CohortRetention:
    """The matrix that one page can show: months, else quarters, else the latest quarters; `left_out` counts the rest."""
    page = matrix if len(matrix.cohorts) <= PAGE_COHORTS else by_quarter(matrix)
    start = max(len(page.cohorts) - PAGE_COHORTS, 0)
    cohorts, sizes, active = page.cohorts[start:], page.sizes[start:], page.active[start:, :PAGE_PERIODS]
    return replace(page, cohorts=cohorts, sizes=sizes, active=active, left_out=start)


def by_quarter(matrix: CohortRetention) -> CohortRetention:
    """Monthly cohorts added up to calendar quarters; a cell is observable when it is for each of its months."""
    quarters = [_quarter(label) for label in matrix.cohorts]
    labels = tuple(dict.fromkeys(quarters))
    member = np.array([[quarter == label for quarter in quarters] for label in labels], float)
    return replace(
        matrix,
        cohorts=labels,
        sizes=(member @ matrix.sizes).astype(np.int64),
        active=np.stack([matrix.active[row.astype(bool)].sum(axis=0) for row in member]),
        step="quarter",
    )


def _last_complete_month(as_of: date) -> int:
    tomorrow = as_of + timedelta(days=1)
    return tomorrow.year * 12 + tomorrow.month - 2


def month_label(month: int) -> str:
    """Label of a month number, year * 12 + month - 1: "1997-01"."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _quarter(label: str) -> str:
    year, month = label.split("-")
    return f"{year}-Q{(int(month) + 2) // 3}"
