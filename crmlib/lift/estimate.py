"""The effect of a contact: treated minus held out, in points and relative, plain or adjusted by the pre-period.

Intervals are Student's with Welch's degrees of freedom on unpooled variances, so unequal variances and sizes are allowed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from crmlib.intervals import LEVEL, Estimate, unknown
from crmlib.lift.arms import Arm

FEWEST = 10  # units an arm must have; below, nothing is estimated
WIDEST = 5.0  # half-width of a log ratio (a factor of 148) beyond which a base cannot be told from 0
EVENTS = 5  # units with an outcome other than 0 that the two arms together must have


@dataclass(frozen=True)
class LiftEstimate:
    """Treated minus control on one outcome.

    Args:
        ate: Average effect per customer drawn to be contacted (intention to treat), in units of the outcome.
        rel: Effect relative to the control's mean; unknown where that is not above 0.
        naive: What is claimed without a holdout: the mean outcome of the contacted.
        treated: Mean of the treated as compared (adjusted where `method` adjusts).
        control: Mean of the control as compared.
        p: Two-sided p-value of no effect; NaN when unknown.
        se: Standard error of `ate`.
        method: ``difference``, ``cuped`` or ``regression``.
    """

    ate: Estimate
    rel: Estimate
    naive: Estimate
    treated: float
    control: float
    p: float
    se: float
    method: str

    @property
    def n(self) -> int:
        """Units in both arms."""
        return self.ate.n


def difference(treated: Arm, control: Arm, level: float = LEVEL) -> LiftEstimate:
    """Difference of the arms' means.

    Args:
        treated: Statistics of the arm that was contacted.
        control: Statistics of the held-out arm.
        level: Confidence level.

    Returns:
        The effect; unknown with a reason (`too_few`, `no_outcome`) where the arms do not allow one.

    Source:
        Neyman (1923); Welch (1947). Hillstrom's published intervals are a test.
    """
    return _effect(treated, control, (treated.var, control.var), _How("difference", level, treated.mean))


def cuped(treated: Arm, control: Arm, level: float = LEVEL) -> LiftEstimate:
    """Difference with one common slope on the covariate taken out.

    Source:
        Deng, Xu, Kohavi & Walker (2013), equations 4 and 5, slope pooled over the arms. Checked against statsmodels.
    """
    if not _usable(treated, control):
        return difference(treated, control, level)
    weight = treated.n - 1, control.n - 1
    slope = (weight[0] * treated.cov + weight[1] * control.cov) / (
        weight[0] * treated.var_x + weight[1] * control.var_x
    )
    one, other = (_shifted(arm, slope, _centre(treated, control)) for arm in (treated, control))
    return _effect(one, other, (one.var, other.var), _How("cuped", level, treated.mean))


def regression(treated: Arm, control: Arm, level: float = LEVEL) -> LiftEstimate:
    """Regression adjustment with a slope of its own in each arm; never less precise than the difference in large samples.

    The variance is that of the residuals in each arm plus what the slopes' difference adds because the covariate's mean is
    itself a sample's (the population of customers is meant, not these customers alone).

    Source:
        Lin (2013), Annals of Applied Statistics 7, 295-318; robust (HC2-like) errors. Checked against statsmodels.
    """
    if not _usable(treated, control):
        return difference(treated, control, level)
    slopes = treated.cov / treated.var_x, control.cov / control.var_x
    centre = _centre(treated, control)
    one, other = _shifted(treated, slopes[0], centre), _shifted(control, slopes[1], centre)
    spread = one.var * (one.n - 1) / (one.n - 2), other.var * (other.n - 1) / (other.n - 2)
    whole = treated + control
    extra = (slopes[0] - slopes[1]) ** 2 * whole.var_x / whole.n
    return _effect(one, other, spread, _How("regression", level, treated.mean, extra))


def best(treated: Arm, control: Arm, level: float = LEVEL) -> LiftEstimate:
    """Regression adjustment where both arms have a covariate that varies and units enough, else the difference.

    The rule looks at the covariate only, never at the result, so it does not choose the more pleasant number.
    """
    enough = min(treated.n, control.n) >= 5 * FEWEST
    return regression(treated, control, level) if enough else difference(treated, control, level)


def _usable(treated: Arm, control: Arm) -> bool:
    return min(treated.n, control.n) > 2 and treated.var_x > 0 and control.var_x > 0


def _centre(treated: Arm, control: Arm) -> float:
    return (treated.n * treated.mean_x + control.n * control.mean_x) / (treated.n + control.n)


def _shifted(arm: Arm, slope: float, centre: float) -> Arm:
    """The arm with the covariate's part taken out, moved to the common mean of the covariate."""
    variance = max(arm.var - 2 * slope * arm.cov + slope * slope * arm.var_x, 0.0)
    return Arm(arm.n, arm.mean - slope * (arm.mean_x - centre), variance)


