"""Persons as the shop's files show them: invented names, impossible addresses and numbers, example domains.

Rows are people, then guests, then duplicate ids (who share all but e-mail and the writing of the address).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.simulate.draft import Draft
from crmlib.simulate.export import columns
from crmlib.simulate.export.columns import Column
from crmlib.simulate.export.lexicon import Lexicon
from crmlib.simulate.streams import Bools, Ints


@dataclass(frozen=True)
class Persons:
    """Text blocks with one row per person.

    Args:
        ids: 会員ID; blank for guests.
        identity: The 17 columns from the family name to the birthday.
        parcel: The 11 columns of the delivery address.
    """

    ids: Column
    identity: Column
    parcel: Column


def build(draft: Draft, lexicon: Lexicon) -> Persons:
    """Dress everybody up."""
    size, guests = len(draft.people), draft.guests
    who = np.concatenate([np.arange(size + guests), draft.twins])
    twin = np.arange(who.size) >= size + guests
    guest = (np.arange(who.size) >= size) & ~twin
    number = member_numbers(draft, np.arange(who.size))
    ids = columns.blank_where(columns.number(number), guest)
    home = _home(draft, lexicon, who, twin)
    name = _name(draft, lexicon, who)
    phone = _phone(draft, who)
    mail = _mail(np.where(guest, np.arange(who.size), number), twin)
    identity = columns.join([*name, *home, mail, phone, *_facts(draft, lexicon, who, guest)])
    return Persons(ids, identity, columns.join([*name, *home, phone]))


def member_numbers(draft: Draft, person: Ints) -> Ints:
    """会員ID of persons: 1 for the first of people; duplicate ids follow after the last (guests have none)."""
    size = len(draft.people)
    return np.where(person < size, person, person - draft.guests) + 1


def _woman(draft: Draft, who: Ints) -> Bools:
    guests = draft.key("guest sex").happens(np.arange(draft.guests), 0.72)
    return np.concatenate([draft.people.woman, guests])[who]


def _name(draft: Draft, lexicon: Lexicon, who: Ints) -> list[Column]:
    key, text = draft.key("persons"), lexicon.text
    family = key.child("family").integer(who, len(text["family"]))
    women, men = len(text["given_women"]), len(text["given_men"])
    woman = _woman(draft, who)
    draw = key.child("given").uniform(who)
    given = np.where(woman, np.floor(draw * women), women + np.floor(draw * men)).astype(np.int64)

    def both(part: int) -> Column:
        listed = [word.split(":")[part] for word in (*text["given_women"], *text["given_men"])]
        return columns.take(columns.words(listed, lexicon.encoding), given)

    firm = np.where(key.child("firm").happens(who, 0.012), key.child("which").integer(who, len(text["companies"])), -1)
    sides = [columns.take(lexicon.pair("family", part), family) for part in (0, 1)]
    return [sides[0], both(0), sides[1], both(1), columns.take(lexicon.encoded(("@companies",)), firm)]


def _home(draft: Draft, lexicon: Lexicon, who: Ints, twin: Bools) -> list[Column]:
    key = draft.key("homes")
    place = key.child("prefecture").choice(who, lexicon.text["prefecture_weights"]).astype(np.int64)
    town = columns.take(lexicon.encoded(("@towns",)), key.child("town").integer(who, len(lexicon.text["towns"])))
    digits = [columns.number(1 + key.child(f"block {n}").integer(who, top)) for n, top in enumerate((5, 20, 15))]
    block = columns.join(digits, b"-")
    together = columns.join([town, block], b"")
    prefecture = columns.take(lexicon.encoded(("@prefectures",)), place)
    return [
        columns.take(_digits("000", 4), key.child("post").integer(who, 10_000)),
        columns.number(place + 1),
        prefecture,
        pc.if_else(pa.array(twin), together, town),
        columns.blank_where(block, twin),
    ]


def _digits(head: str, length: int) -> Column:
    return columns.words([f"{head}{n:0{length}d}" for n in range(10**length)], "ascii")


def _phone(draft: Draft, who: Ints) -> Column:
    key = draft.key("phones")
    parts = [columns.take(_digits("", 4), key.child(side).integer(who, 10_000)) for side in ("middle", "end")]
    return columns.join([columns.constant("000", "ascii"), *parts], b"-")


def _mail(number: Ints, twin: Bools) -> Column:
    name = columns.join([columns.constant("c", "ascii"), columns.number(number)], b"")
    domain = columns.take(columns.words(["example.jp", "example.com"], "ascii"), twin.astype(np.int64))
    return columns.join([name, domain], b"@")


def _facts(draft: Draft, lexicon: Lexicon, who: Ints, guest: Bools) -> list[Column]:
    key = draft.key("facts")
    sex = np.where(_woman(draft, who), 1, 0)
    job = np.where(
        key.child("job").happens(who, 0.15), key.child("which job").integer(who, len(lexicon.text["jobs"])), -1
    )
    born = np.concatenate([draft.people.born, np.zeros(draft.guests, np.int64)])[who]
    unknown = guest | key.child("no birthday").happens(who, 0.40)
    return [
        columns.number(sex + 1),
        columns.take(lexicon.encoded(("@sexes",)), sex),
        columns.blank_where(columns.number(job + 1), job < 0),
        columns.take(lexicon.encoded(("@jobs",)), job),
        columns.blank_where(_days(born), unknown),
    ]


def _days(since_1970: Ints) -> Column:
    dates: Any = pa.array(since_1970.astype(np.int32), pa.int32()).cast(pa.date32())
    return columns.join(
        [
            columns.constant('"', "ascii"),
            dates.cast(pa.string()).cast(pa.binary()),
            columns.constant(' 00:00:00"', "ascii"),
        ],
        b"",
    )
