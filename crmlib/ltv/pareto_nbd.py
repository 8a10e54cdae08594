"""Pareto/NBD: buying at a rate lambda ~ Gamma(r, alpha) through a lifetime that ends at a rate mu ~ Gamma(s, beta).

Unlike in BG/NBD leaving does not wait for a purchase, so who bought once and stayed away long is probably lost.
Times go in as days; r and s have no unit, alpha and beta are in weeks.

Source: Schmittlein, Morrison & Colombo (1987), Management Science 33, 1-24; Fader & Hardie, "A Note on Deriving the
Pareto/NBD Model" (2005). The likelihood is an integral over the moment of leaving (see `pareto_nbd_likelihood`), not the
published hypergeometric functions; checked against the published CDNOW results and `lifetimes`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from crmlib import newton
from crmlib.ltv import pareto_nbd_likelihood as likelihood
from crmlib.ltv import search
from crmlib.ltv.fitted import Fitted, broadcast, no_information, notes
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from lifetimes import ParetoNBDFitter
    from numpy.typing import ArrayLike

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray, Optimum, Report

NAMES = ("r", "alpha", "s", "beta")
LOWER, UPPER = np.log([1e-4, 1e-3, 1e-4, 1e-3]), np.log([1e4, 1e5, 1e4, 1e6])
NO_DROPOUT = 1e-5  # a mean rate of leaving per week below which nobody is seen to leave


@dataclass(frozen=True, eq=False)
class ParetoNbd(Fitted):
    """A fitted Pareto/NBD model (alpha, beta in weeks). Parameters are NaN where `report` says why there is no fit."""

    NAMES: ClassVar = NAMES
    NAME: ClassVar = "pareto_nbd"

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float
    log_covariance: FloatArray
    report: Report
    patterns: Patterns

    def as_lifetimes(self) -> ParetoNBDFitter:
        """The `lifetimes` fitter with these parameters (time in weeks): its predictions work."""
        from crmlib.ltv.second_opinion import buying_fitter

        return buying_fitter(self)


def fit(patterns: Patterns) -> ParetoNbd:
    """Maximum likelihood without a penalty; `report` says why there is none."""
    impossible = no_information(patterns)
    if impossible:
        return _unfitted(patterns, newton.Report(False, impossible, {"customers": patterns.customers}))
    optimum = search.highest(likelihood.objective, patterns, _starts(patterns), LOWER, UPPER)
    if not optimum.report.converged:
        return _unfitted(patterns, _named(optimum))
    log_covariance = newton.covariance(optimum)
    report = replace(optimum.report, notes=notes(patterns, log_covariance))
    r, alpha, s, beta = map(float, np.exp(optimum.at))
    return ParetoNbd(r, alpha, s, beta, optimum.value, log_covariance, report, patterns)


def log_likelihood(model: ParetoNbd, patterns: Patterns) -> float:
    """Log-likelihood of `patterns` under the model's parameters (weeks)."""
    return likelihood.objective(patterns)(np.log(model.parameters))[0]


def probability_alive(model: ParetoNbd, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Probability that the customer has not left by T: the part of the likelihood in which he has not."""
    x, t_x, t = broadcast(frequency, recency, T)
    if not model.report.converged:
        return np.full(x.shape, np.nan)
    alive = likelihood.alive(model.parameters, x.ravel(), t_x.ravel() / DAYS_PER_WEEK, t.ravel() / DAYS_PER_WEEK)
    return alive.reshape(x.shape)


def purchases_while_alive(model: ParetoNbd, days: ArrayLike, frequency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Expected purchases in the next `days` of a customer known to be active at T.

    (r+x)(beta+T) / (alpha+T) * (1 - q^(s-1)) / (s-1) with q = (beta+T) / (beta+T+t); at s = 1 the last factor is -ln q.
    """
    t, x, age = (v / unit for v, unit in zip(broadcast(days, frequency, T), (7.0, 1.0, 7.0), strict=True))
    log_q = -np.log1p(t / (model.beta + age))
    bend = (model.s - 1) * log_q
    safe = np.where(np.abs(bend) < 1e-8, 1.0, bend)
    stay = log_q * np.where(np.abs(bend) < 1e-8, 1 + bend / 2, np.expm1(safe) / safe)
    return np.asarray(-(model.r + x) * (model.beta + age) / (model.alpha + age) * stay)


def conditional_expected_purchases(
    model: ParetoNbd, days: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
) -> FloatArray:
    """Expected purchases in the next `days` of customers with this history; all times in days."""
    alive = probability_alive(model, frequency, recency, T)
    return np.asarray(alive * purchases_while_alive(model, days, frequency, T))


def expected_purchases(model: ParetoNbd, days: ArrayLike) -> FloatArray:
    """Expected repeat purchases of a new customer within `days` of the first purchase."""
    return purchases_while_alive(model, days, 0, 0)


def _starts(patterns: Patterns) -> list[FloatArray]:
    """Mean rate as observed; mean lifetimes of half, twice and a tenth of the observation, more or less alike."""
    span = float(patterns.T.max()) / DAYS_PER_WEEK
    rate = patterns.repeat_purchases / (patterns.weight @ patterns.T / DAYS_PER_WEEK)
    guesses = [(0.5, 0.7, 0.5), (1.0, 1.5, 2.0), (0.2, 0.4, 0.1), (2.0, 0.2, 1.0)]
    return [np.log(np.array([r, r / rate, s, max(s * share * span, 0.5)])) for r, s, share in guesses]


def _named(optimum: Optimum) -> Report:
    """The report with the parameter's name, and with what a boundary means where it has a meaning."""
    report, at = optimum.report, np.exp(optimum.at)
    if "parameter" not in report.figures:
        return report
    name = NAMES[int(report.figures["parameter"])]
    figures = {**report.figures, "parameter": name}
    if report.why != "ltv.boundary":
        return replace(report, figures=figures)
    if at[2] / at[3] < NO_DROPOUT:
        why = "ltv.no_dropout"
    elif figures["side"] == "infinity":
        why = "ltv.same_rate" if name in ("r", "alpha") else "ltv.same_dropout"
    else:
        why = report.why
    return replace(report, why=why, figures=figures)


def _unfitted(patterns: Patterns, report: Report) -> ParetoNbd:
    nan = float("nan")
    return ParetoNbd(nan, nan, nan, nan, nan, np.full((4, 4), nan), report, patterns)
