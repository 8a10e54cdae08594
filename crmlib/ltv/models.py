"""The models of repeat buying under one roof: what a race, a value or a list asks of any of them.

A model is a fitted dataclass with a `NAME`; its module has the same functions under the same names, and here is where a
model finds its module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crmlib.ltv import bg_nbd, mbg_cnbd, mbg_nbd, nbd, pareto_nbd
from crmlib.ltv.bg_nbd import BgNbd
from crmlib.ltv.fitted import broadcast
from crmlib.ltv.mbg_cnbd import MbgCnbd
from crmlib.ltv.nbd import Nbd
from crmlib.ltv.pareto_nbd import ParetoNbd
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from numpy.typing import ArrayLike

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import FloatArray

MANY = 2_000  # histories from which it pays to look for equal ones
Model = BgNbd | ParetoNbd | MbgCnbd | Nbd
FAMILIES: Mapping[str, ModuleType] = {
    "bg_nbd": bg_nbd, "mbg_nbd": mbg_nbd, "pareto_nbd": pareto_nbd, "mbg_cnbd": mbg_cnbd, "nbd": nbd,
}  # fmt: skip
TITLES: Mapping[str, str] = {
    "bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD", "mbg_cnbd": "MBG/CNBD-k", "nbd": "NBD",
}  # fmt: skip


def fit(name: str, patterns: Patterns, log_gaps: float = 0.0) -> Model:
    """Fit the model of that name.

    Args:
        name: a key of `FAMILIES`.
        patterns: histories in days.
        log_gaps: sum of the logarithms of all gaps (weeks); only MBG/CNBD-k needs it.
    """
    arguments: tuple[Any, ...] = (patterns, log_gaps) if name == "mbg_cnbd" else (patterns,)
    fitted: Model = FAMILIES[name].fit(*arguments)
    return fitted


def log_gaps(days: ArrayLike, n: ArrayLike) -> float:
    """Sum of the logarithms of gaps in weeks, from gaps in days and how many there are of each."""
    return float(np.asarray(n, float) @ np.log(np.asarray(days, float) / DAYS_PER_WEEK)) if np.size(n) else 0.0


def probability_alive(model: Model, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Probability that a customer with this history has not left."""
    return np.asarray(FAMILIES[model.NAME].probability_alive(model, frequency, recency, T))


def conditional_expected_purchases(
    model: Model, days: ArrayLike, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike
) -> FloatArray:
    """Purchases expected in the next `days`; all times in days."""
    module, whole = FAMILIES[model.NAME], np.broadcast(days, frequency, recency, T)
    if whole.size < MANY or np.ndim(days) or isinstance(model, MbgCnbd):
        return np.asarray(module.conditional_expected_purchases(model, days, frequency, recency, T))
    # While active, recency plays no part: work on distinct (x, T).
    x, _, age = broadcast(frequency, recency, T)
    _, first, place = np.unique(x * (np.floor(age.max()) + 1) + age, return_index=True, return_inverse=True)
    active = module.purchases_while_alive(model, days, x.ravel()[first], age.ravel()[first])
    return np.asarray(probability_alive(model, frequency, recency, T) * active[place].reshape(x.shape))


def expected_purchases(model: Model, days: ArrayLike) -> FloatArray:
    """Repeat purchases expected of a new customer within `days`."""
    return np.asarray(FAMILIES[model.NAME].expected_purchases(model, days))


def silence(model: Model, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> FloatArray:
    """Probability that a customer who is still active would have been silent since `recency`: how overdue he is.

    His own rhythm, from his own purchases so far: ((alpha + t_x) / (alpha + T))^(r + x), times the stages that may have
    passed where purchases are regular.
    """
    x, t_x, t = (v / unit for v, unit in zip(broadcast(frequency, recency, T), (1.0, 7.0, 7.0), strict=True))
    k = model.k if isinstance(model, MbgCnbd) else 1
    log = (model.r + k * x) * (np.log(model.alpha + t_x) - np.log(model.alpha + t))
    if isinstance(model, MbgCnbd):
        from crmlib.ltv.mbg_cnbd_likelihood import stages

        passed = stages(model.parameters, k, x.ravel(), t_x.ravel(), t.ravel())[:-1]
        log = log + np.log(np.exp(passed).sum(axis=0)).reshape(x.shape)
    return np.asarray(np.exp(log))
