"""The PowerPoint deck: what is in the package, and that office programs can open it."""

import io
import re
import zipfile

import pytest
from pptx import Presentation

from crmlib.deck import build
from crmlib.deck.office import outline, template, to_pptx

from .samples import META


@pytest.fixture
def laid_out(parts):
    return build.deck(parts, "ja")


@pytest.fixture
def made(laid_out):
    return to_pptx.render(laid_out)


def slides(made):
    return list(Presentation(io.BytesIO(made)).slides)


def test_every_title_is_in_the_title_placeholder(made, laid_out):
    titles = [slide.shapes.title.text_frame.text.replace("\v", "") for slide in slides(made)]
    expected = [laid_out["meta"]["title"], *(page["title"] for page in laid_out["fronts"])]
    assert titles == [*expected, *("".join(page["title_lines"]) for page in laid_out["slides"])]


def test_no_placeholder_is_empty_and_every_page_has_its_number_field(made):
    for slide in slides(made)[1:]:
        texts = [holder.text_frame.text for holder in slide.placeholders if holder.has_text_frame]
        assert all(texts)
        assert 'type="slidenum"' in slide.part.blob.decode()


def test_tables_are_native_and_hold_the_shown_cells(made, laid_out):
    shown = {"".join(cell) for page in laid_out["slides"] if page["main"]["kind"] == "table" for row in page["main"]["rows"] for cell in row["cells"]}  # fmt: skip
    cells = {
        cell.text_frame.text
        for slide in slides(made)
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    }
    assert shown <= cells


def test_a_figure_that_no_office_chart_shows_is_a_vector_with_a_picture_behind_and_a_description(made, laid_out):
    figures = [page for page in laid_out["slides"] if page["main"]["kind"] == "figure" and "native" not in page["main"]]
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        drawings = [name for name in package.namelist() if name.endswith(".svg")]
        assert len(drawings) == len(figures) > 0
        assert all(b"<text" not in package.read(name) for name in drawings)
    pictures = [shape for slide in slides(made) for shape in slide.shapes if shape.shape_type == 13]
    described = [shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in pictures]
    assert described == [page["main"]["alt"] for page in figures]


def test_notes_and_sections(made, laid_out):
    noted = [slide.notes_slide.notes_text_frame.text for slide in slides(made) if slide.has_notes_slide]
    assert noted == [page["notes"] for page in laid_out["slides"] if page["notes"]]
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        names = re.findall(r'<p14:section name="([^"]*)"', package.read("ppt/presentation.xml").decode())
    assert names == [laid_out["meta"]["title"], *laid_out["sections"]]


def test_the_package_is_whole(made):
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        names = set(package.namelist())
        types = package.read("[Content_Types].xml").decode()
        assert len(names) == len(package.namelist())
        for name in (name for name in names if name.endswith(".rels")):
            base = name.replace("_rels/", "").removesuffix(".rels").rpartition("/")[0]
            for target in re.findall(r'Target="([^"]+)"(?![^>]*TargetMode="External")', package.read(name).decode()):
                path = target.lstrip("/") if target.startswith("/") else _joined(base, target)
                assert path in names, f"{name} points to {target}"
        assert 'ContentType="image/svg+xml"' in types
    for slide in slides(made):
        ids = slide.shapes._spTree.xpath(".//p:cNvPr/@id")
        assert len(ids) == len(set(ids))


def _joined(base, target):
    parts = base.split("/") if base else []
    for step in target.split("/"):
        parts = parts[:-1] if step == ".." else [*parts, step]
    return "/".join(parts)


def test_the_same_content_again_and_no_author_no_path(made, laid_out):
    def content(package):
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            return {name: opened.read(name) for name in opened.namelist()}

    assert content(made) == content(to_pptx.render(laid_out))
    about = Presentation(io.BytesIO(made)).core_properties
    assert (about.author, about.last_modified_by) == ("", "")


def test_hostile_text_stays_text(parts):
    meta = {**META, "client": "=cmd|' /C calc'!A0 <b>{{7*7}}</b>"}
    deck = build.deck(type(parts)(parts.slides, parts.ledger, parts.findings, meta), "en")
    texts = [shape.text_frame.text for shape in slides(to_pptx.render(deck))[0].shapes if shape.has_text_frame]
    assert any("<b>{{7*7}}</b>" in text for text in texts)


def test_the_committed_template_is_what_its_module_builds():
    def members(content):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist() if "core.xml" not in name}

    assert members(template.FILE.read_bytes()) == members(template.build())


def test_an_outlined_label_stands_where_the_text_stood():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg"><text style="font-size: 10px; font-family: \'Noto Sans JP\'; text-anchor: end; '
        'fill: #66727c" x="50" y="20" transform="rotate(-0 50 20)">10</text></svg>'
    )
    made = outline.outlined(drawing, "x")
    assert "<text" not in made
    [moved] = re.findall(r"translate\((-?[\d.]+) 20\.00\)", made)
    assert 37 < float(moved) < 40  # two tabular figures of 0.55 em end at 50
    assert made.count("path d=") == 2
