"""What an order's money is made of: goods, shipping, discount, points, tax, from columns or from rows of their own."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlib.columns import COMPONENTS
from crmlib.intake import columns, tax
from crmlib.intake.columns import Context
from crmlib.intake.values import BLANK

UNREADABLE = "component_unreadable"
ON_ROWS = ("shipping", "fee", "discount", "tax", "points")  # kinds of item row that are no goods
DEDUCTED = ("discount", "coupon", "points", "refund")  # told with or without a minus


def of(context: Context, orders: pa.DictionaryArray, repairs: Counter[str]) -> dict[str, np.ndarray]:
    """Minor units by row, of the components that the file tells.

    A blank counts as 0; so does a cell that cannot be read, and is counted. Where the amount is the order's, so are the
    components, on each of its rows; those on item rows are added up over the order.

    Args:
        context: The file.
        orders: The order of each row.
        repairs: Where unreadable cells are counted.
    """
    found = {}
    for name in COMPONENTS:
        if name in context.source.columns:
            cells = columns.numbers(name, context)
            repairs[UNREADABLE] += int(((cells.reasons != "") & (cells.reasons != BLANK)).sum())
            found[name] = np.abs(cells.values) if name in DEDUCTED else cells.values
    return {**found, **_on_rows(context, orders, set(found))}


def _on_rows(context: Context, orders: pa.DictionaryArray, known: set[str]) -> Mapping[str, np.ndarray]:
    if "item_type" not in context.source.columns or context.source.amount_per != "order":
        return {}
    kinds = columns.convert_column("item_type", context).values.cast(pa.string()).to_numpy(zero_copy_only=False)
    said = context.source.model_copy(update={"line_tax": "included"})  # only goods are priced without tax
    money = tax.worth(dataclasses.replace(context, source=said)).values
    codes = orders.indices.fill_null(len(orders.dictionary)).to_numpy(zero_copy_only=False)
    first = ~_copies(context, codes, money)
    found = {}
    for name in ON_ROWS:
        if name not in known:
            own = np.where((kinds == name) & first, money, 0)
            sums = np.zeros(len(orders.dictionary) + 1, np.int64)
            np.add.at(sums, codes, own)
            sums[-1] = 0
            found[name] = np.abs(sums[codes]) if name in DEDUCTED else sums[codes]
    return found


def _copies(context: Context, codes: np.ndarray, money: np.ndarray) -> np.ndarray:
    """Rows that are equal in every cell of the file to an earlier one."""
    rows = pd.DataFrame({"order": codes, "money": money, "rest": context.table.rest})
    return rows.duplicated().to_numpy()
