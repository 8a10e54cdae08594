"""A diagnostic that stops: exit code 3, its place named, the decks of the others made, nothing called done."""

import json
import shutil

import nbformat
import pytest
from click.testing import CliRunner

from crmlib.cli import main
from crmlib.home import NOTEBOOKS
from crmlib.run import job

pytestmark = pytest.mark.slow


@pytest.fixture
def stopped(tmp_path, monkeypatch):
    """A run whose retention notebook stops in its first code cell after the imports."""
    notebooks = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, notebooks)
    broken = nbformat.read(notebooks / "retention.ipynb", as_version=4)
    cell = next(cell for cell in broken.cells if cell.source.startswith("client = "))
    cell.source = "raise ValueError('Sa' + 'to Hanako')"  # the source itself does not hold what the message quotes
    nbformat.write(broken, notebooks / "retention.ipynb")
    monkeypatch.setattr(job, "NOTEBOOKS", notebooks)
    data = tmp_path / "data"
    runner = CliRunner()
    assert runner.invoke(main, ["--data-dir", str(data), "simulate", "acme", "--customers", "300"]).exit_code == 0
    command = ["--data-dir", str(data), "run", "acme", "--only", "retention", "--lang", "en", "--formats", "html"]
    return runner.invoke(main, command), data / "acme"


def test_the_exit_code_is_3_and_the_cell_is_named_without_its_values(stopped):
    result, _ = stopped
    assert result.exit_code == 3
    assert "retention: code cell 4 stopped with ValueError" in result.output
    assert "Hint: The decks were made without it. Open the notebook with: crmlib lab acme" in result.output
    assert "Sato" not in result.output


def test_the_others_have_their_deck_and_the_failure_is_in_the_manifest(stopped):
    _, client = stopped
    [run] = client.glob("runs/[!.]*")
    numbers = json.loads((run / "numbers.json").read_text("utf-8"))
    assert "intake.rows.used" in numbers
    assert not any(key.startswith("retention.") for key in numbers)
    assert (run / "deck_en.html").is_file()
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert [failure["notebook"] for failure in manifest["failures"]] == ["retention"]
    assert (run / "notebooks" / "retention.failed.ipynb").is_file()
    left = [path for path in client.rglob("*") if path.is_file() and "Sato" in path.read_text("utf-8", "ignore")]
    assert left == []
