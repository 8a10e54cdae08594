"""The sum over patterns of the BG/NBD log-likelihood in compiled code (extra `speed`); same sums as in NumPy.

Compiled once per machine (cached beside the module); the first call takes some seconds. Threads share out fixed
blocks and the blocks are added in order, so the result does not depend on the number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crmlib.errors import CrmError
from crmlib.ltv.bg_nbd_likelihood import lookup_tables, second_of_d

if TYPE_CHECKING:
    from crmlib.ltv.bg_nbd_likelihood import Prepared
    from crmlib.newton import Derivatives, FloatArray

try:
    from numba import njit, prange
except ModuleNotFoundError:  # the extra is not installed: the module can still be imported
    njit, prange = None, range

BLOCK = 8_192
# One row per block: value; weight times (gap, pull, 1, stay); curvature times their ten products; three curvatures of D
VALUE, SLOPES, PRODUCTS, SECOND, STAY, SUMS = 0, slice(1, 5), slice(5, 15), slice(15, 17), 17, 18


def sum_over_patterns(parameters: FloatArray, p: Prepared) -> Derivatives:
    """Sum of weight * ln(1 + exp D) over the repeaters with its derivatives by the log-parameters.

    Raises:
        CrmError: numba is not installed.
    """
    if njit is None:
        raise CrmError("the kernel 'numba' needs the extra `speed`: pip install 'crmlib[speed]'")
    patterns = (p.repeat_x, p.repeat_recency, p.repeat_age, p.repeat_weight)
    total = _blocks(lookup_tables(parameters, p), patterns).sum(axis=0)
    by_log = np.array([parameters[0], parameters[1], 1.0, -1.0])
    products = np.zeros((4, 4))
    products[np.triu_indices(4)] = total[PRODUCTS]
    products += np.triu(products, 1).T
    slope = by_log * total[SLOPES]
    curvature = second_of_d(parameters, slope, total[SECOND], float(total[STAY]))
    return float(total[VALUE]), slope, products * np.outer(by_log, by_log) + curvature


def _compiled(**options: Any) -> Any:
    """The decorator of numba with the house's options, or none."""
    return njit(cache=True, error_model="numpy", **options) if njit else lambda function: function


@_compiled(parallel=True)
def _blocks(tables: Any, patterns: Any) -> Any:
    x, t_x, T, w = patterns
    count = (len(w) + BLOCK - 1) // BLOCK
    rows = np.zeros((count, SUMS))
    for block in prange(count):
        for k in range(block * BLOCK, min((block + 1) * BLOCK, len(w))):
            _add_pattern(rows[block], tables, (x[k], t_x[k], T[k], w[k]))
    return rows


@_compiled(inline="always")
def _add_pattern(row: Any, tables: Any, pattern: Any) -> None:
    log_age, inverse_age, shape, offset, stay = tables
    i, t_x, T, w = pattern
    gap, pull, s = log_age[T] - log_age[t_x], inverse_age[T] - inverse_age[t_x], stay[i]
    D = offset[i] + shape[i] * gap
    small = np.exp(-abs(D))
    near = 1 / (1 + small)
    weight = w * near if D > 0 else w * small * near
    curve = w * small * near * near
    steep = shape[i] * pull
    row[0] += w * (max(D, 0.0) - np.log(near))
    row[1] += weight * gap
    row[2] += weight * steep
    row[3] += weight
    row[4] += weight * s
    row[5] += curve * gap * gap
    row[6] += curve * gap * steep
    row[7] += curve * gap
    row[8] += curve * gap * s
    row[9] += curve * steep * steep
    row[10] += curve * steep
    row[11] += curve * steep * s
    row[12] += curve
    row[13] += curve * s
    row[14] += curve * s * s
    row[15] += weight * pull
    row[16] -= weight * steep * (inverse_age[T] + inverse_age[t_x])
    row[17] += weight * s * (1 - s)
