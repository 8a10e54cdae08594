"""Rows of a table that say the same thing twice: copies and contradictions, over all files of a source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlib.columns import KEYS
from crmlib.intake.fates import EXCLUDED, QUARANTINED, Fate, give_all
from crmlib.intake.tables import Rows

COPY, TORN = "exact_duplicate", "conflicting_duplicate"


def judge(files: Sequence[Rows], row_key: Sequence[str]) -> None:
    """Give the rows of a source's files the fates that follow from their being duplicates.

    Where something identifies a row (`schema.KEYS`, or row_key), equal keys with equal values are copies and one counts;
    with other values all are set aside. A log's rows are copies where they are equal in every cell of the file.

    Args:
        files: The files of one source, converted; their fates are changed.
        row_key: Headers that identify a row, as client.yaml says; none where it does not.
    """
    if not files:
        return
    rows, fates = _frame(files), [file.fates for file in files]
    key = [f"key_{name}" for name in row_key] or [name for name in KEYS.get(files[0].name, ()) if name in rows]
    for name in row_key:
        rows[f"key_{name}"] = _codes([file.table.columns[name] for file in files])
    rows = rows[np.concatenate([one.having("") for one in fates])]
    if not key:
        give_all(fates, rows.index[rows.duplicated()], Fate(EXCLUDED, COPY))
        return
    said = [name for name in rows if name != "rest"]
    copies = rows.duplicated(said)
    left = rows[~copies]
    torn = left[left.duplicated(key, keep=False)]
    hit = pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(torn[key]))
    give_all(fates, rows.index[hit], Fate(QUARANTINED, TORN, key[0] if not row_key else ""))
    give_all(fates, rows.index[copies & ~hit], Fate(EXCLUDED, COPY))


def _frame(files: Sequence[Rows]) -> pd.DataFrame:
    names = list(dict.fromkeys(name for file in files for name in file.columns))
    frame = {name: _codes([_column(file, name) for file in files]) for name in names}
    return pd.DataFrame(frame | {"rest": np.concatenate([file.table.rest for file in files])})


def _column(file: Rows, name: str) -> pa.Array:
    return file.columns.get(name, pa.nulls(len(file.amounts)))


def _codes(columns: Sequence[pa.Array]) -> np.ndarray:
    """A column of all files as numbers that are equal where the values are; null is -1."""
    plain = [column if pa.types.is_dictionary(column.type) else column.dictionary_encode() for column in columns]
    kinds = {column.type.value_type for column in plain if column.type.value_type != pa.null()} or {pa.string()}
    whole = pa.dictionary(pa.int32(), kinds.pop())
    same = pa.chunked_array([column.cast(whole) for column in plain]).unify_dictionaries().combine_chunks()
    return same.indices.fill_null(-1).to_numpy(zero_copy_only=False)
