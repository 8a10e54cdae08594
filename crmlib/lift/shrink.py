"""Effects of several groups: are they different at all, and what each is worth once chance is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crmlib.intervals import LEVEL, Estimate, chi_square_p, z
from crmlib.lift.logistic import Array

STEPS = 100


@dataclass(frozen=True)
class Shrunken:
    """Groups' effects drawn towards their mean.

    Args:
        effects: One per group, in the order given; an unknown one stays unknown.
        mean: Mean effect over the groups.
        spread: Standard deviation of the groups' true effects (0: no difference can be seen).
        p: p-value that all groups have the same effect (interaction test); NaN for fewer than two.
    """

    effects: tuple[Estimate, ...]
    mean: float
    spread: float
    p: float


def shrunken(effects: Sequence[Estimate], errors: Sequence[float], level: float = LEVEL) -> Shrunken:
    """Empirical-Bayes effects under a normal distribution of true effects.

    Args:
        effects: One per group, of different customers.
        errors: Their standard errors.
        level: Confidence level.

    Source:
        Cochran (1954) for the test, Paule & Mandel (1982) for the spread, Morris (1983) for the shrinkage; the error of the mean is
        carried along. Checked against statsmodels' combine_effects (method "iterated").
    """
    known = [
        place for place, (effect, error) in enumerate(zip(effects, errors, strict=True)) if not effect.why and error > 0
    ]
    made = list(effects)
    if len(known) < 2:
        mean = effects[known[0]].value if known else float("nan")
        return Shrunken(tuple(made), mean, 0.0, float("nan"))
    value = np.array([effects[place].value for place in known])
    square = np.array([errors[place] for place in known]) ** 2
    fixed = float((value / square).sum() / (1 / square).sum())
    q = float(((value - fixed) ** 2 / square).sum())
    spread = _spread(value, square)
    weight = 1 / (square + spread)
    mean, mean_square = float((weight * value).sum() / weight.sum()), float(1 / weight.sum())
    kept = spread / (square + spread)
    centre = mean + kept * (value - mean)
    half = z(level) * np.sqrt(kept * square + (1 - kept) ** 2 * mean_square)
    for place, middle, width in zip(known, centre, half, strict=True):
        made[place] = Estimate(
            float(middle), float(middle - width), float(middle + width), effects[place].n, level=level
        )
    return Shrunken(tuple(made), mean, float(np.sqrt(spread)), chi_square_p(q, len(known) - 1))


def _spread(value: Array, square: Array) -> float:
    """Variance of the true effects at which the weighted squares are as large as expected; 0 when they are smaller."""
    low, high = 0.0, float(np.var(value) * value.size + square.max()) + 1e-12

    def excess(spread: float) -> float:
        weight = 1 / (square + spread)
        mean = (weight * value).sum() / weight.sum()
        return float((weight * (value - mean) ** 2).sum()) - (value.size - 1)

    if excess(0.0) <= 0:
        return 0.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
