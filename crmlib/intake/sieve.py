"""Which records are rows of the table: blank lines, repeated headers, totals and footers are named by a rule."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter

from crmlib.errors import DataError, Problem
from crmlib.intake.files import InputFile
from crmlib.intake.headers import Header
from crmlib.intake.records import MARK, Record
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
        self.held = 0

    def chunks(self, found: Iterator[Record]) -> Iterator[list[list[str]]]:
        """The good rows, a limited number and amount of text at a time."""
        rows: list[list[str]] = []
        text = 0
        for cells in self._good(found):
            rows.append(cells)
            if len(rows) >= CHUNK or self.held > CHUNK_TEXT:
                yield rows
                text += self.held
                self._limited(text)
                rows, self.held = [], 0
        if rows:
            yield rows

    def _limited(self, text: int) -> None:
        if text > MAX_TEXT or len(self.lines) > MAX_ROWS:
            expected = f"at most {MAX_ROWS:,} rows and {MAX_TEXT:,} characters"
            raise DataError(Problem("is too large", self.name, expected, "Send it in parts (by year)."))

    def _good(self, found: Iterator[Record]) -> Iterator[list[str]]:
        rows, width = self.header.rows, len(self.header.names)
        ours = itemgetter(*self.places, 0, 0)  # always several, so that a tuple comes
        for line, cells, _, broken, note in found:
            if self.marked and cells and cells[0].startswith(MARK):
                cells[0] = cells[0].removeprefix(MARK)
                self.repairs["byte_order_mark"] += 1
            joined = "".join(cells)
            self.held += len(joined)
            strange = broken or not cells or self.nul or cells in rows or "" in ours(cells) or joined.isspace()
            if (strange or joined[0] in INITIALS) and (code := self._code(cells, joined, broken)):
                self._set_aside(line, code)
                continue
            self.lines.append(line)
            if note or len(cells) > width:
                self.repairs[note or "trailing_delimiter"] += 1
            yield cells[:width]

    def _set_aside(self, line: int, code: str) -> None:
        if code == "blank_line":
            self.repairs[code] += 1
        else:
            self.broken.append((line, code))

    def _code(self, cells: list[str], joined: str, code: str) -> str:
        """What an unusual record is: a rule of `EXCLUDED`, a reason, or "" for a good row."""
        if not cells or joined == END:
            return "blank_line" if joined else code or "blank_line"
        if not joined or joined.isspace():
            return "empty_row"
        if cells in self.header.rows:
            return "repeated_header"
        filled = [unicodedata.normalize("NFKC", cell).strip() for cell in cells if cell and not cell.isspace()]
        incomplete = any(place >= len(cells) or not cells[place] for place in self.places)
        if SURE_TOTAL.fullmatch(filled[0]) or (incomplete and TOTAL.fullmatch(filled[0])):
            return "total_row"
        if (len(filled) == 1 and FOOTER.fullmatch(filled[0])) or RULED.fullmatch("".join(filled)):
            return "footer"
        return code or ("nul_byte" if "\0" in joined else "")
