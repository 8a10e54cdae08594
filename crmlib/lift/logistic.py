"""Two small regressions on rows with weights: logistic for who is contacted, linear for what would have happened.

Rows are groups of customers that look alike, so a million customers are a few thousand rows. A maintained learner
(scikit-learn, 40 MB) would serve here too, but it wants one row per customer; on groups the two normal equations are all there is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[np.float64]
RIDGE = 0.1  # keeps a level that one group lacks finite; worth a tenth of a customer
STEPS, CLOSE = 50, 1e-9


def logistic(features: Array, share: Array, weight: Array) -> Array:
    """Coefficients of a logistic regression by Newton's method.

    Args:
        features: (m, p), the first column ones.
        share: Share of successes in each row, [0, 1].
        weight: Customers in each row.

    Returns:
        Coefficients, shape (p,). Checked against statsmodels' GLM.
    """
    beta = np.zeros(features.shape[1])
    penalty = _penalty(features)
    for _ in range(STEPS):
        chance = expit(features @ beta)
        slope = features.T @ (weight * (share - chance)) - penalty * beta
        bend = (features * (weight * chance * (1 - chance))[:, None]).T @ features + np.diag(penalty)
        step = np.linalg.lstsq(bend, slope, rcond=None)[0]
        step *= min(1.0, 5.0 / max(np.abs(step).max(), 1e-12))  # a separated level walks, it does not leap
        beta = beta + step
        if np.abs(step).max() < CLOSE:
            break
    return np.asarray(beta)


def linear(features: Array, mean: Array, weight: Array) -> Array:
    """Coefficients of a weighted least-squares regression (first column ones), shape (p,)."""
    weighted = features * weight[:, None]
    return np.asarray(
        np.linalg.lstsq(weighted.T @ features + np.diag(_penalty(features)), weighted.T @ mean, rcond=None)[0]
    )


def _penalty(features: Array) -> Array:
    penalty = np.full(features.shape[1], RIDGE)
    penalty[0] = 0.0
    return penalty
