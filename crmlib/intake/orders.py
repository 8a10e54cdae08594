"""A file of orders: its columns of text become ids, days and money, and each row gets a fate."""

from __future__ import annotations

import fnmatch
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from crmlib.config import Client, Source, Status
from crmlib.intake import dates, ids, money
from crmlib.intake.fates import EXCLUDED, QUARANTINED, Fate, Fates
from crmlib.intake.reading import TextTable
from crmlib.intake.values import BLANK, IntColumn, codes_of, convert, plain

VALUES = ("order_id", "customer_id", "order_date", "amount", "status")  # what may differ between copies of one row
STATES = ("completed", "cancelled", "returned")
UNKNOWN_STATE = -1


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
    fates, repairs = Fates(len(table.lines)), Counter(table.repairs)
    _exclude(fates, table, source)
    amounts, reasons = _amounts(table, source, client, repairs)
    repeated = reasons["amount"] == BLANK if source.amount_per == "order" else np.zeros(len(table.lines), bool)
    states, unknown = _states(fates, table, source, repeated)
    order, customer = _ids(table, source, "order_id", repairs), _ids(table, source, "customer_id", repairs)
    days = _days(table, source, client, where)
    repairs.update(days.repairs)
    guests = customer.reasons == BLANK if client.guest_orders == "accept" else np.zeros(len(table.lines), bool)
    _quarantine(fates, "order_id", order.reasons)
    _quarantine(fates, "customer_id", np.where(guests, "", customer.reasons))
    _quarantine(fates, "order_date", days.reasons)
    for column, bad in reasons.items():
        _quarantine(fates, column, np.where(repeated, "", bad))
    late = days.values > client.as_of.toordinal() - dates.EPOCH
    fates.give(late, Fate(EXCLUDED, "after_as_of", "order_date"))
    readable = np.logical_and.reduce([bad == "" for bad in reasons.values()])
    parts = (order.ids, customer.ids, days.values, amounts, readable, states, table, fates)
    return Orders(*parts, +repairs, unknown)


def _exclude(fates: Fates, table: TextTable, source: Source) -> None:
    for rule in source.exclude:
        patterns = [plain(pattern)[0] for pattern in rule.matches]
        fates.give(_matching(table.columns[rule.column], patterns), Fate(EXCLUDED, rule.rule, rule.column))


def _matching(column: pa.DictionaryArray, patterns: list[str]) -> np.ndarray:
    texts = [plain(text)[0] for text in column.dictionary.to_pylist()] + [""]
    hits = np.array([any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns) for text in texts])
    return hits[codes_of(column)]


def _states(fates: Fates, table: TextTable, source: Source, repeated: np.ndarray) -> tuple[np.ndarray, Counter[str]]:
    """Each row's state; a word that client.yaml does not explain is quarantined and counted, never guessed."""
    if "status" not in source.columns:
        return np.zeros(len(table.lines), np.int8), Counter()
    column = table.columns[source.columns["status"]]
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
        fates.give(states == i, Fate(EXCLUDED, state, "status"))
    fates.give(strange, Fate(QUARANTINED, "unknown_status", "status"))
    return states, +unknown


def _ids(table: TextTable, source: Source, name: str, repairs: Counter[str]) -> ids.IdColumn:
    if name not in source.columns:
        rows = len(table.lines)
        nothing = pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()), pa.array([], pa.string()))
        return ids.IdColumn(nothing, np.full(rows, "", object), Counter())
    found = ids.convert(table.columns[source.columns[name]])
    repairs.update(found.repairs)
    return found


def _days(table: TextTable, source: Source, client: Client, where: str) -> IntColumn:
    header = source.columns["order_date"]
    column = dates.without_clock(table.columns[header]) if source.dates is None else table.columns[header]
    place = f"{where}, column '{header}'"
    return convert(column, dates.reader(column.dictionary.to_pylist(), place, source.dates, client.timezone))


def _amounts(
    table: TextTable, source: Source, client: Client, repairs: Counter[str]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Each row's amount in minor units, and the reasons for bad ones by the column (ours) that is to blame."""
    column = {name: table.columns[header] for name, header in source.columns.items()}
    if "amount" in column:
        found = convert(column["amount"], lambda text: money.amount(text, client.currency, client.scale))
        repairs.update(found.repairs)
        return found.values, {"amount": found.reasons}
    pieces = convert(column["quantity"], money.quantity)
    prices = convert(column["unit_price"], lambda text: money.unit_price(text, client.currency, client.scale))
    repairs.update(pieces.repairs + prices.repairs)
    good = (pieces.reasons == "") & (prices.reasons == "")
    amounts, reasons = money.product(pieces, prices)
    reasons = np.where(good, reasons, "")
    return np.where(good, amounts, 0), {"quantity": pieces.reasons, "unit_price": prices.reasons, "amount": reasons}


def _quarantine(fates: Fates, column: str, reasons: np.ndarray) -> None:
    for reason in sorted(set(reasons[reasons != ""].tolist())):
        code = f"{BLANK}_{column}" if reason == BLANK else reason
        fates.give(reasons == reason, Fate(QUARANTINED, code, column))
