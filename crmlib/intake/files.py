"""The client's files as bytes: found, opened within limits, hashed from the very bytes that are parsed."""

from __future__ import annotations

import fnmatch
import hashlib
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from crmlib.errors import DataError, Problem
from crmlib.intake import archives, kinds
from crmlib.intake.kinds import refused

END_OF_FILE = b"\x1a"  # what DOS wrote behind the last line


@dataclass(frozen=True)
class InputFile:
    """One input as it was read: a file, a member of an archive, or a sheet of a workbook.

    Attributes:
        path: Where the file lies (the archive, the workbook).
        name: Path below the client's folder, printable; with member and sheet: raw/a.zip/b.csv, raw/c.xlsx/Sheet1.
        data: Its bytes, unpacked.
        sha256: Digest of the bytes on disk (packed where they are packed).
        kind: text, parquet, xlsx or zip.
        content: Digest of what is parsed: equal for a file and its packed copy.
        sheet: The sheet of a workbook.
    """

    path: Path
    name: str
    data: bytes
    sha256: str
    kind: str
    content: str = ""
    sheet: str = ""


def find(folder: Path, patterns: Iterable[str]) -> list[Path]:
    """The files that a source names, each once, sorted by name; an archive stands for its members.

    Args:
        folder: The client's folder.
        patterns: Relative paths or globs below it; `raw/a.zip/b*.csv` names members of an archive.

    Raises:
        DataError: a pattern that matches no file, or a symbolic link on the way.
    """
    found: set[Path] = set()
    problems: list[Problem] = []
    for pattern in patterns:
        there = [path for path in matching(folder, split(pattern)[0]) if not hidden(path)]
        paths = [path for path in there if path.is_file()]
        problems += [] if paths else [_nothing(pattern, there, folder)]
        found.update(paths)
    problems += [
        Problem("is a symbolic link", shown(p, folder), "a file of its own") for p in found if _linked(p, folder)
    ]
    if problems:
        raise DataError(problems)
    return sorted(found)


def split(pattern: str) -> tuple[str, str]:
    """A pattern's part on disk and its part inside an archive.

    Example:
        >>> split("raw/a.zip/orders*.csv"), split("raw/*.csv")
        (('raw/a.zip', 'orders*.csv'), ('raw/*.csv', ''))
    """
    parts = PurePosixPath(pattern).parts
    ends = [i for i, part in enumerate(parts[:-1], 1) if part.lower().endswith(".zip")]
    return ("/".join(parts[: ends[0]]), "/".join(parts[ends[0] :])) if ends else (pattern, "")


def matching(folder: Path, pattern: str) -> list[Path]:
    """What a pattern names: a path as it is written, or else a glob; composed and decomposed kana are the same."""
    literal = folder / pattern
    return [literal] if _exists(literal) else _walked(folder, list(PurePosixPath(pattern).parts))


def _exists(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except OSError:  # a name that is too long for the system
        return False


def _walked(folder: Path, parts: list[str]) -> list[Path]:
    if not parts:
        return [folder]
    here, rest = unicodedata.normalize("NFC", parts[0]), parts[1:]
    inside = sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
    if here == "**":
        deeper = [path for one in inside if one.is_dir() for path in _walked(one, parts)]
        return _walked(folder, rest or ["*"]) + deeper
    hits = [one for one in inside if fnmatch.fnmatchcase(unicodedata.normalize("NFC", one.name), here)]
    return [path for one in hits for path in _walked(one, rest)]


def _nothing(pattern: str, there: list[Path], folder: Path) -> Problem:
    if not there:
        return Problem("there is no such file", printable(pattern), hint=_what_is_there(folder))
    what = "is a folder" if there[0].is_dir() else "is no regular file (a device, a pipe or a broken link)"
    return Problem(what, shown(there[0], folder), "a file", f"Name the files in it: {printable(pattern)}/*")


def hidden(path: Path) -> bool:
    """Whether a file is one that systems leave behind (.DS_Store, Thumbs.db, Excel's ~$ locks), not an export."""
    return path.name.startswith((".", "~$")) or path.name in ("Thumbs.db", "desktop.ini")


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
    r"""A text without control characters, composed.

    Example:
        >>> printable("a\x1b[2Jb")
        'a?[2Jb'
    """
    return "".join(c if c.isprintable() else "?" for c in unicodedata.normalize("NFC", text))


def load(path: Path, folder: Path) -> InputFile:
    """Read a file, unpack it and recognise its kind by its first bytes.

    Raises:
        DataError: empty, too large, damaged, a bomb, or a kind that is not read.
    """
    name = shown(path, folder)
    packed = _bytes(path, name)
    data = archives.gunzip(packed, name) if packed.startswith(kinds.GZIP) else packed
    kind = "zip" if data.startswith(kinds.GZIP) else kinds.of(data, name)
    if data is not packed and kind == "zip":
        raise refused(name, "is an archive inside an archive", "Unpack it once.")
    return made(path, name, data, kind, hashlib.sha256(packed).hexdigest())


def made(path: Path, name: str, data: bytes, kind: str, sha256: str) -> InputFile:
    """An input from its unpacked bytes; DOS' end-of-file mark is cut off a text."""
    content = hashlib.sha256(data).hexdigest()
    return InputFile(path, name, data.rstrip(END_OF_FILE) if kind == "text" else data, sha256, kind, content)


def _bytes(path: Path, name: str) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise refused(name, "is no regular file", "Put a file there.")
        if about.st_size > archives.MAX_BYTES:
            raise refused(name, f"is larger than {archives.MAX_BYTES:,} bytes", "Send it in parts (by year).")
        return path.read_bytes()
    except OSError as error:
        hint = "Close it in other programs, and see that you may read it."
        raise refused(name, f"cannot be opened ({error.strerror})", hint) from None


def unchanged(file: InputFile) -> bool:
    """Whether the file on disk still has the bytes that were parsed."""
    return sha256(file.path) == file.sha256


def sha256(path: Path) -> str:
    """Digest of a file on disk; "" when it is gone."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
