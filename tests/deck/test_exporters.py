from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert.exporters import get_export_names, get_exporter
from pypdf import PdfReader

from crmlib.deck.exporters import DeckHTMLExporter, DeckPDFExporter, DeckPPTXExporter
from crmlib.errors import CrmError


def test_registered_with_nbconvert() -> None:
    assert {"deck_html", "deck_pdf", "deck_pptx"} <= set(get_export_names())
    assert get_exporter("deck_html") is DeckHTMLExporter
    assert get_exporter("deck_pdf") is DeckPDFExporter
    assert get_exporter("deck_pptx") is DeckPPTXExporter


@pytest.mark.parametrize(("exporter", "extension"), [(DeckHTMLExporter, ".html"), (DeckPDFExporter, ".pdf"), (DeckPPTXExporter, ".pptx")])  # fmt: skip
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
    pptx, resources = DeckPPTXExporter(lang="en").from_notebook_node(sample_notebooks)
    assert resources["output_extension"] == ".pptx"
    assert pptx.startswith(b"PK")


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


CELLS = (
    """from crmlib.deck import Exhibit, Slide
from crmlib.figures import summary as tables
from crmlib.numbers import summary as numbers
from crmlib.findings.model import Findings
ledger = numbers.ledger([], "JPY")
ledger""",
    """table = Exhibit(tables.findings, Findings(), ledger)
Slide("summary.findings", ledger, table, variant="empty", layout="full")""",
)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small notebook that a kernel really ran."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    path = tmp_path_factory.mktemp("executed") / "x.ipynb"
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    nbformat.write(notebook, path)
    return path


def converted(path: Path, form: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbconvert", "--to", form, *options, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_command_line_makes_a_deck_of_an_executed_notebook(executed: Path) -> None:
    done = converted(executed, "deck_pdf", "--DeckPDFExporter.lang=en")
    assert done.returncode == 0, done.stderr
    reader = PdfReader(executed.with_suffix(".pdf"))
    assert len(reader.pages) == 4
    assert "With 0 comparisons to make" in reader.pages[3].extract_text().replace("\n", " ")
    assert converted(executed, "deck_html").returncode == 0
    assert "比較できる項目は0件" in executed.with_suffix(".html").read_text("utf-8")


@pytest.mark.slow
def test_command_line_refuses_a_notebook_without_slides(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)
    done = converted(path, "deck_pdf")
    assert done.returncode == 1
    assert "there is no slide in these notebooks: run them first" in done.stderr
