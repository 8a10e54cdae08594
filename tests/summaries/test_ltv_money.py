"""Counts of how customers began, what they cost and how they moved between ranks: by hand, and against pandas."""

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from crmlib import schema, summaries
from crmlib.summaries import ltv as counts
from crmlib.summaries import orders
from tests import simulated

AS_OF = dt.date(2024, 12, 31)
DAY = dt.date(2023, 1, 10)


def store(**tables):
    engine = ibis.duckdb.connect()
    made = {}
    for name, columns in schema.STORE.items():
        rows = tables.get(name)
        if rows is None:
            made[name] = engine.create_table(name, schema=ibis.schema(columns))
            continue
        data = {column: [row.get(column) for row in rows] for column in columns}
        typed = {c: pa.array(data[c], simulated.ARROW[kind]) for c, kind in columns.items()}
        made[name] = engine.create_table(name, pa.table(typed))
    return summaries.Store(**made, present=frozenset(tables))


def after(days):
    return DAY + dt.timedelta(days)


@pytest.fixture(scope="module")
def hand():
    """Customer 1 began with the dearer of two products, 2 with a subscription, 3 with a free sample, 4 with nothing known."""
    rows = [(1, 0, 3000), (1, 40, 1000), (2, 0, 2000), (3, 0, 0), (3, 100, 5000), (3, 600, 100), (4, 700, 50)]
    sold = [
        {"order_id": str(i), "customer_id": c, "order_date": after(d), "amount": a} for i, (c, d, a) in enumerate(rows)
    ]
    lines = [
        ("0", 1, 0, "a", 1000),
        ("0", 1, 0, "b", 2000),
        ("1", 1, 40, "a", 1000),
        ("2", 2, 0, "s", 2000),
        ("4", 3, 100, "a", 5000),
    ]
    return store(
        orders=sold,
        order_lines=[
            {"order_id": o, "customer_id": c, "order_date": after(d), "product_id": p, "quantity": 1, "amount": a}
            for o, c, d, p, a in lines
        ],
        products=[
            {"product_id": "a", "margin_rate": 0.5, "subscription": False},
            {"product_id": "b", "margin_rate": 0.2, "subscription": False},
            {"product_id": "s", "subscription": True},
        ],
        customers=[{"customer_id": c, "medium": m} for c, m in ((1, "web"), (2, "web"), (3, "tv"))],
        costs=[
            {"month": dt.date(2024, 3, 1), "medium": "web", "cost": 900, "new_customers": 3},
            {"month": dt.date(2024, 4, 1), "medium": "web", "cost": 100, "new_customers": None},
            {"month": dt.date(2020, 1, 1), "medium": "web", "cost": 5000, "new_customers": 9},
        ],
    )


def bought(made):
    return orders.purchases(made.days, AS_OF)


def test_how_customers_began(hand):
    frame = counts.entries(bought(hand), hand).to_pandas().set_index("customer_id").sort_index()
    assert frame["product"].fillna("").tolist() == ["b", "s", "a", ""]
    assert frame["offer"].fillna("").tolist() == ["single", "subscription", "trial", ""]
    assert frame["cohort"].tolist() == ["2023H1", "2023H1", "2023H1", "2024H2"]
    assert frame["medium"].fillna("").tolist() == ["web", "web", "tv", ""]


def test_margin_follows_the_lines_and_falls_back_to_the_clients_rate(hand):
    frame = counts.with_margin(bought(hand), hand, 0.3).to_pandas().sort_values(["customer_id", "order_date"])
    assert frame["margin"].tolist() == [900, 500, 600, 2500, 30, 15]  # 1000 x .5 + 2000 x .2; s has no rate: .3
    without = counts.with_margin(bought(hand), hand, None).to_pandas().sort_values(["customer_id", "order_date"])
    assert without["margin"].isna().tolist() == [False, False, True, False, True, True]


def test_without_lines_the_clients_rate_is_all_there_is():
    made = store(orders=[{"order_id": "1", "customer_id": 1, "order_date": DAY, "amount": 999}])
    assert counts.with_margin(bought(made), made, 0.5).to_pandas()["margin"].tolist() == [500]
    assert counts.with_margin(bought(made), made, None).to_pandas()["margin"].isna().all()


def test_costs_of_the_last_year_only(hand):
    assert counts.costs(hand, AS_OF).to_pandas().to_dict("records") == [
        {"medium": "web", "cost": 1000, "new_customers": 3}
    ]


def test_samples_and_who_bought_after_them(hand):
    assert counts.trials(bought(hand), hand, AS_OF).to_pandas().to_dict("records") == [
        {"medium": "tv", "applicants": 1, "bought": 1, "recent": 0}
    ]


