import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from crmlib.home import NOTEBOOKS
from crmlib.schema import DIAGNOSTICS

from .rules import problems

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def test_each_diagnostic_has_its_notebook():
    assert [path.stem for path in PATHS] == sorted(DIAGNOSTICS)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_committed_notebook_keeps_the_rules(path):
    assert problems(path.stem, nbformat.read(path, as_version=4)) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_committed_notebook_names_no_machine(path):
    text = path.read_text("utf-8")
    assert "papermill" not in text
    assert not any(f'"/{place}/' in text or f" /{place}/" in text for place in ("home", "root", "tmp", "work", "Users"))


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (new_code_cell("for i in x:\n    y"), "'For' does not belong in a notebook"),
        (new_code_cell("\n".join("x" for _ in range(9))), "9 lines; at most 8"),
        (new_code_cell("import requests"), "imports requests"),
        (new_code_cell("x"), "is committed without having run"),
        (new_code_cell("x", outputs=[new_output("error", ename="ValueError")]), "shows an error or a warning: ValueError"),
        (new_code_cell("x", outputs=[new_output("display_data", {"image/png": "x"})]), "keeps a bulky output (image/png)"),
        (new_markdown_cell("F2 is 41.2 % here"), "a number is typed into Markdown: 41.2 %"),
        (new_markdown_cell("# Another"), "one heading of level 1"),
    ],
)  # fmt: skip
def test_each_rule_can_fail(cell, message):
    notebook = new_notebook(cells=[new_markdown_cell("# Title"), cell])
    assert any(message in problem for problem in problems("probe", notebook))
