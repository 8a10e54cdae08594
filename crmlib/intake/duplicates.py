"""Rows that say the same thing twice, judged over all files of a source. docs/intake.md gives the rules in words.

Without an order id two equal rows are two purchases. With one, copies count once, and rows that contradict each other
are all quarantined: nobody here can know which is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.config import Source
from crmlib.errors import DataError, Problem
from crmlib.intake.columns import joined
from crmlib.intake.fates import EXCLUDED, QUARANTINED, Fate, give_all
from crmlib.intake.orders import Orders

COUNTED = ("", "cancelled", "returned", "after_as_of")  # fates of rows whose values are all good
LINE_COLUMNS = {"product_id", "quantity", "unit_price"}  # a mapped one says that the rows are order lines
SEEN = 3  # orders; fewer may look alike by chance
SAID = ["customer", "day", "amount", "state"]


def judge(files: Sequence[Orders], source: Source, where: str) -> None:
    """Give the rows of a source's files the fates that follow from their being duplicates.

    Args:
        files: The files of one source, converted; their fates are changed.
        source: The source in client.yaml.
        where: What the source is called in messages.

    Raises:
        DataError: each order's rows have one and the same amount, and client.yaml does not say whether it is the
            order's total.
    """
    if "order_id" not in source.columns and not source.row_key:
        return
    rows = _frame(files, source)
    if source.amount_per == "order":
        _inherit(files, rows)
    rows = rows[_counted(files)]
    for fate, mask in _verdicts(rows, source, where):
        # a contradiction outweighs cancelled and the like; a copy of an excluded row stays what it is
        give_all(
            [file.fates for file in files], rows.index[mask], fate, COUNTED[1:] if fate.kind == QUARANTINED else ()
        )


def _frame(files: Sequence[Orders], source: Source) -> pd.DataFrame:
    """One row per row of all files: what it says, as numbers that are equal where the values are."""
    frame: dict[str, Any] = {
        "order": _codes([file.order_id for file in files]),
        "customer": _codes([file.customer_id for file in files]),
        "day": np.concatenate([file.days for file in files]),
        "amount": np.concatenate([file.amounts for file in files]),
        "readable": np.concatenate([file.readable for file in files]),
        "state": np.concatenate([file.states for file in files]),
        "rest": np.concatenate([file.table.rest for file in files]),
    }
    frame["blank"] = np.concatenate([_blank(file) for file in files]) if source.amount_per == "order" else False
    keys = {f"key_{name}": _codes([file.table.columns[name] for file in files]) for name in source.row_key}
    return pd.DataFrame(frame | keys)


def _blank(file: Orders) -> np.ndarray:
    """Rows on which the order's total is left out, as exports do on an order's later rows."""
    column = joined(file.table, file.source.columns["amount"]) if file.source else pa.nulls(len(file.days))
    texts = column.cast(pa.string())
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), True).to_numpy(zero_copy_only=False)


def _inherit(files: Sequence[Orders], rows: pd.DataFrame) -> None:
    """A row without a total of its own goes out with its order, where a client's rule takes the order's first row out."""
    begin = 0
    for file in files:
        own = rows.iloc[begin : begin + len(file.days)]
        for fate in [fate for fate in file.fates.known if fate.kind == EXCLUDED and fate.code not in COUNTED]:
            gone = own.order[file.fates.having(fate.code) & (own.order >= 0)]
            file.fates.give((own.order.isin(gone) & own.blank).to_numpy(), fate, also=("blank_amount",))
        begin += len(file.days)


def _codes(columns: list[pa.DictionaryArray]) -> np.ndarray:
    whole = pa.chunked_array(columns).unify_dictionaries().combine_chunks()
    return whole.indices.fill_null(-1).to_numpy(zero_copy_only=False)


def _counted(files: Sequence[Orders]) -> np.ndarray:
    return np.concatenate([file.fates.having(*COUNTED) for file in files])


def _verdicts(rows: pd.DataFrame, source: Source, where: str) -> list[tuple[Fate, np.ndarray]]:
    if source.row_key:
        return _by_key(rows, [f"key_{name}" for name in source.row_key])
    verdicts = _two_customers(rows)
    copies = rows.duplicated(["order", "rest", *SAID]).to_numpy()
    if source.amount_per == "order":
        return [*verdicts, *_totals(rows, copies)]
    if LINE_COLUMNS.isdisjoint(source.columns):
        verdicts += _contradictions(rows, ["order", "rest"])
    if source.amount_per is None and "amount" in source.columns:
        _refuse_repeated_totals(rows.drop_duplicates(["order", "rest"]), where)
        _refuse_header_rows(rows[~copies], where)
    return [*verdicts, (Fate(EXCLUDED, "exact_duplicate", "order_id"), copies)]


def _by_key(rows: pd.DataFrame, key: list[str]) -> list[tuple[Fate, np.ndarray]]:
    copies = rows.duplicated([*key, "order", *SAID]).to_numpy()
    return [*_contradictions(rows, key), (Fate(EXCLUDED, "exact_duplicate", "row_key"), copies)]


def _contradictions(rows: pd.DataFrame, key: list[str]) -> list[tuple[Fate, np.ndarray]]:
    again = rows[rows.duplicated(key, keep=False)]
    different = again.drop_duplicates([*key, *SAID])
    torn = different[different.duplicated(key, keep=False)]
    mask = _among(rows, again, torn, key)
    return [(Fate(QUARANTINED, "conflicting_duplicate", "order_id"), mask)]


def _among(rows: pd.DataFrame, part: pd.DataFrame, torn: pd.DataFrame, key: list[str]) -> np.ndarray:
    """The rows of `part` whose key is one of the torn ones, as a mask over all rows."""
    keys = pd.MultiIndex.from_frame(torn[key].drop_duplicates())
    hit = part.index[pd.MultiIndex.from_frame(part[key]).isin(keys)]
    return rows.index.isin(hit)


def _two_customers(rows: pd.DataFrame) -> list[tuple[Fate, np.ndarray]]:
    known = rows[rows.customer >= 0].drop_duplicates(["order", "customer"])
    torn = known.order[known.order.duplicated()]
    return [(Fate(QUARANTINED, "order_of_two_customers", "customer_id"), rows.order.isin(torn).to_numpy())]


def _totals(rows: pd.DataFrame, copies: np.ndarray) -> list[tuple[Fate, np.ndarray]]:
    """The total of an order stands on each of its rows: the first row counts, if all say the same."""
    said = rows[rows.readable].drop_duplicates(["order", "amount", "day"])
    torn = rows.order.isin(said.order[said.order.duplicated()]).to_numpy()
    first = ~rows[rows.readable].sort_values("state", kind="stable").duplicated("order")
    carries = rows.index.isin(first.index[first])
    total_known = rows.order.isin(said.order).to_numpy()
    return [
        (Fate(QUARANTINED, "conflicting_total", "amount"), torn),
        (Fate(EXCLUDED, "exact_duplicate", "order_id"), copies & ~carries),
        (Fate(EXCLUDED, "order_total_repeated", "amount"), ~carries & total_known),
        (Fate(QUARANTINED, "blank_amount", "amount"), ~total_known),
    ]


def _refuse_repeated_totals(rows: pd.DataFrame, where: str) -> None:
    used = rows[rows.order.duplicated(keep=False)]
    orders = used.groupby("order").amount.agg(["min", "max"])
    if len(orders) == 0 or (orders["min"] != orders["max"]).any() or not (orders["max"] != 0).any():
        return
    what = f"the amount is the same on every row of an order, in all {len(orders):,} orders that have several rows"
    hint = "Say amount_per: order (the order's total, repeated) or amount_per: row (each row's own) in client.yaml."
    raise DataError(Problem(what, where, "amounts that can be added without counting an order twice", hint))


def _refuse_header_rows(rows: pd.DataFrame, where: str) -> None:
    """A file that holds each order's total and its lines one below the other would count everything twice."""
    used = rows[rows.order.duplicated(keep=False)]
    orders = used[used.amount != 0].groupby("order").amount.agg(["max", "sum", "size"])
    if len(orders) < SEEN or (orders["max"] * 2 != orders["sum"]).any() or not (orders["size"] > 2).any():
        return
    what = f"in all {len(orders):,} orders with several rows one row is the sum of the others: an order's total and its lines"
    hint = "Take the totals out with exclude: (by the column that tells them apart), or say amount_per: row in client.yaml."
    raise DataError(Problem(what, where, "amounts that can be added without counting an order twice", hint))
