"""How strong an unseen cause would have to be to explain an effect away."""

from __future__ import annotations

import numpy as np

from crmlib.intervals import Estimate


def e_value(effect: Estimate, control: float, *, limit: bool = False) -> float:
    """The risk ratio that an unseen cause must have with both the contact and the outcome to explain the effect away.

    Args:
        effect: Difference of two shares.
        control: Share without the contact, above 0.
        limit: For the limit of the interval that is nearer to zero instead of the estimate.

    Returns:
        1 or more (1: nothing is needed); NaN where a share is not above 0.

    Source:
        VanderWeele & Ding (2017), Annals of Internal Medicine 167, 268-274; their example (3.9 -> 7.26) is a test.
    """
    near = effect.lower if effect.value > 0 else effect.upper
    gap = near if limit else effect.value
    if effect.why or not control > 0 or not control + gap > 0:
        return float("nan")
    if gap * effect.value <= 0:
        return 1.0
    ratio = (control + gap) / control
    ratio = max(ratio, 1 / ratio)
    return float(ratio + np.sqrt(ratio * (ratio - 1)))


def robustness(value: float, se: float, freedom: float, alpha: float = 0.0) -> float:
    """Robustness value: the share of the unexplained variance of both contact and outcome that an unseen cause must explain.

    Args:
        value: The effect.
        se: Its standard error.
        freedom: Residual degrees of freedom.
        alpha: 0: to bring the estimate to zero; 1.96 standard errors are written as alpha = 0.05.

    Source:
        Cinelli & Hazlett (2020), Journal of the Royal Statistical Society B 82, 39-67, equations 18 and 19; the Darfur example
        (13.9 %; at 5 % 7.6 %) is a test.
    """
    from scipy.special import stdtrit

    critical = float(stdtrit(freedom - 1, 1 - alpha / 2)) / np.sqrt(freedom - 1) if alpha else 0.0
    strength = abs(value / se) / np.sqrt(freedom) - critical
    if strength <= 0:
        return 0.0
    return float((np.sqrt(strength**4 + 4 * strength**2) - strength**2) / 2)
