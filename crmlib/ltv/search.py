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

COARSE_PATTERNS = 5_000  # above this many patterns fits to bins of time give the start
FINE_BINS, WIDER, FEWER = (
    60,
    4,
    2,
)  # first to bins four times as wide as these, then to these if they halve the patterns
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
    days = int(patterns.T.max()) // FINE_BINS + 1
    fine, at = grouping.coarse(patterns, days), inside
    levels = [grouping.coarse(fine, days * WIDER), *([fine] if len(fine) * FEWER <= len(patterns) else [])]
    for binned in levels:
        rough = _climbed(target(binned), at, lower, upper)
        at = [np.clip(rough.at, lower + 1, upper - 1)]
    exact = target(patterns)
    found = newton.maximise(exact, at[0], lower, upper)
    surely = found.report.converged or found.report.why == rough.report.why  # the bins were climbed from every start
    return found if surely else _climbed(exact, inside, lower, upper)


def _climbed(objective: Objective, starts: list[FloatArray], lower: FloatArray, upper: FloatArray) -> Optimum:
    attempts: list[Optimum] = []
    for start in starts:
        attempts.append(newton.maximise(objective, start, lower, upper))
        good = [attempt for attempt in attempts if attempt.report.converged]
        if len(good) == AGREE:
            break
    return max(good or attempts, key=lambda optimum: optimum.value)
