"""Orders by customer and day, by hand."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from crmlib.intake import days, store
from crmlib.schema import STORE

SHAPE = pa.schema([(name, store.ARROW[kind]) for name, kind in STORE["orders"].items()])


def made(*rows: tuple[int | None, str, int]) -> list[tuple[int, str, int]]:
    listed = [
        {"order_id": "x", "customer_id": who, "order_date": dt.date.fromisoformat(day), "amount": amount}
        for who, day, amount in rows
    ]
    found = days.of(pa.Table.from_pylist(listed, schema=SHAPE))
    assert found.schema.names == list(days.COLUMNS)
    assert [str(kind) for kind in found.schema.types] == ["int64", "date32[day]", "int64"]
    return [(row["customer_id"], row["order_date"].isoformat(), row["amount"]) for row in found.to_pylist()]


def test_rows_of_a_day_are_one_and_neighbours_stay_apart():
    rows = [
        (-5, "2024-01-01", 10), (-5, "2024-01-01", -4), (-5, "2024-01-02", 7),
        (3, "2024-01-02", 1), (3, "2024-01-02", 2), (3, "2024-01-02", -3), (9, "2024-01-02", 8), (None, "2024-01-02", 100),
    ]  # fmt: skip
    expected = [(-5, "2024-01-01", 6), (-5, "2024-01-02", 7), (3, "2024-01-02", 0), (9, "2024-01-02", 8)]
    assert made(*rows) == expected


def test_guests_alone_and_nobody_give_no_rows():
    assert made((None, "2024-01-01", 5)) == []
    assert made() == []
