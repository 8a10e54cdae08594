"""Log-likelihood of Pareto/NBD with its own gradient and Hessian, on weighted patterns, by Gauss-Legendre quadrature.

A customer with x repeat purchases, the last at t_x, observed to T, is either still active or left at some moment u in
(t_x, T]; integrated over lambda ~ Gamma(r, alpha) and mu ~ Gamma(s, beta) this is

    G(r+x)/G(r) alpha^r beta^s ( h(T) (beta+T)/s + integral of h(u) du ),  h(u) = s (alpha+u)^-(r+x) (beta+u)^-(s+1)

Integrating over u is what the published form does with 2F1 (Fader & Hardie 2005, equation 15 and appendix): here the
moment of leaving stays visible, every factor is a power, and its derivatives are elementary. With v = ln(gamma + u),
gamma the smaller of alpha and beta, the integrand is smooth on a strip of half-width pi however large x or small beta
is; where it has decayed by e^-36 the range ends. Everything is relative to the integrand's value at t_x, so that
nothing overflows.

The sum over nodes is a mixture, so gradient and Hessian are moments of the nodes' own derivatives under the posterior
of the moment of leaving (Louis 1982). The tests hold them to finite differences and the value to 2F1 and to quad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import Derivatives, FloatArray, Objective

NODES = 16
DECAY = 36.0  # the integrand is followed until it has decayed by e^-36
BLOCK = 448  # patterns per block: temporaries stay in the cache, products below the size at which BLAS starts threads
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(NODES)
POINTS, LOG_WEIGHTS = (_POINTS + 1) / 2, np.log(_WEIGHTS / 2)


def objective(patterns: Patterns) -> Objective:
    """Log-likelihood, gradient and Hessian as a function of (ln r, ln alpha, ln s, ln beta)."""
    w = patterns.weight.astype(float)
    x, t_x, T = patterns.frequency.astype(float), patterns.recency / DAYS_PER_WEEK, patterns.T / DAYS_PER_WEEK
    levels, where = np.unique(x, return_inverse=True)
    level_weight = np.bincount(where, w, len(levels))

    def at(log_parameters: FloatArray) -> Derivatives:
        parameters = np.exp(log_parameters)
        with np.errstate(all="ignore"):  # a trial step may be absurd; the search refuses a value that is not finite
            value, gradient, hessian = _common(parameters, levels, level_weight)
            for start in range(0, len(w), BLOCK):
                block = slice(start, start + BLOCK)
                part = _mixture(parameters, x[block], t_x[block], T[block], w[block])
                value, gradient, hessian = value + part[0], gradient + part[1], hessian + part[2]
            scaled = parameters * gradient
            return value, scaled, hessian * np.outer(parameters, parameters) + np.diag(scaled)

    return at


def alive(parameters: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
    """Probability that a customer with this history (weeks) has not left by T."""
    result = np.empty(len(x))
    with np.errstate(divide="ignore"):  # no time to leave in: ln 0
        for start in range(0, len(x), BLOCK):
            block = slice(start, start + BLOCK)
            logs = _nodes(parameters, x[block], t_x[block], T[block])[0]
            weight = np.exp(logs - logs.max(axis=0))
            result[block] = weight[0] / weight.sum(axis=0)
    return result


def each(parameters: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
    """Log-likelihood of one customer with each history (weeks)."""
    r, alpha, s, beta = parameters
    result = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    with np.errstate(divide="ignore"):  # no time to leave in: ln 0
        for start in range(0, len(x), BLOCK):
            block = slice(start, start + BLOCK)
            logs = _nodes(parameters, x[block], t_x[block], T[block])[0]
            top = logs.max(axis=0)
            result[block] += top + np.log(np.exp(logs - top).sum(axis=0))
    return np.asarray(result)


def _common(parameters: FloatArray, x: FloatArray, w: FloatArray) -> Derivatives:
    """lnG(r+x) - lnG(r) + r ln alpha + s ln beta, by distinct x."""
    r, alpha, s, beta = parameters
    n = w.sum()
    value = w @ (gammaln(r + x) - gammaln(r)) + n * (r * np.log(alpha) + s * np.log(beta))
    by_r = w @ (digamma(r + x) - digamma(r)) + n * np.log(alpha)
    gradient = np.array([by_r, n * r / alpha, n * np.log(beta), n * s / beta])
    hessian = np.diag([w @ (polygamma(1, r + x) - polygamma(1, r)), -n * r / alpha**2, 0.0, -n * s / beta**2])
    hessian[0, 1] = hessian[1, 0] = n / alpha
    hessian[2, 3] = hessian[3, 2] = n / beta
    return float(value), gradient, hessian


def _nodes(
    parameters: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log-weights, ln(alpha + u) and ln(beta + u) of the moments of leaving u, each of shape (1 + NODES, patterns).

    Row 0 is "still active at T". The smaller of the two logarithms is what the nodes are spread over, so it costs nothing.
    """
    r, alpha, s, beta = parameters
    low, high = min(alpha, beta), max(alpha, beta)
    begin = low + t_x
    slow, fast = (r + x - 1, s + 1) if alpha <= beta else (s, r + x)
    rate = slow + fast * begin / (high + t_x)  # the integrand in v decays at least as fast as this
    length = np.log1p((T - t_x) / begin)
    length = np.where(rate * length > DECAY, DECAY / np.where(rate > 0, rate, 1.0), length)
    near = np.empty((1 + NODES, len(x)))
    near[0] = np.log(low + T)
    np.multiply.outer(POINTS, length, out=near[1:])
    near[1:] += np.log(begin)
    far = np.log(np.exp(near) + (high - low))
    by_alpha, by_beta = (near, far) if alpha <= beta else (far, near)
    logs = by_alpha * -(r + x) - (s + 1) * by_beta
    logs[0] += by_beta[0]
    logs[1:] += near[1:] + (LOG_WEIGHTS[:, None] + np.log(length * s))
    return logs, by_alpha, by_beta


