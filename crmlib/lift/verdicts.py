"""Three answers, never two: it works, it does not, or these data cannot tell."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from crmlib.intervals import Estimate

WORKS, DOES_NOT, CANNOT_TELL = "works", "does_not", "cannot_tell"
FALSE_ALARMS = 0.05  # share of false alarms that is accepted among the campaigns that are said to work


def verdict(effect: Estimate, worth: float = 0.0, q: float = 0.0) -> str:
    """What an interval allows to be said against the smallest effect of interest.

    Works: the whole interval is above zero, an effect worth having is inside it, and the campaign is among those with at
    most 5 % false alarms. Does not: an effect worth having is excluded, or the whole interval is below zero. Cannot tell:
    everything else, so also where nothing could be estimated.

    Args:
        effect: With interval, in units of the outcome.
        worth: Smallest effect worth having (the one that pays for the contact), in the same units; 0 for any.
        q: False-discovery q-value over all campaigns; NaN counts as not passed.
    """
    if effect.why or not np.isfinite([effect.lower, effect.upper]).all():
        return CANNOT_TELL
    if effect.upper < max(worth, 0.0):
        return DOES_NOT
    return WORKS if effect.lower > 0 and q <= FALSE_ALARMS else CANNOT_TELL


def two_sided(score: float) -> float:
    """p-value of a standard normal score.

    Example:
        >>> round(two_sided(1.959964), 4)
        0.05
    """
    return float(2 * ndtr(-abs(score)))
