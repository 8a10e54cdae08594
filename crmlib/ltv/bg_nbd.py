"""BG/NBD: how many purchases to expect from customers who may silently leave.

While active a customer buys at a Poisson rate lambda ~ Gamma(r, alpha); after each repeat purchase the customer leaves
for good with probability p ~ Beta(a, b). Times go in as days; r, a, b have no unit and alpha is in weeks.

Source: Fader, Hardie & Lee, "Counting Your Customers the Easy Way", Marketing Science 24 (2005) 275-284, equations (6),
(9), (10), P(alive) from Fader & Hardie's note on it (2008). The equation numbers are those that the `lifetimes` source
cites; the forms used here are derived in the comments and checked against the published CDNOW results.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import expit, hyp2f1

from crmlib import newton
from crmlib.ltv import bg_nbd_likelihood as likelihood
from crmlib.ltv import patterns as grouping
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from lifetimes import BetaGeoFitter
    from numpy.typing import ArrayLike

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray, Optimum, Report

NAMES = ("r", "alpha", "a", "b")
LOWER, UPPER = np.log([1e-4, 1e-3, 1e-4, 1e-4]), np.log([1e4, 1e5, 1e4, 1e4])
COARSE_PATTERNS, COARSE_BINS = 5_000, 30  # above this many patterns a fit to 30 bins of time gives the start
WEAK_ERROR = 1.0  # standard error of a log-parameter above which its interval spans a factor of 50


@dataclass(frozen=True, eq=False)
class BgNbd:
    """A fitted BG/NBD model (alpha in weeks). Parameters are NaN where `report` says that the fit failed, and why.

    `covariance` and `log_covariance` come from the observed information, on the scale of the parameters and of their
    logarithms. `patterns` are what the model was fitted to.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    log_covariance: FloatArray
    report: Report
    patterns: Patterns

    @property
    def parameters(self) -> FloatArray:
        """(r, alpha, a, b)."""
        return np.array([self.r, self.alpha, self.a, self.b])

    @property
    def covariance(self) -> FloatArray:
        """Covariance of (r, alpha, a, b)."""
        return self.log_covariance * np.outer(self.parameters, self.parameters)

    @property
    def standard_errors(self) -> FloatArray:
        """Standard errors of (r, alpha, a, b)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def intervals(self) -> FloatArray:
        """95 % intervals, one row per parameter, symmetric on the log scale so that they stay positive."""
        return newton.log_intervals(self.parameters, self.log_covariance)

    def shifted(self, log_step: FloatArray) -> BgNbd:
        """The same model with its log-parameters moved: what intervals of predictions are made from."""
        r, alpha, a, b = self.parameters * np.exp(log_step)
        return replace(self, r=r, alpha=alpha, a=a, b=b)

    def as_lifetimes(self) -> BetaGeoFitter:
        """The `lifetimes` fitter with these parameters (time in weeks): its predictions and plots work."""
        from crmlib.ltv.second_opinion import beta_geo_fitter

        return beta_geo_fitter(self)


def fit(patterns: Patterns, kernel: Literal["numpy", "numba"] = "numpy") -> BgNbd:
    """Maximum likelihood without a penalty; a penalty biases (a, b) badly while totals look plausible.

    Args:
        patterns: histories in days.
        kernel: "numba" sums over the patterns in compiled code (extra `speed`); the parameters agree to 1e-5.

    Returns:
        The model; `report.converged` says whether it can be used and `report.why` why not.

    Example:
        >>> nobody_returned = grouping.from_arrays([0, 0], [0, 0], [30, 60])
        >>> fit(nobody_returned).report.why
        'ltv.no_repeat'
    """
    impossible = _no_information(patterns)
    if impossible:
        return _unfitted(patterns, newton.Report(False, impossible, {"customers": patterns.customers}))
    target = likelihood.objective(likelihood.prepare(patterns), _pattern_sum(kernel))
    optimum = newton.best(target, _starts(patterns), LOWER, UPPER)
    if not optimum.report.converged:
        return _unfitted(patterns, _named(optimum))
    log_covariance = newton.covariance(optimum)
    report = replace(optimum.report, notes=_notes(patterns, log_covariance))
    r, alpha, a, b = map(float, np.exp(optimum.at))
    return BgNbd(r, alpha, a, b, optimum.value, log_covariance, report, patterns)


def log_likelihood(model: BgNbd, patterns: Patterns) -> float:
    """Log-likelihood of `patterns` under the model's parameters (weeks)."""
    return likelihood.objective(likelihood.prepare(patterns))(np.log(model.parameters))[0]


def expected_purchases(model: BgNbd, days: ArrayLike) -> FloatArray:
    """Expected repeat purchases of a new customer within `days` of the first purchase (equation 9)."""
    return conditional_expected_purchases(model, days, 0, 0, 0)


