"""How small an effect a test can see, and how large a test must be to see a given one."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from crmlib.intervals import LEVEL

POWER = 0.80


def smallest_visible(se: float, level: float = LEVEL, power: float = POWER) -> float:
    """Minimum detectable effect: the true effect that a two-sided test finds with this power.

    Args:
        se: Standard error of the estimate, in units of the outcome.
        level: 1 - the test's size.
        power: Probability of finding it.

    Example:
        >>> round(smallest_visible(1.0), 3)
        2.802
    """
    return float((ndtri(0.5 + level / 2) + ndtri(power)) * se)


def power_of(effect: float, se: float, level: float = LEVEL) -> float:
    """Probability that a two-sided test of this precision finds an effect of this size (in its direction)."""
    return float(ndtr(abs(effect) / se - ndtri(0.5 + level / 2)))


def needed(n: int, se: float, effect: float) -> int:
    """Units in both arms together, split as now, at which `effect` becomes visible.

    Args:
        n: Units now.
        se: Standard error now.
        effect: The effect to be seen; 0 needs more units than there are (0 is returned, to be shown as unknown).
    """
    if not effect or not np.isfinite(se):
        return 0
    return int(np.ceil(n * (smallest_visible(se) / abs(effect)) ** 2))


def size_of(deviation: float, effect: float, holdout: float) -> int:
    """Units in both arms together at which a test with this holdout share sees `effect`.

    Args:
        deviation: Standard deviation of the outcome.
        effect: Smallest effect that must be seen, in units of the outcome.
        holdout: Share that is held out, above 0 and below 1.

    Example:
        >>> size_of(0.5, 0.05, 0.5)
        3140
    """
    root = smallest_visible(deviation) / abs(effect)
    return int(np.ceil(root**2 / (holdout * (1 - holdout))))
