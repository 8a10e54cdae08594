"""Parquet files as columns of text, so that the same declared rules convert them: what was typed is rendered exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crmlib.errors import DataError, Problem
from crmlib.intake import headers
from crmlib.intake.archives import MAX_BYTES, MAX_RATIO
from crmlib.intake.files import InputFile
from crmlib.intake.kinds import BLOCK
from crmlib.intake.reading import TextTable
from crmlib.intake.records import MAX_CELL, as_csv
from crmlib.intake.sieve import MAX_ROWS

MIXED = 0x9E3779B97F4A7C15  # odd, so that no bit of a column's hash is lost
STRANGE = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_duration, pa.types.is_time)


def table(file: InputFile, wanted: Sequence[str], values: Sequence[str] | None) -> TextTable:
    """Read a whole Parquet file.

    Args:
        file: The file.
        wanted: Headers whose columns are needed.
        values: Those of `wanted` that stay out of the rows' fingerprints; None: no fingerprints are needed.

    Raises:
        DataError: unreadable file, missing or double headers, a column that is no plain value, no rows.
    """
    source = _opened(file)
    found_names = source.schema_arrow.names
    places = headers.positions(found_names, wanted, file.name)
    if source.metadata.num_rows == 0:
        raise DataError(Problem("has columns, but no rows", file.name, hint="Check the period of the export."))
    found = _read(source, [found_names[i] for i in places.values()], file.name)
    columns = {name: _encoded(found.column(found_names[i]), name, file.name) for name, i in places.items()}
    rows = np.arange(1, source.metadata.num_rows + 1)
    known = set(found_names) if values is None else {found_names[places[name]] for name in values}
    others = [name for name in found_names if name not in known]
    return TextTable(columns, rows, _fingerprints(source, others, file.name))


def names(file: InputFile) -> list[str]:
    """The columns of a Parquet file."""
    return list(_opened(file).schema_arrow.names)


def _opened(file: InputFile) -> pq.ParquetFile:
    """The file within the limits; texts stay in their dictionaries: one long text on a million rows is one text."""
    try:
        about = pq.read_metadata(pa.BufferReader(file.data))
        kinds = about.schema.to_arrow_schema()
        texts = [one.name for one in kinds if pa.types.is_string(one.type) or pa.types.is_large_string(one.type)]
        source = pq.ParquetFile(pa.BufferReader(file.data), read_dictionary=texts)
    except (pa.ArrowException, OSError):
        raise _damaged(file.name) from None
    groups = [about.row_group(i) for i in range(about.num_row_groups)]
    size = sum(group.total_byte_size for group in groups)
    cells = max((group.column(i).num_values for group in groups for i in range(group.num_columns)), default=0)
    if size > min(MAX_BYTES, MAX_RATIO * len(file.data) + BLOCK) or max(about.num_rows, cells) > MAX_ROWS:
        expected = f"at most {MAX_ROWS:,} rows and {MAX_RATIO} times the file's size"
        raise DataError(Problem("unpacks to too much", file.name, expected, "Send it in parts (by year)."))
    return source


def _read(source: pq.ParquetFile, wanted: list[str], where: str) -> pa.Table:
    try:
        return source.read(columns=wanted)
    except (pa.ArrowException, OSError, MemoryError):
        raise _damaged(where) from None


def _damaged(where: str) -> DataError:
    return DataError(Problem("is a damaged Parquet file", where, hint="Send it again."))


def _encoded(column: pa.ChunkedArray, name: str, where: str) -> pa.DictionaryArray:
    whole = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
    kind = whole.type.value_type if pa.types.is_dictionary(whole.type) else whole.type
    if pa.types.is_nested(kind) or any(strange(kind) for strange in STRANGE):
        raise DataError(Problem(f"column '{name}' holds {kind}", where, "text, numbers, dates or times"))
    values = whole.combine_chunks()
    distinct = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    again = as_text(distinct.dictionary).dictionary_encode()  # two distinct values may have one text (0.0 and -0.0)
    lengths = pc.utf8_length(again.dictionary)
    if (pc.max(lengths).as_py() or 0) > MAX_CELL:
        raise DataError(Problem(f"column '{name}' holds a cell of more than {MAX_CELL:,} characters", where))
    return pa.DictionaryArray.from_arrays(again.indices.take(distinct.indices), again.dictionary)


def as_text(values: pa.Array) -> pa.Array:
    """Values as text: dates ISO, whole floats without .0, decimals exact, NaN as null.

    Example:
        >>> as_text(pa.array([17850.0, 2.55, None])).to_pylist()
        ['17850', '2.55', None]
    """
    kind = values.type
    if pa.types.is_floating(kind):
        values = pc.if_else(pc.is_nan(values), None, values)
    if pa.types.is_decimal(kind):
        return pa.array([None if v is None else f"{v:f}" for v in values.to_pylist()], pa.string())
    return values.cast(pa.string())


def _fingerprints(source: pq.ParquetFile, others: list[str], where: str) -> np.ndarray:
    """One number per row that is equal where the rows' other cells are."""
    whole = np.zeros(source.metadata.num_rows, np.uint64)
    for name in others:  # one column at a time: only one is held in memory
        whole = whole * np.uint64(MIXED) + _hashed(_read(source, [name], where).column(0))
    return whole.view(np.int64)


def _hashed(column: pa.ChunkedArray) -> np.ndarray:
    if pa.types.is_dictionary(column.type):
        values = column.unify_dictionaries().combine_chunks()
        hashes = pd.util.hash_array(np.array([*values.dictionary.to_pylist(), None], object))
        return hashes[values.indices.fill_null(len(values.dictionary)).to_numpy(zero_copy_only=False)]
    frame = column.to_pandas()
    plain = frame.astype(str) if frame.dtype == object else frame
    return pd.util.hash_pandas_object(plain, index=False).to_numpy()


def raw_rows(file: InputFile, lines: set[int]) -> dict[int, str]:
    """The rows with certain numbers as lines of CSV."""
    picked = sorted(lines)
    rows = _opened(file).read().take([line - 1 for line in picked])
    cells = zip(
        *(["" if one is None else str(one) for one in column.to_pylist()] for column in rows.columns), strict=True
    )
    return {line: as_csv(row) for line, row in zip(picked, cells, strict=True)}
