"""store/orders.parquet: the used rows, pseudonymised, sorted; written beside and renamed into place."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crmlib.intake import pseudonym
from crmlib.intake.fates import USED
from crmlib.intake.orders import Orders
from crmlib.schema import STORE

FILE = "store/orders.parquet"
ARROW = {"string": pa.string(), "int64": pa.int64(), "date": pa.date32(), "float64": pa.float64(), "boolean": pa.bool_()}
SCHEMA = pa.schema([(name, ARROW[kind]) for name, kind in STORE["orders"].items()])
SORTED = [(name, "ascending") for name in ("customer_id", "order_date", "order_id", "amount")]


def orders_table(files: Sequence[Orders], secret: bytes) -> pa.Table:
    """The used rows of all files, sorted by everything they have, so that the inputs' order leaves no trace.

    Args:
        files: The files, judged.
        secret: The client's key for pseudonyms.
    """
    customers = pseudonymised([file.customer_id for file in files], secret)
    used = [file.fates.kinds(USED) for file in files]
    parts = [
        pa.table(
            [
                file.order_id.filter(pa.array(mask)).cast(pa.string()),
                customer.filter(pa.array(mask)).cast(pa.int64()),
                pa.array(file.days[mask].astype(np.int32)).cast(pa.date32()),
                pa.array(file.amounts[mask], pa.int64()),
                pa.nulls(int(mask.sum()), pa.string()),
                pa.nulls(int(mask.sum()), pa.string()),
            ],
            schema=SCHEMA,
        )
        for file, customer, mask in zip(files, customers, used, strict=True)
    ]
    return pa.concat_tables(parts).sort_by(SORTED)


def pseudonymised(columns: Sequence[pa.DictionaryArray], secret: bytes) -> list[pa.DictionaryArray]:
    """Columns of ids with pseudonyms in their place; collisions are looked for over all of them."""
    whole = pa.chunked_array(columns).unify_dictionaries()
    names = pa.array(pseudonym.of(whole.chunk(0).dictionary.to_pylist(), secret), pa.int64())
    return [pa.DictionaryArray.from_arrays(chunk.indices, names) for chunk in whole.chunks]


def digest(table: pa.Table) -> str:
    """SHA-256 of a table's content: the same for the same rows, whatever wrote the file."""
    content = hashlib.sha256()
    for batch in table.combine_chunks().to_batches(max_chunksize=1_000_000):
        lines = pc.fill_null(batch.column("order_id"), "\0").to_pylist()
        content.update("\n".join(lines).encode("utf-8") + b"\n\n")
        guests = batch.column("customer_id").is_null().to_numpy(zero_copy_only=False)
        content.update(
            guests.tobytes() + pc.fill_null(batch.column("customer_id"), 0).to_numpy().astype("<i8").tobytes()
        )
        content.update(batch.column("order_date").cast(pa.int32()).to_numpy().astype("<i4").tobytes())
        content.update(batch.column("amount").to_numpy().astype("<i8").tobytes())
    return content.hexdigest()


def write(folder: Path, table: pa.Table) -> None:
    """Write store/orders.parquet."""
    target = folder / FILE
    target.parent.mkdir(exist_ok=True)
    beside = target.with_suffix(".parquet.new")
    pq.write_table(table, beside, compression="zstd")
    os.replace(beside, target)  # noqa: PTH105 (atomic)


def write_text(target: Path, text: str) -> None:
    """Write a text file beside its place and rename it into it."""
    beside = target.with_name(target.name + ".new")
    beside.write_text(text, "utf-8", newline="\n")
    os.replace(beside, target)  # noqa: PTH105 (atomic)


def write_quarantine(folder: Path, sheets: Mapping[str, bytes]) -> None:
    """Replace quarantine/ by new sheets (file name -> bytes), private to the owner: they hold raw rows."""
    target, beside = folder / "quarantine", folder / "quarantine.new"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    for name, content in sheets.items():
        (beside / name).write_bytes(content)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(beside, target)  # noqa: PTH105 (atomic)
