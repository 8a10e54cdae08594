"""What an arm of a campaign comes down to: n, means, variances and one covariance. Everything else is arithmetic on these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Arm:
    """Statistics of one arm. Two arms add up to the statistics of both groups together.

    Args:
        n: Units (customers, each once).
        mean: Mean outcome.
        var: Variance of the outcome (n - 1 in the denominator); NaN for a single unit.
        mean_x: Mean of the covariate measured before the contact (pre-period spend).
        var_x: Its variance; 0 where there is no covariate.
        cov: Covariance of outcome and covariate.

    Example:
        >>> Arm.of([0, 1, 1]) + Arm.of([0]) == Arm.of([0, 1, 1, 0])
        True
    """

    n: int
    mean: float
    var: float
    mean_x: float = 0.0
    var_x: float = 0.0
    cov: float = 0.0

    @staticmethod
    def of(outcome: ArrayLike, covariate: ArrayLike | None = None) -> Arm:
        """From the units themselves.

        Args:
            outcome: One value per unit, shape (n,).
            covariate: One value per unit, measured before the contact; none when left out.
        """
        y = np.asarray(outcome, float)
        x = np.zeros(y.size) if covariate is None else np.asarray(covariate, float)
        if not y.size:
            return Arm(0, np.nan, np.nan, np.nan, np.nan, np.nan)
        dy, dx = y - y.mean(), x - x.mean()
        free = y.size - 1 or np.nan
        return Arm(y.size, float(y.mean()), *_floats(dy @ dy / free, x.mean(), dx @ dx / free, dx @ dy / free))

    @staticmethod
    def of_sums(row: Mapping[Any, Any], outcome: str) -> Arm:
        """From the sums that the engine made: columns n, x, xx of the group and y, yy, xy of the outcome.

        Args:
            row: A row of `summaries.lift.arms`: ``<outcome>_{n,x,xx,y,yy,xy}``.
            outcome: Which outcome.
        """
        n, x, xx, y, yy, xy = (float(row.get(f"{outcome}_{part}") or 0) for part in ("n", "x", "xx", "y", "yy", "xy"))
        if not n:
            return Arm.of(())
        free = n - 1 or np.nan
        parts = _floats((yy - y * y / n) / free, x / n, (xx - x * x / n) / free, (xy - x * y / n) / free)
        return Arm(int(n), y / n, *parts)

    def __add__(self, other: Arm) -> Arm:
        """Both groups as one (parallel-axis formula); the group without units adds nothing."""
        if not self.n or not other.n:
            return self if self.n else other
        n, gap, gap_x = self.n + other.n, other.mean - self.mean, other.mean_x - self.mean_x
        share, between = other.n / n, self.n * other.n / n

        def joint(one: float, two: float, cross: float) -> float:
            within = (one if self.n > 1 else 0.0) * (self.n - 1) + (two if other.n > 1 else 0.0) * (other.n - 1)
            return (within + between * cross) / (n - 1)

        return Arm(
            n, self.mean + share * gap, joint(self.var, other.var, gap * gap), self.mean_x + share * gap_x,
            joint(self.var_x, other.var_x, gap_x * gap_x), joint(self.cov, other.cov, gap * gap_x),
        )  # fmt: skip


def total(arms: list[Arm]) -> Arm:
    """All of them as one group."""
    whole = Arm.of(())
    for arm in arms:
        whole = whole + arm
    return whole


def _floats(*values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
