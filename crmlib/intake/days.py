"""The store's orders summed by customer and day, written once: what most counts begin with."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Array = NDArray[np.int64] | NDArray[np.int32]
COLUMNS = ("customer_id", "order_date", "amount")


def of(orders: pa.Table) -> pa.Table:
    """The rows of each customer and day in one.

    Args:
        orders: The store's orders, sorted by customer and day.

    Returns:
        customer_id, order_date, amount (int64, minor units), sorted; without guests. The same rows as `summaries.orders.days`.
    """
    known = orders.select(list(COLUMNS))
    if known["customer_id"].null_count:
        known = known.filter(pc.is_valid(known["customer_id"]))
    who, amount = (known[name].to_numpy() for name in ("customer_id", "amount"))
    day = known["order_date"].cast(pa.int32()).to_numpy()
    first = np.flatnonzero(_changed(who, day))
    sums = np.add.reduceat(amount, first) if first.size else amount
    return pa.table([pa.array(who[first]), pa.array(day[first]).cast(pa.date32()), pa.array(sums)], COLUMNS)


def _changed(who: Array, day: Array) -> NDArray[np.bool_]:
    """Whether a row has another customer or day than the row before; true of the first."""
    changed = np.ones(who.size, bool)
    np.not_equal(who[1:], who[:-1], out=changed[1:])
    changed[1:] |= day[1:] != day[:-1]
    return changed
