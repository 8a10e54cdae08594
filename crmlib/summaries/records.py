"""The four kinds of record: what each table holds, how far back it goes, and how well it joins to the customers."""

from functools import reduce

import ibis
import ibis.expr.types as ir

from crmlib.schema import STORE
from crmlib.summaries import Store


def facts(store: Store) -> ir.Table:
    """One row for each table of the store.

    Args:
        store: The client's store.

    Returns:
        table, rows, first and last (dates; null where the table has none), people (rows that name a customer), joined
        (of these, the rows whose customer is in the customer file or in the orders; for the customer file itself, the
        buyers who are in it), base (what `joined` is a part of), cells (of all columns but ids) and missing (empty ones).
    """
    buyers = store.orders.select("customer_id").filter(lambda t: t.customer_id.notnull()).distinct()
    listed = store.customers.select("customer_id").distinct()
    known = buyers.union(listed, distinct=True).mutate(found=1)
    return reduce(ir.Table.union, (_facts(store, name, known, buyers) for name in sorted(STORE)))


def _facts(store: Store, name: str, known: ir.Table, buyers: ir.Table) -> ir.Table:
    table: ir.Table = getattr(store, name)
    whole = table.agg(**_counts(table, name)).mutate(table=ibis.literal(name))
    if "customer_id" not in STORE[name]:
        return _ordered(whole.mutate(joined=ibis.literal(0), base=ibis.literal(0)))
    if name == "customers":
        found = buyers.semi_join(table, "customer_id").agg(joined=lambda t: t.count())
        return _ordered(whole.cross_join(found).cross_join(buyers.agg(base=buyers.count())))
    if name in ("orders", "order_lines"):
        return _ordered(whole.mutate(joined=whole.people, base=whole.rows))
    found = table.semi_join(known, "customer_id").agg(joined=lambda t: t.count())
    return _ordered(whole.cross_join(found).mutate(base=whole.people))


def _counts(table: ir.Table, name: str) -> dict[str, ir.Value]:
    dates = [column for column, kind in STORE[name].items() if kind == "date"]
    first = table[dates[0]].min() if dates else ibis.null().cast("date")
    last = table[dates[0]].max() if dates else ibis.null().cast("date")
    people = table.customer_id.notnull().sum().fill_null(0) if "customer_id" in STORE[name] else ibis.literal(0)
    facts = [column for column in STORE[name] if not column.endswith("_id")]
    empty = sum((table[column].isnull().sum().fill_null(0) for column in facts), ibis.literal(0))
    return {
        "rows": table.count(), "first": first, "last": last, "people": people,
        "cells": table.count() * len(facts), "missing": empty,
    }  # fmt: skip


def _ordered(table: ir.Table) -> ir.Table:
    counts = ("rows", "people", "joined", "base", "cells", "missing")
    whole = table.mutate(**{name: table[name].cast("int64") for name in counts})
    return whole.select("table", "rows", "first", "last", "people", "joined", "base", "cells", "missing")


def margin(store: Store) -> ir.Table:
    """What was sold of products whose margin is known, and the margin on it, in one row.

    Args:
        store: The client's store.

    Returns:
        amount (minor units), margin (minor units, a float: amounts times rates); 0 where no product has a margin.
    """
    known = store.products.filter(store.products.margin_rate.notnull()).select("product_id", "margin_rate")
    sold = store.order_lines.inner_join(known, "product_id")
    whole = sold.agg(amount=sold.amount.sum(), margin=(sold.amount * sold.margin_rate).sum())
    return whole.select(amount=whole.amount.fill_null(0).cast("int64"), margin=whole.margin.fill_null(0.0))
