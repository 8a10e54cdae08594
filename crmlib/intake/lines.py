"""Order lines: what was bought in each order, from a file of its own or from the item rows of the orders' file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.config import Client
from crmlib.intake import columns, tax
from crmlib.intake.columns import Context
from crmlib.intake.fates import EXCLUDED, QUARANTINED, USED, Fate, Fates
from crmlib.intake.orders import Orders, quarantine
from crmlib.intake.tables import Rows
from crmlib.intake.values import BLANK

PARTS = ("order_total_repeated", "exact_duplicate")  # fates that say nothing about the order itself
PRODUCT = "product"


@dataclass(frozen=True)
class Standing:
    """What became of each order of all files: arrays by order, in the order of `ids`.

    Attributes:
        ids: Distinct order ids.
        fates: Distinct fates.
        fate: Index into `fates`.
        customer: Dictionary-encoded, the client's own ids.
        day: Days since 1970.
        of_row: The order of each row of all files, -1 where it has none.
    """

    ids: pa.Array
    fates: Sequence[Fate]
    fate: np.ndarray
    customer: pa.DictionaryArray
    day: np.ndarray
    of_row: np.ndarray


def derives(orders: Orders) -> bool:
    """Whether the rows of an orders' file are item rows."""
    return orders.source is not None and "product_id" in orders.source.columns


def standing(files: Sequence[Orders]) -> Standing:
    """What became of each order, over all files: used if one of its rows is, else what its telling row became."""
    known = list(dict.fromkeys(fate for file in files for fate in file.fates.known))
    whole = pa.chunked_array([file.order_id for file in files]).unify_dictionaries()
    dictionary = whole.chunk(0).dictionary if whole.num_chunks else pa.array([], pa.string())
    of_row = np.concatenate([chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in whole.chunks])
    fate = np.concatenate(
        [np.array([known.index(one) for one in file.fates.known])[file.fates.codes] for file in files]
    )
    rank = np.array([0 if one.kind == USED else 2 if one.code in PARTS else 1 for one in known])
    rows = pd.DataFrame({"order": of_row, "rank": rank[fate]})
    rows = rows[rows["order"] >= 0].sort_values(["order", "rank"], kind="stable").drop_duplicates("order")
    telling = np.zeros(len(dictionary), np.int64)
    telling[rows["order"]] = rows.index
    customers = pa.chunked_array([file.customer_id for file in files]).unify_dictionaries().combine_chunks()
    days = np.concatenate([file.days for file in files])
    if isinstance(customers, pa.ChunkedArray):
        customers = customers.chunk(0)
    return Standing(dictionary, known, fate[telling], customers.take(pa.array(telling)), days[telling], of_row)


def in_both(one: Standing, other: Standing) -> int:
    """How many used orders two sources have in common: the same id, customer and day."""
    found = [_told(standing) for standing in (one, other)]
    return len(found[0].merge(found[1])) if len(one.ids) and len(other.ids) else 0  # guests are nobody to compare


def _told(all_of: Standing) -> pd.DataFrame:
    used = np.array([fate.kind == USED for fate in all_of.fates])[all_of.fate]
    customers = all_of.customer.cast(pa.string()).to_pandas()
    return pd.DataFrame({"id": all_of.ids.to_pandas(), "customer": customers, "day": all_of.day})[used].dropna()


def derived(files: Sequence[Orders], client: Client, names: Sequence[str], all_of: Standing) -> list[Rows | None]:
    """The lines that stand in the orders' own files, None for a file that has none.

    Args:
        files: All files of orders, judged.
        client: For currency and time zone.
        names: The files' names.
        all_of: What became of the orders.
    """
    made, begin = [], 0
    for file, name in zip(files, names, strict=True):
        end = begin + len(file.days)
        own = (all_of, all_of.of_row[begin:end])
        made.append(_derived(file, client, name, own) if derives(file) else None)
        begin = end
    return made


