"""The survival curve of the beta-discrete-Weibull with its derivatives; the shifted beta-geometric is its case c = 1.

S(t) = B(alpha, beta + t^c) / B(alpha, beta) for t = 0, 1, 2, ... renewals: each contract is lost at a renewal with a
probability of its own, theta ~ Beta(alpha, beta), and (1 - theta)^(t^c) is its chance to survive t of them.

Source: Fader & Hardie (2007), "How to project customer retention", Journal of Interactive Marketing 21(1), eq. 5-6 (c = 1);
Fader, Hardie, Liu, Davin & Steenburgh (2018), "How to project customer retention revisited: the role of duration
dependence", Journal of Interactive Marketing 43, 1-16. The derivatives were worked out from the definition and are
checked against finite differences; the estimates against both papers' tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln, polygamma, psi

if TYPE_CHECKING:
    from crmlib.contract.exposure import Exposure
    from crmlib.newton import Derivatives, FloatArray, Objective


def log_survival(parameters: FloatArray, t: FloatArray) -> FloatArray:
    """Logarithm of S(t).

    Args:
        parameters: alpha, beta, c.
        t: Renewals, any shape.
    """
    alpha, beta, c = parameters
    return np.asarray(betaln(alpha, beta + t**c) - betaln(alpha, beta))


def log_survival_slopes(parameters: FloatArray, t: FloatArray) -> FloatArray:
    """Derivatives of log S(t) with respect to the logarithms of alpha, beta, c; shape (3, t)."""
    return _slopes(parameters, t)[0] * parameters[:, None]


def objective(exposure: Exposure, free: int) -> Objective:
    """The log-likelihood of the first `free` log-parameters (2: c stays at 1) with gradient and Hessian."""

    def likelihood(log_parameters: FloatArray) -> Derivatives:
        parameters = np.ones(3)
        parameters[:free] = np.exp(log_parameters)
        value, gradient, hessian = _likelihood(parameters, exposure)
        slope = (gradient * parameters)[:free]
        return value, slope, (hessian * np.outer(parameters, parameters))[:free, :free] + np.diag(slope)

    return likelihood


def _likelihood(parameters: FloatArray, exposure: Exposure) -> Derivatives:
    """Sum of lost log h + kept log (1 - h), where log (1 - h) = D is the difference of log S."""
    t = np.arange(exposure.at_risk.size + 1.0)
    lost, kept = exposure.lost.astype(float), exposure.kept.astype(float)
    first, second = _slopes(parameters, t)
    D = np.diff(log_survival(parameters, t))
    D1, D2 = np.diff(first), np.diff(second)
    hazard = -np.expm1(D)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(np.where(lost > 0, lost * np.log(hazard), 0.0).sum() + kept @ D)
        by_D = kept - np.where(lost > 0, lost * np.exp(D) / hazard, 0.0)
        by_DD = -np.where(lost > 0, lost * np.exp(D) / hazard**2, 0.0)
    return value, D1 @ by_D, D2 @ by_D + (D1 * by_DD) @ D1.T


def _slopes(parameters: FloatArray, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First and second derivatives of log S(t) by alpha, beta, c: shapes (3, t) and (3, 3, t)."""
    alpha, beta, c = parameters
    x = t**c
    log_t = np.log(np.where(t > 0, t, 1.0))
    x1, x2 = x * log_t, x * log_t**2
    psi_all, psi_own = psi(alpha + beta + x), psi(beta + x)
    all1, own1 = polygamma(1, alpha + beta + x), polygamma(1, beta + x)
    total, alone = polygamma(1, alpha + beta), polygamma(1, beta)
    by_x = psi_own - psi_all
    first = np.stack([psi(alpha + beta) - psi_all, by_x + psi(alpha + beta) - psi(beta), by_x * x1])
    aa, bb = total - all1, own1 - all1 + total - alone
    ac, bc = -all1 * x1, (own1 - all1) * x1
    cc = (own1 - all1) * x1**2 + by_x * x2
    return first, np.array([[aa, aa, ac], [aa, bb, bc], [ac, bc, cc]])
