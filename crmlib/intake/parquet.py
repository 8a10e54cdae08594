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
from crmlib.intake.files import InputFile
from crmlib.intake.reading import TextTable

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
    names = source.schema_arrow.names
    places = headers.positions(names, wanted, file.name)
    if source.metadata.num_rows == 0:
        raise DataError(Problem("has columns, but no rows", file.name, hint="Check the period of the export."))
    found = source.read(columns=[names[i] for i in places.values()])
    columns = {name: _encoded(found.column(names[i]), name, file.name) for name, i in places.items()}
    rows = np.arange(1, source.metadata.num_rows + 1)
    known = set(names) if values is None else {names[places[name]] for name in values}
    others = [name for name in names if name not in known]
    return TextTable(columns, rows, _fingerprints(source, others))


def names(file: InputFile) -> list[str]:
    """The columns of a Parquet file."""
    return list(_opened(file).schema_arrow.names)


def _opened(file: InputFile) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(pa.BufferReader(file.data))
    except (pa.ArrowException, OSError):
        raise DataError(Problem("is a damaged Parquet file", file.name, hint="Send it again.")) from None


def _encoded(column: pa.ChunkedArray, name: str, where: str) -> pa.DictionaryArray:
    values = column.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_nested(kind) or any(strange(kind) for strange in STRANGE):
        raise DataError(Problem(f"column '{name}' holds {kind}", where, "text, numbers, dates or times"))
    distinct = values.dictionary_encode()
    again = as_text(distinct.dictionary).dictionary_encode()  # two distinct values may have one text (0.0 and -0.0)
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


def _fingerprints(source: pq.ParquetFile, others: list[str]) -> np.ndarray:
    if not others:
        return np.zeros(source.metadata.num_rows, np.int64)
    frame = source.read(columns=others).to_pandas()
    plain = frame.apply(lambda column: column.astype(str) if column.dtype == object else column)
    return pd.util.hash_pandas_object(plain, index=False).to_numpy().view(np.int64)


def raw_rows(file: InputFile, lines: set[int]) -> dict[int, str]:
    """The rows with certain numbers, their cells joined by commas."""
    picked = sorted(lines)
    rows = _opened(file).read().take([line - 1 for line in picked]).to_pylist()
    texts = (",".join("" if value is None else str(value) for value in row.values()) for row in rows)
    return dict(zip(picked, texts, strict=True))
