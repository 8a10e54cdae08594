"""One column of text becomes typed values, by the kind of value that `schema.MAPPED` gives it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.columns import MAPPED, Column
from crmlib.config import Client, Headers, Source
from crmlib.errors import DataError, Problem
from crmlib.intake import dates, ids, money, months, words
from crmlib.intake.reading import TextTable
from crmlib.intake.values import BLANK, IntColumn, codes_of, convert, plain

UNIT = re.compile(r"(?:千|百(?:万)?|万|億)\s*円|thousand|million")


class Cells(NamedTuple):
    """A converted column.

    Attributes:
        values: Typed values, null where there is none; strings are dictionary-encoded.
        reasons: Reason code of each row, "" where the value is good.
        repairs: Mended cells, counted by kind.
        marks: Their rows, by kind.
        unknown: Words that nobody has explained, counted.
    """

    values: pa.Array
    reasons: np.ndarray
    repairs: Counter[str]
    marks: Mapping[str, np.ndarray]
    unknown: Counter[str] = Counter()  # noqa: RUF012 - never changed


@dataclass(frozen=True)
class Context:
    """What a column is converted with: its table's text, its source and client, and the file's name for messages."""

    table: TextTable
    source: Source
    client: Client
    where: str

    def place(self, name: str) -> str:
        """File and column, for messages."""
        said = self.source.columns[name]
        return f"{self.where}, column '{said if isinstance(said, str) else ' '.join(said)}'"

    def texts(self, name: str) -> pa.DictionaryArray:
        """The text of one of our columns; several headers are joined by a blank."""
        return joined(self.table, self.source.columns[name])


def joined(table: TextTable, said: Headers) -> pa.DictionaryArray:
    """The column of a header; of several headers their texts with a blank between, blank where all of them are."""
    if isinstance(said, str):
        return table.columns[said]
    parts = [pc.utf8_trim_whitespace(table.columns[name].cast(pa.string())) for name in said]
    together = pc.binary_join_element_wise(*parts, " ", null_handling="skip")
    return pc.utf8_trim_whitespace(together).dictionary_encode()


def convert_column(name: str, context: Context) -> Cells:
    """Convert one of our columns.

    Args:
        name: Our column; it is mapped.
        context: The file and what is declared about it.

    Raises:
        DataError: the column can mean two things (dates, a unit of money in its header).
    """
    column = MAPPED[context.source.table][name]
    return CONVERTERS[column.kind](name, column, context)


def _id(name: str, column: Column, context: Context) -> Cells:
    found = ids.convert(context.texts(name), people=column.kind == "customer")
    return Cells(found.ids, found.reasons, found.repairs, found.marks)


def _day(name: str, column: Column, context: Context) -> Cells:
    found = days(context.texts(name), how(name, context), month=column.kind == "month")
    return _typed(found, pa.date32())


def days(written: pa.DictionaryArray, told: dates.Told, *, month: bool = False) -> IntColumn:
    """A column of days (or of months, as their first days)."""
    column = dates.without_clock(written) if told.declared is None and not told.shifts else written
    texts = column.dictionary.to_pylist()
    if month:  # 202503 is a month here, and no serial number
        return convert(column, months.reader(dates.reader(texts, *told._replace(declared=told.declared or "shape"))))
    return convert(column, dates.reader(texts, *told))


def how(name: str, context: Context) -> dates.Told:
    """What is declared about a column of dates."""
    return dates.Told(context.place(name), context.source.dates, context.client.timezone, context.source.timezone)


def _money(name: str, _column: Column, context: Context) -> Cells:
    return _typed(numbers(name, context), pa.int64())


def numbers(name: str, context: Context) -> IntColumn:
    """A column of money (minor units), prices (1/`money.PRICE_STEPS` of one) or whole numbers."""
    kind = MAPPED[context.source.table][name].kind
    if kind == "integer":
        return convert(context.texts(name), money.quantity)
    refuse_unit(name, context)
    client, one = context.client, money.unit_price if kind == "price" else money.amount
    scale = client.scale * context.source.unit
    return convert(context.texts(name), lambda text: one(text, client.currency, scale))


def refuse_unit(name: str, context: Context) -> None:
    """A header that names a unit (thousands of yen) is read only when client.yaml says the unit."""
    said = context.source.columns[name]
    header = said if isinstance(said, str) else " ".join(said)
    unit = UNIT.search(plain(header)[0].lower())
    if unit is not None and "unit" not in context.source.model_fields_set:
        hint = "Say unit: 1000 (10000, 1000000) in client.yaml, or unit: 1 where the amounts are whole."
        raise DataError(Problem(f"its header names a unit ('{unit[0]}')", context.place(name), hint=hint))


def _rate(name: str, column: Column, context: Context) -> Cells:
    per_cent = column.kind == "percent"
    found = convert(context.texts(name), lambda text: words.rate(text, per_cent=per_cent))
    shares = found.values / words.STEPS
    blank = pa.array(found.reasons != "", pa.bool_())
    return Cells(pc.if_else(blank, None, pa.array(shares)), found.reasons, found.repairs, found.marks)


def _word(name: str, _column: Column, context: Context) -> Cells:
    return _distinct(context.texts(name), lambda text: text)


def _text(name: str, _column: Column, context: Context) -> Cells:
    return _distinct(context.texts(name), str)  # what names somebody is masked when all files are read (verbatims.py)


def _distinct(column: pa.DictionaryArray, one: Callable[[str], str]) -> Cells:
    """Text after NFKC, trimming and `one`, each distinct text once; blank is null."""
    normal = pc.utf8_trim_whitespace(pc.utf8_normalize(column.dictionary, form="NFKC"))
    said = pa.array([one(text) or None for text in normal.to_pylist()], pa.string()).dictionary_encode()
    values = pa.DictionaryArray.from_arrays(said.indices.take(column.indices), said.dictionary)
    return Cells(values, _reasons(values), Counter(), {})


def _coded(name: str, column: Column, context: Context) -> Cells:
    meaning = words.meaning(column.words, context.source.values.get(name, {}))
    texts = [plain(text)[0] for text in context.texts(name).dictionary.to_pylist()]
    codes = codes_of(context.texts(name))
    said = pa.array([*(meaning.get(text.casefold()) for text in texts), None], pa.string())
    values = said.take(pa.array(codes)).dictionary_encode()
    blank = np.array([not text for text in texts] + [True])[codes]
    strange = ~blank & values.is_null().to_numpy(zero_copy_only=False)
    times = np.bincount(codes[strange], minlength=len(texts) + 1).tolist()
    unknown = Counter({text: count for text, count in zip(texts, times, strict=False) if count})
    reasons = np.where(blank, BLANK, np.where(strange, "unknown_word", "")).astype(object)
    return Cells(values, reasons, Counter(), {}, unknown)


def _flag(name: str, _column: Column, context: Context) -> Cells:
    meaning = {**words.FLAGS, **words.meaning(("yes", "no"), context.source.values.get(name, {}))}
    column = context.texts(name)
    found = convert(column, lambda text: words.flag(text, meaning))
    return _typed(found, pa.int64())._replace(values=_typed(found, pa.int64()).values.cast(pa.bool_()))


def _birth(name: str, _column: Column, context: Context) -> Cells:
    told, column = how(name, context), context.texts(name)
    day = dates.reader(column.dictionary.to_pylist(), *told._replace(declared=told.declared or "shape"))
    found = convert(column, lambda text: words.birth_month(text, day))
    return _typed(found, pa.int64())


def _personal(name: str, _column: Column, context: Context) -> Cells:
    values = context.texts(name)
    return Cells(values, np.full(len(values), "", object), Counter(), {})


def _typed(found: IntColumn, kind: pa.DataType) -> Cells:
    bad = found.reasons != ""
    if kind == pa.date32():
        values = pa.array(found.values.astype(np.int32), mask=bad).cast(kind)
    else:
        values = pa.array(found.values, kind, mask=bad)
    return Cells(values, found.reasons, found.repairs, found.marks)


def _reasons(values: pa.Array) -> np.ndarray:
    return np.where(values.is_null().to_numpy(zero_copy_only=False), BLANK, "").astype(object)


CONVERTERS: Mapping[str, Callable[[str, Column, Context], Cells]] = {
    "id": _id, "customer": _id, "day": _day, "month": _day, "money": _money, "price": _money, "integer": _money,
    "share": _rate, "percent": _rate, "word": _word, "coded": _coded, "flag": _flag, "birth": _birth, "text": _text,
    "personal": _personal,
}  # fmt: skip
