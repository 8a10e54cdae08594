"""Was the draw a draw? Sample-ratio, balance, false discoveries, and what looking early costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crmlib.intervals import Estimate, chi_square_p, unknown
from crmlib.lift.arms import Arm

SRM_ALARM = 0.001  # below, the arms' sizes are no accident
IMBALANCED = 0.1  # standardised mean difference above which two groups are not alike (Austin 2009)


def sample_ratio(counts: Sequence[int], planned: Sequence[float]) -> float:
    """p-value that groups of these sizes come from a draw with the planned shares.

    Args:
        counts: Units by group.
        planned: Shares by group, adding up to 1.

    Returns:
        p of Pearson's chi-square; NaN where a share or all counts are missing.

    Source:
        Fabijan et al. (2019), Diagnosing Sample Ratio Mismatch in Online Controlled Experiments.
    """
    seen, shares = np.asarray(counts, float), np.asarray(planned, float)
    if not seen.sum() or not np.isfinite(shares).all() or (shares <= 0).any():
        return float("nan")
    expected = seen.sum() * shares / shares.sum()
    return chi_square_p(float(((seen - expected) ** 2 / expected).sum()), seen.size - 1)


def imbalance(treated: Arm, control: Arm) -> float:
    """Standardised mean difference of a covariate that was measured before the contact.

    Args:
        treated: The arm whose `mean` and `var` are the covariate's.
        control: The other one.

    Returns:
        Difference over the root of the mean variance; infinite where neither varies and they differ, NaN where one is empty.

    Source:
        Austin (2009), Statistics in Medicine 28, 3083-3107.
    """
    spread, gap = (treated.var + control.var) / 2, treated.mean - control.mean
    if spread == 0:
        return float(np.sign(gap) * np.inf) if gap else 0.0
    return float(gap / np.sqrt(spread))


def false_discovery(p: ArrayLike) -> NDArray[np.float64]:
    """q-values: the share of false alarms among all tests that are at least as clear (NaN passes through).

    Source:
        Benjamini & Hochberg (1995). Checked against statsmodels.
    """
    values = np.asarray(p, float)
    q = np.full(values.shape, np.nan)
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    scaled = values[order] * order.size / np.arange(1, order.size + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def anytime(ate: Estimate, se: float, planned: int) -> Estimate:
    """The interval that holds however often somebody looks before the end (an asymptotic confidence sequence).

    Args:
        ate: The effect at the end.
        se: Its standard error.
        planned: Units at which the sequence is tightest (the planned size).

    Source:
        Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), Time-uniform central limit theory, theorem 2.2 with rho from
        its equation for the tightest time.
    """
    if ate.why:
        return unknown(ate.n, ate.why)
    alpha = 1 - ate.level
    rho = (-2 * np.log(alpha) + np.log(-2 * np.log(alpha) + 1)) / planned
    grown = ate.n * rho + 1
    half = se * np.sqrt(ate.n) * np.sqrt(2 * grown / (ate.n**2 * rho) * np.log(np.sqrt(grown) / alpha))
    return Estimate(ate.value, ate.value - float(half), ate.value + float(half), ate.n, level=ate.level)
