"""Records into columns of text; every record that is no row of the table is named by a rule or a reason."""

from __future__ import annotations

import dataclasses
import gc
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.errors import DataError, Problem
from crmlib.intake import headers, records
from crmlib.intake.files import InputFile
from crmlib.intake.headers import Header
from crmlib.intake.records import DELIMITERS, Layout, Record
from crmlib.intake.sieve import EXCLUDED, Sieve

__all__ = ["EXCLUDED", "Header", "Layout", "TextTable", "below", "header_of", "layout_of", "raw_rows", "table"]
TOP = 100  # records among which the header is looked for
TOP_TEXT = 10_000_000  # characters among which it is
AS_FORMULA = r'^="([^"]*)"$'  # how a sheet is kept from eating leading zeros


@dataclass(frozen=True)
class TextTable:
    """A file's rows as text.

    Attributes:
        columns: Wanted header -> dictionary-encoded text (int32 codes), one value per good row.
        lines: Physical line on which each good row begins (in a sheet or Parquet: row number), from 1.
        rest: Fingerprint of each good row's cells that are no values of ours.
        broken: (line, code) of rows that have no columns: a reason, or one of `EXCLUDED`.
        repairs: What was mended in the file's structure, counted.
        totals: Wanted header -> text, of each total row among the broken: what it says is told, and never added.
    """

    columns: Mapping[str, pa.DictionaryArray]
    lines: np.ndarray
    rest: np.ndarray
    broken: Sequence[tuple[int, str]] = ()
    repairs: Counter[str] = field(default_factory=Counter)
    totals: Sequence[Mapping[str, str]] = ()


def _tops(file: InputFile, layout: Layout) -> list[Record]:
    whole = dataclasses.replace(layout, first=1, width=0)
    found: list[Record] = []
    text = 0
    for record in records.of(file, whole):
        found.append(record)
        text += sum(map(len, record.cells))
        if len(found) >= TOP or text > TOP_TEXT:
            break
    return found


def header_of(file: InputFile, layout: Layout, wanted: Sequence[str]) -> tuple[Header, bool]:
    """The header, and whether it holds all wanted columns; "1", "2", … where the file has none.

    Raises:
        DataError: no record can be read.
    """
    tops = _tops(file, layout)
    found = headers.find(tops, wanted) if layout.header else None
    if found:
        return found, True
    best = headers.at_top(tops, wanted if layout.header else [])
    first = next((record for record in tops if record.cells or record.code), None)
    if first is None:
        raise DataError(Problem("is empty", file.name, hint="Export it again."))
    if best is None or (layout.header and first.code):
        hint = "Write the header without quotes."
        raise DataError(
            Problem("the header cannot be read (stray quote)", f"{file.name} line {first.line:,}", hint=hint)
        )
    if layout.header:
        return best, False
    names = [str(i + 1) for i in range(len(best.names))]
    return Header(names, [], 1), headers.all_there(names, wanted)  # every row is one of the table


def below(layout: Layout, header: Header) -> Layout:
    """The layout of the rows below a header."""
    return dataclasses.replace(layout, first=header.line, width=len(header.names), extra=header.extra)


def layout_of(
    file: InputFile, codec: str, wanted: Sequence[str], declared: str | None = None, *, header: bool = True
) -> Layout:
    """How a text is divided: the only delimiter under which every wanted column is found.

    Args:
        file: The text.
        codec: Its codec.
        wanted: Headers as client.yaml writes them.
        declared: The delimiter that client.yaml declares.
        header: Whether it has a header.

    Raises:
        DataError: two delimiters would do.
    """
    ways = [Layout(codec, name, header) for name in ([declared] if declared else DELIMITERS)]
    widths, fits = _tried(file, ways, wanted)
    if header and not fits:  # only now: a file that was quoted twice is rare
        again = [Layout(codec, way.delimiter, header, kind) for way in ways[:-1] for kind in ("row", "cell")]
        widths = {**_tried(file, again, wanted)[0], **widths}
        fits = _tried(file, again, wanted)[1]
    if header and len(fits) > 1:  # blanks inside headers are common: white space is the last resort
        fits = [way for way in fits if way.delimiter != "whitespace"]
        fits = [way for way in fits if widths[way] == max(widths[fit] for fit in fits)]
    if len(fits) > 1:
        names = " or by ".join(dict.fromkeys(way.delimiter for way in fits))
        raise DataError(Problem(f"can be divided by {names}", file.name, hint="Say delimiter: in client.yaml."))
    plain = {way: width for way, width in widths.items() if not way.wrapped}
    return fits[0] if fits else max(plain, key=plain.__getitem__, default=ways[0])


