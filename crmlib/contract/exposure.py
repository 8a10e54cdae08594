"""Who faced the n-th renewal and who was lost at it: all that a model of discrete lifetimes needs of the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crmlib.errors import CrmError

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Exposure:
    """Counts by renewal opportunity; entry 0 is the first renewal (the step from the first shipment to the second).

    Args:
        at_risk: Contracts that faced the opportunity and were seen to take or to leave it, shape (opportunities,).
        lost: Of these, those lost at it.
        contracts: All contracts, those too young for any opportunity included.
    """

    at_risk: Counts
    lost: Counts
    contracts: int

    @property
    def kept(self) -> Counts:
        """Contracts renewed at each opportunity."""
        return self.at_risk - self.lost


def from_survivors(survivors: ArrayLike) -> Exposure:
    """Exposure of one cohort seen to its last entry.

    Args:
        survivors: Contracts alive after 0, 1, 2, ... renewals; never rising.

    Raises:
        CrmError: fewer than two entries, a negative or a rising one.

    Example:
        >>> from_survivors([1000, 631, 468]).lost.tolist()
        [369, 163]
    """
    alive = np.asarray(survivors, np.int64)
    if alive.ndim != 1 or alive.size < 2 or (alive < 0).any() or (np.diff(alive) > 0).any():
        raise CrmError("survivors must be at least two whole numbers that never rise")
    return Exposure(alive[:-1].copy(), -np.diff(alive), int(alive[0]))


def from_tenures(renewals: ArrayLike, lost: ArrayLike, weight: ArrayLike | None = None) -> Exposure:
    """Exposure of contracts of any age.

    Args:
        renewals: Renewals seen of each contract, 0 or more, shape (rows,).
        lost: True where the contract was then lost; False where it is still running (its next renewal is not due yet).
        weight: Contracts of the row; 1 each when left out.

    Raises:
        CrmError: a negative count, or columns of unequal length.
    """
    made, left = np.asarray(renewals, np.int64), np.asarray(lost, bool)
    n = np.ones(made.shape, np.int64) if weight is None else np.asarray(weight, np.int64)
    if made.shape != left.shape or made.shape != n.shape or (made < 0).any() or (n < 0).any():
        raise CrmError("renewals, lost and weight must be of one length and not negative")
    faced = made + left
    size = int(faced[n > 0].max(initial=0))
    ended = np.bincount(faced, n, minlength=size + 1).astype(np.int64)  # who faced exactly so many opportunities
    at_risk = ended[::-1].cumsum()[::-1][1 : size + 1]
    return Exposure(
        at_risk, np.bincount(faced[left], n[left], minlength=size + 1).astype(np.int64)[1 : size + 1], int(n.sum())
    )
