"""One door to every format: an opened input becomes columns of text, and its raw rows can be had again."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.config import Source
from crmlib.intake import encoding, parquet, reading
from crmlib.intake.files import InputFile
from crmlib.intake.reading import Layout, TextTable


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
    if file.kind == "parquet":
        return parquet.table(file, wanted, values), Layout("parquet", "")
    codec = encoding.decide(file.data, source.encoding)
    delimiter = source.delimiter or reading.delimiter_of(file, codec, wanted, source.header)
    layout = Layout(codec, delimiter, source.header)
    return reading.table(file, layout, wanted, values), layout


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
