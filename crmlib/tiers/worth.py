"""What a line brings in a year: what is bought to reach it, and what those spend more who had reached it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.intervals import Estimate, unknown
from crmlib.tiers.threshold import Threshold


@dataclass(frozen=True)
class Worth:
    """Spend of the last year that would not be there without the line, minor units.

    Args:
        topped: What those who would have ended just below the line bought to reach it.
        following: What those who had reached it a year before spent beyond what they would have.
        total: Both.
    """

    topped: Estimate
    following: Estimate
    total: Estimate


def worth(tested: Threshold, spent: float) -> Worth:
    """The two ways in which a line creates spend, in money.

    `topped` is the number of those who came across x how far they came; it cannot be below zero. `following`
    takes the jump of mean spend at the line for the effect on everyone above it. For those beyond the customers who were
    compared (three times the line) that is a guess: the ends of the interval leave open whether it holds for them or
    they would spend the same.

    Args:
        tested: The line.
        spent: Last year's spend of all who had reached the line a year before, minor units.
    """
    topped, following = _topped(tested), _following(tested, spent)
    if following.why:
        return Worth(topped, following, following)
    if topped.why:
        return Worth(topped, following, unknown(topped.n, topped.why))
    value = topped.value + following.value
    below = np.hypot(topped.value - topped.lower, following.value - following.lower)
    above = np.hypot(topped.upper - topped.value, following.upper - following.value)
    return Worth(topped, following, Estimate(value, float(value - below), float(value + above), following.n))


def _topped(tested: Threshold) -> Estimate:
    moved, way = tested.bunching.moved, tested.bunching.way
    if moved.why:
        return moved
    value = moved.value * way.value
    half = np.hypot((moved.upper - moved.value) * way.value, (way.upper - way.value) * moved.value)
    money = [tested.recent * tested.line * float(max(end, 0.0)) for end in (value, value - half, value + half)]
    return Estimate(money[0], money[1], money[2], moved.n)


def _following(tested: Threshold, spent: float) -> Estimate:
    mean = tested.mean
    if mean.why:
        return mean
    near = min(tested.near, spent)
    value, lower, upper = (-float(np.expm1(-end)) for end in (mean.value, mean.lower, mean.upper))
    return Estimate(value * spent, min(lower * near, lower * spent), max(upper * near, upper * spent), mean.n)
