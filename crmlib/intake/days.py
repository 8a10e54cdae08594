"""The store's orders summed by customer and day, each purchase with its place in the customer's history: what most counts begin with.

A store is sorted by customer and day, so that all of it is sums over neighbours; an engine would sort and group once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Array = NDArray[np.int64] | NDArray[np.int32]
COLUMNS = ("customer_id", "order_date", "amount")
BLOCK = 300_000  # rows


def of(orders: pa.Table) -> pa.Table:
    """The rows of each customer and day in one.

    Args:
        orders: The store's orders, sorted by customer and day.

    Returns:
        customer_id, order_date, amount (int64, minor units), sorted; without guests. The same rows as `summaries.orders.days`.
        Days that sum to more than nothing also have ordinal, first, next and total, as `summaries.orders.occasions` has them,
        and first_amount, of the first such day.
    """
    known = orders.select(list(COLUMNS))
    if known["customer_id"].null_count:
        known = known.filter(pc.is_valid(known["customer_id"]))
    with ThreadPoolExecutor() as pool:  # NumPy works beside the interpreter
        return pa.concat_tables(pool.map(_summed, _blocks(known)))


def _blocks(orders: pa.Table) -> Iterator[pa.Table]:
    """Parts that hold whole customers and fit into the processor's cache."""
    who = orders["customer_id"].to_numpy()
    begin = np.unique(np.searchsorted(who, who[::BLOCK])) if who.size else np.zeros(1, np.int64)
    for first, end in zip(begin, [*begin[1:], who.size], strict=True):
        yield orders.slice(first, end - first)


def _summed(orders: pa.Table) -> pa.Table:
    who, amount = (orders[name].to_numpy() for name in ("customer_id", "amount"))
    day = orders["order_date"].cast(pa.int32()).to_numpy()
    first = np.flatnonzero(_changed(who) | _changed(day))
    sums = np.add.reduceat(amount, first) if first.size else amount
    who, day = who[first], day[first]
    date = pa.array(day).cast(pa.date32())
    return pa.table({"customer_id": who, "order_date": date, "amount": sums, **_places(who, day, sums)})


def _places(who: Array, day: Array, amount: Array) -> dict[str, pa.Array]:
    """Each purchase's place in its customer's history; null on days that are no purchases."""
    bought = amount > 0
    every = bool(bought.all())
    if not every:
        who, day, amount = who[bought], day[bought], amount[bought]
    start = np.flatnonzero(_changed(who))
    size = np.diff(start, append=who.size)
    last = np.zeros(who.size, bool)
    last[start + size - 1] = True
    total = amount.cumsum()

    def placed(values: Array, missing: NDArray[np.bool_] | None = None) -> pa.Array:
        if every:
            return pa.array(values, mask=missing)
        whole, unknown = np.zeros(bought.size, values.dtype), ~bought
        whole[bought] = values
        if missing is not None:
            unknown[bought] = missing
        return pa.array(whole, mask=unknown)

    return {
        "ordinal": placed(np.arange(1, who.size + 1, dtype=np.int64) - start.repeat(size)),
        "first": placed(day[start].repeat(size)).cast(pa.date32()),
        "next": placed(np.roll(day, -1), last).cast(pa.date32()),
        "total": placed(total - (total - amount)[start].repeat(size)),
        "first_amount": placed(amount[start].repeat(size)),
    }


def _changed(column: Array) -> NDArray[np.bool_]:
    """Whether a row has another value than the row before; true of the first."""
    changed = np.ones(column.size, bool)
    np.not_equal(column[1:], column[:-1], out=changed[1:])
    return changed
