"""The mess of real exports: which orders are damaged how, and what a careful reader makes of them.

Dirt falls only on valid orders with a positive total, one kind on an order at most, so every kind's rows and yen
can be told exactly. `copies` are rows that come on top: an order's rows once more (exactly, with another total, or as
a test order with a number and a name of its own). A total row ends a dirty file, and a few orders are dated after as_of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.simulate.draft import GUEST, SAMPLE, Draft
from crmlib.simulate.export.columns import Column
from crmlib.simulate.export.lexicon import Lexicon
from crmlib.simulate.settle import Books
from crmlib.simulate.streams import Ints


@dataclass(frozen=True)
class Kind:
    """One kind of dirt: share of orders at dirt 1, the column it is in, what a careful reader does, in words."""

    name: str
    share: float
    column: str
    expect: str
    says: str


KINDS = (
    Kind("amount_full_width", 0.008, "amount", "repaired", "the total in full-width digits"),
    Kind(
        "amount_yen", 0.008, "amount", "repaired", "the total with thousands separators and a yen sign after it, quoted"
    ),
    Kind("amount_word", 0.002, "amount", "quarantined", "a word in place of the total"),
    Kind("amount_fraction", 0.002, "amount", "quarantined", "a total with half a yen"),
    Kind("date_slashes", 0.010, "date", "repaired", "2024/3/5"),
    Kind("date_kanji", 0.006, "date", "repaired", "the date with the signs of year, month and day"),
    Kind("date_era", 0.006, "date", "repaired", "the date in the Reiwa era"),
    Kind("date_blank", 0.002, "date", "quarantined", "no date"),
    Kind("date_impossible", 0.002, "date", "quarantined", "the 30th of February"),
    Kind("id_full_width", 0.005, "customer", "repaired", "the customer id in full-width digits"),
    Kind("id_damaged", 0.002, "customer", "quarantined", "the customer id as a spreadsheet's 1.23E+05"),
    Kind("copy_exact", 0.006, "rows", "copies excluded", "the order's rows twice, exactly"),
    Kind(
        "copy_conflict",
        0.002,
        "rows",
        "copies and originals quarantined",
        "the order's rows once more with a total 100 yen higher",
    ),
    Kind("copy_test", 0.002, "rows", "copies excluded", "a test order, by its family name or note"),
)
NAMES = tuple(kind.name for kind in KINDS)
COPIES = tuple(place for place, kind in enumerate(KINDS) if kind.column == "rows")
EXACT, CONFLICT, TEST = COPIES
CLEAN = -1
_FULL_WIDTH = str.maketrans("0123456789", "".join(chr(0xFF10 + digit) for digit in range(10)))


def plan(draft: Draft, books: Books) -> Ints:
    """The kind of dirt on each order, or CLEAN."""
    level = draft.options.dirt
    cuts = np.cumsum([kind.share for kind in KINDS]) * level
    kind = np.searchsorted(cuts, draft.key("dirt").uniform(books.uid), side="right")
    kind = np.where(kind >= len(KINDS), CLEAN, kind)
    fits = books.valid & (books.total > 0) & (books.source != GUEST) & (books.source != SAMPLE)
    return np.where(fits, kind, CLEAN)


def counted(books: Books, kind: Ints, rows: Ints) -> dict[str, dict[str, Any]]:
    """What truth.json tells: orders, rows and yen of every kind; of copies, the rows and yen that came on top."""
    found = {}
    for place, made in enumerate(KINDS):
        hit = kind == place
        yen = int(books.total[hit].sum()) + (100 * int(hit.sum()) if place == CONFLICT else 0)
        entry: dict[str, Any] = {"orders": int(hit.sum()), "rows": int(rows[hit].sum()), "yen": yen}
        found[made.name] = entry | {"column": made.column, "expect": made.expect, "definition": made.says}
    late = books.late
    says = "orders of the days after as_of"
    entry = {"orders": int(late.sum()), "rows": int(rows[late].sum()), "yen": int(books.total[late].sum())}
    found["after_as_of"] = entry | {"column": "date", "expect": "excluded", "definition": says}
    return found


def with_total_row(found: dict[str, dict[str, Any]], level: float, yen: int) -> dict[str, dict[str, Any]]:
    """Add the total row, which a dirty file ends with; its yen is what it says."""
    has = int(level > 0)
    says = "a last row with the sum of all totals"
    entry = {"orders": 0, "rows": has, "yen": yen * has, "column": "rows", "expect": "excluded", "definition": says}
    return found | {"total_row": entry}


def spoil(text: dict[str, Column], kind: Ints, lexicon: Lexicon) -> dict[str, Column]:
    """The text columns `amount`, `date` and `customer` of a chunk of orders, damaged as planned."""
    spoilt = dict(text)
    for place, made in enumerate(KINDS):
        hit = kind == place
        if made.column in text and hit.any():
            mask = pa.array(hit)
            old = [value.decode("ascii").strip('"') for value in text[made.column].filter(mask).to_pylist()]
            new = [_spoilt(made.name, value, lexicon.text).encode(lexicon.encoding) for value in old]
            spoilt[made.column] = pc.replace_with_mask(spoilt[made.column], mask, pa.array(new, pa.binary()))
    return spoilt


def _spoilt(name: str, value: str, words: dict[str, Any]) -> str:
    if name in {"amount_full_width", "id_full_width"}:
        return value.translate(_FULL_WIDTH)
    if name in {"amount_yen", "amount_word", "amount_fraction"}:
        return {"amount_yen": f'"{int(value):,}{words["yen"]}"', "amount_word": words["amount_word"]}.get(
            name, f"{value}.5"
        )
    return f"{int(value):.2E}" if name == "id_damaged" else _spoilt_date(name, value[:10], words)


def _spoilt_date(name: str, iso: str, words: dict[str, Any]) -> str:
    year, month, day = (int(part) for part in iso.split("-"))
    signs = words["kanji_date"]
    written = f"{signs[0]}{month}{signs[1]}{day}{signs[2]}"
    return {
        "date_slashes": f"{year}/{month}/{day}",
        "date_kanji": f"{year}{written}",
        "date_era": f"{words['era']}{year - 2018}{written}",
        "date_blank": "",
        "date_impossible": f"{year}-02-30",
    }[name]
