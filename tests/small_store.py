"""A store of a few rows in memory, for hand examples: tables as lists of dicts; what is left out is absent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
import pandas as pd

from crmlib import schema, summaries


def store(**tables: list[dict[str, Any]]) -> summaries.Store:
    """Rows by table; columns that a row leaves out are null. Order days and customers alone are enough for orders."""
    engine = ibis.duckdb.connect()
    made = {}
    for name, columns in schema.STORE.items():
        rows = pd.DataFrame(tables.get(name, []), columns=list(columns), dtype=object)
        typed = ibis.memtable(rows, schema=ibis.schema(dict(columns))) if len(rows) else None
        made[name] = engine.create_table(
            name, typed if typed is not None else None, schema=None if len(rows) else ibis.schema(dict(columns))
        )
    return summaries.Store(**made, present=frozenset(tables))


def orders(days: list[tuple[int, str]], amount: int = 1000) -> list[dict[str, Any]]:
    """Orders of customers on days, "2024-01-31"."""
    return [
        {"order_id": str(n), "customer_id": who, "order_date": dt.date.fromisoformat(day), "amount": amount}
        for n, (who, day) in enumerate(days)
    ]


def events(application: str, customer: int, *rows: tuple[str, str, int | None]) -> list[dict[str, Any]]:
    """A subscription's events: (event, day, shipments so far)."""
    return [
        {
            "subscription_id": application, "customer_id": customer, "product_id": "9", "event": event,
            "event_date": dt.date.fromisoformat(day), "shipment": shipment,
        }
        for event, day, shipment in rows
    ]  # fmt: skip
