"""Which beginning brings the better customers: shrunken means by first product, medium and offer, and how sure the order is.

Group means are noisy, and the best of many noisy means is too good to be true. So each is drawn towards the mean of all by
as much as the groups' true differences (tau) are small against its error (empirical Bayes for the normal model; tau by
Paule & Mandel (1982), the value at which the weighted squares come to their degrees of freedom). The probability of being
best comes from the posteriors: where nothing tells the groups apart it is one over their number, and nobody is called best.

Source: Efron & Morris (1975), Journal of the American Statistical Association 70, 311-319; Morris (1983), JASA 78, 47-55, for
the variance that not knowing tau adds; Paule & Mandel (1982), Journal
of Research of the NBS 87, 377-385; written from the definitions and checked by recovery and on null clients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from crmlib.intervals import Estimate, z

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmlib.ltv.curve import ValueCurve
    from crmlib.newton import FloatArray

ENOUGH = 50  # customers from which a group enters the comparison
SURE = 0.95  # probability of being best from which a group is called best
HORIZONS = (12, 6, 3)  # steps of 30 days: the longest at which two groups are large enough
GRID = 801


@dataclass(frozen=True)
class Entry:
    """One beginning: its raw mean value, the shrunken one with interval, and the probability that it is the best."""

    name: str
    customers: int
    raw: float
    shrunk: Estimate
    p_best: float


@dataclass(frozen=True)
class EntryComparison:
    """Beginnings compared at `step` times 30 days, the best (shrunken) first; `best` is "" unless one is surely best.

    `gap` is the shrunken difference of the first and the second; `left_out` groups were too small.
    """

    step: int
    entries: tuple[Entry, ...]
    gap: Estimate
    spread: float
    left_out: int
    why: str = ""

    @property
    def best(self) -> str:
        """The name of the group that is best with a probability of 95 % or more."""
        return self.entries[0].name if self.entries and self.entries[0].p_best >= SURE else ""


def compare(curves: Mapping[str, ValueCurve]) -> EntryComparison:
    """Compare groups of customers by what they bring within a year (or half, or a quarter, where a year is not observed).

    Args:
        curves: by name, as `curve.curves` returns them.
    """
    for step in HORIZONS:
        groups = [c for c in curves.values() if c.customers[step - 1] >= ENOUGH and np.isfinite(c.mean[step - 1])]
        if len(groups) > 1:
            break
    else:
        none = Estimate(np.nan, np.nan, np.nan, 0, "ltv.few_entries")
        return EntryComparison(HORIZONS[-1], (), none, np.nan, len(curves), "ltv.few_entries")
    mean, error = (np.array([getattr(c, what)[step - 1] for c in groups]) for what in ("mean", "error"))
    centre, spread, chance = shrink(mean, np.maximum(error, 1e-12 * np.abs(mean).max()))
    order = np.lexsort((-chance, -np.round(centre / np.abs(centre).max(), 9)))  # equal means: the likelier best first
    entries = tuple(_entry(groups[i], step, (centre[i], spread[i]), float(chance[i])) for i in order)
    first, second = order[:2]
    gap, half = centre[first] - centre[second], z() * np.hypot(spread[first], spread[second])
    n = entries[0].customers + entries[1].customers
    found = Estimate(float(gap), float(gap - half), float(gap + half), n)
    return EntryComparison(step, entries, found, tau(mean, error), len(curves) - len(groups))


def shrink(mean: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Posterior mean and standard deviation of each group, and its probability of being the largest.

    Args:
        mean: observed means.
        error: their standard errors, above 0.
    """
    between = tau(mean, error) ** 2
    weight = 1 / (error**2 + between)
    centre = weight @ mean / weight.sum()
    kept = between * weight
    unsure = 2 / max(len(mean) - 3, 1) * ((1 - kept) * (mean - centre)) ** 2  # tau itself is only estimated
    variance = kept * error**2 + (1 - kept) ** 2 / weight.sum() + unsure
    shrunk, deviation = kept * mean + (1 - kept) * centre, np.sqrt(variance)
    return shrunk, deviation, probability_best(shrunk, deviation)


def tau(mean: FloatArray, error: FloatArray) -> float:
    """Standard deviation of the groups' true means (Paule & Mandel); 0 where the errors explain all differences."""
    variance = np.maximum(error, 1e-12 * np.abs(mean).max()) ** 2

    def excess(between: float) -> float:
        weight = 1 / (variance + between)
        centre = weight @ mean / weight.sum()
        return float(weight @ (mean - centre) ** 2) - (len(mean) - 1)

    if len(mean) < 2 or excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(np.ptp(mean) ** 2 + variance.max())
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return float(np.sqrt(high))


def probability_best(mean: FloatArray, deviation: FloatArray) -> FloatArray:
    """Probability of each of several independent normals to be the largest; sums to 1.

    Example:
        >>> probability_best(np.array([1.0, 1.0]), np.array([0.5, 0.5])).round(3).tolist()
        [0.5, 0.5]
    """
    low, high = (mean - 8 * deviation).min(), (mean + 8 * deviation).max()
    at = np.unique(
        np.concatenate([np.linspace(low, high, GRID), *(m + d * NEAR for m, d in zip(mean, deviation, strict=True))])
    )
    below = ndtr((at - mean[:, None]) / deviation[:, None])
    middle, step = (below[:, 1:] + below[:, :-1]) / 2, np.diff(below, axis=1)
    others = np.array([np.prod(np.delete(middle, i, axis=0), axis=0) for i in range(len(mean))])
    chance = (step * others).sum(axis=1)
    return np.asarray(chance / chance.sum())


NEAR = np.linspace(-5, 5, 101)  # each normal has its own points, so that a narrow one is not stepped over


def _entry(curve: ValueCurve, step: int, posterior: tuple[float, float], p_best: float) -> Entry:
    centre, deviation = map(float, posterior)
    n, half = int(curve.customers[step - 1]), z() * deviation
    return Entry(curve.name, n, float(curve.mean[step - 1]), Estimate(centre, centre - half, centre + half, n), p_best)
