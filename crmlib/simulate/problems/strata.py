"""Comparing within strata: the plain way to be fair where treatment depended on something that is known."""

from __future__ import annotations

import numpy as np

from crmlib.simulate.streams import Bools, Floats, Ints


def error(treated: Bools, stratum: Ints, outcome: Floats) -> float:
    """Standard error of the difference of means within strata, weighted as the treated; infinite where it has none.

    The variance of each side is pooled over the strata, because a stratum of two tells little about a variance.
    """
    sides = [_Side(stratum[group], outcome[group]) for group in (treated, ~treated)]
    both = np.intersect1d(sides[0].strata, sides[1].strata)
    size = [np.array([side.size(one) for one in both]) for side in sides]
    if not both.size or any(side.freedom < 1 for side in sides):
        return np.inf
    weight = size[0] / size[0].sum()
    spread = [side.variance for side in sides]
    return float(np.sqrt((weight**2 * (spread[0] / size[0] + spread[1] / size[1])).sum()))


def expected(treated: Bools, stratum: Ints, outcome: Floats) -> float:
    """Mean outcome of all customers by stratum, weighted as the treated: what the treated would have come to."""
    if not treated.any():
        return 0.0
    strata, place = np.unique(stratum, return_inverse=True)
    mean = np.bincount(place, outcome, strata.size) / np.bincount(place, minlength=strata.size)
    return float(mean[place[treated]].mean())


class _Side:
    """Treated, or not treated: sizes and pooled variance within strata."""

    def __init__(self, stratum: Ints, outcome: Floats) -> None:
        self.strata, place, self._count = np.unique(stratum, return_inverse=True, return_counts=True)
        mean = np.bincount(place, outcome, self.strata.size) / np.maximum(self._count, 1)
        self.freedom = outcome.size - self.strata.size
        self.variance = float(((outcome - mean[place]) ** 2).sum()) / max(self.freedom, 1)

    def size(self, stratum: int) -> int:
        return int(self._count[np.searchsorted(self.strata, stratum)])