def _derived(file: Orders, client: Client, name: str, orders: tuple[Standing, np.ndarray]) -> Rows:
    assert file.source is not None
    source = file.source.model_copy(update={"status": None})
    table = replace(file.table, broken=(), repairs=Counter())
    context = Context(table, source, client, name)
    rows, said = len(table.lines), source.columns
    product = columns.convert_column("product_id", context)
    pieces = columns.convert_column("quantity", context) if "quantity" in said else None
    worth = tax.worth(context)
    fates = _fates(file, orders)
    goods = product.reasons != BLANK
    if "item_type" in said:
        kinds = columns.convert_column("item_type", context)
        goods &= (kinds.values.cast(pa.string()).to_numpy(zero_copy_only=False) == PRODUCT) | (
            kinds.reasons == "unknown_word"
        )
        quarantine(fates, "item_type", np.where(kinds.reasons == "unknown_word", kinds.reasons, ""))
    fates.give(~goods, Fate(EXCLUDED, "not_a_product", "product_id"))
    judged = {"product_id": product.reasons, "unit_price": worth.reasons}
    for column, bad in (judged | ({"quantity": pieces.reasons} if pieces else {})).items():
        quarantine(fates, column, np.where(bad == BLANK, "", bad))
    readable = (worth.reasons == "") | (worth.reasons == BLANK)
    customer, day = _of_order(file, orders)
    values = {
        "order_id": file.order_id, "customer_id": customer, "order_date": day, "product_id": product.values,
        "amount": pa.array(worth.values, pa.int64(), mask=worth.reasons != ""),
        "quantity": pieces.values if pieces else pa.nulls(rows, pa.int64()),
    }  # fmt: skip
    return Rows("order_lines", values, worth.values, readable, table, fates, Counter(), {}, {}, source)


def _fates(file: Orders, orders: tuple[Standing, np.ndarray]) -> Fates:
    """A line's fate as far as it follows from its row's and its order's."""
    all_of, of_row = orders
    fates = Fates(len(file.days))
    for i, own in enumerate(file.fates.known):
        if own.kind != USED and own.code != "order_total_repeated":
            fates.give(file.fates.codes == i, _passed_on(own))
    _by_order(fates, all_of, of_row)
    return fates


def _by_order(fates: Fates, all_of: Standing, of_row: np.ndarray) -> None:
    state = np.where(of_row >= 0, all_of.fate[of_row] if len(all_of.fate) else 0, -1)
    for i, fate in enumerate(all_of.fates):
        if fate.kind != USED:
            fates.give(state == i, _passed_on(fate))


def _passed_on(fate: Fate) -> Fate:
    """What becomes of the lines of an order: excluded for the same rule; of a quarantined one, for that."""
    return Fate(EXCLUDED, fate.code if fate.kind == EXCLUDED else "order_quarantined", "order_id")


def _of_order(file: Orders, orders: tuple[Standing, np.ndarray]) -> tuple[pa.Array, pa.Array]:
    """Customer and day of each row's order; a row without an order has its own."""
    all_of, of_row = orders
    if (of_row < 0).all():
        return file.customer_id, pa.array(file.days.astype(np.int32)).cast(pa.date32())
    place = pa.array(of_row, mask=of_row < 0)
    days = np.where(of_row >= 0, all_of.day[of_row], file.days)
    return all_of.customer.take(place), pa.array(days.astype(np.int32)).cast(pa.date32())


def shared(sources: Sequence[Standing]) -> pa.Array:
    """The order ids that several sources of orders use: lines of a file of their own cannot tell which is meant."""
    found = pc.value_counts(pa.concat_arrays([one.ids for one in sources]))
    return found.field("values").filter(pc.greater(found.field("counts"), 1))


def joined(rows: Rows, all_of: Standing, unclear: pa.Array) -> Rows:
    """Lines of a file of their own, with customer and day of their orders and the fate that follows from these.

    Args:
        rows: The lines.
        all_of: What became of the orders of all sources.
        unclear: Order ids that several sources use; their lines are set aside.
    """
    column = rows.columns["order_id"]
    at = pc.index_in(column.dictionary, value_set=all_of.ids)
    at = pc.if_else(pc.is_in(column.dictionary, value_set=unclear), None, at)
    of_row = pc.fill_null(at.take(column.indices), -1).to_numpy(zero_copy_only=False)
    rows.fates.give(
        (of_row < 0) & ~column.is_null().to_numpy(zero_copy_only=False), Fate(QUARANTINED, "unknown_order", "order_id")
    )
    _by_order(rows.fates, all_of, of_row)
    place = pa.array(of_row, mask=of_row < 0)
    days = pa.array(all_of.day.astype(np.int32)).cast(pa.date32()).take(place)
    return replace(rows, columns={**rows.columns, "customer_id": all_of.customer.take(place), "order_date": days})
