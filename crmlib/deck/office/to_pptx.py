"""The laid-out deck as PowerPoint."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import io
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import typst
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from crmlib.deck import grid, lines
from crmlib.deck.office import charts, parts, template
from crmlib.deck.office.parts import SHRINK
from crmlib.home import FONTS

PPI = 160
PICTURES = b"""#set page(width: auto, height: auto, margin: 0pt, fill: none)
#for d in json(bytes(sys.inputs.drawings)) { page(image(bytes(d.svg), format: "svg", width: d.width * 1pt)) }"""
SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the same bytes each time; python-pptx writes it as it is
PANEL = template.PANEL


def render(deck: Mapping[str, Any]) -> bytes:
    """The PPTX of one language.

    Args:
        deck: What `pages.deck` laid out.
    """
    made = Presentation(str(template.FILE))
    template.coloured(made, deck["meta"]["accent"])
    layouts = {layout.name: layout for layout in made.slide_layouts}
    drawings = [
        one["main"] for one in deck["slides"] if one["main"]["kind"] == "figure" and "native" not in one["main"]
    ]
    pictures = dict(zip(map(id, drawings), _pictures(drawings), strict=True))
    _cover(made.slides.add_slide(layouts["Cover"]), deck)
    for front in deck["fronts"]:
        _front(made.slides.add_slide(layouts["List"]), front, deck)
    for page in deck["slides"]:
        kind = "Chart and so-what" if "panel" in page else "Full width" if page.get("bar") else "Table"
        slide = made.slides.add_slide(layouts[kind])
        _page(slide, page, deck, pictures.get(id(page["main"])))
    _sections(made, deck)
    about = made.core_properties
    about.title, about.author, about.last_modified_by = deck["meta"]["title"], "", ""
    about.created = about.modified = EPOCH
    about.language = parts.TAGS[deck["lang"]][0]
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _pictures(drawings: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """The figures as PNG, all in one call."""
    if not drawings:
        return []
    given = json.dumps([{"svg": one["svg"], "width": one["width"]} for one in drawings])
    made = typst.compile(  # type: ignore[call-overload]  # the stub has no list of pages
        PICTURES,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"drawings": given},
        format="png",
        ppi=PPI,
    )
    return [made] if isinstance(made, bytes) else list(made)


def _fill(
    slide: Slide, texts: Mapping[int, Sequence[str]], deck: Mapping[str, Any], sizes: Mapping[int, float] | None = None
) -> dict[int, Any]:
    """Write into placeholders; those without a text are taken away. The number gets its field."""
    holders: dict[int, Any] = {one.placeholder_format.idx: one for one in slide.placeholders}
    for index, holder in list(holders.items()):
        if texts.get(index):
            parts.written(holder, texts[index], deck["lang"], (sizes or {}).get(index, 0.0))
        else:
            holder._element.getparent().remove(holder._element)  # noqa: SLF001 - python-pptx has no removal
            del holders[index]
    _numbered(slide)
    return holders


def _numbered(slide: Slide) -> None:
    """The page number's field; python-pptx does not copy it from the layout."""
    for holder in list(slide.slide_layout.placeholders):
        if holder.placeholder_format.idx == template.NUMBER:
            element = copy.deepcopy(holder._element)  # noqa: SLF001
            ids = [int(one) for one in slide.shapes._spTree.xpath(".//p:cNvPr/@id")]  # noqa: SLF001
            element.xpath(".//p:cNvPr")[0].set("id", str(max(ids) + 1))
            slide.shapes._spTree.append(element)  # noqa: SLF001


def _cover(slide: Slide, deck: Mapping[str, Any]) -> None:
    meta, ui = deck["meta"], deck["ui"]
    date = "\u3000|\u3000".join(text for text in (meta["date"], ui["confidential"]) if text)
    texts = {template.TITLE: [meta["title"]], template.POINTS: [meta["subtitle"]], template.DATE: [date]}
    client = [meta["client"]] if meta["client"] else []
    firm = [text for text in (meta["firm"], parts.joined(meta["disclaimer_lines"], deck["lang"])) if text]
    _fill(slide, {**texts, template.CLIENT: client, template.FIRM: firm}, deck, {template.CLIENT: meta["client_size"]})
    if meta["logo"]:
        logo: Any = slide.shapes.add_picture(io.BytesIO(base64.b64decode(meta["logo"])), Pt(0), Pt(40), height=Pt(40))
        logo.left = Pt(grid.PAGE[0] - 40) - logo.width
        parts.named(logo, "Logo", meta["firm"])


