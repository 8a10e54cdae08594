"""The same client with its rows in another order, another time zone, locale, hash seed and number of threads."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crmlib import intake, workspace
from crmlib.simulate import SimulationOptions, simulate

CODE = "import sys; from crmlib import intake, workspace; intake.run(workspace.load(sys.argv[1]))"
ELSEWHERE = {
    "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "7", "LC_ALL": "C", "LANG": "C", "OMP_NUM_THREADS": "1",
    "ARROW_IO_THREADS": "1",
}  # fmt: skip
SAME = (
    "as_of",
    "totals",
    "tables",
    "store",
    "store_sha256",
    "details",
    "unknown_statuses",
    "unknown_words",
    "warnings",
)


def shuffled(path: Path, dice: random.Random) -> None:
    """The rows of a CSV without line ends in its cells, in another order below the header."""
    head, *rows = path.read_bytes().splitlines(keepends=True)
    dice.shuffle(rows)
    path.write_bytes(head + b"".join(rows))


@pytest.mark.parametrize("layout", ["eccube4", "plain"])
def test_all_tables_to_the_byte(tmp_path: Path, layout: str) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    simulate(here, SimulationOptions(500, seed=8, dirt=1.0, layout=layout))
    intake.run(workspace.load(here))
    shutil.copytree(here, there)  # with its key: the same pseudonyms
    shutil.rmtree(there / "store")
    for path in (there / "raw").iterdir():
        shuffled(path, random.Random(path.name))
    subprocess.run([sys.executable, "-c", CODE, str(there)], env={**os.environ, **ELSEWHERE}, check=True)
    one, other = (json.loads((folder / "intake.json").read_text("utf-8")) for folder in (here, there))
    assert {key: one[key] for key in SAME} == {key: other[key] for key in SAME}
    assert one["totals"]["rows_quarantined"] > 0
    for path in (here / "store").iterdir():
        assert path.read_bytes() == (there / "store" / path.name).read_bytes()
