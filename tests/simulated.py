"""The store of a simulated client, straight from memory: what intake would write, without files in between.

For tests that need many seeds; that intake writes the same from the exported files is tested in tests/intake.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from crmlib import schema, summaries
from crmlib.intake.store import ARROW
from crmlib.simulate import SimulationOptions, build
from crmlib.simulate.draft import Draft, Table
from crmlib.simulate.export import persons
from crmlib.simulate.export.lexicon import Lexicon
from crmlib.simulate.export.plain import PAYMENTS
from crmlib.simulate.truth import Planted


@dataclass(frozen=True)
class Simulated:
    """A store and what is true of it."""

    store: summaries.Store
    truth: dict[str, Planted]
    as_of: dt.date
    client: build.Client


def store(customers: int = 30_000, seed: int = 1, **options: Any) -> Simulated:
    """A client's store in memory. Options: null, without, world (as in SimulationOptions)."""
    client = build.client(SimulationOptions(customers, seed=seed, **options))
    words = Lexicon("plain")
    tables = {"orders": _orders(client), "order_lines": _lines(client), "products": _products(words)}
    tables["customers"] = _customers(client, words)
    tables |= {name: _table(client.draft, name, words) for name in client.draft.tables}
    engine = ibis.duckdb.connect(memory_limit=summaries.MEMORY, threads=1)
    made = {
        name: engine.create_table(name, _shaped(tables[name], name))
        if name in tables
        else engine.create_table(name, schema=ibis.schema(columns))
        for name, columns in schema.STORE.items()
    }
    known = {one.name: one for one in client.draft.truths}
    return Simulated(summaries.Store(**made, present=frozenset(tables)), known, client.draft.world.as_of, client)


def _shaped(columns: dict[str, Any], name: str) -> pa.Table:
    size = len(next(iter(columns.values())))
    return pa.table({
        column: _typed(columns[column], ARROW[kind]) if column in columns else pa.nulls(size, ARROW[kind])
        for column, kind in schema.STORE[name].items()
    })  # fmt: skip


def _typed(values: Any, kind: pa.DataType) -> pa.Array:
    return values.cast(kind) if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, kind)


def _day(draft: Draft, days: np.ndarray) -> pa.Array:
    since = (draft.clock.start - dt.date(1970, 1, 1)).days
    return pa.array((days + since).astype(np.int32), mask=days < 0).cast(pa.date32())


def _orders(client: build.Client) -> dict[str, Any]:
    place = np.flatnonzero(client.books.valid)
    books = client.books.where(place)
    return {
        "order_id": pa.array(place + 1).cast(pa.string()), "customer_id": _people(client.draft, books.customer),
        "order_date": _day(client.draft, books.day), "amount": books.total,
        "payment_method": np.asarray(PAYMENTS, dtype=object)[books.payment],
    }  # fmt: skip


def _people(draft: Draft, who: np.ndarray) -> pa.Array:
    size = len(draft.people)
    guest = ((who >= size) & (who < size + draft.guests)) | (who < 0)
    return pa.array(persons.member_numbers(draft, who), mask=guest)


def _lines(client: build.Client) -> dict[str, Any]:
    lines = client.lines
    kept = client.books.valid[lines.order]
    order, books = lines.order[kept], client.books
    unit = lines.price[kept] + (lines.price[kept] * lines.rate[kept] + 50) // 100
    return {
        "order_id": pa.array(order + 1).cast(pa.string()), "customer_id": _people(client.draft, books.customer[order]),
        "order_date": _day(client.draft, books.day[order]), "product_id": pa.array(lines.product[kept] + 1).cast(pa.string()),
        "quantity": lines.quantity[kept], "amount": unit * lines.quantity[kept],
    }  # fmt: skip


def _products(words: Lexicon) -> dict[str, Any]:
    names = [word.split(":") for word in words.text["products"]]
    ids = [str(place + 1) for place in range(len(names))]
    pairs = {"name": [name for name, _ in names], "category": [category for _, category in names]}
    return {"product_id": ids, **pairs, "subscription": [place in {8, 9} for place in range(len(names))]}


def _customers(client: build.Client, words: Lexicon) -> dict[str, Any]:
    draft, size = client.draft, len(client.draft.people)
    who = np.concatenate([np.arange(size), size + draft.guests + np.arange(draft.twins.size)])
    real = np.where(who < size, who, 0)
    arrival = np.where(who < size, np.floor(draft.people.arrival[real]).astype(np.int64), -1)
    medium = np.where(who < size, draft.people.medium[real], -1)
    named = np.append(np.asarray(words.text["media"], dtype=object), None)[medium]
    return {"customer_id": _people(draft, who), "registered": _day(draft, arrival), "medium": named}


def _table(draft: Draft, name: str, words: Lexicon) -> dict[str, Any]:
    parts = draft.tables[name]
    wanted = schema.STORE.get(name, {})
    return {
        column: pa.concat_arrays([_column(draft, part, column, ARROW[kind], words) for part in parts])
        for column, kind in wanted.items()
    }


def _column(draft: Draft, part: Table, name: str, kind: pa.DataType, words: Lexicon) -> pa.Array:
    if name not in part.columns:
        return pa.array(["-"] * len(part), kind) if name in part.joined else pa.nulls(len(part), kind)
    values = part.columns[name]
    if name in part.people:
        return _people(draft, values).cast(kind)
    if name in part.days:
        return _day(draft, values)
    if name in part.labels:
        return pa.array(np.append(np.asarray(_said(part.labels[name], words), dtype=object), None)[values], kind)
    if values.dtype == object:
        dated = [f"{value}-01" for value in values] if kind == pa.date32() else list(values)
        return pa.array(dated, pa.string()).cast(kind)
    return pa.array(values, mask=values < 0).cast(kind)


def _said(labels: tuple[str, ...], words: Lexicon) -> list[str]:
    said: list[str] = []
    for label in labels:
        said += list(words.text[label[1:]]) if label.startswith("@") else [label]
    return said
