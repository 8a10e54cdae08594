"""Text files into columns of text, row by row with physical line numbers; nothing is guessed, nothing is skipped."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from crmlib.errors import DataError, Problem
from crmlib.intake import headers
from crmlib.intake.files import InputFile

MAX_CELL = 100_000  # characters
CHUNK = 50_000  # rows held as Python lists at a time
DELIMITERS: Mapping[str, str] = {",": ",", "tab": "\t", ";": ";", "whitespace": ""}
EXCLUDED = ("empty_row", "repeated_header")  # what is no record at all, though it takes up a row


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out: codec, delimiter (",", "tab", ";", "whitespace"), and whether a header comes first."""

    codec: str
    delimiter: str
    header: bool = True


@dataclass(frozen=True)
class TextTable:
    """A file's rows as text.

    Attributes:
        columns: Wanted header -> dictionary-encoded text (int32 codes), one value per good row.
        lines: Physical line on which each good row begins (in Parquet: row number), from 1.
        rest: Fingerprint of each good row's cells that are no values of ours.
        broken: (line, code) of rows that have no columns: a reason, or one of `EXCLUDED`.
        repairs: What was mended in the file's structure, counted.
    """

    columns: Mapping[str, pa.DictionaryArray]
    lines: np.ndarray
    rest: np.ndarray
    broken: Sequence[tuple[int, str]] = ()
    repairs: Counter[str] = field(default_factory=Counter)


class Record(NamedTuple):
    """One record of a text file: where it begins, its cells, its raw text, and what is wrong with it ("" if nothing)."""

    line: int
    cells: list[str]
    raw: list[str]
    code: str = ""


class Feed:
    """Physical lines for the csv module, which can be given back when a quote swallowed too many."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.source = lines
        self.returned: deque[str] = deque()
        self.taken: list[str] = []
        self.line = 0

    def __iter__(self) -> Feed:
        return self

    def __next__(self) -> str:
        line = self.returned.popleft() if self.returned else next(self.source)
        self.line += 1
        self.taken.append(line)
        return line

    def give_back(self) -> list[str]:
        """Keep only the first line taken; the others will be read again."""
        first, others = self.taken[:1], self.taken[1:]
        self.returned.extendleft(reversed(others))
        self.line -= len(others)
        return first


def stream(file: InputFile, codec: str) -> Iterator[str]:
    """The physical lines of a file, line ends kept."""
    return io.TextIOWrapper(io.BytesIO(file.data), encoding=codec, newline="")


def records(file: InputFile, layout: Layout) -> Iterator[Record]:
    """All records of a file in order, the header included, blank lines as records without cells.

    The first record with cells sets the width. A record that a stray quote has made swallow other lines gives them back.
    """
    if layout.delimiter == "whitespace":
        return _by_whitespace(stream(file, layout.codec))
    return _by_csv(Feed(stream(file, layout.codec)), DELIMITERS[layout.delimiter])


def _by_whitespace(lines: Iterator[str]) -> Iterator[Record]:
    width = 0
    for number, line in enumerate(lines, 1):
        cells = line.split()
        width = width or len(cells)
        yield Record(number, cells, [line], "ragged_row" if cells and len(cells) != width else "")


def _by_csv(feed: Feed, delimiter: str) -> Iterator[Record]:
    csv.field_size_limit(MAX_CELL)
    reader, width = csv.reader(feed, delimiter=delimiter, strict=True), 0
    while True:
        feed.taken, start = [], feed.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "cell_too_long" if "field limit" in str(error) else "broken_quotes"
            yield Record(start, [], feed.give_back(), code)
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            continue
        width = width or len(cells)
        ragged = bool(cells) and len(cells) != width and (len(cells) < width or any(cells[width:]))
        yield Record(start, cells, feed.give_back() if ragged else feed.taken, "ragged_row" if ragged else "")


def header_of(file: InputFile, layout: Layout) -> list[str]:
    """The headers: the first record's cells, or "1", "2", … where the file has none."""
    first = next((record for record in records(file, layout) if record.cells or record.code), None)
    if first is None or first.code:
        raise DataError(
            Problem("the header cannot be read (stray quote)", f"{file.name} line {first.line if first else 1}")
        )
    return first.cells if layout.header else [str(i + 1) for i in range(len(first.cells))]


