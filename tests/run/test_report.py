"""`crmlib report`: the decks of a finished run again, from its notebooks alone."""

import json

import pytest
from click.testing import CliRunner

from crmlib.cli import main
from crmlib.run import notebooks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    for command in (["simulate", "acme", "--customers", "300"], ["run", "acme", "--only", "retention", "--lang", "en"]):
        done = CliRunner().invoke(main, ["--data-dir", str(data), *command])
        assert done.exit_code == 0, done.output
    return data / "acme"


def report(client, *options):
    return CliRunner().invoke(main, ["--data-dir", str(client.parent), "report", client.name, *options])


def test_the_same_files_again_without_running_a_notebook(client, monkeypatch):
    [run] = client.glob("runs/[!.]*")
    names = ("deck_en.html", "deck_en.pdf", "tables.xlsx", "numbers.json", "findings.json")
    before = {name: (run / name).read_bytes() for name in names}
    (run / "deck_en.html").unlink()
    monkeypatch.setattr(notebooks, "execute", None)
    done = report(client, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert {name: (run / name).read_bytes() for name in names} == before
    assert str(run / "deck_en.pptx") in done.output


def test_another_language_and_format_is_added_and_in_the_manifest(client):
    [run] = client.glob("runs/[!.]*")
    assert report(client, "--lang", "ja", "--formats", "pdf").exit_code == 0
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert manifest["status"] == "done"
    assert "deck_ja.pdf" in manifest["files"]


def test_no_run_and_a_misspelt_run_are_said(client):
    done = report(client, "2025-01-01_x")
    assert (done.exit_code, "there is no run '2025-01-01_x'" in done.output) == (1, True)
    CliRunner().invoke(main, ["--data-dir", str(client.parent), "new", "other"])
    done = CliRunner().invoke(main, ["--data-dir", str(client.parent), "report", "other"])
    assert (done.exit_code, "there is no finished run" in done.output) == (1, True)
