"""One notebook executed by papermill, and what it leaves: outputs without paths, tracebacks or personal data."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from crmlib.run.kernels import WorkbenchKernelManager

TIMEOUT_SECONDS = 3600
START_TIMEOUT_SECONDS = 120  # a laptop under load


@dataclass(frozen=True)
class Job:
    """One notebook to execute.

    Args:
        source: The notebook.
        target: Where the executed notebook goes.
        parameters: Checked parameters, JSON values.
        cwd: Working folder of the kernel.
    """

    source: Path
    target: Path
    parameters: Mapping[str, Any]
    cwd: Path


@dataclass(frozen=True)
class Failure:
    """Why a notebook stopped: cell (1-based, code cells), kind of error, and its words when they are our own."""

    notebook: str
    cell: int
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.notebook}: code cell {self.cell} stopped with {self.kind}" + (
            f": {self.message}" if self.message else ""
        )


OUR_ERRORS = ("CrmError", "DataError", "ConfigError", "DiagnosticError")  # their messages never quote a client's cell
KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
MARKER = "papermill-error-cell-tag"


def execute(job: Job, meta: Mapping[str, Any]) -> Failure | None:
    """Run a notebook in a fresh kernel and write it, cleaned, beside and renamed into place.

    Args:
        job: What to execute; a notebook that fails is written as ``<name>.failed.ipynb``.
        meta: Goes into the notebook's metadata ``crmlib`` (client, as_of, lang), for an export of this notebook alone.

    Returns:
        None when every cell ran, else the failure.
    """
    beside = job.target.with_suffix(".partial.ipynb")
    notebook = _papermill(job, beside)
    if isinstance(notebook, str):
        beside.unlink(missing_ok=True)
        return Failure(job.source.stem, 0, notebook, "the kernel ended before the notebook did; is the memory full?")
    failure = _failure(notebook, job.source.stem)
    _clean(notebook, meta)
    nbformat.write(notebook, beside)
    os.replace(beside, job.target if failure is None else job.target.with_suffix(".failed.ipynb"))  # noqa: PTH105 (atomic)
    return failure


def _papermill(job: Job, beside: Path) -> Any:
    """The executed notebook, or the kind of error (a text) when the kernel itself was lost."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    try:
        return papermill.execute_notebook(
            job.source, beside, dict(job.parameters), progress_bar=False, kernel_name="python3", language="python",
            request_save_on_cell_execute=False, kernel_manager_class=WorkbenchKernelManager,
            resources={"metadata": {"path": str(job.cwd)}},  # the kernel's folder; papermill's cwd= would move this process
            start_timeout=START_TIMEOUT_SECONDS, execution_timeout=TIMEOUT_SECONDS,
        )  # fmt: skip
    except papermill.PapermillExecutionError:
        return nbformat.read(beside, as_version=4)  # the error stands in it
    except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
        return type(error).__name__


def _failure(notebook: Any, name: str) -> Failure | None:
    notebook.cells = [cell for cell in notebook.cells if MARKER not in cell.metadata.get("tags", [])]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        error = next((output for output in cell.outputs if output.output_type == "error"), None)
        if error is not None:
            return Failure(name, number, error.ename, error.evalue if error.ename in OUR_ERRORS else "")
        if cell.execution_count is None and cell.source.strip():
            return Failure(name, number, "NotExecuted", "the cell never ran")
    return None


def _clean(notebook: Any, meta: Mapping[str, Any]) -> None:
    """Take out paths, timings and tracebacks: a traceback quotes values, and values may be personal data."""
    notebook.metadata = {"kernelspec": KERNELSPEC, "crmlib": dict(meta)}
    for cell in notebook.cells:
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = []
                output.evalue = output.evalue if output.ename in OUR_ERRORS else ""
