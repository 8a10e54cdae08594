"""Charts of the PowerPoint deck: native, with workbooks that hold the same numbers, valid to the schema."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openxml_audit import FileFormat, OpenXmlValidator
from pptx import Presentation

from crmlib.deck import build, collect, editable
from crmlib.deck.office import book, to_pptx
from crmlib.figures import export, native, reading, style

from . import samples

FRAME, PLOT = [0, 0, 400, 300], [40, 10, 340, 260]
AXIS = {"low": 0, "high": 10, "step": 2.0, "form": '0"%"', "labelled": True, "grid": True}


def draw_all(figure):
    """Bars with intervals and labels, stacked bars, bands, points and a legend on one page."""
    bars, stack, bands, points = figure.subplots(2, 2).ravel()
    bars.bar([0, 1], [4.0, 6.5], color=[style.ACCENT, style.GREY[3]])
    bars.vlines([0], [3], [5], color=style.INK)
    bars.annotate("6.5%", (1, 6.5), xytext=(0, 4), textcoords="offset points", ha="center", va="bottom")
    bars.annotate("4.0%", (0, 5), xytext=(0, 4), textcoords="offset points", ha="center", va="bottom", weight="bold")
    bars.set_xticks([0, 1], ["=1+1", "<b>&"])
    for place, (base, change) in enumerate(((0, 5), (5, -2), (0, 3))):
        stack.barh(place, change, left=base, color=style.NEGATIVE if change < 0 else style.INK)
    stack.set_ylim(2.6, -0.6)
    bands.fill_between([0, 1, 2], [1, 2, 3], [2, 4, 6], color=style.ACCENT, alpha=0.2, lw=0)
    bands.plot([0, 1, 2], [1.5, 3, 4.5], color=style.ACCENT, marker="o", label="mean")
    bands.legend()
    points.scatter([1, 2, 3], [3, 1, 2], color=style.ACCENT)
    points.plot([1, 3], [2, 2.5], "--", color=style.MUTED)
    points.axvspan(1, 2, color=style.GREY[1])
    points.set_ylabel("turned")


@pytest.fixture
def every_kind(parts):
    """The deck whose wide page has charts of every kind."""
    with style.context():
        figure = style.figure(style.FULL)
        draw_all(figure)
    native.attach(figure)
    export.svg(figure)
    payload = reading.payload(figure)
    deck = build.deck(parts, "ja")
    page = next(page for page in deck["slides"] if page["id"] == "ltv.wide")
    page["main"] = {**page["main"], "native": payload}
    return deck


def charts(content):
    return [shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes if shape.has_chart]


def faults(content, tmp_path):
    path = tmp_path / "deck.pptx"
    path.write_bytes(content)
    result = OpenXmlValidator(FileFormat.OFFICE_2019, max_errors=0).validate(path)
    return [error.description for error in result.errors]


def sheet(content):
    """A workbook's cells by column, heads first; formulas by themselves."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()
        strings = re.findall(r"<si><t[^>]*>([^<]*)</t></si>", package.read("xl/sharedStrings.xml").decode())
    columns: dict[str, list[str]] = {}
    for column, kind, value in re.findall(r'<c r="([A-Z]+)\d+"(?: s="\d+")?( t="s")?><v>([^<]*)</v>', xml):
        columns.setdefault(column, []).append(strings[int(value)] if kind else value)
    return columns, re.findall(r"<f>[^<]*</f>", xml)


def test_a_chart_of_the_deck_is_native_and_described(parts):
    deck = build.deck(parts, "en")
    [chart] = charts(to_pptx.render(deck))
    page = next(page for page in deck["slides"] if page["id"] == "ltv.wide")
    assert chart.name == "ltv.wide.1"
    assert chart._element.xpath(".//p:cNvPr")[0].get("descr") == page["main"]["alt"]
    assert [round(max(series.values)) for series in chart.chart.plots[0].series] == [4339, 4161]


def test_every_kind_is_native(every_kind):
    kinds = [[type(plot).__name__ for plot in shape.chart.plots] for shape in charts(to_pptx.render(every_kind))]
    assert kinds == [["BarPlot", "LinePlot"], ["BarPlot"], ["AreaPlot", "LinePlot"], ["XyPlot"]]


def test_the_workbook_holds_the_numbers_and_names_that_the_chart_shows(every_kind):
    for shape in charts(to_pptx.render(every_kind)):
        columns, formulas = sheet(shape.chart.part.chart_workbook.xlsx_part.blob)
        assert not formulas
        heads = {cells[0] for cells in columns.values()}
        for plot in shape.chart.plots:
            for series in plot.series:
                shown = [value for value in series.values if value is not None]
                assert series.name.replace("&", "&amp;") in heads
                assert any(
                    [float(cell) for cell in cells[1:]] == shown for cells in columns.values() if _numeric(cells[1:])
                )


def _numeric(cells):
    return bool(cells) and all(re.fullmatch(r"-?[\d.]+(E-?\d+)?", cell) for cell in cells)


