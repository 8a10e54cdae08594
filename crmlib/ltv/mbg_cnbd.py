"""MBG/CNBD-k: MBG/NBD for customers who buy at regular intervals, as mail-order customers do.

Gaps are Erlang-k in place of exponential: k = 1 is MBG/NBD, a larger k is a steadier rhythm, in which a missed purchase
says more. k is a whole number, chosen by the likelihood; r, a, b have no unit, alpha is in weeks of one of the k stages.

Source: see `mbg_cnbd_likelihood`. The expectations are exact sums (no approximation, unlike BTYDplus), see there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.linalg import eigh_tridiagonal

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
NODES = 20
SMALLEST_FACTOR = 0.02  # of survival per stage: below, the first purchase is all there is, and rounding would take over


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
    lambda ~ Gamma(R + j, alpha + T), and m - 1 chances to leave lie before it, q = 1 - p, p ~ Beta(a, b + x + 1). Every k-th
    term of an exponential series is a mean over the k-th roots of unity w, so given p and with f = q^(1/k), c = k - j - 1,

        E[Y | j, p] = f^-c / k * sum over w of w^-c ( 1 - (1 + t (1 - wf) / (alpha+T))^-(R+j) ) / (1 - wf)

    which is integrated over p by Gauss-Jacobi quadrature.
    """
    t, x, t_x, age = broadcast(days, frequency, recency, T)
    if not model.report.converged:
        return np.full(x.shape, np.nan)
    logs = _stages(model, x, t_x, age)
    weight = np.exp(logs - logs.max(axis=0))
    posterior = weight[:-1] / weight.sum(axis=0)
    reach = t / (model.alpha * DAYS_PER_WEEK + age)
    flat = [_purchases(model, j, x.ravel(), reach.ravel()).reshape(x.shape) for j in range(model.k)]
    return np.asarray(sum(p * y for p, y in zip(posterior, flat, strict=True)))


def expected_purchases(model: MbgCnbd, days: ArrayLike) -> FloatArray:
    """Expected repeat purchases of a new customer within `days` of the first purchase."""
    return conditional_expected_purchases(model, days, 0, 0, 0)


def _purchases(model: MbgCnbd, j: int, x: FloatArray, reach: FloatArray) -> FloatArray:
    """Expected purchases of customers active in stage j, integrated over p, by distinct x; `reach` is t / (alpha + T)."""
    pair, place = np.unique(np.stack([x, reach]), axis=1, return_inverse=True)
    x, reach = pair
    total, c = np.empty(len(x)), model.k - j - 1
    roots = np.exp(2j * np.pi * np.arange(model.k // 2 + 1) / model.k)  # the others are their conjugates
    twice = np.where((np.arange(len(roots)) == 0) | (2 * np.arange(len(roots)) == model.k), 1.0, 2.0)
    levels, where = np.unique(x, return_inverse=True)
    order = np.argsort(where, kind="stable")
    ends = np.cumsum(np.bincount(where))
    for level, start, end in zip(levels, np.r_[0, ends[:-1]], ends, strict=True):
        rows = order[start:end]
        p, weight = beta_nodes(model.a, model.b + level + 1)
        f = np.maximum((1 - p) ** (1 / model.k), SMALLEST_FACTOR)
        away = np.maximum(1 - roots[:, None] * f, 1e-14 + 0j)
        grown = np.log1p(np.multiply.outer(reach[rows], away))
        part = -np.expm1(-(model.r + model.k * level + j) * grown) / away * (twice * roots**-c)[:, None]
        total[rows] = (part.sum(axis=1).real / model.k * f**-c) @ weight
    return total[place.ravel()]


def beta_nodes(a: float, b: float, n: int = NODES) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss-Jacobi quadrature for the mean over Beta(a, b); the weights sum to 1.

    Source: Golub & Welsch (1969), Mathematics of Computation 23, 221-230: eigenvalues of the Jacobi matrix.

    Example:
        >>> nodes, weights = beta_nodes(2.0, 3.0)
        >>> round(float(nodes @ weights), 12)
        0.4
    """
    one, other, k = b - 1, a - 1, np.arange(1.0, n)
    both = one + other
    middle = np.r_[(other - one) / (both + 2), (other**2 - one**2) / ((2 * k + both) * (2 * k + both + 2))]
    side = 4 * k * (k + one) * (k + other) * (k + both) / ((2 * k + both) ** 2 * (2 * k + both + 1))
    below = np.where(k == 1, 1 + both, 2 * k + both - 1)
    side = np.where(k == 1, 4 * (1 + one) * (1 + other) / ((2 + both) ** 2 * (3 + both)), side / below)
    places, vectors = eigh_tridiagonal(middle, np.sqrt(side))
    return (places + 1) / 2, vectors[0] ** 2


def _stages(model: MbgCnbd, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    x, t_x, t = broadcast(frequency, recency, T)
    flat = (x.ravel(), t_x.ravel() / DAYS_PER_WEEK, t.ravel() / DAYS_PER_WEEK)
    return likelihood.stages(model.parameters, model.k, *flat).reshape(model.k + 1, *x.shape)


def _unfitted(patterns: Patterns, report: Report, regularity: tuple[int, float]) -> MbgCnbd:
    nan, (k, log_gaps) = float("nan"), regularity
    return MbgCnbd(nan, nan, nan, nan, k, nan, np.full((4, 4), nan), report, patterns, log_gaps)