def delimiter_of(file: InputFile, codec: str, wanted: Sequence[str], header: bool) -> str:
    """The delimiter, decided from the first record: the only one under which every wanted column is found.

    Raises:
        DataError: two delimiters would do.
    """
    widths: dict[str, int] = {}
    fits: list[str] = []
    for name in DELIMITERS:
        try:
            found = header_of(file, Layout(codec, name, header))
        except DataError:
            continue  # quoted cells that this delimiter does not end
        widths[name] = len(found) - (name == "whitespace")  # blanks inside headers are common: whitespace comes last
        fits += [name] if headers.all_there(found, wanted) else []
    if header and len(fits) > 1:
        fits = [name for name in fits if widths[name] == max(widths[fit] for fit in fits)]
    if len(fits) > 1:
        raise DataError(
            Problem(f"can be divided by {' or by '.join(fits)}", file.name, hint="Say delimiter: in client.yaml.")
        )
    return fits[0] if fits else max(widths, key=widths.__getitem__, default=",")


def table(file: InputFile, layout: Layout, wanted: Sequence[str], values: Sequence[str] | None) -> TextTable:
    """Read a whole file.

    Args:
        file: The file.
        layout: How it is laid out.
        wanted: Headers whose columns are needed.
        values: Those of `wanted` that stay out of the rows' fingerprints; None: no fingerprints are needed.

    Raises:
        DataError: missing or double headers, or no row below the header.
    """
    header = header_of(file, layout)
    places = headers.positions(header, wanted, file.name)
    known = None if values is None else {places[name] for name in values}
    others = [] if known is None else [i for i in range(len(header)) if i not in known]
    reading = _Reading(len(header), header if layout.header else [], b"\0" in file.data)
    chunks: dict[str, list[pa.Array]] = {name: [] for name in wanted}
    rest: list[np.ndarray] = []
    below = _below_header(records(file, layout), layout.header)
    while rows := list(itertools.islice(reading.good(below), CHUNK)):
        cells = list(zip(*rows, strict=True))
        for name in wanted:
            chunks[name].append(pa.array(cells[places[name]], pa.string()).dictionary_encode())
        keys = zip(*(cells[i] for i in others), strict=True) if others else itertools.repeat((), len(rows))
        rest.append(np.fromiter(map(hash, keys), np.int64, len(rows)))
    if not rest and not reading.broken:
        raise DataError(Problem("has a header, but no rows", file.name, hint="Check the period of the export."))
    columns = {name: _joined(parts) for name, parts in chunks.items()}
    lines = np.asarray(reading.lines, np.int64)
    return TextTable(columns, lines, np.concatenate([*rest, np.empty(0, np.int64)]), reading.broken, reading.repairs)


def _below_header(found: Iterator[Record], header: bool) -> Iterator[Record]:
    if not header:
        return found
    next(record for record in found if record.cells)
    return found


def _joined(parts: list[pa.Array]) -> pa.DictionaryArray:
    empty = pa.array([], pa.string()).dictionary_encode()
    return pa.chunked_array([empty, *parts]).unify_dictionaries().combine_chunks()


class _Reading:
    """What is noted while the good rows of a file pass by."""

    def __init__(self, width: int, header: list[str], nul: bool) -> None:
        self.width, self.header, self.nul = width, header, nul
        self.lines: list[int] = []
        self.broken: list[tuple[int, str]] = []
        self.repairs: Counter[str] = Counter()

    def good(self, found: Iterator[Record]) -> Iterator[list[str]]:
        for record in found:
            code = record.code or self._code(record.cells)
            if code:
                self.broken += [] if code == "blank_line" else [(record.line, code)]
                self.repairs["blank_line"] += code == "blank_line"
                continue
            self.lines.append(record.line)
            self.repairs["trailing_delimiter"] += len(record.cells) > self.width
            yield record.cells[: self.width]

    def _code(self, cells: list[str]) -> str:
        if not cells:
            return "blank_line"
        joined = "".join(cells)
        if self.nul and "\0" in joined:
            return "nul_byte"
        if not joined or joined.isspace():
            return "empty_row"
        return "repeated_header" if cells == self.header else ""


def raw_rows(file: InputFile, layout: Layout, lines: set[int]) -> dict[int, str]:
    """The raw text of the records that begin on certain lines."""
    found = (record for record in records(file, layout) if record.line in lines)
    return {record.line: "".join(record.raw).rstrip("\r\n") for record in found}
