"""A leak: a day from which the second purchase comes less often than the smooth course of the hazard says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from crmlib.intervals import Estimate, unknown
from crmlib.retention.kaplan_meier import KaplanMeier

Array = NDArray[np.float64]
FIRST_DAY, LAST_DAY, YEAR = 14, 180, 365  # days on which a leak is looked for; days that the course is fitted to
AFTER = 30  # days after the last candidate, so that a drop is more than a bad week
MIN_EVENTS = 100  # second purchases, below which a course says nothing
SHAPE = 4  # cubic in log(1 + t / 90)
RISES, CLEAR = 2, 12.0  # rises taken into the course at most, and twice the gain of log-likelihood that makes one clear
LEVEL = 0.95  # of the days in the interval


@dataclass(frozen=True, eq=False)
class Leak:
    """The clearest drop of the hazard.

    Args:
        day: Last day before the drop, with the days that hold 95 % of the profile likelihood.
        ratio: Hazard after the day over the hazard that the smooth course expects.
        change: ratio - 1; the finding rests on it.
        lost: Share of all new customers who would have bought again by the end of the course but for the drop.
        p: Of no drop anywhere (the scan over days is accounted for).
        days: Days 1, 2, ... of the course.
        observed: Hazard by day as counted.
        expected: Hazard by day without a drop, as the course before it says.
        fitted: Hazard by day with the drop.
        why: Text key of why it was not looked for.
    """

    day: Estimate
    ratio: Estimate
    change: Estimate
    lost: Estimate
    p: float
    days: NDArray[np.int64]
    observed: Array
    expected: Array
    fitted: Array
    why: str = ""


@dataclass(frozen=True, eq=False)
class _Course:
    """Counts by day and the design of the smooth course."""

    events: Array
    at_risk: Array
    design: Array
    days: NDArray[np.int64]


def locate(curve: KaplanMeier, level: float = LEVEL) -> Leak:
    """Look for a drop on every day, given a smooth course: log hazard = cubic in log(1 + t / 90), and a step after the day.

    Args:
        curve: Time to the second purchase.
        level: Of the interval of the ratio, the change and the loss; it holds for all days looked at together.

    Source:
        Score process of a Poisson regression; the chance of its maximum over the days by Davies (1987), Biometrika 74, 33-43,
        for a walk in days. Overdispersion by Pearson's statistic (McCullagh & Nelder 1989, 6.2.4), never below 1.
    """
    course = _course(curve)
    if course is None:
        return _nothing(curve, "too_few" if curve.n else "no_customers")
    candidates = course.days[(course.days >= FIRST_DAY) & (course.days <= min(LAST_DAY, course.days[-1] - AFTER))]
    course, profile = _profile(course, candidates)
    scores, walk = _score_process(course, candidates)
    if not np.isfinite(profile).any():
        return _nothing(curve, "no_drop")
    best = int(candidates[int(np.argmax(profile))])
    p = float(_tail(-scores.min(), walk))
    return _described(course, curve, best, (candidates, profile), (p, _critical(walk, 1 - level), level))


def _tail(height: float, walk: float) -> float:
    """Chance that the walk passes a height, one-sided, at most."""
    return min(1.0, float(ndtr(-height)) + walk / (2 * np.pi) * float(np.exp(-(height**2) / 2)))


def _critical(walk: float, alpha: float) -> float:
    """The height that the walk passes with probability alpha."""
    low, high = 0.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _tail(middle, walk) > alpha else (low, middle)
    return high


def _course(curve: KaplanMeier) -> _Course | None:
    last = min(YEAR, curve.horizon, len(curve.events) - 1)
    if last < FIRST_DAY + 2 * AFTER:
        return None
    days = np.arange(1, last + 1)
    events, at_risk = curve.events[days].astype(float), curve.at_risk[days].astype(float)
    if events.sum() < MIN_EVENTS:
        return None
    u = np.log1p(days / 90)
    powers = np.stack([((u - u.mean()) / u.std()) ** k for k in range(SHAPE)], axis=1)
    return _Course(events, at_risk, powers, days)


def _fit(course: _Course, design: Array) -> tuple[Array, Array, Any]:
    """Poisson regression with the customers at risk as exposure: coefficients, means, inverse information."""
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(course.events.sum() / course.at_risk.sum())
    for _ in range(50):
        mean = course.at_risk * np.exp(design @ beta)
        inverse = np.linalg.pinv((design.T * mean) @ design)
        step = inverse @ (design.T @ (course.events - mean))
        beta = beta + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-9:
            break
    return beta, course.at_risk * np.exp(design @ beta), inverse


def _score_process(course: _Course, candidates: NDArray[np.int64]) -> tuple[Array, float]:
    """Standardised scores of a step after each candidate, and the length of their walk (sum of the angles of neighbours)."""
    mean = _fit(course, course.design)[1]
    after = (course.days[None, :] > candidates[:, None]).astype(float)
    weighted = course.design * mean[:, None]
    residual = after - after @ weighted @ np.linalg.pinv(course.design.T @ weighted) @ course.design.T
    covariance = (residual * mean) @ residual.T
    error = np.sqrt(np.diag(covariance))
    angles = np.arccos(np.clip(np.diag(covariance, 1) / (error[1:] * error[:-1]), -1, 1))
    phi = _dispersion(course, mean, course.design.shape[1])
    return after @ (course.events - mean) / (error * np.sqrt(phi)), float(angles.sum())


def _dispersion(course: _Course, mean: Array, parameters: int) -> float:
    pearson = ((course.events - mean) ** 2 / np.maximum(mean, 1e-12)).sum()
    return max(1.0, float(pearson) / (len(mean) - parameters))


def _stepped(course: _Course, day: int) -> Array:
    return np.column_stack([course.design, (course.days > day).astype(float)])


def _profile(course: _Course, candidates: NDArray[np.int64]) -> tuple[_Course, Array]:
    """Log-likelihood of a drop after each candidate (-inf: a rise), on a course that has taken in the clear rises.

    A contact that works lifts the hazard from its day on; without that step the smooth course would seem to fall elsewhere.
    """
    for _ in range(RISES + 1):
        fits = [_fit(course, _stepped(course, day)) for day in candidates]
        likelihood = np.array([_log_likelihood(course, mean) for _, mean, _ in fits])
        step = np.array([beta[-1] for beta, _, _ in fits])
        best = int(np.argmax(likelihood))
        gain = 2 * (likelihood[best] - _log_likelihood(course, _fit(course, course.design)[1]))
        if step[best] < 0 or gain < CLEAR:
            break
        course = replace(course, design=_stepped(course, int(candidates[best])))
    return course, np.where(step < 0, likelihood, -np.inf)


def _log_likelihood(course: _Course, mean: Array) -> float:
    return float((course.events * np.log(np.maximum(mean, 1e-300)) - mean).sum())


def _described(
    course: _Course,
    curve: KaplanMeier,
    best: int,
    profile: tuple[NDArray[np.int64], Array],
    test: tuple[float, float, float],
) -> Leak:
    design, (p, critical, level) = _stepped(course, best), test
    beta, mean, inverse = _fit(course, design)
    phi = _dispersion(course, mean, design.shape[1])
    half = critical * float(np.sqrt(inverse[-1, -1] * phi))
    value, lower, upper = (float(np.exp(beta[-1] + side)) for side in (0.0, -half, half))
    fitted = mean / course.at_risk
    low, high = _days_interval(*profile, phi)
    ratio = Estimate(value, lower, upper, curve.n, level=level)
    return Leak(
        day=Estimate(float(best), low, high, curve.n),
        ratio=ratio,
        change=Estimate(value - 1, lower - 1, upper - 1, curve.n, level=level),
        lost=_lost(course, best, ratio, curve.n),
        p=p,
        days=course.days,
        observed=course.events / course.at_risk,
        expected=np.where(course.days > best, fitted / value, fitted),
        fitted=fitted,
    )


def _days_interval(candidates: NDArray[np.int64], likelihoods: Array, phi: float) -> tuple[float, float]:
    """The likeliest days that together hold 95 % of the profile likelihood."""
    weight = np.exp((likelihoods - likelihoods.max()) / phi)
    order = np.argsort(-weight, kind="stable")
    held = np.searchsorted(np.cumsum(weight[order]) / weight.sum(), LEVEL) + 1
    days = candidates[order[:held]]
    return float(days.min()), float(days.max())


def _lost(course: _Course, day: int, ratio: Estimate, n: int) -> Estimate:
    """What the drop costs in F2 by the end of the course: hazards after the day divided by the ratio, against those seen."""
    hazard = course.events / np.maximum(course.at_risk, 1)
    reached = 1 - np.prod(1 - hazard)

    def without(by: float) -> float:
        return float(1 - np.prod(1 - np.minimum(np.where(course.days > day, hazard / by, hazard), 1.0)) - reached)

    return Estimate(without(ratio.value), without(ratio.upper), without(ratio.lower), n, level=ratio.level)


def _nothing(curve: KaplanMeier, why: str) -> Leak:
    none, empty = unknown(curve.n, why), np.empty(0)
    return Leak(none, none, none, none, np.nan, np.empty(0, np.int64), empty, empty, empty, why)
