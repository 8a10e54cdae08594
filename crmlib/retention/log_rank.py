"""Whether the curves of groups are one and the same: the log-rank test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crmlib.intervals import chi_square_p
from crmlib.retention.tally import Tally

Array = NDArray[np.float64]
MIN_EXPECTED = 5  # second purchases that a group must be expected to have, for a chi-square to hold


@dataclass(frozen=True, eq=False)
class LogRank:
    """Whether the groups' curves are one and the same.

    Args:
        observed: Second purchases of each group.
        expected: What they would be, were all groups alike.
        statistic: Chi-square with groups - 1 degrees of freedom.
        p: Of no difference; NaN with a why where it was not tested.
        why: Text key.
    """

    observed: Array
    expected: Array
    statistic: float
    p: float
    why: str = ""


def log_rank(groups: Sequence[Tally], last: int) -> LogRank:
    """Mantel's test of equal hazards up to a day.

    Args:
        groups: Customers by day.
        last: Days after it are censored.

    Source:
        Mantel (1966); Peto & Peto (1972). Checked against statsmodels' survdiff.
    """
    size = len(groups)
    if size < 2:
        return LogRank(np.zeros(size), np.zeros(size), np.nan, np.nan, "one_group")
    d, at_risk = (np.array(part, float) for part in zip(*(one.hazards(last) for one in groups), strict=True))
    total, events = at_risk.sum(axis=0), d.sum(axis=0)
    seen = events > 0
    share = at_risk[:, seen] / total[seen]
    spread = events[seen] * (total[seen] - events[seen]) / np.maximum(total[seen] - 1, 1)
    expected = share @ events[seen]
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    observed = d.sum(axis=1)
    if expected.min(initial=np.inf) < MIN_EXPECTED:
        return LogRank(observed, expected, np.nan, np.nan, "too_few")
    gap = (observed - expected)[:-1]
    statistic = float(gap @ np.linalg.solve(covariance[:-1, :-1], gap))
    return LogRank(observed, expected, statistic, chi_square_p(statistic, size - 1))
