"""Every kind of repair, reason and rule with its rows, orders and money: what a count alone does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlib.columns import MONEY
from crmlib.config import Client
from crmlib.intake import money
from crmlib.intake.fates import EXCLUDED, USED
from crmlib.intake.orders import Orders
from crmlib.intake.tables import Rows

REPAIRED = "repaired"


class Detail(NamedTuple):
    """One kind of repair or fate in one table.

    Attributes:
        table: Our table.
        what: repaired, quarantined or excluded.
        column: Our column that it is about, "" where it is the row.
        code: The kind of repair, the reason or the rule.
        rows: Rows.
        orders: Distinct orders among them; 0 where the table has none.
        amount: Minor units of these rows as far as readable; an order's total that stands on several of them counts once.
    """

    table: str
    what: str
    column: str
    code: str
    rows: int
    orders: int
    amount: int


def of(file: Orders | Rows, client: Client) -> list[Detail]:
    """The details of one file, sorted.

    Args:
        file: The file, judged.
        client: For the currency of total rows.
    """
    name = "orders" if isinstance(file, Orders) else file.name
    fates = [(place, fate) for place, fate in enumerate(file.fates.known) if fate.kind != USED]
    groups = [(fate.kind, fate.column, fate.code, np.flatnonzero(file.fates.codes == place)) for place, fate in fates]
    groups += [(REPAIRED, column, kind, rows) for (column, kind), rows in file.marks.items()]
    orders, once = _orders(file)
    found = [
        Detail(name, what, column, code, len(rows), *_money(file.amounts, orders, once, rows))
        for what, column, code, rows in groups
        if len(rows)
    ]
    return sorted([*found, *_total_rows(file, name, client)])


def _total_rows(file: Orders | Rows, name: str, client: Client) -> list[Detail]:
    """What the total rows say: told here, and added nowhere."""
    header = file.source.columns.get(MONEY.get(name, "")) if file.source else None
    if not file.table.totals or not isinstance(header, str):
        return []
    scale = client.scale * file.source.unit if file.source else client.scale
    said = [money.amount(row[header], client.currency, scale).value or 0 for row in file.table.totals]
    return [Detail(name, EXCLUDED, "", "total_row", len(said), 0, sum(said))]


def _orders(file: Orders | Rows) -> tuple[np.ndarray | None, bool]:
    """Each row's order (-1 without), and whether the amount is the order's."""
    column = file.order_id if isinstance(file, Orders) else file.columns.get("order_id")
    if column is None or not pa.types.is_dictionary(column.type):
        return None, False
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes, isinstance(file, Orders) and file.source is not None and file.source.amount_per == "order"


def _money(amounts: np.ndarray, orders: np.ndarray | None, once: bool, rows: np.ndarray) -> tuple[int, int]:
    if orders is None:
        return 0, int(amounts[rows].sum())
    own = pd.DataFrame({"order": orders[rows], "amount": amounts[rows]})
    counted = own[(own.order < 0) | ~own.duplicated()] if once else own
    return int(own.order[own.order >= 0].nunique()), int(counted.amount.sum())


def total(details: Sequence[Detail]) -> list[Detail]:
    """Details of several files added up."""
    if not details:
        return []
    frame = pd.DataFrame(details, columns=list(Detail._fields))
    sums = frame.groupby(list(Detail._fields[:4]), as_index=False, sort=True).sum()
    return [Detail(*(value for value in row)) for row in sums.astype(object).to_numpy().tolist()]
