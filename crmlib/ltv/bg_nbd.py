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
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

import numpy as np
from scipy.special import expit, hyp2f1

from crmlib import newton
from crmlib.ltv import bg_nbd_likelihood as likelihood
from crmlib.ltv import search
from crmlib.ltv.fitted import Fitted, broadcast, no_information, notes
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from lifetimes import BetaGeoFitter
    from numpy.typing import ArrayLike

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray, Objective, Optimum, Report

Kernel = Literal["numpy", "numba"]
Model = TypeVar("Model", bound="BgNbd")
NAMES = ("r", "alpha", "a", "b")
LOWER, UPPER = np.log([1e-4, 1e-3, 1e-4, 1e-4]), np.log([1e4, 1e5, 1e4, 1e4])


@dataclass(frozen=True, eq=False)
class BgNbd(Fitted):
    """A fitted BG/NBD model (alpha in weeks). Parameters are NaN where `report` says that the fit failed, and why.

    `log_covariance` comes from the observed information, on the scale of the logarithms of the parameters. `patterns` are
    what the model was fitted to. `FIRST_CHANCE` is 1 in the variant in which the first purchase is a chance to leave too.
    """

    NAMES: ClassVar = NAMES
    NAME: ClassVar = "bg_nbd"
    FIRST_CHANCE: ClassVar[int] = 0

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    log_covariance: FloatArray
    report: Report
    patterns: Patterns

    def as_lifetimes(self) -> BetaGeoFitter:
        """The `lifetimes` fitter with these parameters (time in weeks): its predictions and plots work."""
        from crmlib.ltv.second_opinion import buying_fitter

        return buying_fitter(self)


def fit(patterns: Patterns, kernel: Kernel = "numpy") -> BgNbd:
    """Maximum likelihood without a penalty; a penalty biases (a, b) badly while totals look plausible.

    Args:
        patterns: histories in days.
        kernel: "numba" sums over the patterns in compiled code (extra `speed`); the parameters agree to 1e-5.

    Returns:
        The model; `report.converged` says whether it can be used and `report.why` why not.

    Example:
        >>> from crmlib.ltv import patterns
        >>> nobody_returned = patterns.from_arrays([0, 0], [0, 0], [30, 60])
        >>> fit(nobody_returned).report.why
        'ltv.no_repeat'
    """
    return fit_as(BgNbd, patterns, kernel)


def fit_as(family: type[Model], patterns: Patterns, kernel: Kernel = "numpy") -> Model:
    """As `fit`, for BG/NBD or the variant of it that `family` says."""
    impossible = no_information(patterns)
    if impossible:
        return _unfitted(family, patterns, newton.Report(False, impossible, {"customers": patterns.customers}))
    pattern_sum = _pattern_sum(kernel)

    def target(some: Patterns) -> Objective:
        return likelihood.objective(likelihood.prepare(some, family.FIRST_CHANCE), pattern_sum)

    optimum = search.highest(target, patterns, starts(patterns), LOWER, UPPER)
    if not optimum.report.converged:
        return _unfitted(family, patterns, named(optimum))
    log_covariance = newton.covariance(optimum)
    report = replace(optimum.report, notes=notes(patterns, log_covariance))
    r, alpha, a, b = map(float, np.exp(optimum.at))
    return family(r, alpha, a, b, optimum.value, log_covariance, report, patterns)


def log_likelihood(model: BgNbd, patterns: Patterns) -> float:
    """Log-likelihood of `patterns` under the model's parameters (weeks)."""
    return likelihood.objective(likelihood.prepare(patterns, model.FIRST_CHANCE))(np.log(model.parameters))[0]


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
    """Probability that the customer has not left by T; 1 by construction for who had no chance to leave.

    1 / (1 + e^D), D as in the likelihood: computed in logarithms, so that any frequency is safe.
    """
    x, t_x, t = broadcast(frequency, recency, T)
    shape, chances = model.r + x, x + model.FIRST_CHANCE
    gap = np.log(model.alpha + t / DAYS_PER_WEEK) - np.log(model.alpha + t_x / DAYS_PER_WEEK)
    D = math.log(model.a) - np.log(model.b + np.maximum(chances, 1) - 1) + shape * gap
    return np.where(chances > 0, expit(-D), 1.0)


def purchases_while_alive(model: BgNbd, days: ArrayLike, frequency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Expected purchases in the next `days` of a customer known to be active at T: free of recency.

    (a+b+n-1)/(a-1) (1 - (1-z)^(a-1) 2F1(a+b-1-r+n-x, a-1; a+b+n-1; z)),  z = t/(alpha+T+t), n chances to have left so far.

    Equation (10) has (1-z)^(r+x) 2F1(r+x, b+x; a+b+x-1; z), which overflows for large x; Euler's transformation
    (Abramowitz & Stegun 15.3.3) moves x out of the first two arguments. At a = 1 the quotient has a removable hole.
    """
    t, x, age = broadcast(days, frequency, T)
    if abs(model.a - 1) < 1e-5:
        sides = [replace(model, a=1 + side) for side in (-2e-5, 2e-5)]
        return np.asarray(sum(purchases_while_alive(side, days, frequency, T) for side in sides) / 2)
    r, alpha, a, b = model.parameters
    z = t / (alpha * DAYS_PER_WEEK + age + t)
    both = a + b - 1 + model.FIRST_CHANCE
    stay = np.exp((a - 1) * np.log1p(-z)) * hyp2f1(both - r, a - 1, both + x, z)
    return np.asarray((both + x) / (a - 1) * (1 - stay))


def _pattern_sum(kernel: str) -> likelihood.PatternSum:
    if kernel == "numpy":
        return likelihood.sum_over_patterns
    from crmlib.ltv.bg_nbd_compiled import sum_over_patterns

    return sum_over_patterns


def starts(patterns: Patterns) -> list[FloatArray]:
    """Where to begin: four quite different kinds of customers, all with the patterns' mean rate."""
    rate = patterns.repeat_purchases / (patterns.weight @ patterns.T / DAYS_PER_WEEK)
    guesses = [(0.5, 1.0, 2.0), (2.0, 0.3, 3.0), (0.2, 1.0, 1.0), (1.0, 0.1, 10.0)]
    return [np.log(np.array([r, r / rate, a, b])) for r, a, b in guesses]


def named(optimum: Optimum) -> Report:
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
    if (name in ("a", "b") and leaving < 1e-3) or (name == "a" and side == "zero"):
        return "ltv.no_dropout"
    if name in ("a", "b") and side == "infinity":
        return "ltv.same_dropout"
    return "ltv.same_rate" if side == "infinity" else "ltv.boundary"


def _unfitted(family: type[Model], patterns: Patterns, report: Report) -> Model:
    nan = float("nan")
    return family(nan, nan, nan, nan, nan, np.full((4, 4), np.nan), report, patterns)
