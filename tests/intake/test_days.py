"""Orders by customer and day, by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from crmlib.intake import days, store
from crmlib.schema import STORE

SHAPE = pa.schema([(name, store.ARROW[kind]) for name, kind in STORE["orders"].items()])


def made(*rows: tuple[int | None, str, int]) -> pa.Table:
    listed = [
        {"order_id": "x", "customer_id": who, "order_date": dt.date.fromisoformat(day), "amount": amount}
        for who, day, amount in rows
    ]
    found = days.of(pa.Table.from_pylist(listed, schema=SHAPE))
    date = "date32[day]"
    kinds = {
        "customer_id": "int64",
        "order_date": date,
        "amount": "int64",
        "ordinal": "int64",
        "first": date,
        "next": date,
        "total": "int64",
        "first_amount": "int64",
    }
    assert {field.name: str(field.type) for field in found.schema} == kinds
    return found


def sums(*rows: tuple[int | None, str, int]) -> list[tuple[int, str, int]]:
    return [(row["customer_id"], row["order_date"].isoformat(), row["amount"]) for row in made(*rows).to_pylist()]


def test_rows_of_a_day_are_one_and_neighbours_stay_apart():
    rows = [
        (-5, "2024-01-01", 10), (-5, "2024-01-01", -4), (-5, "2024-01-02", 7),
        (3, "2024-01-02", 1), (3, "2024-01-02", 2), (3, "2024-01-02", -3), (9, "2024-01-02", 8), (None, "2024-01-02", 100),
    ]  # fmt: skip
    expected = [(-5, "2024-01-01", 6), (-5, "2024-01-02", 7), (3, "2024-01-02", 0), (9, "2024-01-02", 8)]
    assert sums(*rows) == expected


def test_guests_alone_and_nobody_give_no_rows():
    assert sums((None, "2024-01-01", 5)) == []
    assert sums() == []


def test_purchases_know_their_place_and_other_days_have_none():
    """A day of nothing and a day of returns lie between the first and the second purchase of one; the last of all has no next."""
    table = made(
        (1, "2024-01-01", 10), (1, "2024-01-05", 0), (1, "2024-01-09", -3), (1, "2024-02-01", 7), (1, "2024-02-02", 5),
        (2, "2024-01-03", -1), (3, "2024-01-04", 8),
    )  # fmt: skip
    places = ["ordinal", "first", "next", "total", "first_amount"]
    found = [
        tuple(str(row[name]) if isinstance(row[name], dt.date) else row[name] for name in places)
        for row in table.to_pylist()
    ]
    none = (None,) * 5
    assert found == [
        (1, "2024-01-01", "2024-02-01", 10, 10), none, none,
        (2, "2024-01-01", "2024-02-02", 17, 10), (3, "2024-01-01", None, 22, 10),
        none, (1, "2024-01-04", None, 8, 8),
    ]  # fmt: skip


def test_blocks_hold_whole_customers(monkeypatch):
    """The same rows in blocks of 7 as in one: customers of up to 20 rows, among them the first and the last."""
    draw = np.random.default_rng(1)
    rows = sorted(
        (int(who), f"2024-{draw.integers(1, 13):02}-{draw.integers(1, 29):02}", int(draw.integers(-2, 9)))
        for who in np.repeat(draw.integers(-99, 99, 40), draw.integers(1, 20, 40))
    )
    whole = made(*rows)
    monkeypatch.setattr(days, "BLOCK", 7)
    assert made(*rows).equals(whole)
    assert whole.num_rows > 100
