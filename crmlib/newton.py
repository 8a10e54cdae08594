"""Newton's method in a trust region on the logarithms of positive parameters, and the report of how it ended.

A log-likelihood here returns value, gradient and Hessian with respect to the log-parameters. With three or four
parameters the eigenvalues of the Hessian cost nothing, so each step is the exact trust-region step, and a failure
can be named: a run to the boundary, a flat ridge, a budget that was used up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from crmlib import intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[Any]  # of float64
    Derivatives = tuple[float, FloatArray, FloatArray]

Objective = Callable[["FloatArray"], "Derivatives"]

MAX_EVALUATIONS = 60
FIRST_RADIUS, LARGEST_RADIUS = 1.0, 4.0
DECREMENT = 1e-11  # predicted relative gain of the log-likelihood at which a Newton step is the last one
FLAT_CURVATURE = 1e-7  # smallest over largest curvature below which the data do not tell the parameters apart


@dataclass(frozen=True)
class Report:
    """How a fit ended.

    `why` is the text key (below `why.`) of the reason ("" when converged), `figures` the numbers its sentence needs, `notes` text
    keys (below `note.ltv.`) of what a reader should know although the fit converged.
    """

    converged: bool
    why: str = ""
    figures: dict[str, float | str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    evaluations: int = 0
    condition: float = float("nan")


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where the search stopped: log-parameters, log-likelihood, Hessian there, and the report."""

    at: FloatArray
    value: float
    hessian: FloatArray
    report: Report


def maximise(objective: Objective, start: FloatArray, lower: FloatArray, upper: FloatArray) -> Optimum:
    """Climb from `start` until the predicted gain is nothing, a bound of the log-parameters is reached or patience ends.

    Source: exact trust-region step by eigenvalues, Conn, Gould & Toint, "Trust-Region Methods" (2000), section 7.3;
    written from the definition and checked against scipy's minimisers in the tests.
    """
    x, radius = np.asarray(start, float), FIRST_RADIUS
    value, gradient, hessian = objective(x)
    for evaluation in range(1, MAX_EVALUATIONS):
        step, gain = _step(gradient, hessian, radius)
        if gain <= DECREMENT * (1 + abs(value)):
            report = _judge(x, hessian, (lower, upper), evaluation)
            if report.converged:  # the last step is taken: what it leaves is of second order, whatever the start was
                x, value = x + step, value + gain
            return Optimum(x, value, hessian, report)
        trial = objective(x + step)
        ratio = (trial[0] - value) / gain if np.isfinite(trial[0]) else -1.0
        radius = _next_radius(radius, ratio, float(np.linalg.norm(step)))
        if ratio > 1e-4:
            x, (value, gradient, hessian) = x + step, trial
        if (x < lower).any() or (x > upper).any():
            return Optimum(x, value, hessian, _judge(x, hessian, (lower, upper), evaluation + 1))
        if radius < 1e-9:
            break
    return Optimum(x, value, hessian, Report(False, "ltv.no_convergence", {"evaluations": evaluation + 1}))


def best(objective: Objective, starts: list[FloatArray], lower: FloatArray, upper: FloatArray) -> Optimum:
    """The first start that converges; otherwise the attempt with the highest log-likelihood."""
    attempts = []
    for start in starts:
        attempts.append(maximise(objective, start, lower, upper))
        if attempts[-1].report.converged:
            return attempts[-1]
    return max(attempts, key=lambda optimum: optimum.value)


def covariance(optimum: Optimum) -> FloatArray:
    """Covariance of the log-parameters: inverse of the observed information; NaN where the fit did not converge."""
    if not optimum.report.converged:
        return np.full(optimum.hessian.shape, np.nan)
    return np.asarray(np.linalg.inv(-optimum.hessian))


def log_intervals(parameters: FloatArray, log_covariance: FloatArray) -> FloatArray:
    """95 % intervals, one row per parameter, symmetric on the log scale so that they stay positive."""
    spread = intervals.z() * np.sqrt(np.diag(log_covariance))
    return parameters[:, None] * np.exp(np.outer(spread, [-1.0, 1.0]))


def _step(gradient: FloatArray, hessian: FloatArray, radius: float) -> tuple[FloatArray, float]:
    """The best step of length <= radius on the local parabola, and the gain it promises."""
    curvature, axes = np.linalg.eigh(-hessian)
    slope = axes.T @ gradient
    step = _length_limited(curvature, slope, radius)
    return axes @ step, float(slope @ step - 0.5 * curvature @ step**2)


def _length_limited(curvature: FloatArray, slope: FloatArray, radius: float) -> FloatArray:
    floor = max(0.0, -float(curvature.min())) + 1e-12 * max(1.0, float(np.abs(curvature).max()))
    damping = 0.0 if curvature.min() > floor else floor
    if np.linalg.norm(slope / (curvature + damping)) <= radius:
        return np.asarray(slope / (curvature + damping))
    low, high = damping, damping + float(np.linalg.norm(slope)) / radius + floor
    for _ in range(60):
        damping = 0.5 * (low + high)
        too_long = np.linalg.norm(slope / (curvature + damping)) > radius
        low, high = (damping, high) if too_long else (low, damping)
    return np.asarray(slope / (curvature + high))


def _next_radius(radius: float, ratio: float, length: float) -> float:
    if ratio < 0.25:
        return 0.25 * length
    return min(2 * radius, LARGEST_RADIUS) if ratio > 0.75 and length > 0.9 * radius else radius


def _judge(x: FloatArray, hessian: FloatArray, bounds: tuple[FloatArray, FloatArray], evaluations: int) -> Report:
    """Converged only inside the bounds and where the log-likelihood curves in every direction."""
    curvature, axes = np.linalg.eigh(-hessian)
    condition = float(curvature[0] / curvature[-1]) if curvature[-1] > 0 else 0.0
    low, high = (x < bounds[0]), (x > bounds[1])
    if low.any() or high.any():
        at = int(np.argmax(low | high))
        figures: dict[str, float | str] = {"parameter": at, "side": "zero" if low[at] else "infinity"}
        return Report(False, "ltv.boundary", figures, (), evaluations, condition)
    if condition < FLAT_CURVATURE:
        worst = int(np.argmax(np.abs(axes[:, 0])))
        return Report(False, "ltv.flat", {"parameter": worst}, (), evaluations, condition)
    return Report(True, "", {}, (), evaluations, condition)
