"""The fall from one tier to a lower one that has changed most clearly against the year before, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crmlib.intervals import Estimate, proportion, unknown
from crmlib.tiers import score
from crmlib.tiers.change import EXPECTED
from crmlib.tiers.migration import Migration

Array = NDArray[np.float64]
LEVEL = 0.95  # for all falls together


@dataclass(frozen=True)
class Fall:
    """One kind of fall, last year against the year before.

    Args:
        before: Tier from which they fell.
        after: Tier to which they fell, or to a lower one.
        earlier: Share of that tier's customers who fell so in the year before.
        later: The same in the last year.
        difference: later - earlier, with an interval that holds for all falls that were tested.
        cost: Spend of the last year that is missing because of the difference, minor units; negative where fewer fell.
        why: Text key of why nothing was compared, "" otherwise.
    """

    before: int
    after: int
    earlier: Estimate
    later: Estimate
    difference: Estimate
    cost: Estimate
    why: str = ""


@dataclass(frozen=True)
class Tested:
    """A fall that was tested: at least to `after`, so that a deeper fall is never good news for the one above it.

    Args:
        before: Tier from which they fell.
        after: The highest tier that counts as this fall.
        weight: Its part of the error that is allowed to all of them together.
        p: Two-sided p-value; below (1 - LEVEL) · weight the fall has changed.
    """

    before: int
    after: int
    weight: float
    p: float


def clearest_fall(moved: Migration) -> Fall:
    """The tested fall with the smallest p-value for its weight.

    Args:
        moved: Yearly migration.
    """
    if moved.periods < 2 or moved.why:
        return _none(0, moved.why or "one_period")
    earlier, later = moved.counts(-2), moved.counts(-1)
    falls = compared(earlier, later)
    if not falls:
        return _none(int(earlier.sum() + later.sum()), "too_few")
    fall = min(falls, key=lambda one: one.p / one.weight)
    then, now = (_hits(table, fall.before, fall.after) for table in (earlier, later))
    gap = score.difference(now, then, 1 - (1 - LEVEL) * fall.weight)
    gap = Estimate(gap.value, gap.lower, gap.upper, gap.n, level=LEVEL)
    shares = [proportion(hits, int(n)) for hits, n in (then, now)]
    return Fall(fall.before, fall.after, shares[0], shares[1], gap, _cost(moved, fall, gap))


def compared(earlier: Array, later: Array) -> tuple[Tested, ...]:
    """Every fall that at least `EXPECTED` customers can be expected to have, and not to have, in both years.

    A fall by two tiers has twice the weight of a fall by one, because it costs more; the weights do not look at the changes,
    so the error of all falls together is that of one (weighted Bonferroni: Holm 1979; Genovese, Roeder & Wasserman 2006).

    Args:
        earlier: Customers by tier before and after (or left) in the year before, shape (tiers, tiers + 1).
        later: The same in the last year.
    """
    places = [(i, j) for i in range(earlier.shape[0]) for j in range(i)]
    pairs = {place: tuple(_hits(table, *place) for table in (later, earlier)) for place in places}
    pairs = {place: pair for place, pair in pairs.items() if _enough(*pair)}
    steps = sum(i - j for i, j in pairs)
    return tuple(Tested(i, j, (i - j) / steps, score.p_value(*pair)) for (i, j), pair in pairs.items())


def _hits(table: Array, before: int, after: int) -> tuple[float, float]:
    return float(table[before, : after + 1].sum()), float(table[before].sum())


def _enough(first: tuple[float, float], second: tuple[float, float]) -> bool:
    least = min(first[1], second[1])
    if not least:
        return False
    share = (first[0] + second[0]) / (first[1] + second[1])
    return bool(least * min(share, 1 - share) >= EXPECTED)


def _cost(moved: Migration, fall: Tested, gap: Estimate) -> Estimate:
    """Customers who fell beyond the share of before x what they spend less than the others of their tier."""
    count, spent = moved.counts()[fall.before], moved.amount_after[-1, fall.before]
    fallen = np.arange(count.size) <= fall.after
    if not count[fallen].sum() or not count[~fallen].sum():
        return unknown(gap.n, "too_few")
    less = spent[~fallen].sum() / count[~fallen].sum() - spent[fallen].sum() / count[fallen].sum()
    each = float(count.sum() * less)
    low, high = sorted((gap.lower * each, gap.upper * each))
    return Estimate(gap.value * each, low, high, gap.n, level=gap.level)


def _none(n: int, why: str) -> Fall:
    nothing = unknown(n, why)
    return Fall(-1, -1, nothing, nothing, nothing, nothing, why)
