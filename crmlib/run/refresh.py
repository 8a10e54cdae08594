"""The committed notebooks, run again on the sample client and stripped of bulk: `python make.py notebooks`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat

from crmlib import config_file, demo, intake
from crmlib.home import CLIENT_DATA, NOTEBOOKS
from crmlib.run import kernels, notebooks
from crmlib.run.lock import locked
from crmlib.schema import DIAGNOSTICS

IGNORED = "# NBVAL_IGNORE_OUTPUT"  # nbval's own marker: the cell's output is not compared


def main() -> int:
    """Refresh every notebook; the exit code counts those that stopped."""
    kernels.warm_up()
    folder = demo.prepare(CLIENT_DATA, "sample")
    with locked(folder):
        intake.refreshed(config_file.load(folder))
    failures = [refresh(NOTEBOOKS / f"{name}.ipynb") for name in DIAGNOSTICS]
    for failure in filter(None, failures):
        sys.stderr.write(f"{failure}\n")
    return len([failure for failure in failures if failure])


def refresh(path: Path) -> notebooks.Failure | None:
    """Run one notebook in its own folder and replace it, stripped; a notebook that stops is left as it was."""
    target = path.with_suffix(".new.ipynb")
    failure = notebooks.execute(notebooks.Job(path, target, {}, path.parent), {})
    target.with_suffix(".failed.ipynb").unlink(missing_ok=True)
    if failure is None:
        notebook = nbformat.read(target, as_version=4)
        stripped(notebook)
        target.unlink()
        nbformat.write(notebook, path)
    return failure


def stripped(notebook: Any) -> None:
    """Keep of a figure or slide cell's outputs only their plain text: payloads belong to a run, not to git."""
    notebook.metadata.pop("crmlib", None)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith(IGNORED):
            for output in cell.outputs:
                if "data" in output:
                    output.data = {"text/plain": output.data.get("text/plain", "")}
                    output.metadata = {}


if __name__ == "__main__":
    sys.exit(main())
