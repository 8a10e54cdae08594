"""Scores: one row per customer for lists, karte and the client's own systems, under pseudonymous ids.

The interval of a single customer's value is one of what he may do, not of what is expected of him: with probability 1 - P
he has left and brings nothing; otherwise his value is spread as a gamma with the mean and variance that the model gives
purchases and amounts. It is approximate (Wilson & Hilferty 1931 for the gamma's quantiles); its coverage is tested.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from crmlib import in_place
from crmlib.ltv import gamma_gamma, models, protect
from crmlib.ltv.mbg_cnbd import MbgCnbd
from crmlib.ltv.value import Histories, purchases

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.ltv.gamma_gamma import GammaGamma
    from crmlib.ltv.models import Model
    from crmlib.newton import FloatArray

LEVEL = 0.80  # of a single customer's interval
MONTHS = 12


def score(model: Model, amount: GammaGamma, customers: pd.DataFrame, scale: int, discount_rate: float) -> pd.DataFrame:
    """P(alive), purchases and value of the next 12 months, and the customer's state, for every customer.

    Args:
        model: fitted model of repeat buying.
        amount: fitted Gamma-Gamma.
        customers: customer_id, frequency, recency, T (days), amount (repeat purchases, minor units), one row each.
        scale: minor units per major unit of the currency.
        discount_rate: per year.

    Returns:
        customer_id, frequency, recency, T, p_alive, purchases_12m, clv_12m, clv_12m_lower, clv_12m_upper (major units, 80 %),
        state (`protect.STATES`); values are NaN where a model could not be fitted. In the order of `customers`.
    """
    import pandas as pd

    x, t_x, T, money = (customers[name].to_numpy(float) for name in ("frequency", "recency", "T", "amount"))
    key, place = _distinct(x, t_x, T)
    h = Histories(*key, np.zeros(len(key[0])), np.ones(len(key[0])))
    usable = model.report.converged
    alive = models.probability_alive(model, *key)
    unknown = np.full(len(h.T), np.nan)
    plain, bought = purchases(model, h, discount_rate, MONTHS) if usable else (unknown, unknown)
    state = protect.states(model, *key, alive) if usable else np.full(len(h.T), 0)
    each = gamma_gamma.expected_amount(amount, x, money / scale)
    mean = bought[place] * each
    lower, upper = _interval(model, amount, (x, alive[place], bought[place]), each)
    names = np.array(protect.STATES)[state][place] if usable else None
    columns = {
        "customer_id": customers["customer_id"].to_numpy(),
        "frequency": x.astype(int),
        "recency": t_x.astype(int),
    }
    columns |= {"T": T.astype(int), "p_alive": alive[place], "purchases_12m": plain[place], "clv_12m": mean}
    return pd.DataFrame({**columns, "clv_12m_lower": lower, "clv_12m_upper": upper, "state": names})


def write(scores: pd.DataFrame, client_dir: str | Path) -> Path:
    """Put the scores into the client's store (store/scores.parquet), sorted by customer, whole or not at all."""
    path = Path(client_dir) / "store" / "scores.parquet"
    return in_place.write(path, scores.sort_values("customer_id").to_parquet(index=False))


def read(client_dir: str | Path) -> pd.DataFrame:
    """The scores that `write` put into the client's store; no rows, and no columns, where there are none."""
    import pandas as pd

    path = Path(client_dir) / "store" / "scores.parquet"
    return pd.read_parquet(path) if path.is_file() else pd.DataFrame()


def _distinct(
    x: FloatArray, t_x: FloatArray, T: FloatArray
) -> tuple[tuple[FloatArray, FloatArray, FloatArray], FloatArray]:
    """Distinct histories and the place of each customer's among them."""
    days = float(T.max(initial=0)) + 1
    distinct, place = np.unique((x * days + t_x) * days + T, return_inverse=True)
    rest, age = np.divmod(distinct, days)
    frequency, recency = np.divmod(rest, days)
    return (frequency, recency, age), place


def _interval(
    model: Model, amount: GammaGamma, buying: tuple[FloatArray, FloatArray, FloatArray], each: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limit of the value of each customer."""
    x, alive, bought = buying
    k = model.k if isinstance(model, MbgCnbd) else 1
    active = bought / np.maximum(alive, 1e-300)
    level = 1 / np.maximum(amount.p * x + amount.q - 2, 0.5)  # squared variation of the customer's own level of amounts
    count = active / k + active**2 / (
        model.r + k * x
    )  # variance of his purchases: his own rhythm, and not knowing his rate
    relative = (count + active / amount.p) / np.maximum(active, 1e-300) ** 2 * (1 + level) + level
    ends = []
    for tail in ((1 - LEVEL) / 2, (1 + LEVEL) / 2):
        inside = (tail - (1 - alive)) / np.maximum(alive, 1e-300)
        quantile = ndtri(np.clip(inside, 1e-12, 1 - 1e-12))
        factor = np.maximum(1 - relative / 9 + quantile * np.sqrt(relative) / 3, 0.0) ** 3
        ends.append(np.where(inside > 0, active * each * factor, 0.0 * each))
    return ends[0], ends[1]
