"""Whom to contact: a score of the expected effect, how well it sorts (Qini), and what a share of the list earns.

Formula. Customers are sorted by score, u is the share from the top, g(u) = u * (mean outcome of the contacted among them - mean outcome
of the held out among them): the gain per customer of the list if the top u are contacted. AUUC is the area under g from 0 to 1;
Qini is that area minus the area under the straight line from 0 to g(1), which is what a random order earns. Random scores have a
Qini of 0; its unit is that of the outcome per customer of the list. (Libraries divide by different things: .045 and .222 on the same data.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from crmlib.intervals import LEVEL, Estimate, unknown, z
from crmlib.lift.estimate import FEWEST
from crmlib.lift.logistic import Array, linear
from crmlib.lift.patterns import FOLDS, Patterns

POINTS = 20  # of the curve


@dataclass(frozen=True)
class Qini:
    """How well a score sorts customers by their effect.

    Args:
        qini: Area between the curve and a random order; 0 for a random score.
        auuc: Area under the curve; qini + effect / 2.
        effect: Effect on everybody.
        share: Shares from the top, shape (POINTS + 1,).
        gain: g at these shares, per customer of the list.
        se: Standard error of `gain`.
    """

    qini: Estimate
    auuc: Estimate
    effect: Estimate
    share: Array
    gain: Array
    se: Array


@dataclass(frozen=True)
class Profit:
    """What contacting the top of the list earns, per 1,000 customers of the list, in major units.

    Args:
        share: Shares from the top.
        value: Incremental margin less the cost of contacts.
        lower: Lower limit.
        upper: Upper limit.
        best: Share with the highest value (0: contact nobody).
    """

    share: Array
    value: Array
    lower: Array
    upper: Array
    best: float

    def at(self, share: float) -> Estimate:
        """The profit at one of the shares."""
        place = int(np.argmin(np.abs(self.share - share)))
        return Estimate(float(self.value[place]), float(self.lower[place]), float(self.upper[place]), 0)


def scores(patterns: Patterns) -> Array:
    """Expected effect of the contact on each row's customers, from the customers of the other folds.

    Two linear regressions, with and without the contact; a customer's own outcome never enters his own score.
    """
    found = np.zeros(patterns.n.size)
    for fold in range(FOLDS):
        inside = patterns.fold == fold
        rest = patterns.where(~inside)
        rows = patterns.features[inside]
        for sign, side in ((1.0, rest.where(rest.treated)), (-1.0, rest.where(~rest.treated))):
            if side.n.sum():
                found[inside] += sign * (rows @ linear(side.features, side.y / side.n, side.n))
    return found


def qini(score: ArrayLike, treated: ArrayLike, outcome: ArrayLike, level: float = LEVEL) -> Qini:
    """From one row per customer.

    Args:
        score: Higher is contacted first; equal scores share a rank.
        treated: 0 or 1, drawn at random.
        outcome: Numbers (0 and 1, or money).
        level: Confidence level.
    """
    y = np.asarray(outcome, float)
    one = np.ones(y.size)
    rows = Patterns(one[:, None], np.asarray(treated, float) > 0, np.zeros(y.size, np.int64), one, y, y * y, ("one",))
    return of_patterns(np.asarray(score, float), rows, level)


def of_patterns(score: Array, patterns: Patterns, level: float = LEVEL) -> Qini:
    """From groups of customers that are alike.

    The interval rests on Qini being a mean: with r the rank from the top (0 to 1) and w = 1/share contacted, or -1/share held out,
    it is the mean of (1/2 - r) w (y - the arm's mean), because the integral of [r <= u] over u is 1 - r. Derived here; the coverage
    is tested over random and true scores.
    """
    n, total = patterns.n, float(patterns.n.sum())
    sizes = [float(n[patterns.treated == side].sum()) for side in (True, False)]
    share = np.linspace(0, 1, POINTS + 1)
    if min(sizes) < FEWEST:
        nothing = unknown(int(total), "too_few" if min(sizes) else "no_arm")
        blank = np.full(share.size, np.nan)
        return Qini(nothing, nothing, nothing, share, blank, blank)
    rank = ranks(score, n)
    weight = np.where(patterns.treated, total / sizes[0], -total / sizes[1])
    means = [
        float(patterns.y[patterns.treated == side].sum() / size)
        for side, size in zip((True, False), sizes, strict=True)
    ]
    centre = np.where(patterns.treated, *means)
    left, squares = patterns.y - n * centre, patterns.yy - 2 * centre * patterns.y + n * centre**2
    gap = means[0] - means[1]

    def mean_of(factor: Array, shift: float) -> tuple[float, float]:
        value = float((factor * weight * left).sum() / total)
        spread = float((factor**2 * weight**2 * squares).sum() / total) - value**2
        return value + shift, float(np.sqrt(max(spread, 0.0) / total))

    inside = [np.clip((u - rank) * total / np.maximum(n, 1e-12) + 0.5, 0, 1) for u in share]
    curve = np.array([mean_of(part, gap * u) for part, u in zip(inside, share, strict=True)])
    figures = (mean_of(0.5 - rank, 0.0), mean_of(1 - rank, gap / 2), mean_of(np.ones(n.size), gap))
    area, auuc, effect = (Estimate(v, v - z(level) * s, v + z(level) * s, int(total), level=level) for v, s in figures)
    return Qini(area, auuc, effect, share, curve[:, 0], curve[:, 1])


def ranks(score: Array, n: Array) -> Array:
    """Share of the customers above each row (from the top), counting half of those with the same score."""
    _, place = np.unique(-np.round(score, 12), return_inverse=True)
    size = np.bincount(place, n)
    above = np.cumsum(size) - size
    return np.asarray((above + size / 2)[place] / n.sum())


def profit(curve: Qini, margin: float, cost: float, level: float = LEVEL) -> Profit:
    """The profit curve of a score.

    Args:
        curve: Of an outcome; for a money outcome in major units `margin` is the margin rate, for purchases the margin of one.
        margin: Margin per unit of the outcome.
        cost: Cost of a contact.
        level: Confidence level.
    """
    value = 1000 * (curve.gain * margin - curve.share * cost)
    half = 1000 * z(level) * curve.se * margin
    best = float(curve.share[int(np.nanargmax(value))]) if np.isfinite(value).all() else float("nan")
    return Profit(curve.share, value, value - half, value + half, best)
