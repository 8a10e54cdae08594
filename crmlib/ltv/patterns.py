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
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    IntArray = NDArray[np.int64]

DAYS_PER_WEEK = 7.0
BLOCK = 32_768
MOST_CELLS = 2_000_000  # of bins, that are counted without sorting
KEY_BITS, _NARROW_BITS = 62, 31  # what fits into 64 bits, and into 32: half the memory, twice as fast to sort


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
    key, bits = _pack(x, t_x, t)
    distinct, count = runs(np.sort(key)) if w is None else _weighted(key, w)
    grouped = Patterns(*_unpack(distinct, bits), count)
    _refuse_impossible(grouped)
    return grouped


def coarse(patterns: Patterns, days: int) -> Patterns:
    """The same customers with recency and T moved to the middle of bins of `days` days: a start for a fit, or a quick one."""
    return _binned((patterns.frequency, patterns.recency, patterns.T), patterns.weight, days)


def coarse_from_arrays(frequency: ArrayLike, recency: ArrayLike, T: ArrayLike, days: int) -> Patterns:
    """As `coarse` of `from_arrays`, without sorting customers first: for when a total is wanted at once.

    Example:
        >>> weekly = coarse_from_arrays([0, 2, 0], [0, 15, 0], [30, 30, 31], 7)
        >>> weekly.recency.tolist(), weekly.T.tolist(), weekly.weight.tolist()
        ([0, 17], [31, 31], [2, 1])
    """
    x, t_x, t = (_whole(name, v) for name, v in (("frequency", frequency), ("recency", recency), ("T", T)))
    _refuse_negative(x, t_x, t)
    return _binned((x, t_x, t), None, days)


def _binned(history: tuple[IntArray, IntArray, IntArray], weight: IntArray | None, days: int) -> Patterns:
    x, t_x, t = history
    bins = int(t.max(initial=0)) // days + 1
    cells = (int(x.max(initial=0)) + 1) * bins * bins
    key = np.empty(len(x), np.int64)
    for block in _blocks(len(x)):
        key[block] = (x[block] * bins + t_x[block] // days) * bins + t[block] // days
    if cells <= MOST_CELLS:
        count = np.bincount(key, weight)
        used = np.flatnonzero(count > 0)
        count = count[used].astype(np.int64)
    else:
        used, count = runs(np.sort(key)) if weight is None else _weighted(key, weight)
    rest, age = np.divmod(used, bins)
    frequency, last = np.divmod(rest, bins)
    middle = np.where(frequency > 0, last * days + days // 2, 0)
    return Patterns(frequency, middle, age * days + days // 2, count)


def _whole(name: str, values: ArrayLike) -> IntArray:
    array = np.asarray(values)
    if array.dtype.kind not in "iu" and not np.array_equal(array, np.floor(array)):
        raise ValueError(f"{name} must be whole numbers: counts, and times in days (the models make weeks of them)")
    return array.astype(np.int64, copy=False)


def _pack(x: IntArray, t_x: IntArray, t: IntArray) -> tuple[IntArray, int]:
    """One integer per history that sorts like (frequency, recency, T), and the bits that a day takes in it."""
    _refuse_negative(x, t_x, t)
    days = int(max(t.max(initial=0), t_x.max(initial=0)))
    bits = days.bit_length()
    needed = int(x.max(initial=0)).bit_length() + 2 * bits
    if needed > KEY_BITS:
        raise ValueError(f"frequency up to {x.max()} over {days + 1} days does not fit into a 64-bit key")
    key: IntArray = np.empty(len(x), "i4" if needed <= _NARROW_BITS else "i8")
    for block in _blocks(len(x)):
        key[block] = (x[block] << 2 * bits) | (t_x[block] << bits) | t[block]
    return key, bits


def _blocks(rows: int) -> Iterator[slice]:
    """Slices whose temporary arrays stay in the processor's cache."""
    return (slice(start, start + BLOCK) for start in range(0, rows, BLOCK))


def _unpack(key: IntArray, bits: int) -> tuple[IntArray, IntArray, IntArray]:
    day = (1 << bits) - 1
    x, t_x, t = (part.astype(np.int64, copy=False) for part in (key >> 2 * bits, (key >> bits) & day, key & day))
    return x, t_x, t


def _weighted(key: IntArray, weight: IntArray) -> tuple[IntArray, IntArray]:
    distinct, where = np.unique(key, return_inverse=True)
    return distinct, np.bincount(where, weight, len(distinct)).astype(np.int64)


def runs(ordered: IntArray) -> tuple[IntArray, IntArray]:
    """Distinct values and counts of a sorted array (np.unique without its second pass)."""
    new = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    starts = np.flatnonzero(new)
    count = np.empty(len(starts), np.int64)
    np.subtract(starts[1:], starts[:-1], out=count[:-1])
    count[-1:] = len(ordered) - starts[-1:]
    return ordered[starts], count


def _refuse_negative(x: IntArray, t_x: IntArray, t: IntArray) -> None:
    if min(x.min(initial=0), t_x.min(initial=0), t.min(initial=0)) < 0:
        raise ValueError("frequency, recency and T must not be negative")


def _refuse_impossible(p: Patterns) -> None:
    wrong = (p.recency > p.T) | ((p.frequency == 0) != (p.recency == 0)) | (p.frequency > p.recency) | (p.weight <= 0)
    if wrong.any():
        i = int(np.argmax(wrong))
        raise ValueError(
            f"{int(wrong.sum())} impossible histories; the first: frequency {p.frequency[i]}, recency {p.recency[i]}, "
            f"T {p.T[i]}, weight {p.weight[i]}. Expected frequency <= recency <= T in days, "
            "recency 0 exactly where frequency is 0, and a weight above 0"
        )
