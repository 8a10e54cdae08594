"""Which records are rows of the table: blank lines, repeated headers, totals and footers are named by a rule."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter

from crmlib.errors import DataError, Problem
from crmlib.intake import headers, records
from crmlib.intake.files import InputFile, printable
from crmlib.intake.headers import Header
from crmlib.intake.records import MARK, Feed, Layout, Record
from crmlib.schema import FOOTER_WORDS, SURE_TOTALS, TOTAL_WORDS

CHUNK = 50_000  # rows held as Python lists at a time
CHUNK_TEXT = 50_000_000  # characters held so
MAX_TEXT = 4_000_000_000  # characters of one table, every cell counted as often as it stands there
MAX_ROWS = 50_000_000
EXCLUDED = ("empty_row", "repeated_header", "preamble", "total_row", "footer")  # no records, though they take up rows
TOTAL = re.compile(rf"(?:.{{0,20}}?[\s_]*)(?:{'|'.join(TOTAL_WORDS)})[\s:]*", re.IGNORECASE)
SURE_TOTAL = re.compile(rf"(?:{'|'.join(SURE_TOTALS)})[\s:]*")  # nobody is called so
INITIALS = {word[0] for word in SURE_TOTALS}
FOOTER = re.compile("|".join(FOOTER_WORDS), re.IGNORECASE | re.DOTALL)
RULED = re.compile(r"[-=_+|:]{3,}")  # the line that a printed table has under its header
END = "\x1a"  # what DOS wrote behind the last line


def _holds(file: InputFile, codec: str, character: str) -> bool:
    """Whether a text holds a rare character somewhere after its begin."""
    wide = codec.startswith("utf-16")
    if file.kind != "text" or (codec == "cp932" and character == MARK):
        return False
    codecs = ("utf-16-le", "utf-16-be") if wide else ("utf-8",)
    return any(file.data.find(character.encode(one), 4) >= 0 for one in codecs)


def _taken(lines: Iterator[str]) -> list[str]:
    """The next lines, a limited number and amount of text."""
    found: list[str] = []
    size = 0
    for line in lines:
        found.append(line)
        size += len(line)
        if len(found) >= CHUNK or size > CHUNK_TEXT:
            break
    return found


class Sieve:
    """Lets the good rows of a file pass, and notes what becomes of the others.

    Args:
        file: The file.
        codec: Its codec.
        header: Its header.
        places: Where the wanted columns stand.
    """

    def __init__(self, file: InputFile, codec: str, header: Header, places: Sequence[int]) -> None:
        self.name, self.header, self.places = file.name, header, places
        self.nul = _holds(file, codec, "\0")
        self.marked = _holds(file, codec, MARK)
        self.lines: list[int] = []
        self.broken = [(line, "preamble") for line in header.above]
        self.repairs = Counter(header.notes)
        self.heads = {cell for row in header.rows for cell in row if cell}
        self.totals: list[list[str]] = []
        self.text = self.held = 0

    def columns(self, file: InputFile, layout: Layout) -> Iterator[list[tuple[str, ...]]]:
        """The good rows as columns, a limited number and amount of text at a time.

        Args:
            file: The file.
            layout: The layout of the rows below its header.
        """
        quick = records.is_plain(file, layout) and not (self.nul or self.marked)
        chunks = self._by_lines(file, layout) if quick else self._chunks(records.of(file, layout))
        for rows in chunks:
            if rows:
                yield list(zip(*rows, strict=True))
            self.text, self.held = self.text + self.held, 0
            self._limited()

    def _by_lines(self, file: InputFile, layout: Layout) -> Iterator[list[list[str]]]:
        """Many lines at a time where they are plain, record by record where they are not: the same rows, sooner."""
        lines, line = records.lines_of(file, layout), layout.first
        while batch := _taken(lines):
            rows = records.unquoted(batch, layout)
            if rows is None:
                feed = Feed(itertools.chain(batch, lines), line - 1)
                yield from self._chunks(records.until(feed, layout, line + len(batch) - 1))
                lines, line = itertools.chain(list(feed.returned), lines), feed.line + 1
            else:
                self.held += sum(map(len, batch))
                yield self._passed(rows, line)
                line += len(batch)

    def _passed(self, rows: list[list[str]], line: int) -> list[list[str]]:
        """Those of many rows that are good; one by one only those that look odd."""
        odd = self._odd(rows)
        bad = {i: code for i in sorted(odd) if (code := self._code(line + i, rows[i], "".join(rows[i]), ""))}
        for i, code in bad.items():
            self._set_aside(line + i, code, rows[i])
        if not bad:
            self.lines.extend(range(line, line + len(rows)))
            return rows
        self.lines.extend(line + i for i in range(len(rows)) if i not in bad)
        return [row for i, row in enumerate(rows) if i not in bad]

    def _odd(self, rows: list[list[str]]) -> set[int]:
        """The rows for which `_good` would ask `_code`."""
        first = [row[0] for row in rows]
        odd = {i for i, cell in enumerate(first) if cell in self.heads or (cell or "".join(rows[i]))[:1] in INITIALS}
        for place in self.places:
            column = [row[place] for row in rows]
            odd.update(
                i for i, cell in enumerate(column) if not cell or (cell.isspace() and "".join(rows[i]).isspace())
            )
        return odd

    def _chunks(self, found: Iterator[Record]) -> Iterator[list[list[str]]]:
        rows: list[list[str]] = []
        for cells in self._good(found):
            rows.append(cells)
            if len(rows) >= CHUNK or self.held > CHUNK_TEXT:
                yield rows
                rows = []
        yield rows

    def _limited(self) -> None:
        if self.text > MAX_TEXT or len(self.lines) > MAX_ROWS:
            expected = f"at most {MAX_ROWS:,} rows and {MAX_TEXT:,} characters"
            raise DataError(Problem("is too large", self.name, expected, "Send it in parts (by year)."))

    def _good(self, found: Iterator[Record]) -> Iterator[list[str]]:
        heads, width = self.heads, len(self.header.names)
        ours = itemgetter(*self.places, 0, 0)  # always several, so that a tuple comes
        for line, cells, _, broken, note in found:
            if self.marked and cells and cells[0].startswith(MARK):
                cells[0] = cells[0].removeprefix(MARK)
                self.repairs["byte_order_mark"] += 1
            joined = "".join(cells)
            self.held += len(joined)
            strange = broken or not cells or self.nul or cells[0] in heads or "" in ours(cells) or joined.isspace()
            if (strange or joined[0] in INITIALS) and (code := self._code(line, cells, joined, broken)):
                self._set_aside(line, code, cells)
                continue
            self.lines.append(line)
            if note or len(cells) > width:
                self.repairs[note or "trailing_delimiter"] += 1
            yield cells[:width]

    def _set_aside(self, line: int, code: str, cells: list[str]) -> None:
        self.totals += [cells] if code == "total_row" else []
        if code == "blank_line":
            self.repairs[code] += 1
        else:
            self.broken.append((line, code))

    def _is_header(self, cells: list[str], line: int) -> bool:
        """Whether a row is the header, perhaps in other clothes; with the columns in another order it refuses the file."""
        names, own = [headers.same(cell) for cell in cells], [headers.same(name) for name in self.header.names]
        if names == own or len(self.places) < 2 or not {own[place] for place in self.places} <= set(names):
            return names == own
        what = "another header has the columns in another order"
        expected = f"the order of the first: {', '.join(map(printable, self.header.names[:20]))}"
        raise DataError(Problem(what, f"{self.name} line {line:,}", expected, "Send the parts as files of their own."))

    def _code(self, line: int, cells: list[str], joined: str, code: str) -> str:
        """What an unusual record is: a rule of `EXCLUDED`, a reason, or "" for a good row."""
        if not cells or joined == END:
            return "blank_line" if joined else code or "blank_line"
        if not joined or joined.isspace():
            return "empty_row"
        if cells in self.header.rows or (cells[0] in self.heads and self._is_header(cells, line)):
            return "repeated_header"
        filled = [unicodedata.normalize("NFKC", cell).strip() for cell in cells if cell and not cell.isspace()]
        incomplete = any(place >= len(cells) or not cells[place] for place in self.places)
        if SURE_TOTAL.fullmatch(filled[0]) or (incomplete and TOTAL.fullmatch(filled[0])):
            return "total_row"
        if (len(filled) == 1 and FOOTER.fullmatch(filled[0])) or RULED.fullmatch("".join(filled)):
            return "footer"
        return code or ("nul_byte" if "\0" in joined else "")
