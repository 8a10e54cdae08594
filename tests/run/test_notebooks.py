import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from crmlib.run.notebooks import Job, execute

pytestmark = pytest.mark.slow
META = {"client": {"ja": "あ", "en": "A"}, "as_of": "2025-09-30", "lang": "ja"}


def run(tmp_path, *cells, **parameters):
    source = tmp_path / "probe.ipynb"
    first = new_code_cell("given = 0", metadata={"tags": ["parameters"]})
    nbformat.write(new_notebook(cells=[first, *map(new_code_cell, cells)]), source)
    (tmp_path / "out").mkdir()
    return execute(Job(source, tmp_path / "out" / "probe.ipynb", parameters, tmp_path), META)


def test_a_kernel_runs_in_the_client_s_folder_with_the_parameters_and_leaves_no_path(tmp_path):
    assert run(tmp_path, "import os; len(os.listdir()), given", given=3) is None
    text = (tmp_path / "out" / "probe.ipynb").read_text("utf-8")
    notebook = nbformat.reads(text, 4)
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "(2, 3)"
    assert notebook.metadata["crmlib"] == META
    assert str(tmp_path) not in text
    assert "papermill" not in json.dumps(notebook.metadata) + json.dumps([cell.metadata for cell in notebook.cells])


def test_a_failing_cell_is_named_and_its_traceback_does_not_quote_the_data(tmp_path):
    failure = run(tmp_path, "x = 1", "name = '山田太郎'; raise ValueError(f'bad {name}')")
    assert str(failure) == "probe: code cell 3 stopped with ValueError"
    kept = (tmp_path / "out" / "probe.failed.ipynb").read_text("utf-8")
    assert "bad 山田太郎" not in kept
    assert "Traceback" not in kept
    assert not (tmp_path / "out" / "probe.ipynb").exists()


def test_our_own_errors_keep_their_words(tmp_path):
    failure = run(tmp_path, "from crmlib.errors import DataError\nraise DataError('no store: run crmlib intake first')")
    assert failure.message == "no store: run crmlib intake first"
    assert failure.kind == "DataError"


def test_a_killed_kernel_is_a_failure_whatever_the_notebook_says(tmp_path):
    failure = run(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "1 + 1")
    assert failure.kind == "DeadKernelError"
    assert "the kernel ended before the notebook did" in str(failure)
    assert list((tmp_path / "out").iterdir()) == []


def test_each_notebook_gets_a_fresh_kernel(tmp_path):
    assert run(tmp_path, "import crmlib; crmlib.leftover = 1") is None
    (tmp_path / "second").mkdir()
    assert run(tmp_path / "second", "import crmlib; assert not hasattr(crmlib, 'leftover')") is None
