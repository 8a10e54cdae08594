"""Gamma-Gamma: how much to expect per purchase, from the mean of the repeat purchases seen so far.

A customer's purchases vary around that customer's own mean (Gamma with shape p); the means vary over customers
(inverse Gamma with q and v). Money is in major units of the currency; v has that unit, p and q have none.

Source: Fader & Hardie, "The Gamma-Gamma Model of Monetary Value" (2013), equations (1a) and (5). With S = x m, the total
of x repeat purchases, one customer contributes

    lnG(px+q) - lnG(px) - lnG(q) + q ln v + (px-1) ln S + ln x - (px+q) ln(S+v)

which is (1a) with m = S / x put in. The derivatives are ours; the tests hold them to finite differences, and the fit
to the published CDNOW result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from crmlib import newton
from crmlib.ltv.fitted import Fitted, weak
from crmlib.ltv.patterns import KEY_BITS, runs

if TYPE_CHECKING:
    import pandas as pd
    from lifetimes import GammaGammaFitter
    from numpy.typing import ArrayLike

    from crmlib.newton import Derivatives, FloatArray, Objective, Optimum, Report

NAMES = ("p", "q", "v")
LOWER, UPPER = np.log([1e-3, 1e-3, 1e-6]), np.log([1e5, 1e5, 1e6])  # v relative to the mean amount
CONSTANT = 1e-9  # relative spread of the amounts below which they are one and the same


@dataclass(frozen=True, eq=False)
class Amounts:
    """Distinct (frequency, total of the repeat purchases in major units) with the number of customers; frequency >= 1."""

    frequency: FloatArray
    total: FloatArray
    weight: FloatArray

    @property
    def customers(self) -> int:
        """Number of customers with a repeat purchase."""
        return int(self.weight.sum())

    @property
    def mean(self) -> FloatArray:
        """Mean amount per repeat purchase of each pattern."""
        return self.total / self.frequency


@dataclass(frozen=True, eq=False)
class GammaGamma(Fitted):
    """A fitted Gamma-Gamma model (v in major units). Parameters are NaN where `report` says why there is no fit."""

    NAMES: ClassVar = NAMES
    NAME: ClassVar = "gamma_gamma"

    p: float
    q: float
    v: float
    log_likelihood: float
    log_covariance: FloatArray
    report: Report
    amounts: Amounts

    def as_lifetimes(self) -> GammaGammaFitter:
        """The `lifetimes` fitter with these parameters: its predictions and customer lifetime value work."""
        from crmlib.ltv.second_opinion import gamma_gamma_fitter

        return gamma_gamma_fitter(self)


def amounts_from_frame(frame: pd.DataFrame, scale: int) -> Amounts:
    """Amounts from counts with columns frequency, amount (minor units, total of the repeat purchases) and weight.

    Args:
        frame: one row per (frequency, amount), any order; rows without a repeat purchase, or whose repeat purchases
            came to nothing, are left out: the model knows no purchase of nothing.
        scale: minor units per major unit of the currency (yen 1, dollar 100).
    """
    repeat = frame[(frame["frequency"] > 0) & (frame["amount"] > 0)].sort_values(["frequency", "amount"])
    frequency, total, weight = (repeat[name].to_numpy(float) for name in ("frequency", "amount", "weight"))
    return Amounts(frequency, total / scale, weight)


def amounts_from_arrays(frequency: ArrayLike, amount: ArrayLike, scale: int) -> Amounts:
    """As `amounts_from_frame`, grouped here: frequency and amount (whole minor units) of one customer each.

    Example:
        >>> amounts_from_arrays([2, 0, 2, 1], [50, 0, 50, 50], 1).weight.tolist()
        [1.0, 2.0]
    """
    x, money = (np.asarray(values).astype(np.int64, copy=False) for values in (frequency, amount))
    repeat = (x > 0) & (money > 0)
    x, money = x[repeat], money[repeat]
    bits = int(money.max(initial=0)).bit_length()
    if int(x.max(initial=0)).bit_length() + bits > KEY_BITS:  # too large for a key: one row per customer serves as well
        order = np.lexsort((money, x))
        return Amounts(x[order].astype(float), money[order] / scale, np.ones(len(x)))
    key, weight = runs(np.sort((x << bits) | money))
    return Amounts((key >> bits).astype(float), (key & ((1 << bits) - 1)) / scale, weight.astype(float))


def fit(amounts: Amounts) -> GammaGamma:
    """Maximum likelihood without a penalty.

    Returns:
        The model; `report.converged` says whether it can be used and `report.why` why not (constant amounts, ...).

    Raises:
        ValueError: an amount that is not above 0 (a purchase of nothing is not a purchase).
    """
    if (amounts.total <= 0).any():
        raise ValueError(
            f"{int((amounts.total <= 0).sum())} totals are not above 0; a purchase of nothing is no purchase"
        )
    impossible = _no_information(amounts)
    if impossible:
        return _unfitted(amounts, newton.Report(False, impossible, {"customers": amounts.customers}))
    unit = float(amounts.weight @ amounts.total / (amounts.weight @ amounts.frequency))
    target = objective(replace(amounts, total=amounts.total / unit))
    optimum = newton.best(
        target, [np.log(s) for s in ([5.0, 4.0, 0.6], [1.0, 2.0, 1.0], [50.0, 5.0, 0.1])], LOWER, UPPER
    )
    if not optimum.report.converged:
        return _unfitted(amounts, _named(optimum))
    return _fitted(amounts, optimum, unit)


def objective(amounts: Amounts) -> Objective:
    """Log-likelihood, gradient and Hessian as a function of (ln p, ln q, ln v)."""
    x, where = np.unique(amounts.frequency, return_inverse=True)
    w, S = amounts.weight, amounts.total
    x_weight = np.bincount(where, w, len(x))
    log_S = np.bincount(where, w * np.log(S), len(x))

    def at(log_parameters: FloatArray) -> Derivatives:
        p, q, v = parameters = np.exp(log_parameters)
        with np.errstate(all="ignore"):  # the search refuses a trial that is not finite
            by_x = [np.bincount(where, w * f, len(x)) for f in (np.log(S + v), 1 / (S + v), 1 / (S + v) ** 2)]
            value = _value((p, q, v), x, x_weight, (log_S, by_x[0]))
            gradient, hessian = _slopes((p, q, v), x, x_weight, (log_S, *by_x))
        scaled = parameters * gradient
        return value, scaled, hessian * np.outer(parameters, parameters) + np.diag(scaled)

    return at


def expected_amount(model: GammaGamma, frequency: ArrayLike, total: ArrayLike) -> FloatArray:
    """Expected amount per purchase given x repeat purchases of `total`: p (v + S) / (p x + q - 1) (equation 5).

    With x = 0 this is the mean of all customers, p v / (q - 1); infinite (returned as NaN) when q <= 1.
    """
    x, S = np.asarray(frequency, float), np.asarray(total, float)
    below = model.p * x + model.q - 1
    return np.where(below > 0, model.p * (model.v + S) / np.where(below > 0, below, 1.0), np.nan)


def _value(parameters: tuple[float, ...], x: FloatArray, w: FloatArray, sums: tuple[FloatArray, ...]) -> float:
    p, q, v = parameters
    log_S, log_S_v = sums
    special = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + np.log(x)
    return float(w @ special + (p * x - 1) @ log_S - (p * x + q) @ log_S_v)


def _slopes(
    parameters: tuple[float, ...], x: FloatArray, w: FloatArray, sums: tuple[FloatArray, ...]
) -> tuple[FloatArray, FloatArray]:
    p, q, v = parameters
    log_S, log_S_v, inverse, inverse2 = sums
    shape = p * x + q
    first, second = digamma(shape), polygamma(1, shape)
    by_p = (w * x) @ (first - digamma(p * x)) + x @ (log_S - log_S_v)
    by_q = w @ (first - digamma(q) + np.log(v)) - log_S_v.sum()
    by_v = w.sum() * q / v - shape @ inverse
    pp, pq = (w * x**2) @ (second - polygamma(1, p * x)), (w * x) @ second
    qq, qv = w @ (second - polygamma(1, q)), w.sum() / v - inverse.sum()
    pv, vv = -x @ inverse, -w.sum() * q / v**2 + shape @ inverse2
    return np.array([by_p, by_q, by_v]), np.array([[pp, pq, pv], [pq, qq, qv], [pv, qv, vv]])


def _no_information(amounts: Amounts) -> str:
    if amounts.customers < 2:
        return "ltv.few_repeaters" if amounts.customers else "ltv.no_repeat"
    mean = amounts.mean
    return "ltv.constant_amounts" if np.ptp(mean) <= CONSTANT * mean.max() else ""


def _named(optimum: Optimum) -> Report:
    report = optimum.report
    if "parameter" not in report.figures:
        return report
    name = NAMES[int(report.figures["parameter"])]
    alike = report.figures.get("side") == "infinity" and name != "v"
    why = "ltv.same_amounts" if alike else report.why
    return replace(report, why=why, figures={**report.figures, "parameter": name})


def _fitted(amounts: Amounts, optimum: Optimum, unit: float) -> GammaGamma:
    """Back from amounts relative to their mean: v has the currency, and the density of m gains ln(1 / unit) each."""
    p, q, v = np.exp(optimum.at)
    log_covariance = newton.covariance(optimum)
    notes = weak(log_covariance) + ("infinite_mean",) * bool(q <= 1)
    value = optimum.value - float(amounts.weight.sum()) * float(np.log(unit))
    report = replace(optimum.report, notes=notes)
    return GammaGamma(float(p), float(q), float(v * unit), value, log_covariance, report, amounts)


def _unfitted(amounts: Amounts, report: Report) -> GammaGamma:
    nan = float("nan")
    return GammaGamma(nan, nan, nan, nan, np.full((3, 3), np.nan), report, amounts)
