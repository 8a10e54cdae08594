"""Bootstrap on patterns: draws of the parameters, and from them intervals for every number that is made of predictions.

A draw gives each pattern a Poisson weight around its number of customers and refits by one Newton step from the maximum, which
needs each pattern's own slope and nothing else: hundreds of draws cost less than one fit by other means, and unlike the
inverse Hessian they do not assume that the model is true. `refit` is the slow way, customers simulated from the fitted
model (parametric bootstrap) and fitted anew; the tests hold the one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln, gammaln

from crmlib.intervals import Estimate, unknown
from crmlib.ltv import bg_nbd, concentration, mbg_nbd, models, pareto_nbd, pareto_nbd_likelihood, simulated
from crmlib.ltv import patterns as grouping
from crmlib.ltv.bg_nbd import BgNbd
from crmlib.ltv.mbg_cnbd import MbgCnbd
from crmlib.ltv.mbg_cnbd_likelihood import stages
from crmlib.ltv.pareto_nbd import ParetoNbd
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.ltv.models import Model
    from crmlib.newton import FloatArray

DRAWS, SEED = 200, 20_250_701
NUDGE = 1e-4
BLOCK, COLUMNS = 20_000, 2_000  # patterns whose weights are drawn at a time
LARGEST_TABLED = 16  # weight up to which Poisson numbers are looked up, where there are many patterns


@dataclass(frozen=True, eq=False)
class Intervals:
    """Expected purchases in a period: mean per customer, total, and share of each tenth of the customers, with intervals."""

    mean: Estimate
    total: Estimate
    deciles: tuple[Estimate, ...]


def draws(model: Model, count: int = DRAWS, seed: int = SEED) -> FloatArray:
    """Draws of the log-parameters around the maximum, shape (count, parameters).

    The Poisson weights' steps are drawn pattern by pattern, so this is the bootstrap itself and not its normal limit.
    """
    w, slopes = model.patterns.weight, _slopes(model)
    random = np.random.default_rng(seed)
    tabled = (w <= LARGEST_TABLED) & (len(w) > BLOCK)
    total = np.zeros((count, slopes.shape[1]))
    for weight in np.unique(w[tabled]):
        own, table = slopes[w == weight], _poisson_table(int(weight)) - float(weight)
        for start in range(0, len(own), COLUMNS):
            some = own[start : start + COLUMNS]
            total += table[random.integers(0, len(table), (count, len(some)), np.uint16)] @ some
    rest, rest_slopes = w[~tabled], slopes[~tabled]
    for start in range(0, len(rest), BLOCK):
        weights = rest[start : start + BLOCK]
        drawn = random.poisson(weights, (count, len(weights))) - weights
        total += drawn.astype(float) @ rest_slopes[start : start + BLOCK]
    return total @ model.log_covariance


def _poisson_table(mean: int) -> FloatArray:
    """2^16 equally likely values that are Poisson distributed to a part in 2^16: to look up is ten times faster than to draw."""
    k = np.arange(12 * mean + 20)
    cumulative = np.cumsum(np.exp(k * np.log(mean) - mean - gammaln(k + 1)))
    return np.searchsorted(cumulative, (np.arange(2**16) + 0.5) / 2**16).astype(float)


def refit(model: BgNbd | ParetoNbd, count: int, seed: int = SEED) -> FloatArray:
    """Parametric bootstrap: log-parameters of fits to customers simulated from the model, minus the model's own.

    Draws whose fit does not converge are left out.
    """
    T = np.repeat(model.patterns.T, model.patterns.weight)
    at, found = tuple(model.parameters), []
    for draw in range(count):
        if isinstance(model, ParetoNbd):
            again: Model = pareto_nbd.fit(grouping.from_arrays(*simulated.pareto_nbd_customers(at, T, seed + draw)))
        else:
            history = simulated.bg_nbd_customers(at, T, seed + draw, first_chance=model.FIRST_CHANCE)
            again = (mbg_nbd if model.FIRST_CHANCE else bg_nbd).fit(grouping.from_arrays(*history))
        if again.report.converged:
            found.append(np.log(again.parameters) - np.log(model.parameters))
    return np.array(found)


def purchases(model: Model, days: float, count: int = DRAWS, seed: int = SEED) -> Intervals:
    """Intervals of the purchases expected in the next `days` of the customers that the model was fitted to.

    Predictions move with the parameters as their logarithms do to first order, pattern by pattern.
    """
    p, w = model.patterns, model.patterns.weight.astype(float)
    if not model.report.converged:
        none = unknown(p.customers, model.report.why)
        return Intervals(none, none, (none,) * concentration.DECILES)
    history = (p.frequency, p.recency, p.T)
    centre = models.conditional_expected_purchases(model, days, *history)
    size = model.log_covariance.shape[0]
    ends = [
        [models.conditional_expected_purchases(model.shifted(sign * NUDGE * row), days, *history) for sign in (1, -1)]
        for row in np.eye(size)
    ]
    slope = np.stack([(np.log(up) - np.log(down)) / (2 * NUDGE) for up, down in ends], axis=1)
    order, pieces, starts = _tenths(centre, w)
    worth, slope = centre[order] * pieces, slope[order]
    found = np.array([np.add.reduceat(worth * np.exp(slope @ step), starts) for step in draws(model, count, seed)])
    at = np.add.reduceat(worth, starts)
    n = p.customers
    shares = found / found.sum(axis=1, keepdims=True)
    deciles = tuple(_estimate(at[i] / at.sum(), shares[:, i], n) for i in range(concentration.DECILES))
    return Intervals(
        _estimate(at.sum() / n, found.sum(axis=1) / n, n), _estimate(at.sum(), found.sum(axis=1), n), deciles
    )


def _tenths(value: FloatArray, w: FloatArray) -> tuple[NDArray[np.int64], FloatArray, NDArray[np.int64]]:
    """Patterns by falling value, cut where a tenth of the customers ends.

    Returns:
        The pattern of each piece, its customers, and the piece with which each tenth begins.
    """
    order = np.argsort(-value, kind="stable")
    above = np.r_[0.0, np.cumsum(w[order])]
    edges = np.linspace(0, above[-1], concentration.DECILES + 1)
    cuts = np.union1d(above, edges[1:-1])
    pattern = order[np.searchsorted(above, cuts[:-1], side="right") - 1]
    return pattern, np.diff(cuts), np.searchsorted(cuts, edges[:-1])


def _estimate(value: float, drawn: FloatArray, n: int) -> Estimate:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high), n)


def _slopes(model: Model) -> FloatArray:
    """Each pattern's slope of the log-likelihood by the log-parameters, by central differences."""
    at, size = model.parameters, len(model.parameters)
    ends = [[_each(model, at * np.exp(sign * NUDGE * row)) for sign in (1, -1)] for row in np.eye(size)]
    return np.stack([(up - down) / (2 * NUDGE) for up, down in ends], axis=1)