def _mixture(parameters: FloatArray, x: FloatArray, t_x: FloatArray, T: FloatArray, w: FloatArray) -> Derivatives:
    """Sum over a block's patterns of w ln( h(T)(beta+T)/s + integral of h ), with derivatives by the parameters."""
    r, _, s, _ = parameters
    logs, by_alpha, by_beta = _nodes(parameters, x, t_x, T)
    top = logs.max(axis=0)
    share = np.exp(logs - top, out=logs)
    total = share.sum(axis=0)
    share *= 1 / total
    value = w @ (top + np.log(total))
    near, late = np.exp(-by_alpha), np.exp(-by_beta)
    slopes = np.empty((4, *share.shape))  # of the nodes' logarithms, by the parameters
    np.negative(by_alpha, out=slopes[0])
    np.multiply(near, -(r + x), out=slopes[1])
    np.subtract(1 / s, by_beta, out=slopes[2])
    np.multiply(late, -(s + 1), out=slopes[3])
    slopes[2, 0] -= 1 / s
    slopes[3, 0] = -s * late[0]
    weighted = share * w
    pulled = slopes * weighted
    mean = pulled.sum(axis=1)  # weights included
    flat = slopes.reshape(4, -1)
    hessian = pulled.reshape(4, -1) @ flat.T - (mean / w) @ mean.T
    hessian += _own_curvature(parameters, (near, late), weighted, r + x)
    return float(value), mean.sum(axis=1), hessian


def _own_curvature(
    parameters: FloatArray, inverse: tuple[FloatArray, FloatArray], share: FloatArray, shape: FloatArray
) -> FloatArray:
    """Weighted sum of the second derivatives of the nodes' own logarithms."""
    s, (near, late) = parameters[2], inverse
    left, gone = share[1:], share * late
    hessian = np.zeros((4, 4))
    hessian[0, 1] = hessian[1, 0] = -float(np.vdot(share, near))
    hessian[1, 1] = (share * near * near).sum(axis=0) @ shape
    hessian[2, 2] = -left.sum() / s**2
    hessian[2, 3] = hessian[3, 2] = -float(gone.sum())
    hessian[3, 3] = s * np.vdot(gone, late) + np.vdot(gone[1:], late[1:])
    return hessian
