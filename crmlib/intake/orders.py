"""A file of orders: its columns of text become ids, days and money, and each row gets a fate."""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from crmlib.config import Client, Source, Status
from crmlib.intake import columns, components, dates, ids, tax
from crmlib.intake.columns import Context
from crmlib.intake.fates import EXCLUDED, QUARANTINED, REASONS, Fate, Fates
from crmlib.intake.reading import TextTable
from crmlib.intake.values import BLANK, IntColumn, codes_of, plain

VALUES = ("order_id", "customer_id", "order_date", "amount", "status")  # what may differ between copies of one row
WORDS = ("payment_method", "channel")
STATES = ("completed", "cancelled", "returned")
UNKNOWN_STATE = -1
NO_DAYS = [dt.date(*day).toordinal() - dates.EPOCH for day in [(1, 1, 1), (1900, 1, 1), (1904, 1, 1), (1970, 1, 1)]]
Marks = Mapping[tuple[str, str], np.ndarray]  # (our column, kind of repair) -> rows


@dataclass(frozen=True)
class Orders:
    """A file's good rows, converted. All arrays have one entry per row; a bad value's entry is 0 or null.

    Attributes:
        order_id: Dictionary-encoded, null where there is none.
        customer_id: Dictionary-encoded, the client's own ids; null for a guest.
        days: Days since 1970 in the client's time zone.
        amounts: Minor units; 0 where the amount is unreadable.
        readable: Whether the amount could be read.
        states: Index into `STATES`, -1 where unknown.
        table: The text it was made from.
        fates: What becomes of each row.
        repairs: Mended cells and rows, counted by kind.
        unknown: Status words that client.yaml does not explain, counted.
        components: Minor units of subtotal, shipping, …; of the whole order on each of its rows where the amount is.
        words: Payment method and channel, dictionary-encoded, where mapped.
        marks: Rows with mended cells, by our column and kind.
        source: The source, with the columns that were found.
    """

    order_id: pa.DictionaryArray
    customer_id: pa.DictionaryArray
    days: np.ndarray
    amounts: np.ndarray
    readable: np.ndarray
    states: np.ndarray
    table: TextTable
    fates: Fates
    repairs: Counter[str]
    unknown: Counter[str]
    components: Mapping[str, np.ndarray] = field(default_factory=dict)
    words: Mapping[str, pa.DictionaryArray] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)
    source: Source | None = None


class _Notes:
    """What was mended, while a file's columns are converted."""

    def __init__(self, repairs: Counter[str]) -> None:
        self.repairs = Counter(repairs)
        self.marks: dict[tuple[str, str], np.ndarray] = {}

    def take(self, name: str, found: columns.Cells | IntColumn | ids.IdColumn) -> None:
        self.repairs.update(found.repairs)
        self.marks |= {(name, kind): rows for kind, rows in found.marks.items()}


def convert_file(table: TextTable, source: Source, client: Client, where: str) -> Orders:
    """Convert a file's rows and judge each by itself (duplicates are judged over all files of the source).

    Args:
        table: The file's columns as text.
        source: The source in client.yaml.
        client: For currency, time zone, as_of and guests.
        where: The file's name, for messages.

    Raises:
        DataError: the dates can mean two things.
    """
    context, rows = Context(table, source, client, where), len(table.lines)
    fates, notes = Fates(rows), _Notes(table.repairs)
    exclude(fates, table, source)
    amounts, reasons = _amounts(context, notes)
    repeated = reasons["amount"] == BLANK if source.amount_per == "order" else np.zeros(rows, bool)
    days = _days(context)
    notes.take("order_date", days)
    late = days.values > client.as_of.toordinal() - dates.EPOCH
    fates.give(late, Fate(EXCLUDED, "after_as_of", "order_date"))
    states, unknown = _states(fates, table, source, repeated)
    order, customer = _ids(context, "order_id", notes), _ids(context, "customer_id", notes)
    guests = customer.reasons == BLANK if client.guest_orders == "accept" else np.zeros(rows, bool)
    quarantine(fates, "order_id", order.reasons)
    quarantine(fates, "customer_id", np.where(guests, "", customer.reasons))
    quarantine(fates, "order_date", days.reasons)
    for column, bad in reasons.items():
        quarantine(fates, column, np.where(repeated, "", bad))
    readable = np.logical_and.reduce([bad == "" for bad in reasons.values()])
    amounts = np.where(states == STATES.index("returned"), -np.abs(amounts), amounts) if _negated(source) else amounts
    parts = (order.ids, customer.ids, days.values, amounts, readable, states, table, fates)
    money = components.of(context, order.ids, notes.repairs)
    words = {name: columns.convert_column(name, context).values for name in WORDS if name in source.columns}
    return Orders(*parts, +notes.repairs, unknown, money, words, notes.marks, source)


