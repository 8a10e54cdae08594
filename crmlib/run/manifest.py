"""manifest.json, written last: a run has succeeded when its manifest says so."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crmlib import __version__
from crmlib.config import Client
from crmlib.errors import DataError, Problem, did_you_mean
from crmlib.run.fingerprint import of_file

NAME = "manifest.json"


def write(folder: Path, client: Client, about: Mapping[str, Any], failures: Sequence[Mapping[str, Any]]) -> None:
    """Write the manifest of a run's folder: what it was made from and what it holds (names and digests, no paths).

    Args:
        folder: The run's folder, complete but for the manifest.
        client: Whose run it is.
        about: ``made_from`` (the fingerprint's parts), ``diagnostics`` and ``settings`` of the run, ``left_out`` pages.
        failures: Diagnostics that stopped.
    """
    files = {path.name: of_file(path) for path in sorted(folder.iterdir()) if path.is_file() and path.name != NAME}
    notebooks = {path.name: of_file(path) for path in sorted((folder / "notebooks").glob("*.ipynb"))}
    content = {
        "status": "incomplete" if failures or about.get("left_out") else "done",
        "client": client.folder.name,
        "as_of": client.as_of.isoformat(),
        "crmlib": __version__,
        "python": platform.python_version(),
        **about,
        "failures": list(failures),
        "files": files,
        "notebooks": notebooks,
    }
    (folder / NAME).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def read(folder: Path) -> Any:
    """The manifest of a finished run.

    Raises:
        DataError: the folder has none: the run was stopped, or it is no run.
    """
    path = folder / NAME
    if not path.is_file():
        hint = "Run it again: crmlib run " + folder.parent.parent.name
        raise DataError(Problem(f"run '{folder.name}' has no manifest: it did not finish", hint=hint))
    return json.loads(path.read_text("utf-8"))


def is_done(folder: Path) -> bool:
    """Whether a run's folder holds a whole run, without a diagnostic that stopped or a page that was left out."""
    return (folder / NAME).is_file() and read(folder)["status"] == "done"


def chosen(runs: Path, name: str) -> Path:
    """A finished run by its name, the newest when there is none given.

    Raises:
        DataError: there is no such run.
    """
    finished = sorted((path for path in runs.glob(f"[!.]*/{NAME}")), key=lambda path: path.stat().st_mtime)
    known = [path.parent.name for path in finished]
    if not known:
        raise DataError(Problem("there is no finished run", str(runs.parent), hint=f"crmlib run {runs.parent.name}"))
    if name and name not in known:
        raise DataError(Problem(f"there is no run '{name}'", str(runs.parent), hint=did_you_mean(name, known)))
    return runs / (name or known[-1])
