"""Eight notebooks: papermill's default engine one after the other, against a run's forked kernels, as many at a time as a run has."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench._measure import report
from crmlib import config_file, demo, intake
from crmlib.home import NOTEBOOKS
from crmlib.run import job, kernels, notebooks
from crmlib.schema import DIAGNOSTICS

NAMES = ("retention", "ltv") * 4
REPEATS = 3


def prepared() -> Path:
    folder = demo.prepare(Path(tempfile.mkdtemp()), "cdnow")
    intake.refreshed(config_file.load(folder))
    return folder


def one_after_the_other(folder: Path) -> float:
    import papermill

    begin = time.perf_counter()
    for i, name in enumerate(NAMES):
        target = folder / f"plain{i}.ipynb"
        papermill.execute_notebook(
            NOTEBOOKS / f"{name}.ipynb",
            target,
            {"client_dir": "."},
            cwd=folder,
            progress_bar=False,
            kernel_name="python3",
        )
    return time.perf_counter() - begin


def forked(folder: Path) -> float:
    begin = time.perf_counter()
    jobs = [
        notebooks.Job(NOTEBOOKS / f"{name}.ipynb", folder / f"forked{i}.ipynb", {"client_dir": "."}, folder)
        for i, name in enumerate(NAMES)
    ]
    with ThreadPoolExecutor(job.Order().jobs) as pool:
        failures = [failure for failure in pool.map(lambda job: notebooks.execute(job, {}), jobs) if failure]
    assert failures == []
    return time.perf_counter() - begin


def main() -> int:
    folder = prepared()
    kernels.warm_up()
    forked(folder)  # the fork server has imported the libraries, as it has while a run's intake reads
    pairs = [(one_after_the_other(folder), forked(folder)) for _ in range(REPEATS)]
    plain, fast = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"{len(NAMES)} notebooks: papermill in a row {plain:.1f} s; forked kernels, {job.Order().jobs} at a time {fast:.1f} s"
    )
    missed = report(
        "eight notebooks, against papermill's default engine", statistics.median(a / b for a, b in pairs), 4.5
    )
    whole_run(folder)
    shutil.rmtree(folder.parent)
    return missed


def whole_run(folder: Path) -> None:
    """A whole run of cdnow, and what its kernels take to start and to import what the notebooks import."""
    begin = time.perf_counter()
    job.run(folder, job.Order())
    total = time.perf_counter() - begin
    start = idle_kernel(folder)
    share = len(DIAGNOSTICS) * start / total
    print(
        f"whole run of cdnow {total:.1f} s; kernel starts and imports {start:.2f} s each, {share:.0%} of the run's time"
    )


def idle_kernel(folder: Path) -> float:
    """Seconds of a notebook that only imports."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    source = folder / "imports.ipynb"
    imports = "import pandas, lifetimes\nfrom crmlib import deck, figures, intake, ltv, numbers, retention, summaries, workspace"
    nbformat.write(new_notebook(cells=[new_code_cell(imports)]), source)
    begin = time.perf_counter()
    notebooks.execute(notebooks.Job(source, folder / "imported.ipynb", {}, folder), {})
    return time.perf_counter() - begin