def _days(context: Context) -> IntColumn:
    """The days of the orders; the days that databases and sheets write for "none" are no days of orders."""
    found = columns.days(context.texts("order_date"), columns.how("order_date", context))
    none = np.isin(found.values, NO_DAYS) & (found.reasons == "")
    return found._replace(reasons=np.where(none, "impossible_date", found.reasons))


def exclude(fates: Fates, table: TextTable, source: Source) -> None:
    """Take out the rows that the client's own rules name."""
    for rule in source.exclude:
        patterns = [plain(pattern)[0] for pattern in rule.matches]
        fates.give(_matching(table.columns[rule.column], patterns), Fate(EXCLUDED, rule.rule, rule.column))


def _matching(column: pa.DictionaryArray, patterns: list[str]) -> np.ndarray:
    texts = [plain(text)[0] for text in column.dictionary.to_pylist()] + [""]
    hits = np.array([any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns) for text in texts])
    return hits[codes_of(column)]


def _negated(source: Source) -> bool:
    return source.returns == "negate"


def _states(fates: Fates, table: TextTable, source: Source, repeated: np.ndarray) -> tuple[np.ndarray, Counter[str]]:
    """Each row's state; a word that client.yaml does not explain is quarantined and counted, never guessed."""
    if "status" not in source.columns:
        return np.zeros(len(table.lines), np.int8), Counter()
    column = columns.joined(table, source.columns["status"])
    said = source.status or Status()  # no words explained: all of them are listed
    meaning = {plain(word)[0]: i for i, state in enumerate(STATES) for word in getattr(said, state)}
    texts = [plain(text)[0] for text in column.dictionary.to_pylist()] + [""]
    states = np.array([meaning.get(text, UNKNOWN_STATE) for text in texts], np.int8)[codes_of(column)]
    strange = (states == UNKNOWN_STATE) & ~repeated & fates.having("")
    times = np.bincount(codes_of(column)[strange], minlength=len(texts)).tolist()
    unknown: Counter[str] = Counter()
    for text, count in zip(texts, times, strict=True):
        unknown[text] += count
    for i, state in enumerate(STATES[1:], 1):
        if not (state == "returned" and _negated(source)):
            fates.give(states == i, Fate(EXCLUDED, state, "status"))
    fates.give(strange, Fate(QUARANTINED, "unknown_status", "status"))
    return states, +unknown


def _ids(context: Context, name: str, notes: _Notes) -> ids.IdColumn:
    rows = len(context.table.lines)
    if name not in context.source.columns:
        nothing = pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()), pa.array([], pa.string()))
        return ids.IdColumn(nothing, np.full(rows, "", object), Counter())
    found = ids.convert(context.texts(name), people=name == "customer_id")
    notes.take(name, found)
    return found


def _amounts(context: Context, notes: _Notes) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Each row's amount in minor units, and the reasons for bad ones by the column (ours) that is to blame."""
    names = ["amount"] if "amount" in context.source.columns else ["quantity", "unit_price"]
    found = {name: columns.numbers(name, context) for name in names}
    for name, one in found.items():
        notes.take(name, one)
    amounts, reasons = tax.amounts(found, context, context.source.tax)
    return amounts, {name: one.reasons for name, one in found.items()} | reasons


def quarantine(fates: Fates, column: str, reasons: np.ndarray) -> None:
    """Set aside the rows that have a reason, for the column that gives it."""
    for reason in sorted(set(reasons[reasons != ""].tolist())):
        own = f"{BLANK}_{column}" if f"{BLANK}_{column}" in REASONS else "blank_cell"
        code = own if reason == BLANK else reason
        fates.give(reasons == reason, Fate(QUARANTINED, code, column))
