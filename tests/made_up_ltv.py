"""Made-up customers of a known model, through the whole lifetime-value line without a database."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd

from crmlib import ltv
from crmlib.config import BilingualName, Client, Source
from crmlib.ltv.simulated import bg_nbd_customers, gamma_gamma_totals
from crmlib.newton import Report

AS_OF, CALIBRATION_END = dt.date(2024, 12, 31), dt.date(2024, 6, 30)
RATES, SIZES = (0.6, 8.0, 0.8, 2.5), (5.0, 4.0, 9000.0)


def client(margin_rate=0.4):
    source = Source(table="orders", files="raw/a.csv", columns={"customer_id": "a", "order_date": "b", "amount": "c"})
    name = BilingualName(ja="試", en="Trial")
    return Client(name=name, currency="JPY", as_of=AS_OF, sources=(source,), margin_rate=margin_rate)


@cache
def results(customers=1500, kind="usual"):
    """model, amount, race, worth: `usual`, `once` (one order each), `constant` (one price), `nobody`."""
    made = study(customers, kind)
    return made.model, made.amount, made.headline, made.worth


@cache
def study(customers=1500, kind="usual", begun="margin"):
    """The whole study; `begun`: margin (media and margin known), sales (no margin), nothing (only orders known)."""
    T = np.random.default_rng(1).integers(200, 600, 0 if kind == "nobody" else customers)
    x, t_x, T = bg_nbd_customers(RATES, T, 1)
    if kind == "once":
        x, t_x = x * 0, t_x * 0
    total = np.where(x > 0, gamma_gamma_totals(SIZES, x, 1) if kind == "usual" else 500.0 * x, 0.0).round()
    values = pd.DataFrame({"frequency": x, "recency": t_x, "T": T, "amount": total, "weight": 1})
    patterns = ltv.patterns.from_frame(values)
    fitted = [ltv.models.fit(name, patterns, -float(patterns.repeat_purchases)) for name in ltv.race.CONTENDERS]
    amount = ltv.gamma_gamma.fit(ltv.gamma_gamma.amounts_from_frame(values, 1))
    gaps = pd.DataFrame({"days": [7], "n": [max(int(x.sum()), 1)]})
    race = ltv.race.run([ltv.race.holdout_counts(CALIBRATION_END, *_holdout(x, T), gaps)], AS_OF)
    model = ltv.race.chosen(race, fitted)
    worth = ltv.value.of_customers(model, amount, ltv.value.histories_from_frame(values, 1), 0.1)
    return ltv.Study(fitted, amount, race, worth, _held(kind), beginnings(begun), _tests(kind), _sheet(kind))


def cumulative(product=("1", "2", "3"), medium=("web", "leaflet"), scale=1.0, n=200):
    """Counts of value by days since the first purchase: product k brings k times as much; nobody is young."""
    rows = []
    for k, name in enumerate(product, 1):
        for where in medium:
            row = {"product": name, "medium": where, "offer": "single", "cohort": "2023H1", "first_money": 1000.0 * n}
            for step in range(1, 37):
                mean = scale * (900 + 40 * k * step)
                row |= {f"n_{step}": n, f"total_{step}": mean * n, f"square_{step}": n * (mean**2 + 250.0**2)}
                row[f"before_{step}"] = scale * (900 + 40 * k * (step - 1)) * n if step > 1 else 0.0
            rows.append(row)
    return pd.DataFrame(rows)


def beginnings(kind="margin"):
    sales = cumulative()
    margin = cumulative(scale=0.4) if kind == "margin" else sales.assign(**{c: np.nan for c in sales if "_" in c})
    costs = pd.DataFrame({"medium": ["web", "leaflet"], "cost": [90_000, 200_000], "new_customers": [150, 150]})
    trials = pd.DataFrame({"medium": ["web"], "applicants": [40], "bought": [10], "recent": [20]})
    products = pd.DataFrame({"product_id": ["1", "2", "3"], "name": ["A", "B", "C"]})
    if kind == "nothing":
        sales = sales.assign(product=None, medium=None, offer=None)
        margin, costs, trials, products = sales.iloc[:0], costs.iloc[:0], trials.iloc[:0], products.iloc[:0]
    return ltv.beginnings(sales, margin, (costs, trials), products, 1)


def rank_years():
    """Two years of moves between five states, 1,000 customers each."""
    rows = [(0, state, None, 200, 0, 0.0) for state in range(5)]
    for back in (1, 2):
        for state in range(5):
            stay = 40 * state
            cells = [(0, 200 - stay, 0.0)] + (
                [(2, stay // 2, 9_000.0), (4, stay - stay // 2, 60_000.0)] if stay else []
            )
            rows += [(back, state, to, n, mean * n, n * (mean**2 + (mean / 3) ** 2)) for to, n, mean in cells]
    return pd.DataFrame(rows, columns=["years_back", "state", "next_state", "n", "amount", "square"])


def _held(kind):
    lost = [131, 126, 90, 60, 42, 34, 26]  # High End of Fader & Hardie (2007), years 1 to 7
    tenures = pd.DataFrame({"renewals": range(8), "lost": [True] * 7 + [False], "n": [*lost, 491]})
    worth = pd.DataFrame({"shipments": [500], "amount": [2_000_000]})
    gaps = pd.DataFrame({"days": [28, 30, 61], "n": [10, 300, 20]})
    if kind in ("once", "nobody"):
        tenures, worth, gaps = tenures.iloc[:0], worth.iloc[:0], gaps.iloc[:0]
    return ltv.mixed.subscriptions(tenures, worth, gaps, 1, 0.1)


def _tests(kind):
    rows = pd.DataFrame({"segment": ["a", "b"], "frequency": 0, "recency": 0, "T": 90, "purchases": 0, "weight": 20})
    if kind == "usual":
        T = np.random.default_rng(7).integers(100, 400, 900)
        x, t_x, T = bg_nbd_customers(RATES, T, 7)
        where = np.where(np.arange(900) % 3, "a", "b")
        later = np.random.default_rng(8).poisson(0.3 * x + 0.1)
        rows = pd.DataFrame({"segment": where, "frequency": x, "recency": t_x, "T": T, "purchases": later, "weight": 1})
    return [ltv.segments.test(rows, 180, name) for name in ("product", "medium", "cohort")]


def _sheet(kind):
    frame = rank_years()
    return ltv.balance.project(frame.iloc[:0] if kind in ("once", "nobody") else frame, 30e6, 1)


def _holdout(x, T):
    """Other customers of the same model, seen to the calibration date; they go on as their model expects."""
    days = (AS_OF - CALIBRATION_END).days
    x, t_x, early = bg_nbd_customers(RATES, T - days, 2) if x.any() else (x, x, T - days)
    rows = pd.DataFrame({"frequency": x, "recency": t_x, "T": early, "weight": 1})
    truth = ltv.bg_nbd.BgNbd(*RATES, np.nan, np.full((4, 4), np.nan), Report(True), ltv.patterns.from_frame(rows))
    expected = ltv.bg_nbd.conditional_expected_purchases(truth, days, x, t_x, early) if x.any() else 0 * x
    rows["purchases"] = np.random.default_rng(3).poisson(expected)
    day = pd.Series([CALIBRATION_END - dt.timedelta(int(t)) for t in early], dtype=object)
    new = pd.DataFrame({"order_date": day, "customers": 1, "repeats": 0})
    later = {"order_date": [CALIBRATION_END, AS_OF], "customers": 0, "repeats": [x.sum(), rows["purchases"].sum()]}
    daily = pd.concat([new, pd.DataFrame(later)]) if len(x) else new
    return rows, daily.assign(order_date=pd.to_datetime(daily["order_date"]))
