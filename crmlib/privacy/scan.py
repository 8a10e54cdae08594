"""The leak scanner: everything below a path, looked through for one client's identifiers and for personal data at large."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crmlib.errors import DataError, Problem
from crmlib.home import TEMPLATES
from crmlib.privacy.artefacts import UNREADABLE, pieces
from crmlib.privacy.known import Known, general

PRIVATE = ("raw", "quarantine", "identity", "private")  # a client's own parts, which hold persons on purpose
CONFIG = "client.yaml"
NAME = "the file's name"


@dataclass(frozen=True)
class Leak:
    """What was found in a file: the first place and how often; never the value itself."""

    file: str
    place: str
    kind: str
    count: int

    def __str__(self) -> str:
        return f"{self.file}: {self.kind}, {self.count:,} time{'s' * (self.count > 1)}, first in {self.place}"


def forget_ours(known: Known, client_dir: Path) -> None:
    """Leave out names that are also words of the workbench's texts or of client.yaml: they would be found everywhere."""
    paths = [*sorted((TEMPLATES / "text").rglob("*.toml")), client_dir / CONFIG]
    known.drop("\n".join(path.read_text("utf-8") for path in paths))


def scan(path: Path, known: Known) -> list[Leak]:
    """Look through a file or everything in a folder.

    Args:
        path: A file or a folder; in a client's folder raw/, quarantine/, identity/ and private/ are left out.
        known: The client's identifiers.

    Returns:
        The leaks, sorted by file; a file that cannot be read is one, of the kind "unreadable".

    Raises:
        DataError: there is nothing at the path.
    """
    if not path.exists():
        raise DataError(Problem("there is no such file or folder", str(path)))
    base = path if path.is_dir() else path.parent
    return [leak for file in sorted(_files(path)) for leak in _file(file, base, known)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, inside, names in os.walk(path):
        here = Path(folder)
        if (here / CONFIG).is_file():
            inside[:] = [name for name in inside if name not in PRIVATE]
        yield from (here / name for name in names)


def _file(file: Path, base: Path, known: Known) -> Iterator[Leak]:
    shown = file.relative_to(base).as_posix()
    found: Counter[str] = Counter()
    first: dict[str, str] = {}
    _note(NAME, shown, known, (found, first))
    try:
        if not file.is_symlink():
            for piece in pieces(file.read_bytes(), file.name):
                _note(piece.place or "the text", piece.text, known, (found, first))
    except UNREADABLE:
        found["unreadable"] += 1
        first.setdefault("unreadable", "the file")
    safe = _harmless(shown, found, first)
    yield from (Leak(safe, _printable(first[kind]), kind, count) for kind, count in sorted(found.items()))


def _note(place: str, text: str, known: Known, noted: tuple[Counter[str], dict[str, str]]) -> None:
    found, first = noted
    here = known.found(text)
    here.update(general(text))
    if here and place != NAME and (known.found(place) or general(place)):
        place = "a place whose name is a leak"
    for kind in here:
        first.setdefault(kind, place)
    found.update(here)


def _harmless(shown: str, found: Counter[str], first: dict[str, str]) -> str:
    """The file's name, or a stand-in where the name itself is the leak."""
    named = any(place == NAME for kind, place in first.items() if found[kind])
    return f"(a file whose name is a leak){Path(shown).suffix}" if named else _printable(shown)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
