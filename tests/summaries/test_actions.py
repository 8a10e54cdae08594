"""Who is touched by which stake, on a store of a few rows, and the same by pandas on a simulated one."""

from __future__ import annotations

import datetime as dt

import pytest

from crmlib.summaries import actions, orders
from tests import simulated, small_store

AS_OF = dt.date(2025, 3, 31)
CUSTOMERS = [
    (1, "2023-05-01"), (1, "2024-05-10"), (1, "2025-01-05"),  # kept, twice this year
    (2, "2024-06-01"),  # new, product P1, medium web
    (3, "2023-08-01"), (3, "2023-12-24"),  # last year only
    (4, "2022-01-01"),  # long ago
    (5, "2025-03-31"),  # new on the last day
]  # fmt: skip
KINDS = {
    "every": ("everyone",), "none": ("nobody",), "active": ("active",), "new": ("entrant",), "kept": ("kept",), "less": ("less",),
    "p": ("product", "One"), "m": ("medium", "web"), "bad": ("months", "web", "2024-05", "2024-06"), "w": ("wavering",),
    "sent": ("contacted",), "called": ("called",),
}  # fmt: skip
EXPECTED = {
    "every": {1, 2, 3, 4, 5}, "none": set(), "active": {1, 2, 5}, "new": {2, 5}, "kept": {1}, "less": {3}, "p": {2}, "m": {2},
    "bad": {2}, "w": {3}, "sent": {1, 2}, "called": {2},
}  # fmt: skip


@pytest.fixture(scope="module")
def touched():
    def contact(who, channel, day, arm="treated"):
        return {
            "customer_id": who,
            "campaign_id": "c",
            "channel": channel,
            "arm": arm,
            "sent_date": dt.date.fromisoformat(day),
        }

    store = small_store.store(
        orders=small_store.orders(CUSTOMERS),
        order_lines=[
            {"order_id": "3", "customer_id": 2, "order_date": dt.date(2024, 6, 1), "product_id": "P1", "quantity": 1, "amount": 1000}
        ],
        products=[{"product_id": "P1", "name": "One"}],
        customers=[{"customer_id": 2, "medium": "web"}, {"customer_id": 1, "medium": "web"}],
        contacts=[
            contact(1, "mail", "2025-01-01"), contact(2, "Phone", "2025-02-01"), contact(5, "mail", "2025-02-01", "control"),
            contact(3, "mail", "2023-01-01"),
        ],
        subscriptions=small_store.events("s", 3, ("start", "2024-04-01", 0), ("skip", "2024-07-01", 1)),
    )  # fmt: skip
    occasions = orders.occasions(orders.purchases(store.days, AS_OF)).cache()
    return actions.touched(store, occasions, AS_OF, KINDS).to_pandas().set_index("customer_id")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_touches_whom_it_says(touched, kind):
    assert set(touched.index[touched[kind]]) == EXPECTED[kind]


def test_worth_is_the_better_of_the_last_two_years(touched):
    assert touched["worth"].to_dict() == {1: 2000, 2: 1000, 3: 2000, 4: 0, 5: 1000}


def test_cells_hold_every_customer_once_and_all_their_worth():
    made = simulated.store(2000, seed=3)
    occasions = orders.occasions(orders.purchases(made.store.days, made.as_of)).cache()
    kinds = {"a": ("entrant",), "b": ("contacted",), "c": ("less",)}
    table = actions.touched(made.store, occasions, made.as_of, kinds)
    rows, counted = table.to_pandas(), actions.cells(table).to_pandas()
    assert rows["customer_id"].is_unique
    assert len(rows) == counted["n"].sum() == occasions.customer_id.nunique().to_pandas()
    expected = rows.groupby(["a", "b", "c"]).agg(n=("worth", "size"), worth=("worth", "sum")).reset_index()
    assert counted.astype(expected.dtypes).equals(expected)


def test_without_stakes_there_is_one_cell():
    store = small_store.store(orders=small_store.orders(CUSTOMERS))
    occasions = orders.occasions(orders.purchases(store.days, AS_OF)).cache()
    counted = actions.cells(actions.touched(store, occasions, AS_OF, {})).to_pandas()
    assert counted.to_dict("records") == [{"n": 5, "worth": 6000}]