@dataclass(frozen=True)
class _How:
    """The method, the level, the mean of the contacted before any adjustment, and variance that the means share."""

    method: str
    level: float
    response: float
    extra: float = 0.0


def _effect(treated: Arm, control: Arm, spread: tuple[float, float], how: _How) -> LiftEstimate:
    method, level, raw, extra = how.method, how.level, how.response, how.extra
    n = treated.n + control.n
    why = _why(treated, control, spread)
    if why:
        nothing = unknown(n, why)
        return LiftEstimate(
            nothing, nothing, _naive(treated, raw, level), treated.mean, control.mean, np.nan, np.nan, method
        )
    parts = spread[0] / treated.n, spread[1] / control.n
    se = float(np.sqrt(sum(parts) + extra))
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (treated.n - 1) + parts[1] ** 2 / (control.n - 1))
    gap = treated.mean - control.mean
    half = float(stdtrit(freedom, 0.5 + level / 2)) * se
    p = float(2 * stdtr(freedom, -abs(gap) / se))
    ate = Estimate(gap, gap - half, gap + half, n, level=level)
    rel = _relative(treated, control, (parts[0] + extra, parts[1]), level)
    return LiftEstimate(ate, rel, _naive(treated, raw, level), treated.mean, control.mean, p, se, method)


def _why(treated: Arm, control: Arm, spread: tuple[float, float]) -> str:
    if min(treated.n, control.n) < FEWEST:
        return "too_few" if min(treated.n, control.n) else "no_arm"
    binary = all(_is_binary(arm) for arm in (treated, control))
    events = treated.n * treated.mean + control.n * control.mean
    if not sum(spread) > 0 or (binary and min(events, treated.n + control.n - events) < EVENTS):
        return "no_outcome"
    return ""


def _is_binary(arm: Arm) -> bool:
    """Whether the variance is that of zeros and ones."""
    return bool(np.isclose(arm.var * (arm.n - 1) / arm.n, arm.mean * (1 - arm.mean), rtol=1e-6, atol=1e-12))


def _naive(treated: Arm, response: float, level: float) -> Estimate:
    if treated.n < FEWEST:
        return unknown(treated.n, "too_few")
    half = float(stdtrit(treated.n - 1, 0.5 + level / 2)) * np.sqrt(max(treated.var, 0.0) / treated.n)
    return Estimate(response, response - half, response + half, treated.n, level=level)


def _relative(treated: Arm, control: Arm, parts: tuple[float, float], level: float) -> Estimate:
    """Treated over control, minus 1, on the log scale (delta method)."""
    n = treated.n + control.n
    if treated.mean <= 0 or control.mean <= 0:
        return unknown(n, "no_base")
    error = np.sqrt(parts[0] / treated.mean**2 + parts[1] / control.mean**2)
    half = float(stdtrit(n - 2, 0.5 + level / 2) * error)
    if half > WIDEST:
        return unknown(n, "no_base")
    ratio, spread = treated.mean / control.mean, float(np.exp(half))
    return Estimate(ratio - 1, ratio / spread - 1, ratio * spread - 1, n, level=level)
