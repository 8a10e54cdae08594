"""Random numbers that depend only on what they are for.

A `Key` belongs to one table or one planted problem (its seed comes from `numpy.random.SeedSequence` with the
name as spawn key). A draw is a function of (key, who, round) and of nothing else, so switching one problem off
leaves the draws of all others as they were. The function is the finaliser of SplitMix64, applied twice.

Source: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators" (constants of SplitMix64);
uniformity and independence are checked in tests/simulate/test_streams.py.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ROUND = np.uint64(0xD1B54A32D192ED03)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = (np.uint64(n) for n in (30, 27, 31, 11))


def _mix(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    x ^= x >> _S30
    x *= _MIX_A
    x ^= x >> _S27
    x *= _MIX_B
    x ^= x >> _S31
    return x


@dataclass(frozen=True)
class Key:
    """The source of one table's or one problem's draws."""

    value: int

    def child(self, name: str) -> Key:
        """An independent key for one kind of draw, e.g. `key.child("gap")`."""
        return Key(_seeded(self.value, name))

    def generator(self) -> np.random.Generator:
        """An ordinary generator, for draws whose number never depends on a problem."""
        return np.random.default_rng(self.value)

    def bits(self, who: npt.ArrayLike, turn: npt.ArrayLike = 0) -> npt.NDArray[np.uint64]:
        """64 random bits for each of `who` (non-negative integers) at `turn`."""
        x = np.array(who, dtype=np.uint64, ndmin=1)
        with np.errstate(over="ignore"):
            x *= _GOLDEN
            x += np.uint64(self.value)
            x = _mix(x)
            return _mix(x + np.asarray(turn, dtype=np.uint64) * _ROUND + _GOLDEN)

    def uniform(self, who: npt.ArrayLike, turn: npt.ArrayLike = 0) -> Floats:
        """Uniform in (0, 1), never 0 or 1."""
        return (self.bits(who, turn) >> _S11) * 2.0**-53 + 2.0**-54

    def exponential(self, who: npt.ArrayLike, turn: npt.ArrayLike = 0) -> Floats:
        """Exponential with mean 1."""
        return -np.log(self.uniform(who, turn))

    def normal(self, who: npt.ArrayLike, turn: npt.ArrayLike = 0) -> Floats:
        """Standard normal."""
        return np.asarray(ndtri(self.uniform(who, turn)), dtype=np.float64)

    def happens(self, who: npt.ArrayLike, probability: npt.ArrayLike) -> Bools:
        """True with the given probability."""
        return self.uniform(who) < np.asarray(probability)

    def choice(self, who: npt.ArrayLike, weights: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """The index of one of the weights (at most 127 of them)."""
        cuts = np.cumsum(np.asarray(weights, dtype=float))
        return np.searchsorted(cuts / cuts[-1], self.uniform(who)).astype(np.int8)

    def integer(self, who: npt.ArrayLike, below: Any) -> Ints:
        """A whole number from 0 to below - 1."""
        return np.floor(self.uniform(who) * below).astype(np.int64)


def _seeded(seed: int, name: str) -> int:
    sequence = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),))
    return int(sequence.generate_state(1, np.uint64)[0])


def key(seed: int, name: str) -> Key:
    """The key of one table or problem.

    Example:
        >>> key(1, "orders") == key(1, "orders"), key(1, "orders") == key(1, "leads")
        (True, False)
    """
    return Key(_seeded(seed, name))
