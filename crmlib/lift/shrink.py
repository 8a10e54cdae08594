"""Effects of several groups: are they different at all, and what each is worth once chance is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crmlib.intervals import LEVEL, Estimate, chi_square_p, z
from crmlib.lift.logistic import Array

GRID, REACH = 200, 3.0  # points, and how far beyond what is seen, of the spread of the true effects


@dataclass(frozen=True)
class Shrunken:
    """Groups' effects drawn towards their mean.

    Args:
        effects: One per group, in the order given; an unknown one stays unknown.
        mean: Mean effect over the groups.
        spread: Expected standard deviation of the groups' true effects.
        p: p-value that all groups have the same effect (interaction test); NaN for fewer than two.
    """

    effects: tuple[Estimate, ...]
    mean: float
    spread: float
    p: float


def shrunken(effects: Sequence[Estimate], errors: Sequence[float], level: float = LEVEL) -> Shrunken:
    """Effects under a normal distribution of true effects, whose mean and spread are unknown as well.

    All spreads are averaged over by how likely they are (uniform prior), because with few groups the most likely one is often 0
    and its intervals would be too narrow.

    Args:
        effects: One per group, of different customers.
        errors: Their standard errors.
        level: Confidence level.

    Source:
        Cochran (1954) for the test; Rubin (1981) and Gelman et al. (2013), Bayesian Data Analysis, section 5.5, for the shrinkage, whose
        eight schools are a test.
    """
    known = [
        place for place, (effect, error) in enumerate(zip(effects, errors, strict=True)) if not effect.why and error > 0
    ]
    made = list(effects)
    if len(known) < 2:
        mean = effects[known[0]].value if known else float("nan")
        return Shrunken(tuple(made), mean, 0.0, float("nan"))
    value, error = np.array([effects[k].value for k in known]), np.array([errors[k] for k in known])
    fixed = float((value / error**2).sum() / (1 / error**2).sum())
    q = float(((value - fixed) ** 2 / error**2).sum())
    spread, chance, centre, width = _posterior(value, error)
    middle = chance @ centre
    half = z(level) * np.sqrt(chance @ (width**2 + centre**2) - middle**2)
    for place, one, reach in zip(known, middle, half, strict=True):
        made[place] = Estimate(float(one), float(one - reach), float(one + reach), effects[place].n, level=level)
    return Shrunken(tuple(made), float(middle.mean()), float(chance @ spread), chi_square_p(q, len(known) - 1))


def _posterior(value: Array, error: Array) -> tuple[Array, Array, Array, Array]:
    """Spreads of the true effects, how likely each is, and mean and error of each group's effect at it; shapes (g,), (g,), (g, k), (g, k)."""
    spread = np.linspace(0.0, REACH * (value.std() + error.max()), GRID)
    square, total = error**2, error**2 + spread[:, None] ** 2
    inverse = (1 / total).sum(axis=1)
    mean = (value / total).sum(axis=1) / inverse
    log = -0.5 * (np.log(inverse) + np.log(total).sum(axis=1) + ((value - mean[:, None]) ** 2 / total).sum(axis=1))
    chance = np.exp(log - log.max())
    drawn = square / total
    centre = (1 - drawn) * value + drawn * mean[:, None]
    return spread, chance / chance.sum(), centre, np.sqrt((1 - drawn) * square + drawn**2 / inverse[:, None])
