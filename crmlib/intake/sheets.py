"""Excel workbooks (.xlsx) as rows of text, read strictly: no DTD, no dimension believed, nothing taken from a formula."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

from crmlib.errors import DataError, Problem
from crmlib.intake import archives, cells
from crmlib.intake.files import printable
from crmlib.intake.kinds import refused
from crmlib.intake.sheet_rows import Attributes, SheetReader, SheetRow

STEP = 1 << 18
MAX_STRINGS = 300_000_000  # characters of a workbook's table of texts
MAX_ELEMENTS = 200_000  # of a part that only describes the workbook
PER_STRING = 60  # characters that one text costs at least
WORKBOOK = "xl/workbook.xml"


class Sheet(NamedTuple):
    """One sheet of a workbook: its name, the part that holds it, and whether it is visible."""

    name: str
    part: str
    visible: bool


class Workbook(NamedTuple):
    """An opened workbook: its package, its sheets, whether days count from 1904, and whether no one has calculated it."""

    package: zipfile.ZipFile
    sheets: list[Sheet]
    epoch_1904: bool
    uncalculated: bool


def names(data: bytes, name: str) -> list[str]:
    """The visible sheets of a workbook, in its order.

    Args:
        data: The workbook.
        name: What it is called in messages.

    Raises:
        DataError: damaged, a bomb, or an XML part with a DTD.
    """
    return [sheet.name for sheet in _opened(data, name).sheets if sheet.visible]


def rows(data: bytes, name: str, sheet: str) -> Iterator[SheetRow]:
    """The rows of one sheet that have any text, in order.

    Args:
        data: The workbook.
        name: What it is called in messages.
        sheet: The sheet's name.

    Raises:
        DataError: damaged, a bomb, an XML part with a DTD, or more than 2,000 columns.
    """
    whole = name.removesuffix(f"/{printable(sheet)}")  # the same for all of its sheets: opened once
    book = _opened(data, whole)
    part = next(one.part for one in book.sheets if one.name == sheet)
    reader = SheetReader(*_texts(data, whole), name)
    reader.uncalculated = book.uncalculated
    return _streamed(book.package, part, reader, name)


@lru_cache(maxsize=1)  # its sheets are read one after the other
def _opened(data: bytes, name: str) -> Workbook:
    package = archives.opened(data, name)
    return Workbook(package, *_sheets(package, name))


@lru_cache(maxsize=1)
def _texts(data: bytes, name: str) -> tuple[list[str], cells.Formats]:
    book = _opened(data, name)
    return _strings(book.package, name), cells.Formats(_styles(book.package, name), book.epoch_1904)


def _streamed(package: zipfile.ZipFile, part: str, reader: SheetReader, name: str) -> Iterator[SheetRow]:
    for _ in _parsed(package, part, (reader.start, reader.end, reader.text), name):
        yield from reader.rows
        reader.rows.clear()


def _parsed(package: zipfile.ZipFile, part: str, handlers: tuple[Callable[..., None], ...], name: str) -> Iterator[int]:
    """Feed a part to its handlers, step by step.

    Raises:
        DataError: damaged, or with a DTD.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = handlers
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_dtd(part, name)
    try:
        with package.open(part) as stream:
            while block := stream.read(STEP):
                parser.Parse(block)
                yield len(block)
            parser.Parse(b"", True)
            yield 0
    except KeyError:
        raise refused(name, f"is a damaged Excel file ({part} is missing)", "Save it again in Excel.") from None
    except expat.ExpatError as error:
        what = f"is a damaged Excel file ({part} line {error.lineno})"
        raise refused(name, what, "Save it again in Excel.") from None
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zlib.error):
        raise refused(name, f"is a damaged Excel file ({part})", "Save it again in Excel.") from None


def _refuse_dtd(part: str, name: str) -> None:
    raise refused(name, f"holds a DTD ({part}), which Excel never writes", "Save it again in Excel.")


def _elements(package: zipfile.ZipFile, part: str, name: str) -> list[tuple[str, Attributes]]:
    """All elements of a small part: local name and attributes, without prefixes."""
    found: list[tuple[str, Attributes]] = []

    def start(tag: str, attributes: Attributes) -> None:
        if len(found) >= MAX_ELEMENTS:
            raise refused(name, f"has too many parts ({part})", "Copy the table into a new workbook.")
        found.append((tag.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    def nothing(_: str) -> None:
        return

    for _ in _parsed(package, part, (start, nothing, nothing), name):
        pass
    return found


def _sheets(package: zipfile.ZipFile, name: str) -> tuple[list[Sheet], bool, bool]:
    """The sheets that hold cells, whether days count from 1904, and whether Excel is asked to calculate everything."""
    elements = _elements(package, WORKBOOK, name)
    links = {a["Id"]: a for tag, a in _elements(package, "xl/_rels/workbook.xml.rels", name) if tag == "Relationship"}
    sheets = [
        Sheet(a["name"], _part(links[a["id"]]["Target"]), a.get("state", "visible") == "visible")
        for tag, a in elements
        if tag == "sheet" and a.get("id") in links and links[a["id"]].get("Type", "").endswith("/worksheet")
    ]
    epoch_1904 = any(tag == "workbookPr" and a.get("date1904") in ("1", "true") for tag, a in elements)
    uncalculated = any(tag == "calcPr" and a.get("fullCalcOnLoad") in ("1", "true") for tag, a in elements)
    if not sheets:
        raise DataError(Problem("has no sheet with cells", name, hint="Save the table as CSV UTF-8."))
    return sheets, epoch_1904, uncalculated


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _styles(package: zipfile.ZipFile, name: str) -> list[tuple[int, str]]:
    """For each style of a cell its number format: id and code ("" where it is built in)."""
    if "xl/styles.xml" not in package.namelist():
        return []
    codes: dict[str, str] = {}
    styles: list[tuple[int, str]] = []
    inside = False
    for tag, attributes in _elements(package, "xl/styles.xml", name):
        if tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        inside = tag == "cellXfs" or (inside and tag not in ("cellStyles", "cellStyleXfs", "dxfs"))
        if inside and tag == "xf":
            number = attributes.get("numFmtId", "0")
            styles.append((int(number) if number.isascii() and number.isdigit() else 0, codes.get(number, "")))
    return styles


def _strings(package: zipfile.ZipFile, name: str) -> list[str]:
    """The workbook's table of texts."""
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    reader = _Strings(name)
    for _ in _parsed(package, "xl/sharedStrings.xml", (reader.start, reader.end, reader.text), name):
        pass
    return reader.found


class _Strings:
    """Handlers for the table of texts; the readings (furigana) that stand beside a text are left out."""

    def __init__(self, name: str) -> None:
        self.name, self.found = name, list[str]()
        self.parts: list[str] = []
        self.taking = self.phonetic = False
        self.size = 0

    def start(self, tag: str, _: Attributes) -> None:
        tag = tag.rpartition(":")[2]
        self.phonetic = self.phonetic or tag == "rPh"
        self.taking = tag == "t" and not self.phonetic

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        self.taking = False
        if tag == "rPh":
            self.phonetic = False
        elif tag == "si":
            self.found.append(cells.unescaped("".join(self.parts)))
            self.parts.clear()
            self._grow(PER_STRING)

    def text(self, data: str) -> None:
        if self.taking:
            self.parts.append(data)
            self._grow(len(data))

    def _grow(self, size: int) -> None:
        self.size += size
        if self.size > MAX_STRINGS:
            raise refused(self.name, "holds too much text", "Send it in parts.")
