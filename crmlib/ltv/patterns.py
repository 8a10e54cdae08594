"""Weighted purchase patterns: everything the likelihood of a "buy till you die" model needs to know.

frequency  repeat purchase occasions (distinct purchase dates - 1)
recency    days from the first to the last purchase (0 where there is no repeat)
T          days from the first purchase to the end of observation
weight     number of customers with exactly this history

The cost of a fit grows with the number of patterns, not of customers: 2,357 CDNOW customers are 1,016 patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    IntArray = NDArray[np.int64]

DAYS_PER_WEEK = 7.0
_LARGEST_KEY = 2**62


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct histories in days, sorted by (frequency, recency, T), each with the number of its customers."""

    frequency: IntArray
    recency: IntArray
    T: IntArray
    weight: IntArray

    def __len__(self) -> int:
        """Number of distinct patterns."""
        return len(self.weight)

    @property
    def customers(self) -> int:
        """Number of customers behind the patterns."""
        return int(self.weight.sum())

    @property
    def repeaters(self) -> int:
        """Number of customers with at least one repeat purchase."""
        return int(self.weight[self.frequency > 0].sum())

    @property
    def repeat_purchases(self) -> int:
        """Number of repeat purchase occasions of all customers."""
        return int(self.weight @ self.frequency)


def from_frame(frame: pd.DataFrame) -> Patterns:
    """Patterns from a frame of counts with columns frequency, recency, T (days) and weight, in any row order."""
    return from_arrays(frame["frequency"], frame["recency"], frame["T"], frame["weight"])


def from_arrays(frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, weight: ArrayLike | None = None) -> Patterns:
    """Group customers by their history.

    Args:
        frequency: repeat purchase occasions, one per customer.
        recency: days from first to last purchase.
        T: days from first purchase to the end of observation.
        weight: customers per row; one each when left out.

    Raises:
        ValueError: a history that cannot be (naming the first such row), or arrays of different length.

    Example:
        >>> grouped = from_arrays([0, 2, 0], [0, 14, 0], [30, 30, 30])
        >>> grouped.frequency.tolist(), grouped.weight.tolist()
        ([0, 2], [2, 1])
    """
    x, t_x, t = (_whole(name, v) for name, v in (("frequency", frequency), ("recency", recency), ("T", T)))
    if not len(x) == len(t_x) == len(t):
        raise ValueError(f"frequency, recency and T have {len(x)}, {len(t_x)} and {len(t)} rows; they must be as many")
    w = None if weight is None else _whole("weight", weight)
    key, days = _pack(x, t_x, t)
    distinct, count = _runs(np.sort(key)) if w is None else _weighted(key, w)
    rest, T_distinct = np.divmod(distinct, days)
    grouped = Patterns(*np.divmod(rest, days), T_distinct, count)
    _refuse_impossible(grouped)
    return grouped


def coarse(patterns: Patterns, days: int) -> Patterns:
    """The same customers with recency and T moved to the middle of bins of `days` days: a start for a fit, not a fit."""
    bins = int(patterns.T.max()) // days + 1
    key = (patterns.frequency * bins + patterns.recency // days) * bins + patterns.T // days
    weight = np.bincount(key, patterns.weight).astype(np.int64)
    used = np.flatnonzero(weight)
    rest, T = np.divmod(used, bins)
    frequency, recency = np.divmod(rest, bins)
    middle = np.where(frequency > 0, recency * days + days // 2, 0)
    return Patterns(frequency, middle, T * days + days // 2, weight[used])


def _whole(name: str, values: ArrayLike) -> IntArray:
    array = np.asarray(values)
    if array.dtype.kind not in "iu" and not np.array_equal(array, np.floor(array)):
        raise ValueError(f"{name} must be whole numbers: counts, and times in days (the models make weeks of them)")
    return array.astype(np.int64, copy=False)


def _pack(x: IntArray, t_x: IntArray, t: IntArray) -> tuple[IntArray, int]:
    """One integer per history that sorts like (frequency, recency, T), and the number of days that unpacks it."""
    if min(x.min(initial=0), t_x.min(initial=0), t.min(initial=0)) < 0:
        raise ValueError("frequency, recency and T must not be negative")
    days = int(max(t.max(initial=0), t_x.max(initial=0))) + 1
    if (int(x.max(initial=0)) + 1) * days * days > _LARGEST_KEY:
        raise ValueError(f"frequency up to {x.max()} over {days} days does not fit into a 64-bit key")
    return (x * days + t_x) * days + t, days


def _weighted(key: IntArray, weight: IntArray) -> tuple[IntArray, IntArray]:
    distinct, where = np.unique(key, return_inverse=True)
    return distinct, np.bincount(where, weight, len(distinct)).astype(np.int64)


def _runs(ordered: IntArray) -> tuple[IntArray, IntArray]:
    """Distinct values and counts of a sorted array (np.unique without its second pass)."""
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, np.int64)
    return ordered[starts], np.diff(np.r_[starts, len(ordered)])


def _refuse_impossible(p: Patterns) -> None:
    wrong = (p.recency > p.T) | ((p.frequency == 0) != (p.recency == 0)) | (p.frequency > p.recency) | (p.weight <= 0)
    if wrong.any():
        i = int(np.argmax(wrong))
        raise ValueError(
            f"{int(wrong.sum())} impossible histories; the first: frequency {p.frequency[i]}, recency {p.recency[i]}, "
            f"T {p.T[i]}, weight {p.weight[i]}. Expected frequency <= recency <= T in days, "
            "recency 0 exactly where frequency is 0, and a weight above 0"
        )
