"""A file of any table but orders: its columns of text become typed values, and each row gets a fate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.columns import DATED, MAPPED, MONEY, REQUIRED
from crmlib.config import Client, Source
from crmlib.intake import columns, dates, tax
from crmlib.intake.columns import Cells, Context
from crmlib.intake.fates import EXCLUDED, Fate, Fates
from crmlib.intake.orders import Marks, exclude, quarantine
from crmlib.intake.reading import TextTable
from crmlib.intake.values import BLANK

UNREAD = ("personal", "status")  # kinds that are no values of the store


@dataclass(frozen=True)
class Rows:
    """A file's good rows, converted.

    Attributes:
        name: The table.
        columns: Our column -> typed values, null where there is none; customers by the client's own ids.
        amounts: The money that the table's account shows, in minor units; 0 where there is none.
        readable: Whether that money could be read (a blank counts as read).
        table: The text it was made from.
        fates: What becomes of each row.
        repairs: Mended cells and rows, counted by kind.
        words: Our column -> words that nobody has explained, counted.
        marks: Rows with mended cells, by our column and kind.
        source: The source, with the columns that were found.
    """

    name: str
    columns: Mapping[str, pa.Array]
    amounts: np.ndarray
    readable: np.ndarray
    table: TextTable
    fates: Fates
    repairs: Counter[str]
    words: Mapping[str, Counter[str]]
    marks: Marks
    source: Source


def convert_file(table: TextTable, source: Source, client: Client, where: str) -> Rows:
    """Convert a file's rows and judge each by itself.

    Args:
        table: The file's columns as text.
        source: The source in client.yaml, with its mapping resolved.
        client: For currency, time zone and as_of.
        where: The file's name, for messages.

    Raises:
        DataError: a column that can mean two things.
    """
    context, fates = Context(table, source, client, where), Fates(len(table.lines))
    exclude(fates, table, source)
    known = MAPPED[source.table]
    cells = {name: columns.convert_column(name, context) for name in source.columns if known[name].kind not in UNREAD}
    amounts, reasons = _money(cells, context)
    _required(fates, source.table, cells)
    for name, bad in ({name: one.reasons for name, one in cells.items()} | reasons).items():
        quarantine(fates, name, np.where(bad == BLANK, "", bad))
    fates.give(_late(cells, source.table, client), Fate(EXCLUDED, "after_as_of", DATED.get(source.table, "")))
    repairs = Counter(table.repairs)
    marks: dict[tuple[str, str], np.ndarray] = {}
    for name, one in cells.items():
        repairs.update(one.repairs)
        marks |= {(name, kind): rows for kind, rows in one.marks.items()}
    readable = np.logical_and.reduce(
        [np.ones(len(amounts), bool), *((bad == "") | (bad == BLANK) for bad in reasons.values())]
    )
    strange = fates.having("unknown_word")  # words on rows that a rule takes out are nobody's question
    words = {name: one.unknown for name, one in cells.items() if one.unknown and strange.any()}
    values = {name: one.values for name, one in cells.items()} | _own_money(source.table, amounts, readable, cells)
    return Rows(source.table, values, amounts, readable, table, fates, +repairs, words, marks, source)


def _money(cells: Mapping[str, Cells], context: Context) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The money of the table's account, and the reasons for bad one."""
    name, rows = MONEY.get(context.source.table, ""), len(context.table.lines)
    if context.source.table == "order_lines":
        names = ["amount"] if "amount" in cells else ["quantity", "unit_price"]
        found = {one: columns.numbers(one, context) for one in names}
        amounts, reasons = tax.amounts(found, context, context.source.tax)
        return amounts, {one: cells[one].reasons for one in names} | reasons
    if name not in cells:
        return np.zeros(rows, np.int64), {}
    return pc.fill_null(cells[name].values, 0).to_numpy(), {name: cells[name].reasons}


def _own_money(
    table: str, amounts: np.ndarray, readable: np.ndarray, cells: Mapping[str, Cells]
) -> dict[str, pa.Array]:
    if table != "order_lines":
        return {}
    blank = cells["amount"].reasons == BLANK if "amount" in cells else cells["unit_price"].reasons == BLANK
    return {"amount": pa.array(amounts, pa.int64(), mask=~readable | blank)}


def _required(fates: Fates, table: str, cells: Mapping[str, Cells]) -> None:
    """Set aside the rows that lack what every row must have."""
    for group in REQUIRED[table]:
        reasons = [cells[name].reasons for name in group if name in cells]
        if reasons:
            blank = np.logical_and.reduce([bad == BLANK for bad in reasons])
            quarantine(fates, group[0], np.where(blank, BLANK, ""))


def _late(cells: Mapping[str, Cells], table: str, client: Client) -> np.ndarray:
    name = DATED.get(table, "")
    if name not in cells:
        return np.zeros(len(next(iter(cells.values())).reasons), bool)
    days = pc.fill_null(cells[name].values.cast(pa.int32()), 0).to_numpy()
    return days > client.as_of.toordinal() - dates.EPOCH
