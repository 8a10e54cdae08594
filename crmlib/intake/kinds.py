"""What a file is, by its first bytes: magic before extensions. What is not read is refused by its name."""

from __future__ import annotations

import io
import zipfile

from crmlib.errors import DataError, Problem

BLOCK = 1 << 22
MAX_LINE = 4_000_000  # bytes: 2,000 columns of 2,000
NUL_SHARE = 0.02  # text has none; UTF-16 without a mark has one in two where it is ASCII
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
MARKS_16 = (b"\xff\xfe", b"\xfe\xff")
AS_CSV = "Save the table as CSV UTF-8 or as .xlsx."
UNPACK = "Unpack it first; only .gz and .zip are read directly."
FOREIGN = (
    (b"PK\x05\x06", "is an empty ZIP archive", "Send it again."),
    (b"%PDF", "is a PDF", "Export the table itself as CSV."),
    (b"BZh", "is a bzip2 archive", UNPACK),
    (b"7z\xbc\xaf", "is a 7-Zip archive", UNPACK),
    (b"\xfd7zXZ", "is an xz archive", UNPACK),
    (b"\x28\xb5\x2f\xfd", "is a Zstandard archive", UNPACK),
    (b"Rar!", "is a RAR archive", UNPACK),
    (b"SQLite format 3", "is an SQLite database", "Export the table as CSV."),
    (b"\x89PNG", "is a picture", "Export the table itself as CSV."),
    (b"\xff\xd8\xff", "is a picture", "Export the table itself as CSV."),
    (b"{\\rtf", "is a rich text document", AS_CSV),
    (b"\xff\xfe\x00\x00", "is UTF-32", "Save it as CSV UTF-8."),
    (b"\x00\x00\xfe\xff", "is UTF-32", "Save it as CSV UTF-8."),
)
WEB = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<body", b"<div", b"<style")
JSON = (b'{"', b'[{"', b'{\n', b"[\n", b"[{", b"{\r")  # fmt: skip
PACKAGES = (  # a member that tells what a ZIP really is
    ("xl/workbook.xml", "", ""),
    ("xl/workbook.bin", "is a binary Excel file (.xlsb)", "Save it as .xlsx or CSV UTF-8."),
    ("content.xml", "is an OpenDocument file (.ods)", "Save it as .xlsx or CSV UTF-8."),
    ("Index/Document.iwa", "is an Apple Numbers file", "Export it as .xlsx or CSV."),
    ("word/document.xml", "is a Word document", AS_CSV),
    ("ppt/presentation.xml", "is a PowerPoint file", AS_CSV),
    (
        "[Content_Types].xml",
        "is an Office file of a kind that is not read",
        "Save it as .xlsx in Excel, or as CSV UTF-8.",
    ),
)


def of(data: bytes, name: str) -> str:
    """The kind of an unpacked file: text, parquet, xlsx or zip.

    Args:
        data: Its bytes.
        name: What it is called in messages.

    Raises:
        DataError: it is empty, or a kind that is not read (named).
    """
    blank = b"\xef\xbb\xbf \t\r\n\x1a"
    if not data[:BLOCK].strip(blank) and not data.strip(blank):  # strip copies what is left: not the whole file
        raise refused(name, "is empty", "Export it again.")
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(ZIP):
        return _package(data, name)
    if data.startswith(OLE):
        raise _ole(data, name)
    for magic, what, hint in FOREIGN:
        if data.startswith(magic):
            raise refused(name, what, hint)
    _refuse_markup(data, name)
    _refuse_endless_line(data, name)
    return "text"


def _package(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError):
        raise refused(name, "is a damaged ZIP or Excel file", "Send it again.") from None
    for member, what, hint in PACKAGES:
        if member in members:
            if what:
                raise refused(name, what, hint)
            return "xlsx"
    return "zip"


def _ole(data: bytes, name: str) -> DataError:
    """The old container of Office: an encrypted workbook of today, or a workbook of before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return refused(name, "is protected by a password", "Save it without a password.")
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return refused(name, "is an old Excel (.xls) file", "Open it in Excel and save it as .xlsx or CSV UTF-8.")
    return refused(name, "is an old Office document", AS_CSV)


def _refuse_markup(data: bytes, name: str) -> None:
    start = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(WEB):
        raise refused(name, "is a web page (HTML or XML), whatever its name says", "Save the table as CSV.")
    if start.startswith(JSON):
        raise refused(name, "is JSON", "Export the table as CSV.")
    nul = data.count(b"\0", 0, BLOCK)
    if not data.startswith(MARKS_16) and nul > NUL_SHARE * min(len(data), BLOCK) and not utf16_order(data):
        raise refused(name, "is not text", "Export the table as CSV UTF-8.")


def _refuse_endless_line(data: bytes, name: str) -> None:
    """Refuse a text without line ends: it is no table, and each way to divide it would hold all of it at once."""
    position = 0
    while position + MAX_LINE < len(data):
        reach = position + MAX_LINE
        end = max(data.rfind(b"\n", position, reach), data.rfind(b"\r", position, reach))
        if end < 0:
            line = data.count(b"\n", 0, position) + 1
            raise refused(f"{name} line {line:,}", f"is longer than {MAX_LINE:,} bytes", "Export one row per line.")
        position = end + 1


def utf16_order(data: bytes) -> str:
    r"""The codec of UTF-16 without its mark: the zero bytes of its ASCII stand on one side only; "" if it is none.

    Example:
        >>> utf16_order("a,b\n".encode("utf-16-be"))
        'utf-16-be'
    """
    sample = data[: BLOCK & ~1]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or min(even, odd) or max(even, odd) < NUL_SHARE * len(sample):
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def refused(name: str, what: str, hint: str) -> DataError:
    """A file that is not read."""
    return DataError(Problem(what, name, hint=hint))
