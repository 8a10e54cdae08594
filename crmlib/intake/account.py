"""The money account: what the orders' amounts and their parts add up to, by month and by what became of the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlib.columns import COMPONENTS
from crmlib.intake.fates import EXCLUDED
from crmlib.intake.orders import Orders

NAME = "money"
REPEATED = "order_total_repeated"
GROUP = ["month", "fate", "code"]
SCHEMA = pa.schema([
    ("month", pa.date32()), ("fate", pa.string()), ("code", pa.string()), ("rows", pa.int64()), ("orders", pa.int64()),
    ("amount", pa.int64()), *((name, pa.int64()) for name in COMPONENTS),
])  # fmt: skip


def of(files: Sequence[Orders]) -> pa.Table:
    """One row per month, fate and code.

    Args:
        files: The files of orders, judged.

    Returns:
        month (first day; null where the date is unreadable), fate, code (reason or rule, "" where used), rows, orders,
        amount and its parts in minor units. Amounts add up to what all rows say; an order's total that stands on
        several of its rows counts once under the order's own fate, and as `order_total_repeated` for the rest. A part
        is null where no file tells it.
    """
    told = [name for name in COMPONENTS if any(name in file.components for file in files)]
    parts = [_sums(file, told) for file in files]
    if not parts:
        return SCHEMA.empty_table()
    sums = pd.concat(parts).groupby(GROUP, dropna=False, sort=True).sum().reset_index()
    columns = [_months(sums["month"]), *(pa.array(sums[name], SCHEMA.field(name).type) for name in GROUP[1:])]
    counts = [pa.array(sums[name].to_numpy(np.int64)) for name in ("rows", "orders", "amount")]
    made = [
        pa.array(sums[name].to_numpy(np.int64)) if name in told else pa.nulls(len(sums), pa.int64())
        for name in COMPONENTS
    ]
    return pa.table([*columns, *counts, *made], schema=SCHEMA)


def _sums(file: Orders, told: Sequence[str]) -> pd.DataFrame:
    rows = pd.DataFrame({"month": _month(file.days), "fate": file.fates.codes, "amount": file.amounts})
    rows["order"] = file.order_id.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    for name in told:
        rows[name] = file.components.get(name, np.zeros(len(rows), np.int64))
    fates = [(fate.kind, fate.code) for fate in file.fates.known]
    again = _again(rows, file, fates)
    rows.loc[again, told] = 0
    first = ~rows.duplicated(["fate", "order"]) & (rows["order"] >= 0)
    rows = rows.assign(rows=1, orders=(first & ~again).astype(np.int64)).drop(columns="order")
    rows["fate"] = np.where(again, len(fates), rows["fate"])
    sums = rows.groupby(["month", "fate"], dropna=False).sum().reset_index()
    kinds = [*fates, (EXCLUDED, REPEATED)]
    sums["code"] = [kinds[place][1] for place in sums["fate"]]
    sums["fate"] = [kinds[place][0] for place in sums["fate"]]
    return sums


def _again(rows: pd.DataFrame, file: Orders, fates: Sequence[tuple[str, str]]) -> np.ndarray:
    """Rows on which an order's total only stands again."""
    already = np.array([code == REPEATED for _, code in fates])[rows["fate"].to_numpy()]
    if file.source is None or file.source.amount_per != "order":
        return already
    counted = rows["order"].to_numpy() >= 0
    return already | (counted & rows.duplicated(["fate", "order", "amount"]).to_numpy())


def _month(days: np.ndarray) -> np.ndarray:
    """Months since 1970; -1 where the date could not be read (its day is 0)."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.where(days == 0, -1, months)


def _months(months: pd.Series) -> pa.Array:
    first = months.to_numpy(np.int64).astype("datetime64[M]").astype("datetime64[D]")
    return pa.array(first, mask=months.to_numpy() < 0).cast(pa.date32())
