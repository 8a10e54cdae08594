"""Beta-discrete-Weibull: as the shifted beta-geometric, and a contract's own chance of being lost may change with age."""

from __future__ import annotations

import numpy as np

from crmlib.contract import sbg
from crmlib.contract.exposure import Exposure
from crmlib.contract.model import Contract, fitted

STARTS = ((0.5, 1.5, 1.3), (1.0, 1.0, 1.0), (0.3, 2.0, 1.5), (2.0, 5.0, 0.8))


def fit(exposure: Exposure) -> Contract:
    """Maximum likelihood of alpha, beta and c; c > 1: a contract's own risk grows with age, c < 1: it falls.

    Args:
        exposure: Counts by renewal opportunity; at least three of them.

    Source:
        Fader, Hardie, Liu, Davin & Steenburgh (2018), whose High End estimates for years 0-4 are a test.
    """
    simple = sbg.fit(exposure)
    nested = [] if simple.why else [np.log(simple.parameters)]
    return fitted("bdw", exposure, 3, [*nested, *(np.log(start) for start in STARTS)])
