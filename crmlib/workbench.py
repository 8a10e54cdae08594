"""JupyterLab opened on a client: its notebooks, its tables, its runs; offline."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from crmlib import workspace
from crmlib.home import NOTEBOOKS, ROOT
from crmlib.schema import DIAGNOSTICS

FOLDER = "lab"
OFFLINE = (
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.ip=127.0.0.1",
)


def open_lab(data_dir: Path, client: str | None, extra: Sequence[str] = ()) -> int:
    """Open JupyterLab and wait until it ends.

    Args:
        data_dir: Folder of all clients.
        client: Client whose folder is opened; the workbench itself when None.
        extra: Further arguments for JupyterLab.

    Returns:
        JupyterLab's exit code.
    """
    root, first = (ROOT, f"notebooks/{DIAGNOSTICS[0]}.ipynb")
    if client is not None:
        root = workspace.existing(data_dir, client)
        first = prepared(root)[0].relative_to(root).as_posix()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{first}",
    ]
    return subprocess.run([*command, *OFFLINE, *extra], check=False).returncode


def prepared(folder: Path) -> list[Path]:
    """The client's own copies of the notebooks below ``lab/``; a copy that exists is the consultant's and is kept.

    Args:
        folder: The client's folder.

    Returns:
        The notebooks' paths in the order of the deck.
    """
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    paths = [place / f"{name}.ipynb" for name in DIAGNOSTICS]
    for path in paths:
        if not path.exists():
            nbformat.write(_on_client(NOTEBOOKS / path.name, folder.name), path)
    return paths


def _on_client(source: Path, name: str) -> nbformat.NotebookNode:
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(DEFAULT_CLIENT_DIR, '".."')
    notebook.metadata["title"] = name
    return notebook


DEFAULT_CLIENT_DIR = '"../client_data/sample"'  # what the committed notebooks open