def _tried(file: InputFile, ways: Sequence[Layout], wanted: Sequence[str]) -> tuple[dict[Layout, int], list[Layout]]:
    """The header's width under each layout that can be read at all, and the layouts that give every wanted column."""
    widths: dict[Layout, int] = {}
    fits: list[Layout] = []
    for way in ways:
        try:
            found, whole = header_of(file, way, wanted)
        except DataError:
            if len(ways) == 1:
                raise
            continue  # quoted cells that this delimiter does not end
        widths[way] = len(found.names) - (way.delimiter == "whitespace")
        fits += [way] if whole else []
    return widths, fits


def table(file: InputFile, layout: Layout, wanted: Sequence[str], values: Sequence[str] | None) -> TextTable:
    """Read a whole file.

    Args:
        file: The file.
        layout: How it is laid out.
        wanted: Headers whose columns are needed.
        values: Those of `wanted` that stay out of the rows' fingerprints; None: no fingerprints are needed.

    Raises:
        DataError: missing or double headers, no row below the header, or more than the limits.
    """
    header, _ = header_of(file, layout, wanted)
    places = headers.positions(header.names, wanted, file.name)
    if header.above:
        headers.refuse_data_above(header, _tops(file, layout), wanted, file.name)
    known = None if values is None else {places[name] for name in values}
    others = [] if known is None else [i for i in range(len(header.names)) if i not in known]
    reading = Sieve(file, layout.codec, header, list(places.values()))
    chunks: dict[str, list[pa.Array]] = {name: [] for name in wanted}
    rest: list[np.ndarray] = []
    with _no_collector():
        for cells in reading.columns(file, below(layout, header)):
            for name in wanted:
                chunks[name].append(pa.array(cells[places[name]], pa.string()).dictionary_encode())
            keys = zip(*(cells[i] for i in others), strict=True) if others else itertools.repeat((), len(cells[0]))
            rest.append(np.fromiter(map(hash, keys), np.int64, len(cells[0])))
    if not rest and len(reading.broken) == len(header.above):
        raise DataError(Problem("has a header, but no rows", file.name, hint="Check the period of the export."))
    columns = {name: _joined(parts, reading.repairs) for name, parts in chunks.items()}
    lines = np.asarray(reading.lines, np.int64)
    totals = [{name: (cells + [""] * place)[place] for name, place in places.items()} for cells in reading.totals]
    whole = np.concatenate([*rest, np.empty(0, np.int64)])
    return TextTable(columns, lines, whole, reading.broken, +reading.repairs, totals)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the search for circles among objects: rows hold none, and the search costs two fifths of the reading."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _joined(parts: list[pa.Array], repairs: Counter[str]) -> pa.DictionaryArray:
    """One column of all chunks; ="00123" is the text 00123."""
    empty = pa.array([], pa.string()).dictionary_encode()
    column = pa.chunked_array([empty, *parts]).unify_dictionaries().combine_chunks()
    formulas = pc.match_substring_regex(column.dictionary, AS_FORMULA).to_numpy(zero_copy_only=False)
    if not formulas.any():
        return column
    repairs["formula_text"] += int(np.bincount(column.indices, minlength=len(formulas))[formulas].sum())
    again = pc.replace_substring_regex(column.dictionary, AS_FORMULA, r"\1").dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(column.indices), again.dictionary)


def raw_rows(file: InputFile, layout: Layout, lines: set[int]) -> dict[int, str]:
    """The raw text of the records that begin on certain lines."""
    last = max(lines, default=0)
    found = itertools.takewhile(lambda record: record.line <= last, records.of(file, layout))
    return {record.line: records.as_text(record) for record in found if record.line in lines}
