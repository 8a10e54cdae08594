from __future__ import annotations

import copy
import dataclasses
from typing import Any

import nbformat
import pytest

from crmlib import deck
from crmlib.deck.slide import MIME
from crmlib.errors import CrmError, DataError
from crmlib.findings.model import Finding, Findings

from . import samples


def test_slides_come_in_order_with_the_appendix_last(sample_notebooks: list[Any]) -> None:
    appendix_first = copy.deepcopy(sample_notebooks)
    appendix_first[0].cells.insert(0, appendix_first[0].cells.pop())
    parts = deck.collected(appendix_first, samples.META)
    assert [s["id"] for s in parts.slides] == [
        "data.rows", "retention.f2", "retention.cohort", "ltv.table", "ltv.wide", "ltv.definitions",
    ]  # fmt: skip
    assert parts.ledger["retention.f2"].n == 2357


def test_findings_are_collected() -> None:
    found = Findings([Finding("a", "positive", "retention.f2", "D")])
    notebooks = [samples.notebook([*samples.slides("data.rows"), found]), samples.notebook([samples.ledger()])]
    assert deck.collected(notebooks, {}).findings == found


def test_metadata_of_the_notebook_is_used_when_nothing_is_given(sample_notebooks: list[Any]) -> None:
    notebook = copy.deepcopy(sample_notebooks[0])
    notebook.metadata["crmlib"] = {"client": "A", "as_of": "1998-06-30"}
    assert deck.collected([notebook]).meta["client"] == "A"


def test_error_output_is_refused(sample_notebooks: list[Any]) -> None:
    failed = nbformat.v4.new_output("error", ename="ValueError", evalue="secret", traceback=[])
    bad = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[failed])])
    with pytest.raises(DataError, match=r"^cell 1 of a notebook ended in an error \(ValueError\): run it again$"):
        deck.collected([*sample_notebooks, bad])


def test_no_slide_is_refused() -> None:
    with pytest.raises(DataError, match=r"^there is no slide in these notebooks: run them first$"):
        deck.collected([nbformat.v4.new_notebook()])


def test_same_slide_twice_is_refused() -> None:
    with pytest.raises(DataError, match=r"^slide data\.rows: two slides have this id$"):
        deck.collected([samples.notebook(samples.slides("data.rows") * 2)])


def test_same_number_twice_is_refused() -> None:
    with pytest.raises(CrmError, match=r"^ledger keys entered by two diagnostics: "):
        deck.collected([samples.notebook([*samples.slides("data.rows"), samples.ledger(), samples.ledger()])])


def test_slide_of_another_version_is_refused(sample_notebooks: list[Any]) -> None:
    old = copy.deepcopy(sample_notebooks)
    old[0].cells[1].outputs[0].data[MIME]["schema"] = 0
    with pytest.raises(
        DataError, match=r"^slide data\.rows: made by another version of crmlib: run its notebook again$"
    ):
        deck.collected(old)


def written(folder: Any, **notebooks: Any) -> Any:
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def test_folder_of_notebooks_is_gathered_without_the_summary(tmp_path: Any, sample_notebooks: list[Any]) -> None:
    folder = written(tmp_path, retention=sample_notebooks[0], summary=nbformat.v4.new_notebook())
    assert deck.gathered(folder).ledger["retention.f2"].value == 0.4123


def test_stripped_notebooks_are_gathered_too(tmp_path: Any) -> None:
    parts = deck.gathered(written(tmp_path, ltv=samples.notebook([samples.ledger()])))
    assert parts.slides == ()
    assert deck.used_definitions(parts) == ["retention.cell", "retention.f2", "ltv.clv", "ltv.count", "data.rows"]


def test_only_definitions_that_the_texts_use_are_listed(parts: deck.Collected) -> None:
    shown = dataclasses.replace(parts, slides=tuple(s for s in parts.slides if s["id"] == "retention.f2"))
    assert deck.used_definitions(shown) == ["retention.f2", "ltv.clv"]


def test_folder_without_notebooks_is_refused(tmp_path: Any) -> None:
    with pytest.raises(DataError) as error:
        deck.gathered(tmp_path / "nowhere")
    assert "nowhere': holds no executed notebook" in str(error.value)
    assert "Run `crmlib run CLIENT`, and set notebooks_dir to the notebooks of that run." in str(error.value)


def test_slide_brings_its_own_numbers_where_the_ledger_is_elsewhere() -> None:
    parts = deck.collected([samples.notebook(samples.slides("data.rows"))])
    assert parts.ledger["data.read"].value == 6919
