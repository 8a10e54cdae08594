"""A figure as an office program edits it: charts with their workbooks, a table for a heat-map, texts and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.parts.chart import ChartPart
from pptx.slide import Slide
from pptx.util import Pt

from crmlib.deck.office import chart_xml, ink, parts
from crmlib.deck.office.book import Book

SIDES = {"left": "l", "center": "ctr", "right": "r"}
SHAPES = {
    "rect": "rect",
    "circle": "ellipse",
    "square": "rect",
    "diamond": "diamond",
    "triangle": "triangle",
    "down": "flowChartMerge",
}
LEAD = 1.25  # a row's height by the size of its type, at least
Given = Mapping[str, Any]


def figure(slide: Slide, exhibit: Given, at: tuple[float, float], name: str, deck: Given) -> None:
    """Everything of a figure; the first chart or table carries the description.

    Args:
        slide: Where it goes.
        exhibit: A figure with ``native`` and ``alt``.
        at: Its upper left corner, points.
        name: For the selection pane.
        deck: Laid out; for its language and the workbooks' words.
    """
    native, language = exhibit["native"], deck["lang"]
    alts = [exhibit["alt"], *[""] * len(native.get("charts", ()))]
    _group(slide, [_shape(one, at) for one in native.get("grounds", ())], f"{name}.ground")
    if "cells" in native:
        _cells(slide, native["cells"], at, language, (name, alts.pop(0)))
    for number, (one, alt) in enumerate(zip(native.get("charts", ()), alts, strict=False), 1):
        words = {**deck["ui"]["chart"], "value": exhibit.get("head") or name}
        _chart(slide, (one, Book(one, words)), at, deck["lang"], (name if number == 1 else f"{name}.{number}", alt))
    marks = [_shape(one, at) for one in native.get("shapes", ())]
    marks += [_note(one, at, language) for one in native.get("notes", ())]
    _group(slide, marks, f"{name}.labels")


def _chart(
    slide: Slide, given: tuple[Given, Book], at: tuple[float, float], language: str, named: tuple[str, str]
) -> None:
    (one, book), package = given, slide.part.package
    xml = chart_xml.chart(one, book, language).encode("utf-8")
    part = ChartPart.load(PackURI(f"/ppt/charts/{named[0]}.xml"), CONTENT_TYPE.DML_CHART, package, xml)
    part.chart_workbook.update_from_xlsx_blob(book.xlsx())
    relation = slide.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart")
    x, y, w, h = one["frame"]
    slide.shapes._add_chart_graphicFrame(relation, *(Pt(v) for v in (at[0] + x, at[1] + y, w, h)))  # noqa: SLF001
    parts.named(slide.shapes[-1], *named)


def _group(slide: Slide, shapes: Sequence[str], name: str) -> None:
    """Marks and texts as one object of the selection pane."""
    if not shapes:
        return
    tree = slide.shapes._spTree  # noqa: SLF001 - python-pptx has no way to add XML
    first = max(int(one) for one in tree.xpath(".//p:cNvPr/@id")) + 1
    inside = "".join(shape.replace("{id}", str(first + place), 1) for place, shape in enumerate(shapes, 1))
    tree.append(parse_xml(
        f'<p:grpSp {nsdecls("p", "a", "r")}><p:nvGrpSpPr><p:cNvPr id="{first}" name="{name}"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        f"<p:grpSpPr/>{inside}</p:grpSp>"
    ))  # fmt: skip
    _fit(tree[-1])


def _fit(group: Any) -> None:
    """A group's box around its members, in the slide's own coordinates."""
    boxes = [_seen(one) for one in group.iterfind(f".//{qn('a:xfrm')}")]
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    own = "".join(
        f'<a:{a} x="{left}" y="{top}"/><a:{b} cx="{right - left}" cy="{bottom - top}"/>'
        for a, b in (("off", "ext"), ("chOff", "chExt"))
    )
    group.find(qn("p:grpSpPr")).append(parse_xml(f"<a:xfrm {nsdecls('a')}>{own}</a:xfrm>"))


def _seen(transform: Any) -> tuple[float, float, float, float]:
    """The box of a member as it is seen: one that is turned upright is as wide as it was high."""
    off, ext = transform.find(qn("a:off")), transform.find(qn("a:ext"))
    x, y, w, h = (int(value) for value in (off.get("x"), off.get("y"), ext.get("cx"), ext.get("cy")))
    if int(transform.get("rot", 0)) % 10800000 == 5400000:
        x, y, w, h = x + (w - h) // 2, y + (h - w) // 2, h, w
    return x, y, w, h


def _emu(*points: float) -> tuple[int, ...]:
    return tuple(int(Pt(value)) for value in points)


def _shape(one: Given, at: tuple[float, float]) -> str:
    x, y, w, h = one["box"]
    if one["kind"] == "line":
        flips = (' flipH="1"' if w < 0 else "") + (' flipV="1"' if h < 0 else "")
        ox, oy, cx, cy = _emu(at[0] + min(x, x + w), at[1] + min(y, y + h), abs(w), abs(h))
        return (
            '<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="{id}" name="Line"/><p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr>'
            f'<a:xfrm{flips}><a:off x="{ox}" y="{oy}"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
            f"{ink.line(one.get('colour', ''), one.get('width', 0), one.get('dash', ''))}</p:spPr></p:cxnSp>"
        )
    look = ink.fill(one.get("fill", ""), one.get("alpha", 1.0)) + ink.line(
        one.get("colour", ""), one.get("width", 0), one.get("dash", "")
    )
    return _box("Mark", SHAPES[one["kind"]], _emu(at[0] + x, at[1] + y, w, h), (look, ""))


def _box(name: str, form: str, box: tuple[int, ...], inside: tuple[str, str], turn: float = 0.0) -> str:
    look, text = inside
    kind = ' txBox="1"' if text else ""
    turned = f' rot="{round(-turn * 60000) % 21600000}"' if turn else ""
    body = text or '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-US"/></a:p></p:txBody>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{{id}}" name="{name}"/><p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm{turned}>'
        f'<a:off x="{box[0]}" y="{box[1]}"/><a:ext cx="{box[2]}" cy="{box[3]}"/></a:xfrm><a:prstGeom prst="{form}"><a:avLst/></a:prstGeom>'
        f"{look}</p:spPr>{body}</p:sp>"
    )


def _note(one: Given, at: tuple[float, float], language: str) -> str:
    x, y, w, h = one["box"]
    turn = one.get("turn", 0.0)
    if turn in (90.0, 270.0):  # DrawingML's box is the one before turning
        x, y, w, h = x + w / 2 - h / 2, y + h / 2 - w / 2, h, w
    body = (
        '<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:lstStyle/>'
        f"{ink.paragraphs(one['text'], one, language, SIDES[one['align']])}</p:txBody>"
    )
    look = ink.fill(one.get("fill", "")) + ink.line(one.get("line", ""), 0.9)
    return _box("Label", "rect", _emu(at[0] + x, at[1] + y, w, h), (look, body), turn)


def _cells(slide: Slide, one: Given, at: tuple[float, float], language: str, named: tuple[str, str]) -> None:
    """A heat-map as a table without a style: each cell has its own ground."""
    x, y, w, h = one["box"]
    rows = [
        (height, [_cell(cell, height / LEAD, language) for cell in row])
        for height, row in zip(one["heights"], one["rows"], strict=True)
    ]
    parts.tabled(slide, (at[0] + x, at[1] + y, w, h), (one["widths"], rows), named)


def _cell(cell: Given, room: float, language: str) -> str:
    """A cell: its lines no higher than it has room for, a white edge, its ground."""
    lines = cell.get("lines", ())
    looks = [{**line, "size": min(line["size"], room / len(lines))} for line in lines]
    inside = "".join(ink.paragraphs(look["text"], look, language, SIDES[cell.get("align", "center")]) for look in looks)
    inside = inside or f'<a:p><a:endParaRPr lang="{ink.LANGUAGES[language]}" sz="600"/></a:p>'
    ground = ink.fill(cell.get("fill", ""))
    if cell.get("hatched"):
        ground = f'<a:pattFill prst="ltUpDiag"><a:fgClr>{ink.colour("B8C2CA")}</a:fgClr><a:bgClr>{ink.colour("FFFFFF")}</a:bgClr></a:pattFill>'
    edges = "".join(f'<a:{side} w="12700">{ink.fill("FFFFFF")}</a:{side}>' for side in ("lnL", "lnR", "lnT", "lnB"))
    side = 6350 if cell.get("align", "center") == "center" else 50800
    span = f' gridSpan="{cell["span"]}"' if cell.get("span", 1) > 1 else ' hMerge="1"' if cell.get("merged") else ""
    return (
        f"<a:tc{span}><a:txBody><a:bodyPr/><a:lstStyle/>{inside}</a:txBody>"
        f'<a:tcPr marL="{side}" marR="{side}" marT="0" marB="0" anchor="ctr">{edges}{ground}</a:tcPr></a:tc>'
    )
