"""NBD: buying at a steady rate for ever, lambda ~ Gamma(r, alpha). The baseline that knows no leaving.

It serves where the data show no sign that customers leave. Source: Ehrenberg (1959); the likelihood of the purchase times,
lnG(r+x) - lnG(r) + r ln alpha - (r+x) ln(alpha+T), is BG/NBD's without its dropout part, which is how its derivatives are
obtained here; checked against the published CDNOW result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from crmlib import newton
from crmlib.ltv import bg_nbd_likelihood as likelihood
from crmlib.ltv import search
from crmlib.ltv.fitted import Fitted, broadcast, no_information, notes
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import Derivatives, FloatArray, Objective, Report

NAMES = ("r", "alpha")
LOWER, UPPER = np.log([1e-4, 1e-3]), np.log([1e4, 1e5])


@dataclass(frozen=True, eq=False)
class Nbd(Fitted):
    """A fitted NBD model (alpha in weeks). Parameters are NaN where `report` says why there is no fit."""

    NAMES: ClassVar = NAMES
    NAME: ClassVar = "nbd"

    r: float
    alpha: float
    log_likelihood: float
    log_covariance: FloatArray
    report: Report
    patterns: Patterns


def fit(patterns: Patterns) -> Nbd:
    """Maximum likelihood without a penalty; `report` says why there is none."""
    impossible = no_information(patterns)
    nan = float("nan")
    if impossible:
        report = newton.Report(False, impossible, {"customers": patterns.customers})
        return Nbd(nan, nan, nan, np.full((2, 2), nan), report, patterns)
    rate = patterns.repeat_purchases / (patterns.weight @ patterns.T / DAYS_PER_WEEK)
    starts = [np.log(np.array([r, r / rate])) for r in (0.5, 2.0, 0.1, 10.0)]
    optimum = search.highest(_objective, patterns, starts, LOWER, UPPER)
    if not optimum.report.converged:
        endless = optimum.report.figures.get("side") == "infinity"
        report = replace(optimum.report, why="ltv.same_rate") if endless else optimum.report
        return Nbd(nan, nan, nan, np.full((2, 2), nan), report, patterns)
    log_covariance = newton.covariance(optimum)
    r, alpha = map(float, np.exp(optimum.at))
    report = replace(optimum.report, notes=notes(patterns, log_covariance))
    return Nbd(r, alpha, optimum.value, log_covariance, report, patterns)


def log_likelihood(model: Nbd, patterns: Patterns) -> float:
    """Log-likelihood of `patterns` under the model's parameters (weeks)."""
    return _objective(patterns)(np.log(model.parameters))[0]


def probability_alive(model: Nbd, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    """1 for everybody: nobody leaves (NaN without a fit)."""
    x, _, _ = broadcast(frequency, recency, T)
    return np.full(x.shape, 1.0 if model.report.converged else np.nan)


def purchases_while_alive(model: Nbd, days: ArrayLike, frequency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Expected purchases in the next `days`: (r + x) / (alpha + T) each week."""
    t, x, age = broadcast(days, frequency, T)
    return np.asarray((model.r + x) * t / (model.alpha * DAYS_PER_WEEK + age))


def conditional_expected_purchases(
    model: Nbd, days: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
) -> FloatArray:
    """Expected purchases in the next `days` of customers with this history; recency tells nothing here."""
    t, x, _, age = broadcast(days, frequency, recency, T)
    return purchases_while_alive(model, t, x, age)


def expected_purchases(model: Nbd, days: ArrayLike) -> FloatArray:
    """Expected repeat purchases of a new customer within `days`."""
    return purchases_while_alive(model, days, 0, 0)


def _objective(patterns: Patterns) -> Objective:
    prepared = likelihood.prepare(patterns)

    def at(log_parameters: FloatArray) -> Derivatives:
        parameters = np.append(np.exp(log_parameters), [1.0, 1.0])
        with np.errstate(all="ignore"):  # a trial step may be absurd; the search refuses a value that is not finite
            value, gradient, hessian = likelihood.to_logs(parameters, likelihood.rate_part(parameters, prepared))
        return value, gradient[:2], hessian[:2, :2]

    return at
