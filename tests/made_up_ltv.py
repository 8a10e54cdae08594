"""Made-up customers of a known model, through the whole lifetime-value line without a database."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd

from crmlib import ltv
from crmlib.config import BilingualName, Client, Source
from crmlib.ltv.simulated import bg_nbd_customers, gamma_gamma_totals

AS_OF, CALIBRATION_END = dt.date(2024, 12, 31), dt.date(2024, 6, 30)
RATES, SIZES = (0.6, 8.0, 0.8, 2.5), (5.0, 4.0, 9000.0)


def client(margin_rate=0.4):
    source = Source(table="orders", files="raw/a.csv", columns={"customer_id": "a", "order_date": "b", "amount": "c"})
    name = BilingualName(ja="試", en="Trial")
    return Client(name=name, currency="JPY", as_of=AS_OF, sources=(source,), margin_rate=margin_rate)


@cache
def results(customers=1500, kind="usual"):
    """model, amount, race, worth: `usual`, `once` (one order each), `constant` (one price), `nobody`."""
    T = np.random.default_rng(1).integers(200, 600, 0 if kind == "nobody" else customers)
    x, t_x, T = bg_nbd_customers(RATES, T, 1)
    if kind == "once":
        x, t_x = x * 0, t_x * 0
    total = np.where(x > 0, gamma_gamma_totals(SIZES, x, 1) if kind == "usual" else 500.0 * x, 0.0).round()
    values = pd.DataFrame({"frequency": x, "recency": t_x, "T": T, "amount": total, "weight": 1})
    model = ltv.bg_nbd.fit(ltv.patterns.from_frame(values))
    amount = ltv.gamma_gamma.fit(ltv.gamma_gamma.amounts_from_frame(values, 1))
    race = ltv.holdout.race(*_holdout(x, T), CALIBRATION_END, AS_OF)
    worth = ltv.value.of_customers(model, amount, ltv.value.histories_from_frame(values, 1), 0.1)
    return model, amount, race, worth


def _holdout(x, T):
    """Other customers of the same model, seen to the calibration date; they go on as their model expects."""
    days = (AS_OF - CALIBRATION_END).days
    x, t_x, early = bg_nbd_customers(RATES, T - days, 2) if x.any() else (x, x, T - days)
    rows = pd.DataFrame({"frequency": x, "recency": t_x, "T": early, "weight": 1})
    rows["purchases"] = np.random.default_rng(3).poisson(0.5 * x + 0.1) if x.any() else 0
    day = pd.Series([CALIBRATION_END - dt.timedelta(int(t)) for t in early], dtype=object)
    new = pd.DataFrame({"order_date": day, "customers": 1, "repeats": 0})
    later = {"order_date": [CALIBRATION_END, AS_OF], "customers": 0, "repeats": [x.sum(), rows["purchases"].sum()]}
    daily = pd.concat([new, pd.DataFrame(later)]) if len(x) else new
    return rows, daily.assign(order_date=pd.to_datetime(daily["order_date"]))
