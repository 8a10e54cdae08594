"""store/*.parquet: the used rows, pseudonymised, sorted; written beside and renamed into place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crmlib import in_place
from crmlib.columns import KEYS, MAPPED
from crmlib.intake import pseudonym
from crmlib.intake.fates import USED
from crmlib.intake.orders import Orders
from crmlib.intake.tables import Rows
from crmlib.schema import STORE

FOLDER = "store"
FILE = "store/orders.parquet"
ARROW = {
    "string": pa.string(),
    "int64": pa.int64(),
    "date": pa.date32(),
    "float64": pa.float64(),
    "boolean": pa.bool_(),
}
FIRST = ("customer_id", "order_date", "order_id", "amount")  # the order of rows; the other columns follow
BATCH = 1_000_000  # rows digested at a time
OWN = " own"  # of a row: its customer was not merged into another
Merged = Callable[[Sequence[int]], Sequence[int]]


@dataclass(frozen=True)
class Part:
    """A file's contribution to one table: its typed columns, and which rows are used."""

    name: str
    columns: Mapping[str, pa.Array]
    used: np.ndarray


def of_orders(orders: Orders) -> Part:
    """What a file of orders contributes to the orders table."""
    columns = {
        "order_id": orders.order_id, "customer_id": orders.customer_id,
        "order_date": pa.array(orders.days.astype(np.int32)).cast(pa.date32()),
        "amount": pa.array(orders.amounts, pa.int64()), **orders.words,
    }  # fmt: skip
    return Part("orders", columns, orders.fates.kinds(USED))


def of_rows(rows: Rows) -> Part:
    """What a file contributes to its table."""
    return Part(rows.name, rows.columns, rows.fates.kinds(USED))


def tables(parts: Sequence[Part], secret: bytes, merged: Merged = list) -> dict[str, pa.Table]:
    """The tables of the store: the used rows of all files, each table sorted by everything it has.

    Args:
        parts: What each file contributes.
        secret: The client's key for pseudonyms; one number has one pseudonym in all tables.
        merged: Puts the pseudonym of the customer who remains in place of those who are merged into it.
    """
    people = [(i, name) for i, part in enumerate(parts) for name in part.columns if _names_people(part.name, name)]
    columns = pseudonymised([parts[i].columns[name] for i, name in people], secret)
    after = merged(columns[0].dictionary.to_pylist()) if columns else ()
    hidden = {place: _renamed(column, after) for place, column in zip(people, columns, strict=True)}
    found: dict[str, list[pa.Table]] = {}
    for i, part in enumerate(parts):
        told = {name: hidden.get((i, name), (column, None))[0] for name, column in part.columns.items()}
        own = hidden.get((i, "customer_id"), (None, None))[1]
        found.setdefault(part.name, []).append(_shaped(part, told, own))
    return {name: _sorted(_once(pa.concat_tables(made), name)) for name, made in found.items()}


def _renamed(column: pa.DictionaryArray, after: Sequence[int]) -> tuple[pa.DictionaryArray, pa.Array]:
    """A column with the merged customers' pseudonyms, and which of its rows kept their own."""
    names = pa.array(after, pa.int64())
    same = pc.equal(names, column.dictionary)
    return pa.DictionaryArray.from_arrays(column.indices, names), same.take(column.indices)


def _once(table: pa.Table, name: str) -> pa.Table:
    """The table without the rows of merged customers that say again what the remaining customer's row says."""
    own = table.column(OWN)
    bare = table.drop_columns([OWN])
    key = KEYS.get(name, ())
    if "customer_id" not in key or pc.all(own).as_py() is not False:
        return bare
    rows = bare.select(list(key)).to_pandas().assign(own=own.to_numpy(zero_copy_only=False))
    kept = ~rows.sort_values("own", ascending=False, kind="stable").duplicated(list(key))
    return bare.filter(pa.array(kept.sort_index().to_numpy(bool)))


def _names_people(table: str, column: str) -> bool:
    told = MAPPED[table].get(column)
    return column == "customer_id" or (told is not None and told.kind == "customer")


def _shaped(part: Part, columns: Mapping[str, pa.Array], own: pa.Array | None) -> pa.Table:
    mask, rows = pa.array(part.used), int(part.used.sum())
    schema = {name: ARROW[kind] for name, kind in STORE[part.name].items()}
    made = [
        columns[name].filter(mask).cast(kind) if name in columns else pa.nulls(rows, kind)
        for name, kind in schema.items()
    ]
    kept = pa.nulls(rows, pa.bool_()) if own is None else own.filter(mask)
    return pa.table([*made, kept], schema=pa.schema([*schema.items(), (OWN, pa.bool_())]))


def _sorted(table: pa.Table) -> pa.Table:
    names = [
        *(name for name in FIRST if name in table.column_names),
        *(n for n in table.column_names if n not in FIRST),
    ]
    filled = [name for name in names if table.column(name).null_count < table.num_rows]
    return table.sort_by([(name, "ascending") for name in filled]) if filled else table


def pseudonymised(columns: Sequence[pa.DictionaryArray], secret: bytes) -> list[pa.DictionaryArray]:
    """Columns of ids with pseudonyms in their place; collisions are looked for over all of them."""
    if not columns:
        return []
    whole = pa.chunked_array(columns).unify_dictionaries()
    names = pa.array(pseudonym.of(whole.chunk(0).dictionary.to_pylist(), secret), pa.int64())
    return [pa.DictionaryArray.from_arrays(chunk.indices, names) for chunk in whole.chunks]


def digest(table: pa.Table) -> str:
    """SHA-256 of a table's content: the same for the same rows, whatever wrote the file."""
    content = hashlib.sha256(" ".join(f"{field.name}:{field.type}" for field in table.schema).encode())
    for batch in table.combine_chunks().to_batches(max_chunksize=BATCH):
        for column in batch.columns:
            content.update(column.is_null().to_numpy(zero_copy_only=False).tobytes())
            content.update(_content(column))
    return content.hexdigest()


def _content(column: pa.Array) -> bytes:
    if pa.types.is_string(column.type):
        lengths = pc.fill_null(pc.binary_length(column), 0).to_numpy().astype("<i4").tobytes()
        return lengths + "".join(column.drop_null().to_pylist()).encode("utf-8")
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    values = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    return values.astype(values.dtype.newbyteorder("<")).tobytes()


def write(folder: Path, made: Mapping[str, pa.Table]) -> None:
    """Replace store/ by new tables; a table that is not among them is gone."""
    with in_place.folder(folder / FOLDER) as beside:
        for name, table in made.items():
            pq.write_table(table, beside / f"{name}.parquet", compression="zstd")


def write_quarantine(folder: Path, sheets: Mapping[str, bytes]) -> None:
    """Replace quarantine/ by new sheets (file name -> bytes), private to the owner: they hold raw rows."""
    with in_place.folder(folder / "quarantine", private=True) as beside:
        for name, content in sheets.items():
            (beside / name).write_bytes(content)