def test_cumulative_by_hand(hand):
    purchases = bought(hand)
    frame = counts.cumulative(purchases, counts.entries(purchases, hand), AS_OF).to_pandas()
    one = frame[frame["product"] == "b"].iloc[0]
    assert [one[f"total_{s}"] for s in (1, 2, 24)] == [3000, 4000, 4000]
    assert (one["n_24"], one["n_25"]) == (1, 0)  # observed for 721 days
    assert one["before_2"] == 3000
    assert one["first_money"] == 3000


def test_cumulative_agrees_with_pandas_on_a_simulated_client():
    made = simulated.store(1500, 3)
    purchases = orders.purchases(made.store.days, made.as_of)
    began = counts.entries(purchases, made.store)
    frame = counts.cumulative(purchases, began, made.as_of).to_pandas()
    rows = purchases.to_pandas().merge(began.to_pandas(), on="customer_id")
    day = (pd.to_datetime(rows["order_date"]) - pd.to_datetime(rows["first"])).dt.days
    age = (pd.Timestamp(made.as_of) - pd.to_datetime(rows["first"])).dt.days
    for step in (1, 6, 12, 36):
        inside = (day < 30 * step) & (age >= 30 * step - 1)
        money = rows[inside].groupby("customer_id")["amount"].sum()
        assert frame[f"total_{step}"].sum() == money.sum()
        assert frame[f"n_{step}"].sum() == rows[age >= 30 * step - 1]["customer_id"].nunique()
        assert frame[f"square_{step}"].sum() == pytest.approx((money.astype(float) ** 2).sum())


def test_rank_years_by_hand():
    """A new one-time buyer, one who stays and rises, one who lapses."""
    back = {days: AS_OF - dt.timedelta(days) for days in (10, 400, 410, 800)}
    rows = [
        (1, back[10], 500),
        (2, back[800], 100),
        (2, back[400], 100),
        (2, back[410], 950),
        (2, back[10], 5000),
        (3, back[800], 9000),
    ]
    made = store(
        orders=[
            {"order_id": str(i), "customer_id": c, "order_date": d, "amount": a} for i, (c, d, a) in enumerate(rows)
        ]
    )
    frame = counts.rank_years(bought(made), AS_OF, [0, 1000]).to_pandas()
    got = {
        (r.years_back, r.state, None if np.isnan(r.next_state) else int(r.next_state)): (r.n, r.amount)
        for r in frame.itertuples()
    }
    assert got == {
        (0, 0, None): (1, 0), (0, 1, None): (1, 0), (0, 3, None): (1, 0),
        (1, 0, 0): (1, 0), (1, 3, 3): (1, 5000),
        (2, 1, 0): (1, 0), (2, 1, 3): (1, 1050),
    }  # fmt: skip
    assert counts.year_sales(bought(made), AS_OF).to_pandas().to_dict("records") == [{"customers": 2, "amount": 5500}]


def test_squares_of_amounts_that_pass_64_bits_are_exact():
    """Orders of 900 billion yen each: the square of a customer's year is 23 digits long."""
    dates = [AS_OF - dt.timedelta(days) for days in (390, 380, 30, 20)]
    amount = 900_000_000_000
    rows = [{"order_id": str(i), "customer_id": 1, "order_date": d, "amount": amount} for i, d in enumerate(dates)]
    made = store(orders=rows)
    frame = counts.rank_years(bought(made), AS_OF, [0, 1000]).to_pandas()
    assert frame.query("years_back == 1")["square"].tolist() == [float((2 * amount) ** 2)]
    earned = counts.with_margin(bought(made), made, None)
    sums = counts.cumulative(earned, counts.entries(bought(made), made), AS_OF, "amount").to_pandas()
    squares = sums.filter(like="square_").to_numpy()
    assert np.nanmax(squares) == float((2 * amount) ** 2)


def test_gaps_and_contracts(hand):
    assert counts.gaps(bought(hand)).to_pandas().to_dict("records") == [{"days": 40, "n": 1}, {"days": 500, "n": 1}]
    assert counts.gaps(bought(hand), after(20)).count().to_pandas() == 0
    held = ibis.memtable({"customer_id": [1, None]}, schema={"customer_id": "int64"})
    assert set(counts.without_contract(bought(hand), held).to_pandas()["customer_id"]) == {2, 3, 4}
    assert set(counts.with_contract(bought(hand), held).to_pandas()["customer_id"]) == {1}


def test_segments_carry_the_holdout(hand):
    began = counts.entries(bought(hand), hand)
    frame = counts.by_segment(bought(hand), began, "medium", after(50)).to_pandas()
    assert frame[["segment", "frequency", "purchases"]].to_numpy().tolist() == [["web", 0, 0], ["web", 1, 0]]
