"""How customers came in, by hand: first product by money, medium, payment of the first day, subscription or not."""

from datetime import date

import pandas as pd

from crmlib.summaries import entry, orders
from tests.small_store import events, store
from tests.small_store import orders as order_rows

AS_OF = date(2024, 12, 31)
DAYS = [(1, "2024-01-10"), (1, "2024-03-01"), (2, "2024-02-01"), (3, "2024-02-05"), (4, "2024-12-31")]


def line(customer, day, product, amount):
    return {"customer_id": customer, "order_date": date.fromisoformat(day), "product_id": product, "amount": amount}


def made(**tables):
    rows = order_rows(DAYS)
    for row, (method, channel) in zip(
        rows, [("card", "web"), ("cash", "phone"), ("cash", None), (None, "web"), ("card", "web")], strict=True
    ):
        row |= {"payment_method": method, "channel": channel}
    return store(orders=rows, **tables)


def newcomers(**tables):
    built = made(**tables)
    occasions = orders.occasions(orders.purchases(built.days, AS_OF))
    return entry.newcomers(built, occasions, AS_OF)


def test_everything_known():
    lines = [
        line(1, "2024-01-10", "b", 600), line(1, "2024-01-10", "a", 600), line(1, "2024-03-01", "c", 9000),
        line(2, "2024-02-01", "a", 100), line(2, "2024-02-01", "c", 900), line(3, "2024-02-05", "s", 1000),
    ]  # fmt: skip
    products = [{"product_id": "a", "name": "Alpha"}, {"product_id": "s", "subscription": True}]
    people = [{"customer_id": 1, "medium": "search"}, {"customer_id": 2, "medium": "social"}]
    subs = [*events("1", 2, ("start", "2024-02-08", 0)), *events("2", 1, ("start", "2024-01-18", 0))]
    frame = newcomers(order_lines=lines, products=products, customers=people, subscriptions=subs).to_pandas()
    frame = frame.set_index("customer_id").sort_index()
    assert frame["product"].fillna("-").tolist() == ["a", "c", "s", "-"]  # equal money: the first by name
    assert frame["medium"].fillna("-").tolist() == ["search", "social", "-", "-"]
    assert frame["payment"].fillna("-").tolist() == ["card", "cash", "-", "card"]
    assert frame["channel"].fillna("-").tolist() == ["web", "-", "web", "web"]
    # a subscription 7 days after the first order counts, 8 days after does not; a subscription product does
    assert frame["contract"].tolist() == [False, True, True, False]
    assert frame["days"].tolist() == [51, 334, 330, 0]
    assert frame["event"].tolist() == [True, False, False, False]


def test_the_first_product_has_most_money_whatever_its_sign_and_names_decide_between_equals():
    lines = [
        line(1, "2024-01-10", "d", -500), line(1, "2024-01-10", "c", -100), line(1, "2024-01-10", "b", -100),
        line(2, "2024-02-01", "z", None), line(3, "2024-02-05", "y", None), line(3, "2024-02-05", "x", -900),
        line(4, "2024-12-31", "a", 400), line(4, "2024-12-31", "e", 300), line(4, "2024-12-31", "e", 300),
    ]  # fmt: skip
    found = newcomers(order_lines=lines).to_pandas().set_index("customer_id")["product"].sort_index()
    assert found.tolist()[:3] == ["b", "z", "x"]
    assert found.tolist()[3] == "e"


def test_absent_tables_leave_nothing_known_and_lose_nobody():
    frame = newcomers().to_pandas()
    assert len(frame) == 4
    assert frame[["product", "medium"]].isna().all().all()
    assert not frame["contract"].any()


def test_groups_count_each_customer_once_in_each_dimension():
    people = [{"customer_id": 1, "medium": "search"}, {"customer_id": 2, "medium": "search"}]
    table = newcomers(customers=people)
    for name in entry.DIMENSIONS:
        assert entry.grouped(table, name).to_pandas()["n"].sum() == 4
    medium = entry.grouped(table, "medium").to_pandas()
    assert medium.groupby(medium["value"].fillna("-"))["n"].sum().to_dict() == {"-": 2, "search": 2}


def test_repeat_purchases_of_the_first_year_by_hand():
    """Day 365 counts, day 366 does not; the first day never does."""
    days = [
        (1, "2023-01-01"), (1, "2024-01-01"), (2, "2022-01-01"), (2, "2023-01-02"),
        (3, "2023-02-01"), (3, "2023-02-02"), (3, "2023-02-03"), (4, "2024-04-01"), (4, "2024-04-02"),
    ]  # fmt: skip
    built = store(orders=order_rows(days))
    table = entry.newcomers(built, orders.occasions(orders.purchases(built.days, AS_OF)), AS_OF)
    bought = table.to_pandas().set_index("customer_id")["repeats"].sort_index()
    assert bought.tolist() == [1000, 0, 2000, 1000]
    sums = entry.grouped(table, "medium").to_pandas()
    assert (sums["n"].sum(), sums["amount"].sum(), sums["squares"].sum()) == (4, 4000, 6e6)


def test_row_order_changes_nothing():
    lines = [line(1, "2024-01-10", "b", 600), line(1, "2024-01-10", "a", 700), line(2, "2024-02-01", "a", 100)]
    one, other = (newcomers(order_lines=rows).to_pandas().sort_values("customer_id") for rows in (lines, lines[::-1]))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


def test_names_of_products():
    assert entry.names(made(products=[{"product_id": "a", "name": "Alpha"}, {"product_id": "b"}])) == {"a": "Alpha"}