def conditional_expected_purchases(
    model: BgNbd, days: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
) -> FloatArray:
    """Expected purchases in the next `days` of customers with this history (equation 10); all times in days."""
    alive = probability_alive(model, frequency, recency, T)
    return np.asarray(alive * purchases_while_alive(model, days, frequency, T))


def probability_alive(model: BgNbd, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Probability that the customer has not left by T; 1 by construction for who never bought again.

    1 / (1 + e^D), D as in the likelihood: computed in logarithms, so that any frequency is safe.
    """
    x, t_x, t = _broadcast(frequency, recency, T)
    shape = model.r + x
    gap = np.log(model.alpha + t / DAYS_PER_WEEK) - np.log(model.alpha + t_x / DAYS_PER_WEEK)
    D = math.log(model.a) - np.log(model.b + np.maximum(x, 1) - 1) + shape * gap
    return np.where(x > 0, expit(-D), 1.0)


def purchases_while_alive(model: BgNbd, days: ArrayLike, frequency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Expected purchases in the next `days` of a customer known to be active at T: free of recency.

    (a+b+x-1)/(a-1) (1 - (1-z)^(a-1) 2F1(a+b-1-r, a-1; a+b+x-1; z)),  z = t/(alpha+T+t).

    Equation (10) has (1-z)^(r+x) 2F1(r+x, b+x; a+b+x-1; z), which overflows for large x; Euler's transformation
    (Abramowitz & Stegun 15.3.3) moves x out of the first two arguments. At a = 1 the quotient has a removable hole.
    """
    t, x, age = _broadcast(days, frequency, T)
    if abs(model.a - 1) < 1e-5:
        sides = [replace(model, a=1 + side) for side in (-2e-5, 2e-5)]
        return np.asarray(sum(purchases_while_alive(side, days, frequency, T) for side in sides) / 2)
    r, alpha, a, b = model.parameters
    z = t / (alpha * DAYS_PER_WEEK + age + t)
    stay = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    return np.asarray((a + b + x - 1) / (a - 1) * (1 - stay))


def _broadcast(*values: ArrayLike) -> list[FloatArray]:
    return list(np.broadcast_arrays(*(np.asarray(v, float) for v in values)))


def _no_information(patterns: Patterns) -> str:
    if patterns.customers < 2:
        return "ltv.one_customer" if patterns.customers else "ltv.no_customers"
    if not patterns.T.any():
        return "ltv.one_day"
    return "" if patterns.repeaters else "ltv.no_repeat"


def _pattern_sum(kernel: str) -> likelihood.PatternSum:
    if kernel == "numpy":
        return likelihood.sum_over_patterns
    from crmlib.ltv.bg_nbd_compiled import sum_over_patterns

    return sum_over_patterns


def _starts(patterns: Patterns) -> list[FloatArray]:
    """Where to begin: the fit of coarse bins if there are many patterns, then four quite different customers."""
    rate = patterns.repeat_purchases / (patterns.weight @ patterns.T / DAYS_PER_WEEK)
    guesses = [(0.5, 1.0, 2.0), (2.0, 0.3, 3.0), (0.2, 1.0, 1.0), (1.0, 0.1, 10.0)]
    starts: list[FloatArray] = [
        np.clip(np.log(np.array([r, r / rate, a, b])), LOWER + 1, UPPER - 1) for r, a, b in guesses
    ]
    if len(patterns) <= COARSE_PATTERNS:
        return starts
    binned = grouping.coarse(patterns, int(patterns.T.max()) // COARSE_BINS + 1)
    rough = newton.best(likelihood.objective(likelihood.prepare(binned)), starts, LOWER, UPPER)
    return [np.clip(rough.at, LOWER + 1, UPPER - 1), *starts]


def _named(optimum: Optimum) -> Report:
    """The report with the parameter's name, and with what a boundary means where it has a meaning."""
    report, at = optimum.report, np.exp(optimum.at)
    if "parameter" not in report.figures:
        return report
    name = NAMES[int(report.figures["parameter"])]
    figures = {**report.figures, "parameter": name}
    if report.why == "ltv.boundary":
        return replace(report, why=_boundary(name, str(figures["side"]), at), figures=figures)
    return replace(report, figures=figures)


def _boundary(name: str, side: str, at: FloatArray) -> str:
    leaving = at[2] / (at[2] + at[3])
    if name in ("a", "b") and leaving < 1e-3:
        return "ltv.no_dropout"
    if name in ("a", "b") and side == "infinity":
        return "ltv.same_dropout"
    return "ltv.same_rate" if side == "infinity" else "ltv.boundary"


def _notes(patterns: Patterns, log_covariance: FloatArray) -> tuple[str, ...]:
    weak = bool((np.sqrt(np.diag(log_covariance)) > WEAK_ERROR).any())
    everyone = patterns.repeaters == patterns.customers
    return ("weak",) * weak + ("all_repeat",) * everyone


def _unfitted(patterns: Patterns, report: Report) -> BgNbd:
    nan = float("nan")
    return BgNbd(nan, nan, nan, nan, nan, np.full((4, 4), np.nan), report, patterns)
