"""MBG/CNBD-k: MBG/NBD for customers who buy at regular intervals, as mail-order customers do.

Gaps are Erlang-k in place of exponential: k = 1 is MBG/NBD, a larger k is a steadier rhythm, in which a missed purchase
says more. k is a whole number, chosen by the likelihood; r, a, b have no unit, alpha is in weeks of one of the k stages.

Source: see `mbg_cnbd_likelihood`. The expectations are exact sums (no approximation, unlike BTYDplus), see there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.special import betainc, betaln

from crmlib import newton
from crmlib.ltv import bg_nbd, search
from crmlib.ltv import mbg_cnbd_likelihood as likelihood
from crmlib.ltv.fitted import Fitted, broadcast, no_information, notes
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray, Objective, Report

LARGEST_K = 6
NEGLIGIBLE = 1e-7  # of the sum so far: the next purchases are left out
MOST_PURCHASES = 2_000


@dataclass(frozen=True, eq=False)
class MbgCnbd(Fitted):
    """A fitted MBG/CNBD-k model (alpha in weeks). Parameters are NaN where `report` says why there is no fit."""

    NAMES: ClassVar = bg_nbd.NAMES
    NAME: ClassVar = "mbg_cnbd"

    r: float
    alpha: float
    a: float
    b: float
    k: int
    log_likelihood: float
    log_covariance: FloatArray
    report: Report
    patterns: Patterns
    log_gaps: float


def fit(patterns: Patterns, log_gaps: float) -> MbgCnbd:
    """Maximum likelihood over k = 1, 2, ... as long as a larger k is more likely.

    Args:
        patterns: histories in days.
        log_gaps: sum of the logarithms of all gaps between purchases, gaps in weeks.
    """
    best = fit_k(patterns, log_gaps, 1)
    for k in range(2, LARGEST_K + 1):
        other = fit_k(patterns, log_gaps, k)
        better = other.report.converged and not other.log_likelihood <= best.log_likelihood
        if best.report.converged and not better:
            break
        best = other if better else best
    return best


def fit_k(patterns: Patterns, log_gaps: float, k: int) -> MbgCnbd:
    """As `fit`, with a given regularity."""
    impossible = no_information(patterns)
    if impossible:
        return _unfitted(patterns, newton.Report(False, impossible, {"customers": patterns.customers}), (k, log_gaps))

    def target(some: Patterns) -> Objective:
        return likelihood.objective(some, k, log_gaps)

    starts = [at + np.log([1.0, 1.0 / k, 1.0, 1.0]) for at in bg_nbd.starts(patterns)]
    optimum = search.highest(target, patterns, starts, bg_nbd.LOWER, bg_nbd.UPPER)
    if not optimum.report.converged:
        return _unfitted(patterns, bg_nbd.named(optimum), (k, log_gaps))
    log_covariance = newton.covariance(optimum)
    report = replace(optimum.report, notes=notes(patterns, log_covariance))
    r, alpha, a, b = map(float, np.exp(optimum.at))
    return MbgCnbd(r, alpha, a, b, k, optimum.value, log_covariance, report, patterns, log_gaps)


def probability_alive(model: MbgCnbd, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Probability that the customer has not left by T."""
    logs = _stages(model, frequency, recency, T)
    weight = np.exp(logs - logs.max(axis=0))
    return np.asarray(weight[:-1].sum(axis=0) / weight.sum(axis=0))


def conditional_expected_purchases(
    model: MbgCnbd, days: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
) -> FloatArray:
    """Expected purchases in the next `days` of customers with this history; all times in days.

    With j of k stages passed, the m-th purchase to come is the (mk - j)-th event of a Poisson process with
    lambda ~ Gamma(R + j, alpha + T), and m - 1 chances to leave lie before it, p ~ Beta(a, b + x + 1):

        sum over j P(j) sum over m  B(a, b+x+m)/B(a, b+x+1)  I( t / (alpha+T+t); mk - j, R + j )
    """
    t, x, t_x, age = broadcast(days, frequency, recency, T)
    if not model.report.converged:
        return np.full(x.shape, np.nan)
    logs = _stages(model, x, t_x, age)
    weight = np.exp(logs - logs.max(axis=0))
    posterior = weight[:-1] / weight.sum(axis=0)
    z = t / (model.alpha * DAYS_PER_WEEK + age + t)
    flat = [_purchases(model, j, x.ravel(), z.ravel()).reshape(x.shape) for j in range(model.k)]
    return np.asarray(sum(p * y for p, y in zip(posterior, flat, strict=True)))


def purchases_while_alive(model: MbgCnbd, days: ArrayLike, frequency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Expected purchases in the next `days` of a customer known to be active who has just bought."""
    t, x, age = broadcast(days, frequency, T)
    z = t / (model.alpha * DAYS_PER_WEEK + age + t)
    return _purchases(model, 0, x.ravel(), z.ravel()).reshape(x.shape)


def expected_purchases(model: MbgCnbd, days: ArrayLike) -> FloatArray:
    """Expected repeat purchases of a new customer within `days` of the first purchase."""
    return conditional_expected_purchases(model, days, 0, 0, 0)


def _purchases(model: MbgCnbd, j: int, x: FloatArray, z: FloatArray) -> FloatArray:
    """The inner sum; equal (x, z) are summed once, and a row leaves the loop when its terms are negligible."""
    pairs, where = np.unique(np.stack([x, z]), axis=1, return_inverse=True)
    x, z = pairs
    total, open_rows = np.zeros(len(x)), np.arange(len(x))
    for m in range(1, MOST_PURCHASES):
        n = x[open_rows]
        kept = np.exp(betaln(model.a, model.b + n + m) - betaln(model.a, model.b + n + 1))
        term = kept * betainc(m * model.k - j, model.r + model.k * n + j, z[open_rows])
        total[open_rows] += term
        open_rows = open_rows[term > NEGLIGIBLE * total[open_rows]]
        if not len(open_rows):
            break
    return np.asarray(total[where.ravel()])


def _stages(model: MbgCnbd, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    x, t_x, t = broadcast(frequency, recency, T)
    flat = (x.ravel(), t_x.ravel() / DAYS_PER_WEEK, t.ravel() / DAYS_PER_WEEK)
    return likelihood.stages(model.parameters, model.k, *flat).reshape(model.k + 1, *x.shape)


def _unfitted(patterns: Patterns, report: Report, regularity: tuple[int, float]) -> MbgCnbd:
    nan, (k, log_gaps) = float("nan"), regularity
    return MbgCnbd(nan, nan, nan, nan, k, nan, np.full((4, 4), nan), report, patterns, log_gaps)
