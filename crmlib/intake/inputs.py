"""The inputs of one source: its files, each opened once, the same content never twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crmlib.config import Source
from crmlib.errors import DataError, Problem
from crmlib.intake import files
from crmlib.intake.files import InputFile
from crmlib.intake.problems import Problems


def opened(folder: Path, source: Source, wanted: Sequence[str], problems: Problems) -> list[InputFile]:
    """Open every file of a source.

    Args:
        folder: The client's folder.
        source: The source in client.yaml.
        wanted: Headers whose columns are needed; they decide which sheet of a workbook is read.
        problems: Where a file's problems go; the other files are opened all the same.

    Raises:
        DataError: a pattern matches nothing.
    """
    read: dict[str, InputFile] = {}
    for path in files.find(folder, source.files):
        with problems.of(files.shown(path, folder)):
            one = files.load(path, folder)
            if one.sha256 in read:
                hint = "Remove one of them."
                raise DataError(Problem(f"is the same file as {read[one.sha256].name}", one.name, hint=hint))
            read[one.sha256] = one
    return list(read.values())
