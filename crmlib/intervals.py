"""Intervals: proportions, their differences, survival curves, and what follows from a standard error.

numpy and scipy.special only (scipy.stats would double the time of an import). A limit that is not defined is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, chdtrc, ndtri

Array = NDArray[np.float64]
LEVEL = 0.95
ROUNDING = 1e-12  # a product of many (1 - d/n) misses 0.5 in its last digits


@dataclass(frozen=True)
class Estimate:
    """A number with its interval.

    Args:
        value: The estimate; NaN when unknowable.
        lower: Lower limit, NaN when not defined.
        upper: Upper limit, NaN when not defined.
        n: Number of customers behind it.
        why: Text key below ``why.`` when `value` is NaN.
        level: Confidence level of the interval.
    """

    value: float
    lower: float
    upper: float
    n: int
    why: str = ""
    level: float = LEVEL


def unknown(n: int, why: str) -> Estimate:
    """An estimate that the data do not allow, with the reason."""
    return Estimate(np.nan, np.nan, np.nan, n, why)


def times(found: Estimate, factor: float) -> Estimate:
    """An estimate in another unit: value and limits times a number; a negative one turns the limits round.

    Example:
        >>> times(Estimate(2.0, 1.0, 4.0, 10), -1)
        Estimate(value=-2.0, lower=-4.0, upper=-1.0, n=10, why='', level=0.95)
    """
    lower, upper = (found.lower, found.upper) if factor >= 0 else (found.upper, found.lower)
    return replace(found, value=found.value * factor, lower=lower * factor, upper=upper * factor)


def z(level: float = LEVEL) -> float:
    """Two-sided standard normal quantile.

    Example:
        >>> round(z(0.95), 4)
        1.96
    """
    return float(ndtri(0.5 + level / 2))


def normal(value: ArrayLike, error: ArrayLike, level: float = LEVEL) -> tuple[Array, Array]:
    """Normal interval, value ± z · standard error."""
    value, half = np.asarray(value, float), z(level) * np.asarray(error, float)
    return value - half, value + half


def mean(n: int, total: float, squares: float, level: float = LEVEL) -> Estimate:
    """Mean of n values from their sum and the sum of their squares, with a normal interval.

    Example:
        >>> found = mean(4, 20.0, 120.0)  # 2, 4, 6 and 8
        >>> found.value, round(found.upper - found.value, 3)
        (5.0, 2.53)
    """
    if n < 2:
        return unknown(n, "too_few")
    value = total / n
    lower, upper = normal(value, np.sqrt(max(squares / n - value**2, 0.0) / (n - 1)), level)
    return Estimate(value, float(lower), float(upper), n, level=level)


def mean_difference(first: Estimate, second: Estimate) -> Estimate:
    """Difference of two independent means, first - second, whose intervals are normal and of one level; n is the sum."""
    n, why = first.n + second.n, first.why or second.why
    if why:
        return unknown(n, why)
    gap, half = first.value - second.value, float(np.hypot(first.upper - first.value, second.upper - second.value))
    return Estimate(gap, gap - half, gap + half, n, level=first.level)


def delta_error(gradient: ArrayLike, covariance: ArrayLike) -> float:
    """Standard error of a function of estimated parameters (delta method).

    Args:
        gradient: Derivatives of the function with respect to each parameter, shape (p,).
        covariance: Covariance matrix of the parameters, shape (p, p).
    """
    slope = np.asarray(gradient, float)
    return float(np.sqrt(slope @ np.asarray(covariance, float) @ slope))


def wilson(successes: ArrayLike, n: ArrayLike, level: float = LEVEL) -> tuple[Array, Array]:
    """Wilson's score interval of a proportion.

    Args:
        successes: Counts (any shape); NaN passes through.
        n: Numbers of trials, broadcast against `successes`; 0 gives NaN.
        level: Confidence level.

    Returns:
        Lower and upper limits, shares in [0, 1].

    Source:
        Wilson (1927); Newcombe (1998), Statistics in Medicine 17, 857-872, method 3, whose examples are tests.

    Example:
        >>> [round(float(limit), 4) for limit in wilson(81, 263)]
        [0.2553, 0.3662]
    """
    k, n = np.broadcast_arrays(np.asarray(successes, float), np.asarray(n, float))
    n = np.where(n > 0, n, np.nan)
    square = z(level) ** 2
    share = k / n
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = np.sqrt(square) * np.sqrt(share * (1 - share) / n + square / (4 * n**2)) / (1 + square / n)
    # exact ends: rounding may leave -1e-18 at no success, or 1 - 1e-16 at no failure
    return np.where(k == 0, 0.0 * n, centre - half), np.where(k == n, 1.0 + 0.0 * n, centre + half)


def proportion(successes: float, n: int, level: float = LEVEL) -> Estimate:
    """A share with its Wilson interval; NaN with the reason "no_customers" when n is 0."""
    if n == 0:
        return unknown(0, "no_customers")
    lower, upper = wilson(successes, n, level)
    return Estimate(successes / n, float(lower), float(upper), int(n), level=level)


def exact(successes: int, n: int, level: float = LEVEL) -> Estimate:
    """A share with its exact binomial interval (Clopper & Pearson 1934), for few successes; NaN when n is 0.

    Example:
        >>> found = exact(0, 40)
        >>> found.lower, round(found.upper, 4)
        (0.0, 0.0881)
    """
    if n == 0:
        return unknown(0, "no_customers")
    tail = (1 - level) / 2
    lower = float(betaincinv(successes, n - successes + 1, tail)) if successes else 0.0
    upper = float(betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
    return Estimate(successes / n, lower, upper, n, level=level)


def difference(first: Estimate, second: Estimate) -> Estimate:
    """Difference of two independent proportions, first - second, with Newcombe's hybrid score interval.

    Args:
        first: A share with its Wilson interval.
        second: The share that is taken off, with an interval of the same level.

    Returns:
        Difference in [-1, 1]; n is the sum. NaN with the reason of the unknowable part.

    Source:
        Newcombe (1998), Statistics in Medicine 17, 873-890, method 10, whose examples are tests.
    """
    n, why = first.n + second.n, first.why or second.why
    if why:
        return unknown(n, why)
    gap = first.value - second.value
    below = np.hypot(first.value - first.lower, second.upper - second.value)
    above = np.hypot(first.upper - first.value, second.value - second.lower)
    return Estimate(gap, float(gap - below), float(gap + above), n, level=first.level)


def log_log(survival: ArrayLike, log_variance: ArrayLike, level: float = LEVEL) -> tuple[Array, Array]:
    """Log-log interval of a Kaplan-Meier curve; stays inside [0, 1].

    Args:
        survival: S(t), any shape.
        log_variance: Greenwood's sum, the variance of log S(t).
        level: Confidence level.

    Returns:
        Lower and upper limits of S(t); NaN where S is 0 or 1 (not defined there).

    Source:
        Kalbfleisch & Prentice (1980); as R's survfit(conf.type = "log-log"). Checked against statsmodels.
    """
    curve, spread = np.asarray(survival, float), np.asarray(log_variance, float)
    inside = (curve > 0) & (curve < 1)
    log = np.log(np.where(inside, curve, 0.5))
    power = np.exp(z(level) * np.sqrt(np.where(inside, spread, 0.0)) / np.abs(log))
    return np.where(inside, np.exp(log * power), np.nan), np.where(inside, np.exp(log / power), np.nan)


def first_at_or_below(curve: ArrayLike, height: float) -> float:
    """Index at which a falling curve first reaches a height; NaN when it never does (NaN points are passed over)."""
    reached = np.flatnonzero(np.asarray(curve, float) <= height + ROUNDING)
    return float(reached[0]) if reached.size else np.nan


def chi_square_p(statistic: float, degrees: int) -> float:
    """Upper tail of the chi-square distribution.

    Example:
        >>> round(chi_square_p(3.841459, 1), 4)
        0.05
    """
    return float(chdtrc(degrees, statistic))


def false_discovery(p: ArrayLike) -> Array:
    """Adjusted p-values: those at most x are a list of which at most the share x is false, on average.

    NaN (a test that was not made) stays NaN and does not count.

    Source:
        Benjamini & Hochberg (1995). Checked against statsmodels.

    Example:
        >>> false_discovery([0.01, 0.04, 0.03, float("nan")]).round(3).tolist()
        [0.03, 0.04, 0.04, nan]
    """
    values = np.asarray(p, float)
    adjusted, made = np.full(values.shape, np.nan), np.flatnonzero(~np.isnan(values))
    order = made[np.argsort(values[made], kind="stable")]
    ranked = values[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum.accumulate(ranked[::-1])[::-1].clip(max=1.0)
    return adjusted
