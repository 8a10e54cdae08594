"""`crmlib scan`: the identifiers of a client, and where its artefacts hold one."""

from __future__ import annotations

from pathlib import Path

from crmlib import config_file, workspace
from crmlib.intake import personal
from crmlib.privacy.known import Known
from crmlib.privacy.scan import Leak, forget_ours, scan


def leaks(path: Path, data_dir: Path, client: str = "") -> tuple[list[Leak], list[str]]:
    """Look through a file or a folder.

    Args:
        path: What to look through.
        data_dir: Folder of all clients.
        client: Whose identifiers to look for; empty: the client in whose folder the path lies, if it lies in one.

    Returns:
        The leaks, and the raw files whose persons could not be learnt.

    Raises:
        ConfigError: no such client.
        DataError: there is nothing at the path.
    """
    folder = workspace.existing(data_dir, client) if client else _around(path, data_dir)
    known, unread = personal.known(config_file.load(folder)) if folder else (Known(), [])
    if folder:
        forget_ours(known, folder)
    return scan(path, known), unread


def _around(path: Path, data_dir: Path) -> Path | None:
    names = workspace.names(data_dir)
    return next((data_dir / name for name in names if path.resolve().is_relative_to((data_dir / name).resolve())), None)
