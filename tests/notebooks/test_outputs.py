"""nbval: the committed notebooks, run again on the sample client, give the outputs that are committed."""

import subprocess
import sys

import pytest

from crmlib import config_file, demo, intake
from crmlib.home import CLIENT_DATA, NOTEBOOKS, ROOT
from crmlib.run.lock import locked
from crmlib.schema import DIAGNOSTICS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample_client():
    """The client that the committed notebooks open by default."""
    folder = demo.prepare(CLIENT_DATA, "sample")
    with locked(folder):
        intake.refreshed(config_file.load(folder))


@pytest.mark.usefixtures("sample_client")
def test_committed_outputs_are_what_the_code_gives():
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "nbval",
        "--nbval",
        "--nbval-kernel-name=python3",
        "-p",
        "no:xdist",
    ]
    override = [
        "-o",
        "addopts=",
        "-o",
        "filterwarnings=default",
        "--nbval-sanitize-with",
        str(ROOT / "tests/notebooks/sanitize.cfg"),
    ]
    in_turn = [
        NOTEBOOKS / f"{name}.ipynb" for name in DIAGNOSTICS
    ]  # the lists read the values that ltv puts into the store
    others = sorted(set(NOTEBOOKS.rglob("*.ipynb")) - set(in_turn))
    paths = [str(path) for path in [*in_turn, *others] if ".ipynb_checkpoints" not in path.parts]
    done = subprocess.run([*command, *override, *paths], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout[-5000:]