def test_labels_come_from_the_numbers_where_a_format_says_the_same(every_kind):
    bars = charts(to_pptx.render(every_kind))[0]
    xml = bars.chart.part.blob.decode()
    assert xml.count("<c:dLbl>") == 2
    assert 'formatCode="0.0&quot;%&quot;' in xml
    assert xml.count("<c:rich>") == 1  # the label above an interval hangs where the interval ends


def test_hostile_words_are_words(every_kind):
    bars = charts(to_pptx.render(every_kind))[0]
    assert list(bars.chart.plots[0].categories) == ["=1+1", "<b>&"]


def test_the_firm_s_colour_reaches_the_charts(every_kind):
    every_kind["meta"]["accent"] = "#AA1122"
    made = to_pptx.render(every_kind)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        theme = next(name for name in package.namelist() if "theme/theme1" in name)
        assert b"AA1122" in package.read(theme)
    assert all('<a:schemeClr val="accent1"' in shape.chart.part.blob.decode() for shape in charts(made)[2:])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_package_is_valid_to_the_schema(parts, language, tmp_path):
    assert faults(to_pptx.render(build.deck(parts, language)), tmp_path) == []


def test_charts_of_every_kind_are_valid_to_the_schema(every_kind, tmp_path):
    assert faults(to_pptx.render(every_kind), tmp_path) == []


@pytest.mark.parametrize(
    ("part", "right", "wrong"),
    [
        (r"ppt/charts/.*\.xml", b'<c:dLblPos val="outEnd"/>', b'<c:dLblPos val="above"/>'),
        (r"ppt/charts/.*\.xml", b'<c:barDir val="col"/>', b""),
        (r"ppt/charts/.*\.xml", b'<c:smooth val="0"/></c:ser>', b'</c:ser><c:smooth val="0"/>'),
        (r"ppt/slides/slide\d+\.xml", b'prst="rect"', b'prst="rects"'),
    ],
)
def test_the_validator_sees_a_broken_part(every_kind, tmp_path, part, right, wrong):
    made, broken = to_pptx.render(every_kind), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as package, zipfile.ZipFile(broken, "w") as other:
        for name in package.namelist():
            content = package.read(name)
            other.writestr(name, content.replace(right, wrong) if re.fullmatch(part, name) else content)
    assert broken.getvalue() != made
    assert faults(broken.getvalue(), tmp_path)


def test_the_same_content_each_time_with_its_workbooks(every_kind):
    def members(content):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist()}

    first, second = members(to_pptx.render(every_kind)), members(to_pptx.render(every_kind))
    assert first == second
    assert sum(name.endswith(".xlsx") for name in first) == 5 - 1


def test_every_shape_of_a_page_has_its_own_number(every_kind):
    for slide in Presentation(io.BytesIO(to_pptx.render(every_kind))).slides:
        numbers = slide.shapes._spTree.xpath(".//p:cNvPr/@id")
        assert len(numbers) == len(set(numbers))


def test_a_word_that_the_picture_lacks_stops_the_build(parts):
    slide = next(slide for slide in parts.slides if slide["id"] == "ltv.wide")
    assert list(editable.problems(slide)) == []
    exhibit = slide["exhibits"]["en"][0]
    note = {**exhibit["native"]["notes"][0], "text": "99.9%"}
    changed = {**exhibit, "native": {**exhibit["native"], "notes": [note]}}
    [problem] = editable.problems({**slide, "exhibits": {**slide["exhibits"], "en": [changed]}})
    assert "99.9%" in str(problem)


def test_columns_of_a_workbook_are_where_the_chart_looks():
    words = {"category": "name", "base": "base", "labels": "labels", "value": "value"}
    rows = [
        {"kind": "bar", "values": [1.0, None]},
        {"kind": "bar", "values": [2.0, 3.0], "colour": "000000", "error": "000000", "below": [1, 1], "above": [2, 2]},
        {"kind": "line", "values": [5.0, 6.0], "name": "all"},
    ]
    made = book.Book({"kind": "columns", "categories": ["a", "b"], "series": rows}, words)
    assert (made.categories.at, made.values(0).at, made.values(1).at) == (
        "Data!$A$2:$A$3",
        "Data!$B$2:$B$3",
        "Data!$C$2:$C$3",
    )
    assert (made.name(0).cells, made.name(1).cells, made.name(2).cells) == (("base",), ("value",), ("all",))
    assert (made.reach(1, "above").at, made.name(2).at) == ("Data!$E$2:$E$3", "Data!$F$1")
    columns, _ = sheet(made.xlsx())
    assert columns["B"] == ["base", "1"]
    assert columns["E"] == ["value +", "2", "2"]


def test_collected_slides_keep_their_editable_form():
    parts = collect.collected(samples.notebooks(), samples.META)
    with samples.texts():
        deck = build.deck(parts, "ja")
    kinds = {page["id"]: "native" in page["main"] for page in deck["slides"] if page["main"]["kind"] == "figure"}
    assert kinds == {"retention.f2": False, "retention.cohort": False, "ltv.wide": True}
