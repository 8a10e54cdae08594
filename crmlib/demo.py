"""The demonstration clients: real purchases that an installed package ships, and a simulated Japanese mail-order client."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from crmlib import workspace
from crmlib.errors import DataError
from crmlib.home import CLIENT_DATA, TEMPLATES

CLIENTS = ("cdnow", "sample")
MADE_BY_RUNS = ("store", "runs", "quarantine", "private", "lab", "intake.json", ".lock*")


def prepare(data_dir: Path, name: str) -> Path:
    """Make the demonstration client's folder unless it is there.

    Args:
        data_dir: Folder of all clients.
        name: One of `CLIENTS`.

    Returns:
        The client's folder.
    """
    folder = data_dir / name
    if folder.exists():
        return folder
    if name == "sample":
        shutil.copytree(CLIENT_DATA / name, folder, ignore=shutil.ignore_patterns(*MADE_BY_RUNS))
    else:
        workspace.create(data_dir, name)
        shutil.copy(TEMPLATES / "demo" / name / "client.yaml", folder / "client.yaml")
        shutil.copy(cdnow_sample(), folder / "raw" / "CDNOW_sample.txt")
    return folder


def cdnow_sample() -> Path:
    """The CDNOW 1/10 sample of the installed package lifetimes, found without importing the package.

    Raises:
        DataError: the package or its file is not installed.
    """
    spec = importlib.util.find_spec("lifetimes")
    found = (
        [Path(place) / "datasets" / "CDNOW_sample.txt" for place in (spec.submodule_search_locations or [])]
        if spec
        else []
    )
    if not found or not found[0].is_file():
        raise DataError("the CDNOW sample of the package lifetimes is not installed: pip install lifetimes==0.11.3")
    return found[0]
