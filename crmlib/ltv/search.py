"""Where the search for a maximum begins: several starts, and for many patterns a fit to coarse bins of time first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from crmlib import newton
from crmlib.ltv import patterns as grouping

if TYPE_CHECKING:
    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray, Objective, Optimum

COARSE_PATTERNS, COARSE_BINS = 5_000, 30  # above this many patterns a fit to 30 bins of time gives the start
AGREE = 2  # starts that converge before the higher of them is believed

Target = Callable[["Patterns"], "Objective"]


def highest(
    target: Target, patterns: Patterns, starts: list[FloatArray], lower: FloatArray, upper: FloatArray
) -> Optimum:
    """The highest maximum of the log-likelihood that the starts lead to.

    Args:
        target: log-likelihood of given patterns, as a function of the log-parameters.
        patterns: what is fitted.
        starts: log-parameters to begin at; the first two that converge are compared.
        lower: bounds of the log-parameters, beyond which a fit has no maximum.
        upper: likewise.
    """
    inside = [np.clip(start, lower + 1, upper - 1) for start in starts]
    if len(patterns) <= COARSE_PATTERNS:
        return _climbed(target(patterns), inside, lower, upper)
    binned = grouping.coarse(patterns, int(patterns.T.max()) // COARSE_BINS + 1)
    rough = _climbed(target(binned), inside, lower, upper)
    exact = target(patterns)
    found = newton.maximise(exact, np.clip(rough.at, lower + 1, upper - 1), lower, upper)
    return found if found.report.converged else _climbed(exact, inside, lower, upper)


def _climbed(objective: Objective, starts: list[FloatArray], lower: FloatArray, upper: FloatArray) -> Optimum:
    attempts: list[Optimum] = []
    for start in starts:
        attempts.append(newton.maximise(objective, start, lower, upper))
        good = [attempt for attempt in attempts if attempt.report.converged]
        if len(good) == AGREE:
            break
    return max(good or attempts, key=lambda optimum: optimum.value)
