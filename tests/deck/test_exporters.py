from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import get_export_names, get_exporter

from crmlib.deck.exporters import DeckHTMLExporter, DeckPDFExporter
from crmlib.errors import CrmError


def test_registered_with_nbconvert() -> None:
    assert {"deck_html", "deck_pdf"} <= set(get_export_names())
    assert get_exporter("deck_html") is DeckHTMLExporter
    assert get_exporter("deck_pdf") is DeckPDFExporter


@pytest.mark.parametrize(("exporter", "extension"), [(DeckHTMLExporter, ".html"), (DeckPDFExporter, ".pdf")])
def test_menu_entry(exporter: Any, extension: str) -> None:
    made = exporter()
    assert made.file_extension == extension
    assert made.export_from_notebook.startswith("CRM deck")


@pytest.mark.usefixtures("sample_texts")
def test_one_notebook_and_a_list(sample_notebooks: list[Any]) -> None:
    one, resources = DeckHTMLExporter(lang="en").from_notebook_node(sample_notebooks[0])
    assert resources["output_extension"] == ".html"
    several, _ = DeckHTMLExporter(lang="en").from_notebook_node(sample_notebooks)
    assert one == several
    assert '<html lang="en">' in one
    pdf, resources = DeckPDFExporter(lang="en").from_notebook_node(sample_notebooks)
    assert resources["output_extension"] == ".pdf"
    assert pdf.startswith(b"%PDF-")


@pytest.mark.usefixtures("sample_texts")
def test_language_and_client_from_the_metadata(sample_notebooks: list[Any]) -> None:
    notebook = copy.deepcopy(sample_notebooks[0])
    notebook.metadata["crmlib"] = {"lang": "en", "client": {"ja": "甲", "en": "Alpha"}, "as_of": "1998-06-30"}
    body, _ = DeckHTMLExporter().from_notebook_node(notebook)
    assert "<title>Customer asset review | Alpha</title>" in body
    assert "Data as of 1998-06-30" in body
    assert '<html lang="ja">' in DeckHTMLExporter(lang="ja").from_notebook_node(notebook)[0]


@pytest.mark.usefixtures("sample_texts")
def test_unknown_language_is_refused(sample_notebooks: list[Any]) -> None:
    with pytest.raises(CrmError, match=r"^language 'fr' is not one of ja, en$"):
        DeckHTMLExporter(lang="fr").from_notebook_node(sample_notebooks)


CELL = """
from crmlib.deck import Slide
from crmlib.deck.slide import Exhibit
from crmlib.figures.table import Table
from crmlib.numbers.model import Ledger
print("ran")
"""


@pytest.mark.slow
def test_command_line_refuses_a_notebook_without_slides(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    path.write_text(json.dumps(notebook), "utf-8")
    command = [sys.executable, "-m", "nbconvert", "--to", "deck_pdf", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert "there is no slide in these notebooks: run them first" in done.stderr
