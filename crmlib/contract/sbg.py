"""Shifted beta-geometric: the chance of losing a contract is its own and stays the same at each renewal."""

from __future__ import annotations

import numpy as np

from crmlib.contract.exposure import Exposure
from crmlib.contract.model import Contract, fitted

STARTS = ((1.0, 1.0), (0.5, 5.0), (5.0, 20.0))


def fit(exposure: Exposure) -> Contract:
    """Maximum likelihood of alpha and beta.

    Args:
        exposure: Counts by renewal opportunity.

    Returns:
        The fit; where all contracts are alike the likelihood climbs without end, and the report says "boundary".

    Source:
        Fader & Hardie (2007), whose estimates for years 0-7 are tests: Regular (0.704, 1.182), High End (0.668, 3.806).
    """
    return fitted("sbg", exposure, 2, [np.log(start) for start in STARTS])
