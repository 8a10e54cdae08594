"""The sum over patterns of the BG/NBD log-likelihood in compiled code (extra `speed`); the same sums as in NumPy.

Patterns come sorted by frequency, so that everything that depends on it is a constant of the inner loop and is put back after
it. The loop has no branch and no call: exponential and logarithm are written out, and the compiler makes vector code of it.
One thread: the sums do not depend on the machine's load, and a fit is over before threads would pay.

Compiled once per machine (cached beside the module); the first call takes some seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crmlib.errors import CrmError
from crmlib.ltv.bg_nbd_likelihood import LARGEST_EXPONENT, lookup_tables, second_of_d

if TYPE_CHECKING:
    from crmlib.ltv.bg_nbd_likelihood import Prepared
    from crmlib.newton import Derivatives, FloatArray

try:
    from numba import njit
except ModuleNotFoundError:  # the extra is not installed: the module can still be imported
    njit = None

# Sums by distinct frequency: value; weight times (1, gap, pull, pull (late+early)); curvature times the products of (1, gap, pull)
SUMS, SLOPES = 11, [2, 3, 1, 1]
PRODUCTS = [[8, 9, 6, 6], [9, 10, 7, 7], [6, 7, 5, 5], [6, 7, 5, 5]]
LOG2E, LN2, LN2_HIGH, LN2_LOW = (
    1.4426950408889634,
    0.6931471805599453,
    6.93147180369123816490e-01,
    1.90821492927058770002e-10,
)
ROUND, ONE, MANTISSA = 6755399441055744.0, 4607182418800017408, 52  # 1.5 * 2^52; the bits of 1.0; bits of a mantissa
ROOT_HALF, INTEGER, OFFSET = (
    0x3FE6A09E667F3BCD,
    0x4330000000000000,
    4503599627370496.0,
)  # bits of sqrt(1/2), of 2^52; 2^52


def sum_over_patterns(parameters: FloatArray, p: Prepared) -> Derivatives:
    """Sum of weight * ln(1 + exp D) over the repeaters with its derivatives by the log-parameters.

    Raises:
        CrmError: numba is not installed.
    """
    if njit is None:
        raise CrmError("the kernel 'numba' needs the extra `speed`: pip install 'crmlib[speed]'")
    tables = lookup_tables(parameters, p)
    sums = _by_frequency(tables, (p.repeat_x, p.repeat_recency, p.repeat_age, p.repeat_weight)).T
    shape, stay = tables[2], tables[4]
    scale = np.array([parameters[0], parameters[1], 1.0, 1.0])
    factors = scale[:, None] * np.stack([np.ones_like(shape), shape, np.ones_like(shape), -stay])
    slope = (factors * sums[SLOPES]).sum(axis=1)
    products = (factors[:, None] * factors[None] * sums[PRODUCTS]).sum(axis=2)
    second = np.array([sums[3].sum(), -(shape @ sums[4])])
    curvature = second_of_d(parameters, slope, second, float((stay * (1 - stay)) @ sums[1]))
    return float(sums[0].sum()), slope, products + curvature


def _compiled(**options: Any) -> Any:
    """The decorator of numba with the house's options, or none."""
    return njit(cache=True, error_model="numpy", **options) if njit else lambda function: function


@_compiled()
def _by_frequency(tables: Any, patterns: Any) -> Any:
    x, t_x, T, w = patterns
    rows = np.zeros((len(tables[2]), SUMS))
    start = 0
    while start < len(w):
        end = start
        while end < len(w) and x[end] == x[start]:
            end += 1
        _add_run(rows[x[start]], tables, (t_x[start:end], T[start:end], w[start:end]), x[start])
        start = end
    return rows


@_compiled(fastmath={"reassoc", "contract", "nsz"})
def _add_run(row: Any, tables: Any, run: Any, i: Any) -> None:
    """Patterns of one frequency; sums in any order, so that the compiler may keep several of each."""
    log_age, inverse_age, shape, offset = tables[0], tables[1], tables[2][i], tables[3][i]
    t_x, T, w = run
    value = one = by_gap = by_pull = by_both = c = c_gap = c_pull = c_gap_gap = c_gap_pull = c_pull_pull = 0.0
    for k in range(len(w)):
        late, early, gap = inverse_age[T[k]], inverse_age[t_x[k]], log_age[T[k]] - log_age[t_x[k]]
        pull = late - early
        D = offset + shape * gap
        odds = _exp(max(min(D, LARGEST_EXPONENT), -LARGEST_EXPONENT))
        near = 1 / (1 + odds)
        weight = w[k] * odds * near
        curve = weight * near
        value += w[k] * (_log(1 + odds) + (max(D, LARGEST_EXPONENT) - LARGEST_EXPONENT))
        one += weight
        by_gap += weight * gap
        by_pull += weight * pull
        by_both += weight * pull * (late + early)
        c += curve
        c_gap += curve * gap
        c_pull += curve * pull
        c_gap_gap += curve * gap * gap
        c_gap_pull += curve * gap * pull
        c_pull_pull += curve * pull * pull
    found = (value, one, by_gap, by_pull, by_both, c, c_gap, c_pull, c_gap_gap, c_gap_pull, c_pull_pull)
    for k in range(SUMS):
        row[k] += found[k]


@_compiled(fastmath={"contract"})  # said here, or it would take the caller's and rounding would be optimised away
def _exp(y: Any) -> Any:
    """e^y for |y| <= 700 to the last bit or two: 2^k times a Taylor polynomial on |rest| <= ln 2 / 2, k put into the exponent."""
    shifted = y * LOG2E + ROUND
    k = shifted - ROUND
    rest = (y - k * LN2_HIGH) - k * LN2_LOW
    p = 1 / 6227020800.0
    p = p * rest + 1 / 479001600.0
    p = p * rest + 1 / 39916800.0
    p = p * rest + 1 / 3628800.0
    p = p * rest + 1 / 362880.0
    p = p * rest + 1 / 40320.0
    p = p * rest + 1 / 5040.0
    p = p * rest + 1 / 720.0
    p = p * rest + 1 / 120.0
    p = p * rest + 1 / 24.0
    p = p * rest + 1 / 6.0
    p = ((p * rest + 0.5) * rest + 1.0) * rest + 1.0
    return p * np.int64((np.float64(shifted).view(np.int64) << MANTISSA) + ONE).view(np.float64)


@_compiled(fastmath={"contract"})
def _log(y: Any) -> Any:
    """Logarithm of y >= 1: exponent times ln 2 plus 2 artanh(z) of the mantissa m in [sqrt(1/2), sqrt 2), z = (m-1) / (m+1)."""
    bits = np.float64(y).view(np.int64)
    k = (bits - ROOT_HALF) >> MANTISSA
    m = np.int64(bits - (k << MANTISSA)).view(np.float64)
    z = (m - 1) / (m + 1)
    s = z * z
    p = 1 / 23.0
    p = p * s + 1 / 21.0
    p = p * s + 1 / 19.0
    p = p * s + 1 / 17.0
    p = p * s + 1 / 15.0
    p = p * s + 1 / 13.0
    p = p * s + 1 / 11.0
    p = p * s + 1 / 9.0
    p = p * s + 1 / 7.0
    p = p * s + 1 / 5.0
    p = (p * s + 1 / 3.0) * s + 1.0
    return 2 * z * p + (np.int64(k | INTEGER).view(np.float64) - OFFSET) * LN2
