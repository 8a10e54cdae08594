"""The protect list: who is late by his own rhythm, what he is still expected to bring, and what is lost if he has left.

on_rhythm   bought again before, and not late
slipping    late (of such customers, were they active, four in five would have bought by now) but rather still there than not
silent      late, and rather gone than there
once        one purchase only: no rhythm of his own
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmlib.ltv import models

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from crmlib.ltv.models import Model
    from crmlib.ltv.value import CustomerValue
    from crmlib.newton import FloatArray

STATES = ("on_rhythm", "slipping", "silent", "once")
LATE, THERE = 0.20, 0.50  # probability of having been silent so long while active; probability alive
SMALL_GROUP = 5


@dataclass(frozen=True, eq=False)
class ProtectList:
    """By state (rows as `STATES`): customers, 12-month value still expected of them, value lost if they have left.

    Major units; money of fewer than five customers is NaN. `state` is that of each history. `valuable` are the slipping
    customers in the upper half by value while active, and their expected value.
    """

    state: FloatArray
    customers: FloatArray
    expected: FloatArray
    lost: FloatArray
    valuable: tuple[float, float]
    why: str = ""


def states(model: Model, frequency: FloatArray, recency: FloatArray, T: FloatArray, alive: FloatArray) -> FloatArray:
    """Index into `STATES` of each history."""
    late = models.silence(model, frequency, recency, T) <= LATE
    return np.select([frequency == 0, ~late, alive >= THERE], [3, 0, 1], 2)


def protect_list(model: Model, worth: CustomerValue) -> ProtectList:
    """Who is to be protected, among the customers of `worth`."""
    size = len(STATES)
    if worth.why:
        blank = np.full(size, np.nan)
        return ProtectList(np.full(len(worth.clv), np.nan), blank, blank, blank, (np.nan, np.nan), worth.why)
    h, alive = worth.histories, worth.alive
    state = states(model, h.frequency, h.recency, h.T, alive)
    active = worth.clv / np.maximum(alive, np.finfo(float).tiny)
    customers = np.bincount(state, h.weight, size)
    hidden = (customers > 0) & (customers < SMALL_GROUP)
    expected, lost = (
        np.where(hidden, np.nan, np.bincount(state, h.weight * v, size)) for v in (worth.clv, (1 - alive) * active)
    )
    upper = (state == STATES.index("slipping")) & (active >= _median(active, h.weight))
    valuable = (float(h.weight[upper].sum()), float((h.weight * worth.clv)[upper].sum()))
    return ProtectList(state, customers, expected, lost, valuable)


def valuable(scores: pd.DataFrame) -> NDArray[np.bool_]:
    """Which customers of the scores are those that `ProtectList.valuable` counts.

    Args:
        scores: state, p_alive, clv_12m (`scores.score`).
    """
    tiny = np.finfo(float).tiny
    active = scores["clv_12m"].to_numpy(float) / np.maximum(scores["p_alive"].to_numpy(float), tiny)
    upper = active >= _median(active, np.ones(len(active))) if len(active) else np.zeros(0, bool)
    return np.asarray((scores["state"] == "slipping").to_numpy() & upper)


def _median(value: FloatArray, weight: FloatArray) -> float:
    from crmlib.ltv.value import weighted_median

    return weighted_median(value, weight)
