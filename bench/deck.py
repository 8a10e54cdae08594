"""All files of one run (2 languages x HTML, PDF, PPTX, and the workbooks) from its executed notebooks; `crmlib report`; sizes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._measure import report_at_most
from crmlib import config_file, demo
from crmlib.run import job, lanes, outputs
from crmlib.schema import FORMATS, LANGUAGES

WANTED = outputs.Wanted(LANGUAGES, FORMATS)
MOST_MB = {"html": 1.5, "pdf": 3.0, "pptx": 5.0}


def main() -> int:
    folder = demo.prepare(Path(tempfile.mkdtemp()), "sample")
    run = job.run(folder, job.Order()).folder
    missed = after_the_notebooks(folder, run) + report(folder)
    for form, most in MOST_MB.items():
        size = max(path.stat().st_size for path in run.glob(f"*.{form}")) / 1e6
        missed += report_at_most(f"largest {form}, MB", size, most)
    shutil.rmtree(folder.parent)
    return missed


def after_the_notebooks(folder: Path, run: Path) -> int:
    """Wall time with two processes, and the processor time of the same work in one."""
    client = config_file.load(folder)
    notebooks = sorted((run / "notebooks").glob("*.ipynb"))
    begin = time.perf_counter()
    assert outputs.write(outputs.collected(notebooks, client), WANTED, run, print) == []
    missed = report_at_most("all files after the notebooks, s", time.perf_counter() - begin, 12)
    cores, lanes.os.cpu_count = os.cpu_count, lambda: 1
    begin = time.process_time()
    outputs.write(outputs.collected(notebooks, client), WANTED, run, lambda _: None)
    print(f"the same in one process: {time.process_time() - begin:.1f} s of processor time")
    lanes.os.cpu_count = cores
    return missed


def report(folder: Path) -> int:
    """The command as a user calls it, its start included."""
    command = [sys.executable, "-m", "crmlib", "--data-dir", str(folder.parent), "report", folder.name]
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return report_at_most("crmlib report, s", time.perf_counter() - begin, 10)