def _front(slide: Slide, front: Mapping[str, Any], deck: Mapping[str, Any]) -> None:
    _fill(slide, {template.TITLE: [front["title"]], template.TRACKER: [_tracker(deck)]}, deck)
    _stamp(slide, front, deck)
    column = deck["ui"]["column"]
    said = column["message"] if front["kind"] == "summary" else column["topic"]
    widths = [grid.SECTION_WIDTH, grid.WIDTH - grid.SECTION_WIDTH - grid.PAGE_WIDTH, grid.PAGE_WIDTH]
    header = {"cells": [[column["section"]], [said], [column["page"]]], "height": grid.LIST_HEAD + 6}
    rows = [_row(row, front) for row in front["rows"]]
    table = {"header": header, "rows": rows, "widths": widths, "align": ["left", "left", "right"], "head": front["title"],
             "size": front["size"] * SHRINK, "pad": front["pad"], "height": header["height"] + sum(r["height"] for r in rows)}  # fmt: skip
    parts.table(slide, table, (grid.MARGIN, grid.LIST_TOP - 6), deck["lang"], front["kind"])


def _row(row: Mapping[str, Any], front: Mapping[str, Any]) -> dict[str, Any]:
    section = row["section_lines"] if row["starts"] else []
    height = max(len(row["lines"]), len(section)) * front["lead"] + 2 * front["pad"]
    return {"cells": [section, row["lines"], [str(row["page"])]], "height": height}


def _tracker(deck: Mapping[str, Any], number: int = 0) -> str:
    shown = [f"[{name}]" if place == number else name for place, name in enumerate(deck["sections"], 1)]
    return "\u3000".join(shown)


def _page(slide: Slide, page: Mapping[str, Any], deck: Mapping[str, Any], picture: bytes | None) -> None:
    language, panel, bar = deck["lang"], page.get("panel"), page.get("bar")
    points = (panel or bar or {"points": []})["points"]
    texts = {
        template.TITLE: ["\n".join(page["title_lines"])],
        template.TRACKER: [_tracker(deck, page["section_no"])],
        template.FOOT: ["\n".join(page["foot"])] if page["foot"] else [],
        template.HEAD: [page["main"]["head"]] if page["main"]["head"] else [],
        template.SO_WHAT: [deck["ui"]["so_what"]] if points else [],
        template.POINTS: [parts.joined(point, language) for point in points],
        template.STAKE: [deck["ui"]["stake"], parts.joined(panel["yen"], language)] if panel and panel["yen"] else [],
    }
    if panel:
        _framed(
            slide, (PANEL, panel["top"], grid.PANEL_WIDTH, panel["height"]), (PANEL, panel["top"], grid.PANEL_WIDTH, 2)
        )
    elif bar:
        _framed(
            slide, (grid.MARGIN, bar["top"], grid.WIDTH, bar["height"]), (grid.MARGIN, bar["top"], 2.5, bar["height"])
        )
    size = (panel or bar or {"size": 0.0})["size"] * SHRINK
    holders = _fill(slide, texts, deck, {template.POINTS: size, template.FOOT: grid.FOOT_SIZE * SHRINK})
    _arranged(holders, page)
    _stamp(slide, page, deck)
    _main(slide, page, deck, picture)
    if panel and panel["table"]:
        place = (PANEL, grid.HEAD_TOP, grid.PANEL_WIDTH, grid.HEAD_LEAD)
        parts.heading(slide, place, panel["table"]["head"] or "", language)
        parts.table(slide, _shrunk(panel["table"]), (PANEL, grid.BODY_TOP), language, f"{page['id']}.table")
    if page["notes"]:
        parts.written(slide.notes_slide.notes_placeholder, [page["notes"]], language)


def _framed(slide: Slide, place: parts.Box, edge: parts.Box) -> None:
    """A panel's ground and its coloured edge, behind everything else."""
    tree = slide.shapes._spTree  # noqa: SLF001 - python-pptx has no order of shapes
    for shape, name in ((parts.box(slide, edge, parts.ACCENT), "Edge"), (parts.box(slide, place), "Panel")):
        parts.named(shape, name)
        tree.insert(2, shape._element)  # noqa: SLF001


