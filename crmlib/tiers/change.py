"""Has migration changed against the period before, and does the tier alone tell what comes next?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import erfc

from crmlib.intervals import Estimate, chi_square_p, difference, false_discovery, proportion
from crmlib.tiers.migration import Migration

Array = NDArray[np.float64]
EXPECTED = 5.0  # customers that a tested cell must expect (Cochran 1954)
# Share of false alarms among the changes called. A client is looked at every year with a dozen cells: at 1 % about
# one in a hundred clients without any change is told of one.
FALSE_DISCOVERY = 0.01


@dataclass(frozen=True)
class ChiSquare:
    """Pearson's test; p is NaN with a why when it cannot be made."""

    statistic: float
    degrees: int
    p: float
    n: int
    why: str = ""


@dataclass(frozen=True)
class CellChange:
    """One cell of the matrix against the period before.

    Args:
        before: Row of the tier.
        after: Column; the number of tiers is "left".
        earlier: Share in the period before.
        later: Share in the last period.
        difference: later - earlier, Newcombe's interval (of this cell alone).
        p: Two-sided, two proportions.
        q: p adjusted for all cells that were tested (Benjamini & Hochberg 1995).
        changed: Whether q is below `FALSE_DISCOVERY`.
    """

    before: int
    after: int
    earlier: Estimate
    later: Estimate
    difference: Estimate
    p: float
    q: float
    changed: bool


@dataclass(frozen=True)
class Change:
    """The last period against the one before: the whole matrix, and cell by cell.

    Args:
        whole: Homogeneity of all rows.
        cells: Tested cells, in the order of the matrix.
        why: Text key of why there is no comparison, "" otherwise.
    """

    whole: ChiSquare
    cells: tuple[CellChange, ...]
    why: str = ""

    @property
    def changed(self) -> tuple[CellChange, ...]:
        """The cells that have changed, largest difference first."""
        return tuple(sorted((c for c in self.cells if c.changed), key=lambda c: -abs(c.difference.value)))

    def cell(self, before: int, after: int) -> CellChange | None:
        """A tested cell, None when it was not tested."""
        return next((c for c in self.cells if (c.before, c.after) == (before, after)), None)


def change(moved: Migration) -> Change:
    """The last period against the period before.

    A cell is tested where both periods expect at least `EXPECTED` customers in it and outside it. Customers of both
    periods are taken as independent given their tier.
    """
    if moved.periods < 2 or moved.why:
        return Change(ChiSquare(np.nan, 0, np.nan, 0, "one_period"), (), moved.why or "one_period")
    earlier, later = moved.counts(-2), moved.counts(-1)
    places = [place for place in np.ndindex(earlier.shape) if _testable(earlier, later, place)]
    p = np.array([_two_proportions(earlier, later, place) for place in places])
    q = false_discovery(p)
    cells = tuple(_cell(earlier, later, place, (p[k], q[k])) for k, place in enumerate(places))
    return Change(homogeneity(np.stack([earlier, later])), cells, "" if cells else "too_few")


def homogeneity(tables: Array) -> ChiSquare:
    """Whether several periods have the same matrix: Pearson's chi-square by row, added up.

    Args:
        tables: Counts, shape (periods, from, to). Cells with a total of 0 are left out with their column.

    Source:
        Anderson & Goodman (1957), Annals of Mathematical Statistics 28, 89-110, section 3.
    """
    rows = [_contingency(tables[:, row]) for row in range(tables.shape[1])]
    statistic, degrees, low = (sum(part) for part in zip(*rows, strict=True))
    n = int(tables.sum())
    if degrees == 0 or low > 0.2 * tables.size:
        return ChiSquare(np.nan, int(degrees), np.nan, n, "too_few")
    return ChiSquare(statistic, int(degrees), chi_square_p(statistic, int(degrees)), n)


def order(paths: pd.DataFrame, tiers: int) -> ChiSquare:
    """Whether the tier before last matters once the last tier is known: is the chain of first order (Markov)?

    Args:
        paths: earlier, before, after (the code -2 is left), customers.
        tiers: Number of tiers.

    Source:
        Anderson & Goodman (1957), section 4: for each tier in between, independence of before and after.
    """
    table = np.zeros((tiers, tiers, tiers + 1))
    inside = paths[(paths["earlier"] >= 0) & (paths["before"] >= 0)]
    after = inside["after"].where(inside["after"] >= 0, tiers).to_numpy(np.int64)
    place = (inside["earlier"].to_numpy(np.int64), inside["before"].to_numpy(np.int64), after)
    np.add.at(table, place, inside["customers"].to_numpy(float))
    return homogeneity(table)


def summary(found: Change) -> Mapping[str, int]:
    """How many cells were tested and how many have changed."""
    return {"tested": len(found.cells), "changed": len(found.changed)}


def _testable(earlier: Array, later: Array, place: tuple[int, ...]) -> bool:
    row = place[0]
    sizes = np.array([earlier[row].sum(), later[row].sum()])
    if not sizes.min():
        return False
    share = (earlier[place] + later[place]) / sizes.sum()
    return bool(min(sizes.min() * share, sizes.min() * (1 - share)) >= EXPECTED)


def _two_proportions(earlier: Array, later: Array, place: tuple[int, ...]) -> float:
    """Score test of equal proportions (Pearson's chi-square of the two by two table)."""
    first, second = earlier[place[0]].sum(), later[place[0]].sum()
    share = (earlier[place] + later[place]) / (first + second)
    gap = later[place] / second - earlier[place] / first
    return float(erfc(abs(gap) / np.sqrt(share * (1 - share) * (1 / first + 1 / second)) / np.sqrt(2)))


def _cell(earlier: Array, later: Array, place: tuple[int, ...], tested: tuple[float, float]) -> CellChange:
    before, after = place
    then, now = (proportion(float(table[place]), int(table[before].sum())) for table in (earlier, later))
    p, q = tested
    return CellChange(before, after, then, now, difference(now, then), float(p), float(q), bool(q < FALSE_DISCOVERY))


def _contingency(table: Array) -> tuple[float, int, int]:
    """Statistic, degrees of freedom and number of cells that expect too little, of one table of counts."""
    used = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(used.shape) < 2:
        return 0.0, 0, 0
    expected = np.outer(used.sum(axis=1), used.sum(axis=0)) / used.sum()
    statistic = float(((used - expected) ** 2 / expected).sum())
    return statistic, (used.shape[0] - 1) * (used.shape[1] - 1), int((expected < EXPECTED).sum())
