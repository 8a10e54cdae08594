"""The decks of the sample client as an office program has them: valid, small, opened, nothing beyond the page."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from openxml_audit import FileFormat, OpenXmlValidator
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from crmlib import demo

pytestmark = pytest.mark.full

MOST = 5 * 2**20
PICTURES = {"tiers.migration", "actions.lists"}  # ribbons; two rows of bars on one canvas
ROOM = 9  # points that a label may reach over the edge: the shadow of an empty box


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of the sample client, its decks as PowerPoint alone."""
    folder = tmp_path_factory.mktemp("office")
    demo.prepare(folder, "sample")
    command = [sys.executable, "-m", "crmlib", "--data-dir", str(folder), "run", "sample", "--formats", "pptx"]
    subprocess.run(command, capture_output=True, check=True, timeout=600)
    [made] = (folder / "sample" / "runs").iterdir()
    return made


@pytest.fixture(scope="module", params=["ja", "en"])
def made(request, run):
    return (run / f"deck_{request.param}.pptx").read_bytes()


def test_valid_to_the_schema_and_small(made, tmp_path):
    path = tmp_path / "deck.pptx"
    path.write_bytes(made)
    result = OpenXmlValidator(FileFormat.OFFICE_2019, max_errors=0).validate(path)
    assert [error.description for error in result.errors] == []
    assert len(made) <= MOST


def test_nothing_stands_beyond_the_page(made):
    opened = Presentation(io.BytesIO(made))
    width, height, room = opened.slide_width, opened.slide_height, ROOM * 12700
    for number, slide in enumerate(opened.slides, 1):
        for shape in slide.shapes:
            assert shape.left >= -room, (number, shape.name)
            assert shape.top >= -room, (number, shape.name)
            assert shape.left + shape.width <= width + room, (number, shape.name)
            assert shape.top + shape.height <= height + room, (number, shape.name)


def test_libreoffice_opens_it_with_as_many_pages(made, tmp_path):
    (tmp_path / "deck.pptx").write_bytes(made)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        "--headless",
        profile,
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "deck.pptx"),
    ]
    subprocess.run(command, check=True, timeout=180, capture_output=True)
    said = subprocess.run(["pdfinfo", str(tmp_path / "deck.pdf")], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Pages:\s+(\d+)", said)[1] == str(len(Presentation(io.BytesIO(made)).slides))


def test_nearly_every_figure_is_a_chart_or_table_that_can_be_edited(made):
    shapes = [shape for slide in Presentation(io.BytesIO(made)).slides for shape in slide.shapes]
    pictures = [shape.name for shape in shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert sum(shape.has_chart for shape in shapes) >= 35
    assert {name.rpartition(".")[0] for name in pictures} <= PICTURES
