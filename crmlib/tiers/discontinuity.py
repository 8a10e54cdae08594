"""Regression discontinuity from binned sums: does what follows jump at a threshold?

Local linear regression on either side with a triangular kernel, on counts and sums of bins, which gives the same
estimate and the same robust error as single customers whose amount is their bin's mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crmlib.intervals import Estimate, normal, unknown, z

Array = NDArray[np.float64]
ENOUGH = 20  # customers on each side within the bandwidth
STEPS = 60


@dataclass(frozen=True)
class Outcomes:
    """An outcome by bins of the running variable.

    Args:
        x: Distance of the bin's mean from the threshold (log of the ratio), shape (bins,).
        n: Customers.
        total: Sum of the outcome over the customers.
        square: Sum of its squares.
    """

    x: Array
    n: Array
    total: Array
    square: Array

    def where(self, chosen: ArrayLike) -> Outcomes:
        """Some of the bins."""
        mask = np.asarray(chosen)
        return Outcomes(self.x[mask], self.n[mask], self.total[mask], self.square[mask])

    def moved(self, by: float) -> Outcomes:
        """Seen from another threshold."""
        return Outcomes(self.x - by, self.n, self.total, self.square)


def jump(outcomes: Outcomes, bandwidth: float, degree: int = 1) -> Estimate:
    """Difference of the two regressions at the threshold, from above less from below, with a robust interval.

    Args:
        outcomes: By bin; x < 0 below, x >= 0 from the threshold on.
        bandwidth: Customers farther away have no weight, in the unit of x.
        degree: 1 local linear; 2 local quadratic, which is the bias-corrected estimate whose two bandwidths are equal.

    Returns:
        n is the number of customers with a weight. Unknown ("too_few") where a side has fewer than `ENOUGH`.

    Source:
        Hahn, Todd & van der Klaauw (2001); bias correction Calonico, Cattaneo & Titiunik (2014), Econometrica 82,
        2295-2326. Checked against rdrobust 2.1.1 on its own example (US Senate): conventional and robust, HC0.
    """
    weight = np.clip(1 - np.abs(outcomes.x) / bandwidth, 0, None)
    used = outcomes.where((weight > 0) & (outcomes.n > 0))
    weight = weight[(weight > 0) & (outcomes.n > 0)]
    above = used.x >= 0
    sizes = used.n[above].sum(), used.n[~above].sum()
    if min(sizes) < ENOUGH or min(above.sum(), (~above).sum()) <= degree + 1:
        return unknown(int(sum(sizes)), "too_few")
    powers = np.stack([used.x**k for k in range(degree + 1)], axis=1)
    design = np.concatenate([powers, powers * above[:, None]], axis=1)
    bread = np.linalg.pinv(design.T @ (design * (weight * used.n)[:, None]))
    beta = bread @ (design.T @ (weight * used.total))
    fitted = design @ beta
    residual = used.square - 2 * fitted * used.total + used.n * fitted**2
    meat = design.T @ (design * (weight**2 * np.maximum(residual, 0))[:, None])
    error = float(np.sqrt((bread @ meat @ bread)[degree + 1, degree + 1]))
    lower, upper = normal(beta[degree + 1], error)
    return Estimate(float(beta[degree + 1]), float(lower), float(upper), int(sum(sizes)))


def mean_jump(outcomes: Outcomes, bandwidth: float) -> Estimate:
    """Log of the ratio of the two means at the threshold, above over below, of an outcome that may be zero; robust interval.

    The log of the mean is a parabola of x with a slope of its own on either side and a step at the threshold; triangular
    kernel. Gamma weights (a constant coefficient of variation), so that the many small and the few large count alike.

    Args:
        outcomes: By bin, of everyone: those who buy nothing count as zero.
        bandwidth: Customers farther away have no weight, in the unit of x.

    Returns:
        n is the number of customers with a weight. Unknown ("too_few") where a side has fewer than `ENOUGH`, or nothing.

    Source:
        Pseudo-maximum likelihood: Gourieroux, Monfort & Trognon (1984), Econometrica 52, 681-700. Checked against the
        gamma regression of statsmodels (HC0).
    """
    weight = np.clip(1 - np.abs(outcomes.x) / bandwidth, 0, None)
    used = outcomes.where((weight > 0) & (outcomes.n > 0))
    weight = weight[(weight > 0) & (outcomes.n > 0)]
    above = used.x >= 0
    sizes = used.n[above].sum(), used.n[~above].sum()
    sums = used.total[above].sum(), used.total[~above].sum()
    if min(sizes) < ENOUGH or min(sums) <= 0 or min(above.sum(), (~above).sum()) <= 3:
        return unknown(int(sum(sizes)), "too_few")
    design = np.stack([np.ones_like(used.x), used.x, used.x**2, used.x * above, above], axis=1)
    beta, covariance = _gamma(design, used, weight)
    lower, upper = normal(beta[-1], np.sqrt(max(covariance[-1, -1], 0.0)))
    return Estimate(float(beta[-1]), float(lower), float(upper), int(sum(sizes)))


def _gamma(design: Array, used: Outcomes, weight: Array) -> tuple[Array, Array]:
    """Coefficients and robust covariance of log E[mean] = design @ beta by Fisher scoring with gamma weights."""
    bread = np.linalg.pinv(design.T @ (design * (weight * used.n)[:, None]))
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(used.total.sum() / used.n.sum())
    for _ in range(STEPS):
        mean = np.exp(design @ beta)
        step = np.clip(bread @ (design.T @ (weight * (used.total / mean - used.n))), -1, 1)
        beta = beta + step
        if np.max(np.abs(step)) < 1e-9:
            break
    mean = np.exp(design @ beta)
    bread = np.linalg.pinv(design.T @ (design * (weight * used.total / mean)[:, None]))  # the observed information
    residual = used.square / mean**2 - 2 * used.total / mean + used.n
    meat = design.T @ (design * (weight**2 * np.maximum(residual, 0))[:, None])
    return beta, np.asarray(bread @ meat @ bread)


def t_value(estimate: Estimate) -> float:
    """Estimate over standard error; NaN when unknown."""
    if estimate.why or not estimate.upper > estimate.lower:
        return np.nan
    return float(estimate.value / ((estimate.upper - estimate.lower) / (2 * z())))
