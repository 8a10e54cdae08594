"""The counts behind scorecard, questions and identity, by hand."""

import datetime as dt

import ibis
import pandas as pd
import pytest

from crmlib import schema
from crmlib.summaries import Store, identity, oddities, orders, records

DAY = dt.date
AS_OF = DAY(2024, 12, 31)
TABLES = {
    "orders": [
        {"order_id": "a", "customer_id": 1, "order_date": DAY(2024, 1, 1), "amount": 100, "channel": "web"},
        {"order_id": "b", "customer_id": 2, "order_date": DAY(2024, 1, 1), "amount": 100},
        {"order_id": "c", "customer_id": None, "order_date": DAY(2024, 2, 1), "amount": 0},
        {"order_id": "d", "customer_id": 2, "order_date": DAY(2024, 3, 1), "amount": -30},
        {"order_id": "e", "customer_id": 3, "order_date": DAY(2025, 1, 1), "amount": -30},
    ],
    "customers": [{"customer_id": 1, "registered": DAY(2023, 1, 1), "medium": "x"}, {"customer_id": 9}],
    "contacts": [
        {"customer_id": 1, "sent_date": DAY(2024, 5, 1)}, {"customer_id": 9, "sent_date": DAY(2024, 6, 1)},
        {"customer_id": 77, "sent_date": DAY(2024, 6, 1)}, {"lead_id": "l", "sent_date": DAY(2024, 4, 1)},
    ],
    "products": [{"product_id": "p", "margin_rate": 0.5}, {"product_id": "q"}],
    "order_lines": [
        {"order_id": "a", "product_id": "p", "amount": 80, "order_date": DAY(2024, 1, 1)},
        {"order_id": "a", "product_id": "q", "amount": 20, "order_date": DAY(2024, 1, 1)},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def store():
    engine = ibis.duckdb.connect()
    made = {}
    for name, columns in schema.STORE.items():
        made[name] = engine.create_table(name, schema=ibis.schema(columns))
        rows = [{column: row.get(column) for column in columns} for row in TABLES.get(name, [])]
        if rows:
            typed = ibis.memtable(rows, schema=ibis.schema(columns))
            made[name] = engine.create_table(name, typed.to_pyarrow(), overwrite=True)
    return Store(**made, present=frozenset(TABLES))


@pytest.fixture(scope="module")
def facts(store):
    return records.facts(store).to_pandas().set_index("table")


def test_every_table_has_its_facts(facts):
    assert sorted(facts.index) == sorted(schema.STORE)
    assert facts.loc["leads", ["rows", "people", "joined", "cells", "missing"]].tolist() == [0, 0, 0, 0, 0]
    assert pd.isna(facts.loc["leads", "first"])


def test_joins_and_spans(facts):
    columns = ["rows", "people", "joined", "base"]
    assert facts.loc["customers", columns].tolist() == [2, 2, 1, 3]  # of the three buyers one is in the file
    assert facts.loc["orders", columns].tolist() == [5, 4, 4, 5]
    assert facts.loc["contacts", columns].tolist() == [4, 3, 2, 3]  # 9 is in the customer file, 77 nowhere
    assert str(facts.loc["contacts", "first"])[:10] == "2024-04-01"
    assert str(facts.loc["contacts", "last"])[:10] == "2024-06-01"


def test_empty_cells_are_counted_without_the_ids(facts):
    assert facts.loc["customers", ["cells", "missing"]].tolist() == [8, 6]
    assert facts.loc["orders", ["cells", "missing"]].tolist() == [20, 9]


def test_margin_of_what_was_sold(store):
    assert records.margin(store).to_pandas().iloc[0].tolist() == [80, 40.0]


def test_odd_amounts_up_to_as_of(store):
    found = oddities.amounts(store.orders, AS_OF).to_pandas().iloc[0]
    assert found.to_dict() == {"rows": 4, "zero": 1, "negative": 1, "negative_amount": -30, "guests": 1}


def test_equal_amounts_of_a_day(store):
    found = oddities.bursts(store.orders, AS_OF).to_pandas()
    assert found.iloc[0][["amount", "times", "on_day", "usual"]].tolist() == [100, 2, 2, 1.5]


def test_merged_orders_are_one_customers(store):
    groups = pd.DataFrame({"customer_id": [2], "merged_id": [1]})
    merged = identity.merged(store.orders, groups)
    assert merged.columns == store.orders.columns
    assert sorted(merged.customer_id.to_pandas().dropna()) == [1, 1, 1, 3]
    none = identity.merged(store.orders, pd.DataFrame({"customer_id": [], "merged_id": []}, dtype="int64"))
    assert none.amount.sum().to_pandas() == store.orders.amount.sum().to_pandas()


@pytest.mark.parametrize(("second", "converted"), [(DAY(2024, 2, 10), 1), (DAY(2024, 2, 11), 0)])
def test_second_purchases_within_the_window(second, converted):
    rows = [(1, DAY(2024, 1, 1)), (1, second), (2, DAY(2024, 11, 30)), (3, DAY(2024, 1, 1))]
    bought = ibis.memtable([{"customer_id": who, "order_date": day, "amount": 5} for who, day in rows])
    found = identity.second_purchases(orders.occasions(orders.purchases(bought, AS_OF)), AS_OF, 40).to_pandas()
    assert found.iloc[0].tolist() == [3, 2, converted]
