"""What stands on a slide: text in placeholders, tables, figures, boxes. Places and sizes in points."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from crmlib.deck import grid
from crmlib.deck.office.outline import outlined

TAGS = {"ja": ("ja-JP", "en-US"), "en": ("en-US", "ja-JP")}
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
TINT = "E4F0F6"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
INK, ACCENT, PALE = MSO_THEME_COLOR.TEXT_1, MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_6
SHRINK = 0.94  # Meiryo and Arial run wider than the font that the pages are measured with
Box = tuple[float, float, float, float]


def written(shape: Any, paragraphs: Sequence[str], language: str, size: float = 0.0) -> None:
    """Put plain text into a shape, one paragraph each; the placeholder's own style stays unless a size is given."""
    frame = shape.text_frame
    for place, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        for line, piece in enumerate(text.split("\n")):
            if line:
                paragraph.add_line_break()
            _tagged(paragraph.add_run(), piece, language, size)


def _tagged(run: Any, text: str, language: str, size: float) -> None:
    run.text = text
    if size:
        run.font.size = Pt(size)
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-pptx has no language of a run that spell checkers read
    properties.set("lang", TAGS[language][0])
    properties.set("altLang", TAGS[language][1])


def moved(shape: Any, box: Box) -> None:
    """Put a placeholder elsewhere than its layout does."""
    shape.left, shape.top, shape.width, shape.height = (Pt(value) for value in box)


def named(shape: Any, name: str, alt: str = "") -> None:
    """Name a shape for the selection pane, and describe it for a screen reader (decoration without a description)."""
    properties = shape._element.xpath(".//p:cNvPr")[0]  # noqa: SLF001 - python-pptx has no description
    properties.set("name", name)
    properties.set("descr", alt)


