"""A file as records: cells of text with the physical line on which they begin; nothing is guessed, nothing is skipped."""

from __future__ import annotations

import csv
import io
import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from crmlib.intake import sheets
from crmlib.intake.files import InputFile
from crmlib.intake.sheet_rows import SheetRow

MAX_CELL = 100_000  # characters
SHOWN = 1_000  # characters of a cell of a sheet in quarantine/
DELIMITERS: Mapping[str, str] = {",": ",", "tab": "\t", ";": ";", "|": "|", "whitespace": ""}
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # the byte order mark, where files were joined


@dataclass(frozen=True)
class Layout:
    """How an input is laid out.

    Attributes:
        codec: The text's codec; xlsx or parquet for those.
        delimiter: One of `DELIMITERS`; "" where there is none.
        header: Whether a header comes first.
        wrapped: "row" where each row was quoted as a whole once more, "cell" where each cell was.
        first: The line on which the rows below the header begin.
        width: Cells of a good row; 0: not known yet.
        extra: Empty cells behind them on each row, where the first row has some.
    """

    codec: str
    delimiter: str
    header: bool = True
    wrapped: str = ""
    first: int = 1
    width: int = 0
    extra: int = 0


class Record(NamedTuple):
    """One record: where it begins, its cells, its raw text, what is wrong with it, and what is to be noted."""

    line: int
    cells: list[str]
    raw: list[str]
    code: str = ""
    note: str = ""


class Feed:
    """Physical lines for the csv module, which can be given back when a quote swallowed too many."""

    def __init__(self, lines: Iterator[str], line: int = 0) -> None:
        self.source = lines
        self.returned: deque[str] = deque()
        self.taken: list[str] = []
        self.line = line

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


def of(file: InputFile, layout: Layout) -> Iterator[Record]:
    """The records of a file from `layout.first` on, blank lines as records without cells.

    Where the width is known, records of another width are ragged, and one that a quote made swallow lines gives them back.
    """
    first, width = layout.first, layout.width
    if file.kind == "xlsx":
        return _by_sheet(sheets.rows(file.data, file.name, file.sheet), layout)
    lines = lines_of(file, layout)
    if layout.delimiter == "whitespace":
        return _by_whitespace(lines, first, width)
    feed = Feed(lines, first - 1)
    if layout.wrapped:
        return (_unwrapped(record, layout) for record in _by_csv(feed, replace(layout, width=0)))
    return _by_csv(feed, layout)


def is_plain(file: InputFile, layout: Layout) -> bool:
    """Whether a file is a text with a delimiter, so that its lines without quotes can be divided many at a time."""
    return file.kind == "text" and not layout.wrapped and layout.delimiter != "whitespace"


def unquoted(lines: Sequence[str], layout: Layout) -> list[list[str]] | None:
    """Physical lines as rows, one each; None where a quote, a blank line or another width asks for a closer look."""
    if any('"' in line for line in lines):
        return None
    csv.field_size_limit(MAX_CELL)
    try:
        rows = list(csv.reader(lines, delimiter=DELIMITERS[layout.delimiter], strict=True))
    except csv.Error:
        return None
    return rows if set(map(len, rows)) == {layout.width} else None


def until(feed: Feed, layout: Layout, last: int) -> Iterator[Record]:
    """The records of a plain file that begin on or before a line; what they leave stays in the feed."""
    for record in _by_csv(feed, layout):
        yield record
        if feed.line >= last:
            return


def lines_of(file: InputFile, layout: Layout) -> Iterator[str]:
    """The physical lines of a file from `layout.first` on."""
    return itertools.islice(stream(file, layout.codec), layout.first - 1, None)


def stream(file: InputFile, codec: str) -> Iterator[str]:
    """The physical lines of a file, line ends kept; from the disk where its bytes were let go."""
    if file.data:
        return io.TextIOWrapper(io.BytesIO(file.data), encoding=codec, newline="")
    return _from_disk(file, codec)


def _from_disk(file: InputFile, codec: str) -> Iterator[str]:
    with file.path.open(encoding=codec, newline="") as lines:
        yield from lines


def _by_sheet(rows: Iterator[SheetRow], layout: Layout) -> Iterator[Record]:
    for row in rows:
        if row.number >= layout.first:
            cells = row.cells + [""] * (layout.width - len(row.cells))
            code = "cell_too_long" if row.too_long else _ragged(cells, layout)
            yield Record(row.number, cells, [], code, "hidden_row" if row.hidden else "")


def _by_whitespace(lines: Iterator[str], first: int, width: int) -> Iterator[Record]:
    for number, line in enumerate(lines, first):
        cells = line.split()
        yield Record(number, cells, [line], "ragged_row" if cells and width and len(cells) != width else "")


def _by_csv(feed: Feed, layout: Layout) -> Iterator[Record]:
    csv.field_size_limit(MAX_CELL)
    delimiter, width = DELIMITERS[layout.delimiter], layout.width
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
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
        if len(cells) == width and len(feed.taken) == 1:
            yield Record(start, cells, feed.taken)
        elif len(feed.taken) > 1 and _swallowed_a_row(cells, delimiter, width):
            yield from (Record(start + i, [], [line], "broken_quotes") for i, line in enumerate(feed.taken))
        else:
            code = _ragged(cells, layout)
            yield Record(start, cells, feed.give_back() if code else feed.taken, code)


def _ragged(cells: list[str], layout: Layout) -> str:
    """Whether a row has another width.

    Empty cells behind the last column are fine where the file's first row has them too; elsewhere they may come from a
    comma inside a number, which moved what follows.
    """
    width = layout.width
    if not cells or not width or len(cells) == width:
        return ""
    return "" if len(cells) == width + layout.extra and not any(cells[width:]) else "ragged_row"


def _swallowed_a_row(cells: list[str], delimiter: str, width: int) -> bool:
    """Whether a quoted cell holds a line that is a whole row by itself: nobody can say where the quote should end."""
    inside = (line for cell in cells if "\n" in cell or "\r" in cell for line in cell.splitlines()[1:])
    return width > 2 and any(line.count(delimiter) >= width - 1 for line in inside)


def _unwrapped(record: Record, layout: Layout) -> Record:
    """A record of a file that was quoted once too often."""
    if record.code or not record.cells:
        return record
    if layout.wrapped == "cell":
        cells = [cell[1:-1].replace('""', '"') if _in_quotes(cell) else cell for cell in record.cells]
    else:
        cells = inner(record.cells, DELIMITERS[layout.delimiter])
    code = _ragged(cells, layout) if cells else "broken_quotes"
    return record._replace(cells=cells, code=code, note="quoted_twice")


def _in_quotes(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == cell[-1] == '"'


def inner(cells: list[str], delimiter: str) -> list[str]:
    """The cells inside the only cell of a row that was quoted as a whole; none if it cannot be read so."""
    try:
        return next(csv.reader(cells[:1], delimiter=delimiter, strict=True)) if len(cells) == 1 else []
    except (csv.Error, StopIteration):
        return []


def as_text(record: Record) -> str:
    """A record as a line of CSV: its raw text, or its cells where the format has no text."""
    return "".join(record.raw).rstrip("\r\n") if record.raw else as_csv(record.cells)


def as_csv(cells: Sequence[str]) -> str:
    """Cells as a line of CSV; a long one is cut, for in a sheet one text may stand on a million rows.

    Example:
        >>> as_csv(["a", "b,c"])
        'a,"b,c"'
    """
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="").writerow(
        cell if len(cell) <= SHOWN else f"{cell[:SHOWN]}\N{HORIZONTAL ELLIPSIS}" for cell in cells
    )
    return out.getvalue()
