"""All other tables as CSV in the layout's encoding: customers in EC-CUBE's layout, the rest as the draft has them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from crmlib.simulate.build import Client
from crmlib.simulate.draft import Draft, Table
from crmlib.simulate.export import columns, persons
from crmlib.simulate.export.columns import BLANK, Column, number, take
from crmlib.simulate.export.lexicon import Lexicon, read
from crmlib.simulate.export.times import Times
from crmlib.simulate.settle import TAX_RATES
from crmlib.simulate.streams import Ints

ENTRY_CHUNK = 200_000


def customers(client: Client, who: persons.Persons, lexicon: Lexicon) -> Iterator[memoryview | bytes]:
    """The customer file: one row per registered id, those who never bought included."""
    yield (",".join(read("eccube4")["customer"]) + "\n").encode(lexicon.encoding)
    draft, size = client.draft, len(client.draft.people)
    person = np.concatenate([np.arange(size), size + draft.guests + np.arange(draft.twins.size)])
    facts = _bought(client, size + draft.guests + draft.twins.size)
    times = Times(draft.clock)
    for start in range(0, person.size, ENTRY_CHUNK):
        some = person[start : start + ENTRY_CHUNK]
        yield columns.body(_customer_rows(client, who, lexicon, (some, *(fact[some] for fact in facts)), times))


def _customer_rows(
    client: Client, who: persons.Persons, lexicon: Lexicon, facts: tuple[Ints, Ints, Ints, Ints], times: Times
) -> Column:
    some, first, last, count = facts
    people = client.draft.people
    real = np.where(some < len(people), some, 0)
    since = np.where(some < len(people), np.floor(people.arrival[real]).astype(np.int64), first)
    noon = np.full(some.size, 43_200)

    def stamp(day: Ints) -> Column:
        return columns.blank_where(times.stamp(np.maximum(day, 0), noon), day < 0)

    medium = take(lexicon.encoded(("@media",)), np.where(some < len(people), people.medium[real], -1))
    status = columns.constant(f"2,{lexicon.text['member_statuses'][1]}", lexicon.encoding)
    return columns.join([
        who.ids.take(pa.array(some)), who.identity.take(pa.array(some)), stamp(first), stamp(last), number(count), medium, status,
        stamp(since), stamp(np.maximum(last, since)), columns.constant("0\n", "ascii"),
    ])  # fmt: skip


def _bought(client: Client, size: int) -> tuple[Ints, Ints, Ints]:
    """First and last day (-1 without) and number of valid orders, by person."""
    books = client.books
    own = books.valid
    count = np.bincount(books.customer[own], minlength=size)
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    np.minimum.at(first, books.customer[own], books.day[own])
    np.maximum.at(last, books.customer[own], books.day[own])
    return np.where(count > 0, first, -1), last, count


def products(lexicon: Lexicon) -> Iterator[bytes]:
    """The products table."""
    rows = ["product_id,product_code,name,category,tax_rate,subscription"]
    for place, word in enumerate(lexicon.text["products"]):
        name, category = word.split(":")
        rows.append(f"{place + 1},P{place + 1:03d},{name},{category},{TAX_RATES[place]},{int(place in {8, 9})}")
    yield ("\n".join(rows) + "\n").encode(lexicon.encoding)


def table(draft: Draft, name: str, lexicon: Lexicon) -> Iterator[memoryview | bytes]:
    """One of the draft's tables; parts without a column have it blank. Rows are numbered where the table is a log."""
    parts = draft.tables[name]
    names = list(
        dict.fromkeys(column for part in parts for column in (*part.columns, *part.joined) if column[0] != "_")
    )
    numbered = {"contacts": "contact_id", "interactions": "interaction_id"}.get(name)
    yield (",".join([*([numbered] if numbered else []), *names]) + "\n").encode(lexicon.encoding)
    times, first = Times(draft.clock), 1
    for part in parts:
        for start in range(0, len(part), ENTRY_CHUNK):
            some = slice(start, min(start + ENTRY_CHUNK, len(part)))
            text = [_column(draft, part, column, some, (lexicon, times)) for column in names]
            size = some.stop - start
            head = [number(first + np.arange(size))] if numbered else []
            text[-1] = columns.join([text[-1], take(columns.words(["\n"], "ascii"), np.zeros(size, np.int64))], b"")
            yield columns.body(columns.join([*head, *text]))
            first += size


def _column(draft: Draft, part: Table, name: str, some: slice, tools: tuple[Lexicon, Times]) -> Column:
    if name in part.joined:
        return columns.join([_column(draft, part, piece, some, tools) for piece in part.joined[name]], b"")
    if name not in part.columns:
        return BLANK
    values, (lexicon, times) = part.columns[name][some], tools
    if name in part.labels:
        return take(lexicon.encoded(part.labels[name]), values)
    if name in part.days:
        return times.day(values)
    if values.dtype == object:
        return columns.words(list(values), lexicon.encoding)
    shown = persons.member_numbers(draft, values) if name in part.people else values
    return columns.blank_where(number(shown), values < 0)
