"""One door to every format: an opened input becomes columns of text, and its raw rows can be had again."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from crmlib.config import Source
from crmlib.intake import encoding, parquet, reading, records
from crmlib.intake.files import InputFile
from crmlib.intake.reading import TextTable
from crmlib.intake.records import DELIMITERS, Layout


def table(
    file: InputFile, source: Source, wanted: Sequence[str], values: Sequence[str] | None
) -> tuple[TextTable, Layout]:
    """Read a whole input.

    Args:
        file: The opened input.
        source: Its source in client.yaml: what it declares about encoding, delimiter and header.
        wanted: Headers whose columns are needed.
        values: Those of `wanted` that stay out of the rows' fingerprints; None: no fingerprints are needed.

    Returns:
        The rows as text, and how the input was laid out.

    Raises:
        DataError: what cannot be read, with file, line and what to do.
    """
    _, layout = header(file, source, wanted)
    return read(file, layout, wanted, values), layout


def read(file: InputFile, layout: Layout, wanted: Sequence[str], values: Sequence[str] | None = None) -> TextTable:
    """Read columns of an input whose layout is known.

    Args:
        file: The opened input.
        layout: As `header` or `table` found it.
        wanted: Headers whose columns are needed.
        values: As in `table`.
    """
    if file.kind == "parquet":
        return parquet.table(file, wanted, values)
    return reading.table(file, layout, wanted, values)


def header(file: InputFile, source: Source | None, wanted: Sequence[str]) -> tuple[list[str], Layout]:
    """An input's headers, and how it is laid out.

    Args:
        file: The opened input.
        source: Its source in client.yaml; None: it has none, and nothing is declared.
        wanted: Headers that tell which row is the header.
    """
    if file.kind == "parquet":
        return parquet.names(file), Layout("parquet", "")
    headed = source is None or source.header
    layout = Layout("xlsx", "", headed)
    if file.kind != "xlsx":
        codec = _codec(file, source.encoding if source else None)
        layout = reading.layout_of(file, codec, wanted, source.delimiter if source else None, header=headed)
    found, _ = reading.header_of(file, layout, wanted)
    return found.names, reading.below(layout, found)


CODECS: dict[tuple[str, str | None], str] = {}  # decided once for each content: it takes a look at every byte


def _codec(file: InputFile, declared: str | None) -> str:
    key = (file.content, declared)
    if not file.content or key not in CODECS:
        CODECS[key] = encoding.decide(file.data, declared)
    return CODECS[key]


def tops(file: InputFile, declared: str | None = None) -> list[list[str]]:
    """The rows at the top of an input under each way to divide it: one of them is its header.

    Args:
        file: The opened input.
        declared: The encoding that client.yaml declares.

    Raises:
        DataError: it cannot be decoded.
    """
    if file.kind == "parquet":
        return [parquet.names(file)]
    codec = "xlsx" if file.kind == "xlsx" else _codec(file, declared)
    ways = [Layout(codec, name) for name in ([""] if codec == "xlsx" else DELIMITERS)]
    found = (record for way in ways for record in itertools.islice(records.of(file, way), reading.TOP))
    return [record.cells for record in found if len(record.cells) > 1]


def raw_rows(file: InputFile, layout: Layout, lines: set[int]) -> dict[int, str]:
    """The raw text of the rows that begin on certain lines.

    Args:
        file: The input.
        layout: As `table` found it.
        lines: Physical lines (in Parquet: row numbers), from 1.
    """
    if file.kind == "parquet":
        return parquet.raw_rows(file, lines)
    return reading.raw_rows(file, layout, lines)
