"""Log-likelihood of MBG/CNBD-k with its own gradient and Hessian, on weighted patterns.

Gaps between purchases are Erlang-k with rate lambda (mean gap k / lambda), lambda ~ Gamma(r, alpha); every purchase, the
first included, is a chance to leave with probability p ~ Beta(a, b). Given that the customer is active at T, the clock has
passed j = 0 .. k-1 of the k stages to the next purchase. Integrated over lambda and p, with R = r + kx and n = x + 1,

    G(R)/G(r) alpha^r (alpha+T)^-R  B(a, b+n)/B(a, b)  ( sum over j of (R)_j / j! y^j  +  e^D ),    y = (T-t_x) / (alpha+T)
    D = ln a - ln(b+n-1) + R ( ln(alpha+T) - ln(alpha+t_x) )

times the product of gap^(k-1) / (k-1)! over all gaps, which knows no parameter but decides between the k. With k = 1 this is
MBG/NBD. The bracket is a mixture of k active stages and of having left; its derivatives are moments of the parts' own.

Source: Platzer & Reutterer (2016), Marketing Science 35, 779-799 (Pareto/GGG), and their (M)BG/CNBD-k (Reutterer, Platzer &
Schroeder 2021, International Journal of Research in Marketing 38, 194-215); derived here and checked against MBG/NBD at
k = 1, against numerical integration, and by recovery.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from crmlib.ltv import bg_nbd_likelihood as base
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import Derivatives, FloatArray, Objective

BLOCK = 1_024  # as in bg_nbd_likelihood, for up to seven parts


def objective(patterns: Patterns, k: int, log_gaps: float) -> Objective:
    """Log-likelihood, gradient and Hessian as a function of (ln r, ln alpha, ln a, ln b).

    Args:
        patterns: histories in days.
        k: regularity, a whole number from 1.
        log_gaps: sum of the logarithms of all gaps between purchases, gaps in weeks.
    """
    prepared = base.prepare(patterns, 1)
    rates = replace(prepared, x=prepared.x * k, day_purchases=prepared.day_purchases * k)
    constant = (k - 1) * log_gaps - float(gammaln(k)) * patterns.repeat_purchases
    x, t_x, T = patterns.frequency.astype(float), patterns.recency / DAYS_PER_WEEK, patterns.T / DAYS_PER_WEEK
    w = patterns.weight.astype(float)

    def at(log_parameters: FloatArray) -> Derivatives:
        parameters = np.exp(log_parameters)
        with np.errstate(all="ignore"):  # a trial step may be absurd; the search refuses a value that is not finite
            parts = [base.rate_part(parameters, rates), base.dropout_part(parameters, prepared)]
            for start in range(0, len(w), BLOCK):
                block = slice(start, start + BLOCK)
                parts.append(_mixture(parameters, k, (x[block], t_x[block], T[block]), w[block]))
            value, gradient, hessian = base.to_logs(parameters, base.add(*parts))
        return value + constant, gradient, hessian

    return at


def stages(parameters: FloatArray, k: int, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
    """Logarithms of the bracket's parts, shape (k + 1, patterns): active with j stages passed, and (last) having left."""
    r, alpha, a, b = parameters
    shape, log_age = r + k * x, np.log(alpha + T)
    with np.errstate(divide="ignore"):  # bought on the last day: no stage can have passed
        log_y = np.log(T - t_x) - log_age
    j = np.arange(k)[:, None]
    passed = gammaln(shape + j) - gammaln(shape) - gammaln(j + 1) + np.where(j > 0, j * np.where(j > 0, log_y, 0), 0)
    left = np.log(a) - np.log(b + x) + shape * (log_age - np.log(alpha + t_x))
    return np.vstack([passed, left])


def _mixture(
    parameters: FloatArray, k: int, history: tuple[FloatArray, FloatArray, FloatArray], w: FloatArray
) -> Derivatives:
    """Sum of w ln(bracket) with derivatives by the parameters."""
    x, t_x, T = history
    logs = stages(parameters, k, x, t_x, T)
    top = logs.max(axis=0)
    share = np.exp(logs - top)
    total = share.sum(axis=0)
    share /= total
    slopes, curves = _parts(parameters, k, history)
    mean = np.einsum("inp,np->ip", slopes, share)
    flat = slopes.reshape(4, -1)
    hessian = (flat * (share * w).ravel()) @ flat.T - (mean * w) @ mean.T
    hessian += np.einsum("ijnp,np->ij", curves, share * w)
    return float(w @ (top + np.log(total))), mean @ w, hessian


def _parts(
    parameters: FloatArray, k: int, history: tuple[FloatArray, FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """First and second derivatives of the parts' logarithms, by part and pattern."""
    r, alpha, a, b = parameters
    x, t_x, T = history
    shape, late, early = r + k * x, 1 / (alpha + T), 1 / (alpha + t_x)
    slopes, curves = np.zeros((4, k + 1, len(x))), np.zeros((4, 4, k + 1, len(x)))
    for j in range(1, k):
        slopes[0, j] = slopes[0, j - 1] + 1 / (shape + j - 1)
        curves[0, 0, j] = curves[0, 0, j - 1] - 1 / (shape + j - 1) ** 2
        slopes[1, j], curves[1, 1, j] = -j * late, j * late**2
    slopes[0, k] = np.log(alpha + T) - np.log(alpha + t_x)
    slopes[1, k], curves[1, 1, k] = shape * (late - early), shape * (early**2 - late**2)
    curves[0, 1, k] = curves[1, 0, k] = late - early
    slopes[2, k], curves[2, 2, k] = 1 / a, -1 / a**2
    slopes[3, k], curves[3, 3, k] = -1 / (b + x), 1 / (b + x) ** 2
    return slopes, curves