def _each(model: Model, parameters: FloatArray) -> FloatArray:
    """Log-likelihood of one customer of each pattern, without what knows no parameter."""
    p = model.patterns
    x, t_x, T = p.frequency.astype(float), p.recency / DAYS_PER_WEEK, p.T / DAYS_PER_WEEK
    if isinstance(model, ParetoNbd):
        return pareto_nbd_likelihood.each(parameters, x, t_x, T)
    r, alpha = parameters[:2]
    k = model.k if isinstance(model, MbgCnbd) else 1
    shape = r + k * x
    value = gammaln(shape) - gammaln(r) + r * np.log(alpha) - shape * np.log(alpha + T)
    if not isinstance(model, BgNbd | MbgCnbd):
        return np.asarray(value)
    a, b = parameters[2:]
    chances = x + (model.FIRST_CHANCE if isinstance(model, BgNbd) else 1)
    value += betaln(a, b + chances) - betaln(a, b)
    if isinstance(model, MbgCnbd):
        logs = stages(parameters, k, x, t_x, T)
        return np.asarray(value + np.logaddexp.reduce(logs, axis=0))
    left = np.log(a) - np.log(b + np.maximum(chances, 1) - 1) + shape * (np.log(alpha + T) - np.log(alpha + t_x))
    return np.asarray(value + np.where(chances > 0, np.logaddexp(0, left), 0.0))