def box(slide: Slide, place: Box, colour: MSO_THEME_COLOR = PALE) -> Any:
    """A filled rectangle without a line, behind what comes later."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Pt(value) for value in place))
    shape.fill.solid()
    shape.fill.fore_color.theme_color = colour
    shape.line.fill.background()
    shape._element.spPr.append(parse_xml(f"<a:effectLst {nsdecls('a')}/>"))  # noqa: SLF001 - the theme's shadow
    shape._element.remove(shape._element.find(qn("p:style")))  # noqa: SLF001
    return shape


def heading(slide: Slide, place: Box, text: str, language: str) -> None:
    """The heading of a second exhibit."""
    shape = slide.shapes.add_textbox(*(Pt(value) for value in place))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    written(shape, [text], language, grid.HEAD_SIZE * SHRINK)
    font = frame.paragraphs[0].runs[0].font
    font.bold, font.color.theme_color = True, INK
    named(shape, "Heading")


def label(slide: Slide, place: Box, text: str, language: str, size: float) -> Any:
    """A text box of one bold line in the colour of warnings, framed."""
    shape = slide.shapes.add_textbox(*(Pt(value) for value in place))
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = Pt(4)
    frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor, frame.paragraphs[0].alignment = MSO_ANCHOR.MIDDLE, PP_ALIGN.CENTER
    written(shape, [text], language, size)
    font = frame.paragraphs[0].runs[0].font
    font.bold, font.color.theme_color = True, MSO_THEME_COLOR.ACCENT_2
    shape.line.color.theme_color, shape.line.width = MSO_THEME_COLOR.ACCENT_2, Pt(0.8)
    return shape


def figure(slide: Slide, exhibit: Mapping[str, Any], png: bytes, at: tuple[float, float], name: str) -> None:
    """A figure: a picture that every program shows, and the drawing itself for those that know SVG."""
    place = (*at, exhibit["width"], exhibit["height"])
    picture = slide.shapes.add_picture(io.BytesIO(png), *(Pt(value) for value in place))
    uri = PackURI(f"/ppt/media/{name}.svg")
    part = Part(uri, "image/svg+xml", slide.part.package, outlined(exhibit["svg"], name).encode("utf-8"))
    relation = slide.part.relate_to(part, IMAGE)
    extension = (
        f'<a:extLst {nsdecls("a")}><a:ext uri="{SVG_EXTENSION}"><asvg:svgBlip {nsdecls("r")} r:embed="{relation}" '
        'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"/></a:ext></a:extLst>'
    )
    picture._element.find(".//" + qn("a:blip")).append(parse_xml(extension))  # noqa: SLF001 - python-pptx has no SVG
    named(picture, name, exhibit["alt"])


def table(slide: Slide, laid_out: Mapping[str, Any], at: tuple[float, float], language: str, name: str) -> None:
    """A native table as it was laid out: header row, widths, highlights."""
    rows = [laid_out["header"], *laid_out["rows"]]
    made = []
    for place, row in enumerate(rows):
        cells = [
            _cell(lines, laid_out, (place, laid_out["align"][column] == "right", bool(row.get("highlight"))), language)
            for column, lines in enumerate(row["cells"])
        ]
        made.append((row["height"], cells))
    tabled(
        slide,
        (*at, sum(laid_out["widths"]), laid_out["height"]),
        (laid_out["widths"], made),
        (name, laid_out["head"] or ""),
    )


def tabled(
    slide: Slide,
    place: Box,
    inside: tuple[Sequence[float], Sequence[tuple[float, Sequence[str]]]],
    said: tuple[str, str],
) -> None:
    """A table without a style of its own, its first row its header, written in one piece: cell by cell takes long.

    Args:
        slide: Where it goes.
        place: Of the whole.
        inside: Widths; height and cells (XML) of each row.
        said: Name and description.
    """
    widths, rows = inside
    columns = "".join(f'<a:gridCol w="{int(Pt(width))}"/>' for width in widths)
    lines = "".join(f'<a:tr h="{int(Pt(height))}">{"".join(cells)}</a:tr>' for height, cells in rows)
    shape: Any = slide.shapes.add_table(1, 1, *(Pt(value) for value in place))
    shape._element.graphic.graphicData.replace(  # noqa: SLF001 - python-pptx has no style, border or language of a table
        shape._element.graphic.graphicData.tbl,  # noqa: SLF001
        parse_xml(
            f'<a:tbl {nsdecls("a")}><a:tblPr firstRow="1"><a:tableStyleId>{PLAIN_TABLE}</a:tableStyleId></a:tblPr>'
            f"<a:tblGrid>{columns}</a:tblGrid>{lines}</a:tbl>"
        ),
    )
    named(shape, *said)


def _cell(lines: Sequence[str], laid_out: Mapping[str, Any], how: tuple[int, bool, bool], language: str) -> str:
    """A cell: its text in the colour of its row, a rule below it; office fonts stand higher than ours, so less air."""
    row, right, highlight = how
    ink = "bg2" if row == 0 else "tx1" if highlight else "tx2"
    spoken, other = TAGS[language]
    text = escape(joined(lines, language))
    run = (
        f'<a:r><a:rPr lang="{spoken}" altLang="{other}" sz="{round(laid_out["size"] * 100)}" b="{int(highlight)}">'
        f'<a:solidFill><a:schemeClr val="{ink}"/></a:solidFill></a:rPr><a:t>{text}</a:t></a:r>'
    )
    side, pad = int(Pt(grid.CELL_X)), int(Pt(laid_out["pad"] * 0.5))
    colour, width = ("tx1", 1.1) if row == 0 else ("accent5", 0.6)
    ground = f'<a:solidFill><a:srgbClr val="{TINT}"/></a:solidFill>' if highlight else "<a:noFill/>"
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn="{"r" if right else "l"}"/>{run if text else ""}'
        f'<a:endParaRPr lang="{spoken}" sz="{round(laid_out["size"] * 100)}"/></a:p></a:txBody>'
        f'<a:tcPr marL="{side}" marR="{side}" marT="{pad}" marB="{pad}" anchor="ctr">'
        f'<a:lnB w="{int(Pt(width))}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:lnB>{ground}</a:tcPr></a:tc>'
    )


def joined(lines: Sequence[str], language: str) -> str:
    """Lines as one text again: PowerPoint breaks it by its own fonts."""
    return ("" if language == "ja" else " ").join(lines)
