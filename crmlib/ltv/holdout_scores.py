"""How near predictions for single customers come, and the baseline that every customer goes on as before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from crmlib.newton import FloatArray

NAIVE_MIN_DAYS = 28


@dataclass(frozen=True)
class Score:
    """How near the predictions for single customers are.

    auc: probability that a customer who bought again in the holdout is ranked above one who did not.
    r2: share of the variance of the customers' holdout purchases that the predictions explain (negative: worse than the mean).
    error: mean absolute error in purchases per customer.
    """

    auc: float
    r2: float
    error: float


def same_rate(x: FloatArray, T: FloatArray, w: FloatArray) -> FloatArray:
    """Purchases per day at which each customer would go on; who was seen for less than 28 days takes the rate of all."""
    pooled = (w @ x) / max(w @ T, 1.0)
    long_enough = T >= NAIVE_MIN_DAYS
    return np.where(long_enough, x / np.where(long_enough, T, 1.0), pooled)


def score(predicted: FloatArray, bought: FloatArray, w: FloatArray) -> Score:
    """AUC, R2 and mean absolute error of predictions, weighted; NaN where one is not finite."""
    if not np.isfinite(predicted).all() or not w.sum():
        return Score(np.nan, np.nan, np.nan)
    mean = np.average(bought, weights=w)
    spread = w @ (bought - mean) ** 2
    r2 = 1 - w @ (bought - predicted) ** 2 / spread if spread > 0 else np.nan
    return Score(auc(predicted, bought > 0, w), float(r2), float(np.average(np.abs(bought - predicted), weights=w)))


def auc(score: FloatArray, event: np.ndarray, weight: FloatArray) -> float:
    """Probability that a row with the event scores above one without it, ties counting half (weighted Mann-Whitney).

    NaN where all or none have the event.

    Example:
        >>> auc(np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False]), np.ones(4))
        0.875
    """
    _, rank = np.unique(np.round(score, 12), return_inverse=True)
    with_event, without = np.bincount(rank, weight * event), np.bincount(rank, weight * ~event)
    pairs = with_event.sum() * without.sum()
    below = np.cumsum(without) - without / 2
    return float(with_event @ below / pairs) if pairs > 0 else float("nan")
