"""A client of a few rows with a folder of its own, and its action lists."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from crmlib.config import BilingualName, Client, Source
from crmlib.lists.make import make
from crmlib.ltv import scores
from crmlib.programme import Tiers

AS_OF = dt.date(2025, 3, 31)
SCORES = ["customer_id", "frequency", "recency", "T", "p_alive", "purchases_12m", "clv_12m", "clv_12m_lower", "clv_12m_upper", "state"]  # fmt: skip
TIERS = Tiers(
    basis="trailing_12m_sales", review="quarterly", order=("Regular", "Silver", "Gold"), thresholds=(0, 10_000, 50_000)
)


def client(folder, currency="JPY", tiers=None):
    made = Client(
        name=BilingualName(ja="試験", en="Test"), currency=currency, as_of=AS_OF, tiers=tiers,
        sources=(Source(table="orders", files=("raw/orders.csv",)),),
    )  # fmt: skip
    made._folder = folder
    return made


def score(customer, frequency, recency, silent, *of):
    """One customer's scores: p_alive, value and state after the history."""
    alive, value, state = of
    return dict(zip(SCORES, (customer, frequency, recency, recency + silent, alive, 1.0, value, 0.0, 0.0, state), strict=True))  # fmt: skip


def lists_of(folder, store, known=None, **about):
    """The lists of a store; `known` are its scores."""
    (folder / "store").mkdir(parents=True, exist_ok=True)
    if known is not None:
        scores.write(pd.DataFrame(known), folder)
    return make(client(folder, **about), store)


def days_ago(days):
    return (AS_OF - dt.timedelta(days=days)).isoformat()
