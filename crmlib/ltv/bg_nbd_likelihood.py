"""Log-likelihood of the BG/NBD model with its own gradient and Hessian, on weighted patterns.

With time in weeks, x repeat purchases, the last at t_x, observed to T, one customer contributes

    lnG(r+x) - lnG(r) + r ln alpha - (r+x) ln(alpha+T)
    + [x > 0] ( lnG(a+b) + lnG(b+x) - lnG(b) - lnG(a+b+x) + ln(1 + exp D) )
    D = ln a - ln(b+x-1) + (r+x) ( ln(alpha+T) - ln(alpha+t_x) )

which is equation (6) of Fader, Hardie & Lee (2005) in the form ln A1 + ln A2 + ln(A3 + A4) of their section 7, with
A3 taken out of the sum so that nothing overflows however large x is. The derivatives below are ours; the tests hold
them to finite differences and to autograd.

MBG/NBD (Batislam et al. 2007) lets a customer leave after the first purchase too. With n = x + 1 chances to leave in place
of n = x in everything that knows a and b, the same formula is its likelihood, for x = 0 as well: so n is all that differs.

Everything but ln(1 + exp D) depends on x alone or on T alone: it is summed once per distinct value. Logarithms of
alpha + t are looked up by day. What remains per pattern is one exponential.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import Derivatives, FloatArray, Objective

    IndexArray = NDArray[np.int64]

LARGEST_EXPONENT = 700.0  # e to it is still finite; beyond, ln(1 + e^D) is D
BLOCK = 8_192  # patterns per block: its temporaries stay in the cache, its products below the size at which BLAS starts threads


@dataclass(frozen=True, eq=False)
class Prepared:
    """Sums over the patterns that do not change during a fit. `repeat_*` are the patterns with a chance to have left."""

    x: FloatArray  # distinct frequencies
    chances: FloatArray  # chances to leave that go with them
    x_weight: FloatArray  # customers per distinct frequency
    day_weight: FloatArray  # customers per T, by day
    day_purchases: FloatArray  # their repeat purchases, by day
    repeat_x: IndexArray  # position of the pattern's frequency in x
    repeat_recency: IndexArray
    repeat_age: IndexArray
    repeat_weight: FloatArray


# By distinct x, by day: what the sum over patterns looks up. Returns sum of ln(1 + e^D) and its derivatives.
PatternSum = Callable[["FloatArray", "Prepared"], "Derivatives"]


def prepare(patterns: Patterns, first_chance: int = 0) -> Prepared:
    """Everything of the log-likelihood that does not depend on the parameters.

    Args:
        patterns: histories in days.
        first_chance: 0 where only repeat purchases give a chance to leave (BG/NBD), 1 where the first does too (MBG/NBD).
    """
    rows = np.bincount(patterns.frequency)
    x = np.flatnonzero(rows)
    where = np.repeat(np.arange(len(x)), rows[x])  # patterns are sorted by frequency
    weight = patterns.weight.astype(float)
    skipped = 0 if first_chance or not len(x) or x[0] > 0 else int(rows[0])  # they have had no chance to leave
    return Prepared(
        x.astype(float),
        x + float(first_chance),
        np.add.reduceat(weight, np.cumsum(rows[x]) - rows[x]) if len(x) else weight,
        np.bincount(patterns.T, weight),
        np.bincount(patterns.T, weight * patterns.frequency),
        where[skipped:],
        patterns.recency[skipped:],
        patterns.T[skipped:],
        weight[skipped:],
    )


def objective(prepared: Prepared, pattern_sum: PatternSum | None = None) -> Objective:
    """Log-likelihood, gradient and Hessian as a function of (ln r, ln alpha, ln a, ln b)."""
    per_pattern = pattern_sum or sum_over_patterns

    def at(log_parameters: FloatArray) -> Derivatives:
        parameters = np.exp(log_parameters)
        with np.errstate(all="ignore"):  # a trial step may be absurd; the search refuses a value that is not finite
            parts = (rate_part(parameters, prepared), dropout_part(parameters, prepared))
            return add(*(to_logs(parameters, part) for part in parts), per_pattern(parameters, prepared))

    return at


def rate_part(parameters: FloatArray, p: Prepared) -> Derivatives:
    """lnG(r+x) - lnG(r) + r ln alpha - (r+x) ln(alpha+T): by distinct x and by day."""
    r, alpha = parameters[:2]
    age = alpha + np.arange(len(p.day_weight)) / DAYS_PER_WEEK
    shape = r * p.day_weight + p.day_purchases
    customers, w = p.x_weight.sum(), p.x_weight
    log_ratio = p.day_weight @ np.log(age / alpha)
    value = w @ (gammaln(r + p.x) - gammaln(r)) - r * log_ratio - p.day_purchases @ np.log(age)
    gradient, hessian = np.zeros(4), np.zeros((4, 4))
    gradient[0] = w @ (digamma(r + p.x) - digamma(r)) - log_ratio
    gradient[1] = customers * r / alpha - shape @ (1 / age)
    hessian[0, 0] = w @ (polygamma(1, r + p.x) - polygamma(1, r))
    hessian[0, 1] = hessian[1, 0] = customers / alpha - p.day_weight @ (1 / age)
    hessian[1, 1] = -customers * r / alpha**2 + shape @ (1 / age**2)
    return float(value), gradient, hessian


def dropout_part(parameters: FloatArray, p: Prepared) -> Derivatives:
    """lnG(a+b) + lnG(b+n) - lnG(b) - lnG(a+b+n): by distinct x."""
    _, _, a, b = parameters
    w, both, stay = p.x_weight, a + b + p.chances, b + p.chances
    value = w @ (gammaln(a + b) - gammaln(both) + gammaln(stay) - gammaln(b))
    by_a, by_b = w @ (digamma(a + b) - digamma(both)), w @ (digamma(stay) - digamma(b))
    by_aa, by_bb = (w @ (polygamma(1, a + b) - polygamma(1, both)), w @ (polygamma(1, stay) - polygamma(1, b)))
    hessian = np.zeros((4, 4))
    hessian[2:, 2:] = by_aa
    hessian[3, 3] += by_bb
    return float(value), np.array([0.0, 0.0, by_a, by_a + by_b]), hessian


def to_logs(parameters: FloatArray, part: Derivatives) -> Derivatives:
    """Chain rule from a parameter to its logarithm."""
    value, gradient, hessian = part
    scaled = parameters * gradient
    return value, scaled, hessian * np.outer(parameters, parameters) + np.diag(scaled)


def add(*parts: Derivatives) -> Derivatives:
    """Sum of values, gradients and Hessians."""
    value, gradient, hessian = zip(*parts, strict=True)
    return float(sum(value)), np.sum(gradient, axis=0), np.sum(hessian, axis=0)


def sum_over_patterns(parameters: FloatArray, p: Prepared) -> Derivatives:
    """Sum of weight * ln(1 + exp D) over the repeaters with its derivatives by the log-parameters, in NumPy."""
    tables = lookup_tables(parameters, p)
    value, slope, hessian, second = 0.0, np.zeros(4), np.zeros((4, 4)), np.zeros(3)
    for start in range(0, len(p.repeat_weight), BLOCK):
        part = _block(parameters, tables, p, slice(start, start + BLOCK))
        value, slope, hessian, second = value + part[0], slope + part[1], hessian + part[2], second + part[3]
    stay = -slope[3] - second[2]
    return float(value), slope, hessian + second_of_d(parameters, slope, second, float(stay))


def lookup_tables(parameters: FloatArray, p: Prepared) -> tuple[FloatArray, ...]:
    """ln(alpha+t) and 1/(alpha+t) by day; r+x, ln a - ln(b+n-1) and b/(b+n-1) by distinct x."""
    r, alpha, a, b = parameters
    age = alpha + np.arange(len(p.day_weight)) / DAYS_PER_WEEK
    steps = b + np.maximum(p.chances, 1) - 1
    return np.log(age), 1 / age, r + p.x, np.log(a) - np.log(steps), b / steps


def _block(parameters: FloatArray, tables: tuple[FloatArray, ...], p: Prepared, block: slice) -> tuple[Any, ...]:
    """One block's sums: ln(1+e^D), its slopes, products of slopes, and what the curvatures of D are made of."""
    log_age, inverse_age, shape_of, offset, stay = (table.take for table in tables)
    i, t_x, T, w = p.repeat_x[block], p.repeat_recency[block], p.repeat_age[block], p.repeat_weight[block]
    late, early, shape = inverse_age(T), inverse_age(t_x), shape_of(i)
    slopes = np.empty((4, len(w)))  # of D, by the log-parameters
    gap, pull = log_age(T) - log_age(t_x), shape * (late - early)
    np.multiply(gap, parameters[0], out=slopes[0])
    np.multiply(pull, parameters[1], out=slopes[1])
    slopes[2] = 1.0
    np.negative(stay(i), out=slopes[3])
    D = offset(i) + shape * gap
    capped = np.minimum(D, LARGEST_EXPONENT)
    odds = np.exp(capped)
    whole = 1 + odds
    left = odds / whole
    weight = w * left
    value = w @ (np.log(whole) + (D - capped))
    products = (slopes * (weight / whole)) @ slopes.T
    second = (weight @ (late - early), -(weight @ (pull * (late + early))), weight @ (slopes[3] * slopes[3]))
    return value, slopes @ weight, products, np.array(second)


def second_of_d(parameters: FloatArray, slope: FloatArray, second: FloatArray, stay: float) -> FloatArray:
    """Sum of (logistic weight) * second derivatives of D by the log-parameters, from the sums over patterns."""
    r, alpha = parameters[:2]
    hessian = np.zeros((4, 4))
    hessian[0, 0] = slope[0]
    hessian[0, 1] = hessian[1, 0] = r * alpha * second[0]
    hessian[1, 1] = slope[1] + alpha**2 * second[1]
    hessian[3, 3] = -stay
    return hessian
