"""Score interval for the difference of two proportions, with its skewness corrected: each end misses equally often.

Newcombe's interval and the uncorrected score interval leave out too much on one side where the groups differ in size, as a
programme's first year and its second do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc

from crmlib.intervals import LEVEL, Estimate, z

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]
STEPS = 60  # halvings of (-1, 1)


def difference(first: tuple[float, float], second: tuple[float, float], level: float = LEVEL) -> Estimate:
    """Difference of two independent proportions, first - second.

    Args:
        first: Successes and trials.
        second: Those that are taken off.
        level: Confidence level.

    Returns:
        n is the sum of the trials. The interval leaves out zero exactly where `p_value` is below 1 - level.

    Source:
        Miettinen & Nurminen (1985), Statistics in Medicine 4, 213-226; skewness Gart & Nam (1990), Biometrics 46, 637-643, whose
        example is a test, as written by Laud (2017), Pharmaceutical Statistics 16, 334-348. Without the skewness the examples of
        Newcombe (1998) are tests.
    """
    groups = (np.array([first[0], second[0]], float), np.array([first[1], second[1]], float))
    shares = groups[0] / groups[1]
    lower, upper = (_limit(groups, sign * z(level)) for sign in (1, -1))
    return Estimate(float(shares[0] - shares[1]), lower, upper, int(groups[1].sum()), level=level)


def p_value(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Two-sided, of equal proportions, by the same score as the interval."""
    groups = (np.array([first[0], second[0]], float), np.array([first[1], second[1]], float))
    return float(erfc(abs(score(groups, 0.0)) / np.sqrt(2)))


def score(groups: Pair, gap: float, *, skewed: bool = True) -> float:
    """Standard normal where the difference of the proportions is `gap`.

    Args:
        groups: Successes and trials of both, each of shape (2,).
        gap: The difference that is tried.
        skewed: Whether the skewness is corrected (not: Miettinen & Nurminen's score).
    """
    hits, n = groups
    share = _restricted(groups, gap)
    variance = float((share * (1 - share) / n).sum() * n.sum() / (n.sum() - 1))
    miss = float(hits[0] / n[0] - hits[1] / n[1] - gap)
    if variance <= 0:
        return float(np.sign(miss)) * np.inf if miss else 0.0
    plain = miss / np.sqrt(variance)
    third = share * (1 - share) * (1 - 2 * share) / n**2
    bend = float(third[0] - third[1]) / (6 * variance**1.5)
    if not skewed or abs(bend) < 1e-9:
        return plain
    return float((np.sqrt(max(1 + 4 * bend * (bend + plain), 0.0)) - 1) / (2 * bend))


def _restricted(groups: Pair, gap: float) -> NDArray[np.float64]:
    """Most likely proportions whose difference is `gap`: the root of the cubic of Miettinen & Nurminen in (0, 1)."""
    (x1, x2), (n1, n2) = groups
    n = n1 + n2
    if gap == 0:
        return np.full(2, (x1 + x2) / n)
    cubic = [n, (n1 + 2 * n2) * gap - n - x1 - x2, (n2 * gap - n - 2 * x2) * gap + x1 + x2, x2 * gap * (1 - gap)]
    roots = np.roots(cubic)
    low, high = max(0.0, -gap), min(1.0, 1 - gap)
    real = np.clip(roots[np.abs(roots.imag) < 1e-6].real, low, high)
    inside = np.unique(np.append(real, [low, high]))
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (x1, inside + gap), (n1 - x1, 1 - inside - gap), (x2, inside), (n2 - x2, 1 - inside)
        likely = sum(np.where(k > 0, k * np.log(np.maximum(p, 0)), 0.0) for k, p in terms)
    best = inside[np.argmax(likely)]
    return np.clip([best + gap, best], 0.0, 1.0)


def _limit(groups: Pair, wanted: float) -> float:
    low, high = -1.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if score(groups, middle) > wanted else (low, middle)
    return (low + high) / 2
