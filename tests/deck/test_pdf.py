from __future__ import annotations

import copy
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from crmlib import deck
from crmlib.deck import build, to_pdf
from crmlib.errors import DataError

from . import samples


@pytest.fixture(scope="module", params=["ja", "en"])
def made(request: pytest.FixtureRequest, sample_notebooks: list[Any]) -> tuple[dict[str, Any], bytes, PdfReader]:
    with samples.texts():
        laid_out = build.deck(deck.collected(sample_notebooks, samples.META), request.param)
    pdf = to_pdf.render(laid_out)
    return laid_out, pdf, PdfReader(io.BytesIO(pdf))


def titles(outline: list[Any], depth: int = 1) -> Iterator[tuple[int, str]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from titles(entry, depth + 1)
        else:
            yield depth, entry.title


def tags(node: Any) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif hasattr(node, "get"):
        if "/S" in node:
            yield node["/S"]
        if "/K" in node:
            yield from tags(node["/K"])


def test_pages_and_size(made: Any) -> None:
    laid_out, pdf, reader = made
    assert len(reader.pages) == 1 + len(laid_out["fronts"]) + len(laid_out["slides"])
    assert len(pdf) <= 2_000_000
    assert {tuple(map(float, page.mediabox[2:])) for page in reader.pages} == {(960.0, 540.0)}


def test_bookmarks_are_sections_with_their_slides(made: Any) -> None:
    laid_out, _, reader = made
    found = list(titles(reader.outline))
    assert found[:3] == [(1, laid_out["meta"]["title"])] + [(1, front["title"]) for front in laid_out["fronts"]]
    assert [t for depth, t in found if depth == 2] == [s["title"] for s in laid_out["slides"]]
    assert [t for depth, t in found[3:] if depth == 1] == laid_out["sections"]


def test_tagged_with_lists_tables_figures_and_headings(made: Any) -> None:
    laid_out, _, reader = made
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith(laid_out["lang"])
    count = Counter(tags(root["/StructTreeRoot"]["/K"]))
    assert count["/LI"] == sum(len(points(s)) for s in laid_out["slides"])
    assert count["/Figure"] == 3
    assert count["/H1"] == 1 + len(laid_out["fronts"]) + len(laid_out["sections"])
    assert count["/H2"] == len(laid_out["slides"])
    assert count["/Table"] == count["/THead"] == len(laid_out["fronts"]) + tables(laid_out)
    assert count["/P"] > 0


def points(slide: dict[str, Any]) -> list[Any]:
    return (slide.get("panel") or slide.get("bar") or {"points": []})["points"]


def tables(laid_out: dict[str, Any]) -> int:
    main = sum(s["main"]["kind"] == "table" for s in laid_out["slides"])
    return main + sum(bool(s.get("panel") and s["panel"]["table"]) for s in laid_out["slides"])


def test_fonts_are_embedded_and_nothing_is_a_picture(made: Any) -> None:
    reader = made[2]
    fonts = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
            fonts.add(str(descendant["/BaseFont"]).split("+")[1])
    assert fonts == {"NotoSansJP-Regular", "NotoSansJP-Bold"}
    kinds = {o["/Subtype"] for o in objects(reader) if hasattr(o, "get") and o.get("/Type") == "/XObject"}
    assert "/Image" not in kinds


def objects(reader: PdfReader) -> Iterator[Any]:
    for number in range(1, int(reader.trailer["/Size"])):
        yield reader.get_object(number)


def test_metadata_holds_no_author_and_the_date_of_the_data(made: Any) -> None:
    laid_out, _, reader = made
    assert set(reader.metadata) == {"/Title", "/Creator", "/CreationDate", "/ModDate"}
    assert {reader.metadata[name] for name in ("/CreationDate", "/ModDate")} == {"D:19980630000000Z"}
    assert reader.metadata["/Title"] == f"{laid_out['meta']['title']} | {laid_out['meta']['client']}"


def test_says_that_it_is_accessible_and_fit_for_the_archive(made: Any) -> None:
    metadata = made[2].trailer["/Root"]["/Metadata"].get_data().decode()
    said = ("pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<")
    assert all(name in metadata for name in said)


def test_text_can_be_searched(made: Any) -> None:
    laid_out, _, reader = made
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    for slide in laid_out["slides"]:
        assert "".join(slide["title_lines"]).replace(" ", "") in text.replace(" ", "")


def test_same_bytes_each_time(made: Any) -> None:
    assert to_pdf.render(made[0]) == made[1]


def test_typst_and_math_markup_stay_text() -> None:
    hostile = "#set page(fill: red) $x^2$ *b* _i_ `r` @a <l> \\ 1"
    with samples.texts():
        notebooks = samples.notebooks("data.rows", slide__data__rows__title=hostile, slide__data__rows__head=hostile)
        parts = deck.collected(notebooks, {"client": hostile, "as_of": ""})
        reader = PdfReader(io.BytesIO(deck.render(parts, "en", "pdf")))
    assert "#set page(fill: red) $x^2$" in reader.pages[0].extract_text()
    assert "*b* _i_ `r` @a <l> \\ 1" in reader.pages[3].extract_text().replace("\n", " ")


def test_typst_warning_stops_the_build_with_the_slide(
    made: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    careless = '#for s in d.slides { if s.id == "ltv.table" { text(font: "Nowhere", s.title) } }'
    template = tmp_path / "deck.typ"
    template.write_text(to_pdf.TEMPLATE.read_text("utf-8") + careless, "utf-8")
    monkeypatch.setattr(to_pdf, "TEMPLATE", template)
    with pytest.raises(DataError, match=r"^slide ltv\.table \(\w\w\): typst says: unknown font family: nowhere"):
        to_pdf.render(made[0])


def test_typst_error_stops_the_build_with_the_slide(made: Any) -> None:
    laid_out = copy.deepcopy(made[0])
    laid_out["slides"][0]["main"]["head"] = "\N{GRINNING FACE} 1"  # past the glyph guard, as a fault of ours would be
    with pytest.raises(DataError, match=r"^slide data\.rows \(\w\w\): typst says: .*could not be displayed"):
        to_pdf.render(laid_out)


def test_overflow_is_also_measured_by_typst(made: Any) -> None:
    laid_out = copy.deepcopy(made[0])
    laid_out["slides"][1]["panel"]["points"] *= 6
    with pytest.raises(DataError, match=r"slide retention\.f2: the so-what panel is \d+ pt high, \d+ pt fit"):
        to_pdf.render(laid_out)


def test_pages_must_be_as_many_as_laid_out(made: Any) -> None:
    laid_out, _, reader = made
    pages = len(reader.pages)
    with pytest.raises(DataError, match=rf"^the PDF \(\w\w\) has {pages} pages, {pages + 1} were laid out$"):
        to_pdf.render({**laid_out, "pages": pages + 1})


def test_deck_without_client_and_date(sample_notebooks: list[Any], sample_texts: None) -> None:
    parts = replace(deck.collected(sample_notebooks, {}), meta={})
    assert PdfReader(io.BytesIO(deck.render(parts, "en", "pdf"))).metadata["/Title"] == "Customer asset review"
