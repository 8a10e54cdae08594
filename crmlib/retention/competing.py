"""Competing causes by turn: what ends a run first, and how often (Aalen-Johansen)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, log_log, unknown

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CumulativeIncidence:
    """Share whose run has been ended by each cause, by turn. Index 0 is the start (no turn yet).

    Args:
        at_risk: Units whose run was unbroken before the turn and who were seen to take it.
        events: By cause: units ended by it at the turn.
        going: Share with an unbroken run after the turn (Kaplan-Meier over all causes).
        incidence: By cause: share ended by it up to the turn.
        error: By cause: standard error of the incidence.
        n: Units.
    """

    at_risk: NDArray[np.int64]
    events: Mapping[str, NDArray[np.int64]]
    going: Array
    incidence: Mapping[str, Array]
    error: Mapping[str, Array]
    n: int

    @property
    def turns(self) -> int:
        """The last turn that anybody took."""
        return len(self.at_risk) - 1

    def share(self, cause: str, turn: int) -> Estimate:
        """Share ended by a cause up to a turn, with the interval of 1 - incidence on the log-log scale."""
        if not 0 < turn <= self.turns:
            return unknown(self.n, "too_young")
        value, error = float(self.incidence[cause][turn]), float(self.error[cause][turn])
        low, high = log_log(1 - value, (error / max(1 - value, 1e-12)) ** 2)
        return Estimate(value, float(1 - high), float(1 - low), int(self.at_risk[turn]))


def aalen_johansen(turn: pd.Series, cause: pd.Series, n: pd.Series, causes: tuple[str, ...]) -> CumulativeIncidence:
    """Cumulative incidence of each cause from counts.

    Args:
        turn: 1, 2, ...: at which the run ended; the last one taken where it did not (0: none was).
        cause: What ended it; null where nothing has (censored after the turn).
        n: Units of the row.
        causes: All causes, in the order shown.

    Source:
        Aalen & Johansen (1978); the variance as in Klein & Moeschberger (2003), section 4.7. Checked against statsmodels'
        CumIncidenceRight.
    """
    place, weight = turn.to_numpy(np.int64), n.to_numpy(np.int64)
    size = int(place.max(initial=0)) + 1
    leaving = np.bincount(place, weight, minlength=size).astype(np.int64)
    at_risk = leaving[::-1].cumsum()[::-1]
    d = {
        name: np.bincount(place[(mine := (cause == name).to_numpy(bool))], weight[mine], minlength=size).astype(
            np.int64
        )
        for name in causes
    }
    every = sum(d.values(), np.zeros(size, np.int64))
    going = np.cumprod(1 - _ratio(every, at_risk), dtype=np.float64)
    before = np.concatenate([[1.0], going[:-1]])
    incidence = {name: np.cumsum(before * _ratio(events, at_risk)) for name, events in d.items()}
    error = {name: _error(incidence[name], before, (d[name], every, at_risk)) for name in causes}
    return CumulativeIncidence(at_risk, d, going, incidence, error, int(weight.sum()))


def _error(
    incidence: Array, before: Array, counts: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
) -> Array:
    own, every, n = counts
    greenwood, step = _ratio(every, n * (n - every)), before * _ratio(own, n**2)
    variance = incidence**2 * np.cumsum(greenwood) - 2 * incidence * np.cumsum(incidence * greenwood)
    variance = variance + np.cumsum(incidence**2 * greenwood) + np.cumsum(before**2 * _ratio((n - own) * own, n**3))
    variance = variance - 2 * incidence * np.cumsum(step) + 2 * np.cumsum(incidence * step)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def _ratio(top: NDArray[np.int64], bottom: NDArray[np.int64]) -> Array:
    return np.divide(top, bottom, out=np.zeros(len(top)), where=bottom > 0)
