"""The client's files as bytes: found, opened within limits, hashed from the very bytes that are parsed."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crmlib.errors import DataError, Problem

MAX_BYTES = 4_000_000_000
MAX_RATIO = 200  # a gzip file that unpacks to more than this is a bomb, not an export
BLOCK = 1 << 22
NUL_SHARE = 0.02  # text has none; UTF-16 without a mark has one in two
FOREIGN = (
    (b"PK\x03\x04", "is a ZIP or Excel (.xlsx) file", "Save the sheet as CSV UTF-8, or unpack the archive."),
    (b"\xd0\xcf\x11\xe0", "is an old Excel (.xls) file", "Save the sheet as CSV UTF-8."),
    (b"%PDF", "is a PDF", "Export the table itself as CSV."),
    (b"BZh", "is a bzip2 archive", "Unpack it first; only .gz is read directly."),
    (b"7z\xbc\xaf", "is a 7-Zip archive", "Unpack it first; only .gz is read directly."),
)


@dataclass(frozen=True)
class InputFile:
    """One input as it was read.

    Attributes:
        path: Where it lies.
        name: Path below the client's folder, printable.
        data: Its bytes, unpacked.
        sha256: Digest of the bytes on disk (packed where they are packed).
        kind: text or parquet.
    """

    path: Path
    name: str
    data: bytes
    sha256: str
    kind: str


def find(folder: Path, patterns: Iterable[str]) -> list[Path]:
    """The files that a source names, each once, sorted by name.

    Args:
        folder: The client's folder.
        patterns: Relative paths or globs below it.

    Raises:
        DataError: a pattern that matches no file, or a symbolic link on the way.
    """
    found: set[Path] = set()
    problems: list[Problem] = []
    for pattern in patterns:
        paths = [path for path in folder.glob(pattern) if path.is_file() and not hidden(path)]
        problems += [] if paths else [Problem("there is no such file", printable(pattern), hint=_what_is_there(folder))]
        found.update(paths)
    problems += [
        Problem("is a symbolic link", shown(p, folder), "a file of its own") for p in found if _linked(p, folder)
    ]
    if problems:
        raise DataError(problems)
    return sorted(found)


def hidden(path: Path) -> bool:
    """Whether a file is one that systems leave behind (.DS_Store, Thumbs.db, Excel's ~$ locks), not an export."""
    return path.name.startswith((".", "~$")) or path.name == "Thumbs.db"


def _what_is_there(folder: Path) -> str:
    names = sorted(printable(path.name) for path in (folder / "raw").glob("*") if path.is_file())
    return f"In raw/: {', '.join(names[:10])}" if names else "raw/ is empty: put the client's exports there."


def _linked(path: Path, folder: Path) -> bool:
    below = path.relative_to(folder).parts
    return any(folder.joinpath(*below[: i + 1]).is_symlink() for i in range(len(below)))


def shown(path: Path, folder: Path) -> str:
    """A file's name in messages and reports: below the client's folder, with / and nothing that moves a cursor."""
    return printable(path.relative_to(folder).as_posix())


def printable(text: str) -> str:
    r"""A text without control characters.

    Example:
        >>> printable("a\x1b[2Jb")
        'a?[2Jb'
    """
    return "".join(c if c.isprintable() else "?" for c in text)


def load(path: Path, folder: Path) -> InputFile:
    """Read a file, unpack it and recognise its kind by its first bytes.

    Raises:
        DataError: empty, too large, damaged, a bomb, or a kind that is not read.
    """
    name = shown(path, folder)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refused(name, f"is larger than {MAX_BYTES:,} bytes", "Send it in parts (by year).")
        packed = path.read_bytes()
    except OSError as error:
        raise _refused(name, f"cannot be opened ({error.strerror})", "Close it in other programs.") from None
    data = _unpacked(packed, name) if packed.startswith(b"\x1f\x8b") else packed
    return InputFile(path, name, data, hashlib.sha256(packed).hexdigest(), _kind(data, name))


def unchanged(file: InputFile) -> bool:
    """Whether the file on disk still has the bytes that were parsed."""
    return sha256(file.path) == file.sha256


def sha256(path: Path) -> str:
    """Digest of a file on disk."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpacked(packed: bytes, name: str) -> bytes:
    try:
        unpacker = zlib.decompressobj(wbits=31)
        limit = min(MAX_BYTES, MAX_RATIO * len(packed) + BLOCK)
        parts = [unpacker.decompress(packed, limit)]
        while unpacker.eof and unpacker.unused_data.startswith(b"\x1f\x8b"):
            rest, unpacker = unpacker.unused_data, zlib.decompressobj(wbits=31)
            parts.append(unpacker.decompress(rest, max(1, limit - sum(map(len, parts)))))
    except (zlib.error, gzip.BadGzipFile):
        raise _refused(name, "is a damaged gzip file", "Send it again.") from None
    if not unpacker.eof:
        big = bool(unpacker.unconsumed_tail)
        what = f"unpacks to more than {MAX_RATIO} times its size" if big else "is a gzip file that ends too early"
        raise _refused(name, what, "Send it again, unpacked." if big else "Send it again.")
    return b"".join(parts)


def _kind(data: bytes, name: str) -> str:
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise _refused(name, "is empty", "Export it again.")
    if data.startswith(b"PAR1"):
        return "parquet"
    for magic, what, hint in FOREIGN:
        if data.startswith(magic):
            raise _refused(name, what, hint)
    if data[:200].lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise _refused(name, "is a web page (HTML or XML), whatever its name says", "Save the table as CSV.")
    nul = data.count(b"\0", 0, BLOCK)
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and nul > NUL_SHARE * min(len(data), BLOCK):
        raise _refused(name, "is not text (or UTF-16 without its mark)", "Save it as CSV UTF-8.")
    return "text"


def _refused(name: str, what: str, hint: str) -> DataError:
    return DataError(Problem(what, name, hint=hint))
