"""The inputs of one source: files, members of archives and sheets, each opened once, the same content never twice."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmlib.config import Source
from crmlib.errors import DataError, Problem
from crmlib.intake import archives, files, headers, kinds, reading, sheets
from crmlib.intake.files import InputFile
from crmlib.intake.kinds import refused
from crmlib.intake.problems import Problems
from crmlib.intake.records import Layout


def opened(folder: Path, source: Source, wanted: Sequence[str], problems: Problems) -> list[InputFile]:
    """Open every input of a source.

    Args:
        folder: The client's folder.
        source: The source in client.yaml.
        wanted: Headers whose columns are needed; they decide which sheet of a workbook is read.
        problems: Where an input's problems go; the others are opened all the same.

    Raises:
        DataError: a pattern matches nothing.
    """
    read: dict[tuple[str, str], InputFile] = {}
    for path in files.find(folder, source.files):
        with problems.of(files.shown(path, folder)):
            for whole in _unpacked(files.load(path, folder), folder, source.files, problems):
                with problems.of(whole.name):
                    for one in _sheets(whole, source, wanted):
                        _add(read, one)
    return list(read.values())


def inside(path: Path, folder: Path) -> list[InputFile]:
    """Everything in one file, whatever client.yaml says of it: members of an archive, visible sheets of a workbook.

    Args:
        path: The file.
        folder: The client's folder.

    Raises:
        DataError: the file, a member or a workbook that cannot be read.
    """
    problems = Problems()
    found: list[InputFile] = []
    for one in _unpacked(files.load(path, folder), folder, ["*"], problems):
        names = sheets.names(one.data, one.name) if one.kind == "xlsx" else []
        found += [_sheet(one, name, len(names) == 1) for name in names] or [one]
    problems.raised()
    return found


def _add(read: dict[tuple[str, str], InputFile], one: InputFile) -> None:
    first = read.setdefault((one.content, one.sheet), one)
    if first is not one:
        raise DataError(Problem(f"is the same file as {first.name}", one.name, hint="Remove one of them."))


def _unpacked(file: InputFile, folder: Path, wanted: Sequence[str], problems: Problems) -> Iterator[InputFile]:
    """The file, or the members of an archive that some pattern names."""
    if file.kind != "zip":
        yield file
        return
    archive = archives.opened(file.data, file.name)
    patterns = [files.split(pattern) for pattern in wanted]
    inner = [part for outer, part in patterns if file.path in files.matching(folder, outer)]
    for name, member in archives.members(archive, file.name, [] if "" in inner else inner).items():
        with problems.of(f"{file.name}/{name}"):
            yield _member(file, f"{file.name}/{name}", archives.unpacked(archive, member, f"{file.name}/{name}"))


def _member(archive: InputFile, name: str, data: bytes) -> InputFile:
    kind = "zip" if data.startswith(kinds.GZIP) else kinds.of(data, name)
    if kind == "zip":
        raise refused(name, "is an archive inside an archive", "Unpack it once.")
    return files.made(archive.path, name, data, kind, archive.sha256)


def _sheets(file: InputFile, source: Source, wanted: Sequence[str]) -> list[InputFile]:
    """The sheets of a workbook that are read: those that client.yaml names, or the only one that has all columns.

    Raises:
        DataError: none has them, or several have.
    """
    if file.kind != "xlsx":
        return [file]
    names = sheets.names(file.data, file.name)
    alone = len(names) == 1
    parts = {name: _sheet(file, name, alone) for name in names}
    if source.sheet:
        return [parts[name] for name in _declared(source, names, file.name)]
    if alone:
        return list(parts.values())
    layout = Layout("xlsx", "", source.header)
    fits = [name for name in names if _fits(parts[name], layout, wanted)]
    if len(fits) == 1:
        return [parts[fits[0]]]
    what = f"has {len(fits)} sheets with all columns: {_listed(fits)}" if fits else "has no sheet with all columns"
    hint = f"Say sheet: in client.yaml. The sheets are: {_listed(names)}"
    raise DataError(Problem(what, file.name, f"one sheet with the columns {', '.join(wanted)}", hint))


def _sheet(file: InputFile, sheet: str, alone: bool) -> InputFile:
    name = file.name if alone else f"{file.name}/{files.printable(sheet)}"
    return dataclasses.replace(file, sheet=sheet, name=name)


def _declared(source: Source, names: Sequence[str], where: str) -> list[str]:
    found = [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in source.sheet)]
    if not found:
        hint = f"The sheets are: {_listed(names)}"
        raise DataError(Problem(f"has no visible sheet {', '.join(source.sheet)}", where, hint=hint))
    return found


def _fits(file: InputFile, layout: Layout, wanted: Sequence[str]) -> bool:
    try:
        found, whole = reading.header_of(file, layout, wanted)
    except DataError:
        return False  # an empty sheet, or a row of data above the header: no candidate
    return whole and headers.all_there(found.names, wanted)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(files.printable(name) for name in names)


def unread(folder: Path, read: Sequence[InputFile]) -> list[str]:
    """Files in raw/ that no source names (another extension, a second export).

    Args:
        folder: The client's folder.
        read: What was read.
    """
    known = {one.path for one in read}
    lying = [path for path in (folder / "raw").rglob("*") if path.is_file() and not files.hidden(path)]
    return [files.shown(path, folder) for path in sorted(lying) if path not in known]