def _shrunk(table: Mapping[str, Any]) -> dict[str, Any]:
    return {**table, "size": table["size"] * SHRINK}


def _arranged(holders: Mapping[int, Any], page: Mapping[str, Any]) -> None:
    """So-whats stand where the page was laid out, not where the layout has them."""
    if panel := page.get("panel"):
        left, width = PANEL + grid.PANEL_INSET, grid.PANEL_WIDTH - 2 * grid.PANEL_INSET
        top = panel["top"] + grid.PANEL_INSET
        stake = grid.YEN_HEAD + len(panel["yen"]) * grid.YEN_LEAD + grid.YEN_GAP if panel["yen"] else 0.0
        room = panel["height"] - 2 * grid.PANEL_INSET - grid.PANEL_HEAD - stake
        boxes = {template.SO_WHAT: (left, top, width, grid.PANEL_HEAD), template.POINTS: (left, top + grid.PANEL_HEAD, width, room),
                 template.STAKE: (left, panel["top"] + panel["height"] - grid.PANEL_INSET - stake + grid.YEN_GAP, width, stake)}  # fmt: skip
    elif bar := page.get("bar"):
        left, inner = grid.MARGIN + grid.BAR_INSET + grid.BAR_LABEL, bar["height"] - 2 * grid.BAR_INSET
        boxes = {template.SO_WHAT: (grid.MARGIN + 10, bar["top"] + grid.BAR_INSET, grid.BAR_LABEL, 18),
                 template.POINTS: (left, bar["top"] + grid.BAR_INSET, grid.WIDTH - grid.BAR_LABEL - 2 * grid.BAR_INSET, inner)}  # fmt: skip
    else:
        boxes = {}
    for index, place in boxes.items():
        if index in holders:
            parts.moved(holders[index], place)


def _main(slide: Slide, page: Mapping[str, Any], deck: Mapping[str, Any], picture: bytes | None) -> None:
    main, at, language = page["main"], (grid.MARGIN, grid.BODY_TOP), deck["lang"]
    name = f"{page['id']}.{page['part']}"
    if "native" in main:
        charts.figure(slide, main, at, name, deck)
    elif picture is not None:
        parts.figure(slide, main, picture, at, name)
    else:
        parts.table(slide, _shrunk(main), at, language, name)


def _stamp(slide: Slide, page: Mapping[str, Any], deck: Mapping[str, Any]) -> None:
    if page["stamp"]:
        size, right = 9.5, grid.MARGIN + grid.WIDTH
        width = lines.width(page["stamp"], size, bold=True) / SHRINK + 10
        parts.named(parts.label(slide, (right - width, 2.0, width, 13), page["stamp"], deck["lang"], size), "Stamp")


def _sections(made: Any, deck: Mapping[str, Any]) -> None:
    """PowerPoint's sections, in the order of the deck; an extension that python-pptx does not know."""
    ids = [one.get("id") for one in made.slides._sldIdLst]  # noqa: SLF001
    first = 1 + len(deck["fronts"])
    groups = [(deck["meta"]["title"], ids[:first])]
    pages = list(zip(deck["slides"], ids[first:], strict=True))
    groups += [(name, [one for page, one in pages if page["section"] == name]) for name in deck["sections"]]
    root = parse_xml(
        f'<p:extLst {nsdecls("p")}><p:ext uri="{SECTIONS}"><p14:sectionLst xmlns:p14="{P14}"/></p:ext></p:extLst>'
    )
    listed = root[0][0]
    for name, members in groups:
        section = listed.makeelement(
            f"{{{P14}}}section", {"name": name, "id": f"{{{uuid.uuid5(uuid.NAMESPACE_URL, name)}}}".upper()}
        )
        inside = listed.makeelement(f"{{{P14}}}sldIdLst", {})
        inside.extend([listed.makeelement(f"{{{P14}}}sldId", {"id": one}) for one in members])
        section.append(inside)
        listed.append(section)
    element = made.part._element  # noqa: SLF001
    old = element.find(qn("p:extLst"))
    if old is not None:
        element.remove(old)
    element.append(root)
