"""templates/deck/deck.pptx: one master, five layouts with real placeholders, theme colours and fonts. Made by `make docs`.

A designer may edit the file in PowerPoint; what matters are the layouts' names and the numbers of the placeholders.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from crmlib.deck import grid
from crmlib.home import TEMPLATES

FILE = TEMPLATES / "deck" / "deck.pptx"
LATIN, EAST_ASIAN = "Arial", "Meiryo"
THEME = {
    "dk1": "14212B", "lt1": "FFFFFF", "dk2": "33414C", "lt2": "5B6771", "accent1": "0B5C8C", "accent2": "C9500C",
    "accent3": "7FB2CF", "accent4": "8C98A2", "accent5": "B8C2CA", "accent6": "F1F4F6", "hlink": "0B5C8C", "folHlink": "5B6771",
}  # fmt: skip
# numbers of the placeholders, the same in every layout
TITLE, TRACKER, POINTS, FOOT, NUMBER, HEAD, SO_WHAT, STAKE, CLIENT, DATE, FIRM = (
    0,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
)


@dataclass(frozen=True)
class Holder:
    """A placeholder of a layout; places and sizes in points, colour by its name in the theme."""

    index: int
    name: str
    box: tuple[float, float, float, float]
    size: float
    colour: str = "tx1"
    bold: bool = False
    anchor: str = "t"
    align: str = "l"
    bullet: bool = False

    @property
    def kind(self) -> str:
        """The type that PowerPoint knows it by."""
        return {TITLE: "title", NUMBER: "sldNum"}.get(self.index, "body")


WIDE = grid.WIDTH
PANEL = grid.MARGIN + grid.CHART_WIDTH + grid.GUTTER
FRAME = (
    Holder(TITLE, "Title", (grid.MARGIN, 35, WIDE, 56), grid.TITLE_SIZE * 0.95, bold=True, anchor="ctr"),
    Holder(TRACKER, "Section", (grid.MARGIN, 14, WIDE, 14), 9, "bg2"),
    Holder(FOOT, "Definition and source", (grid.MARGIN, 494, grid.FOOT_WIDTH, 30), 9, "bg2", anchor="b"),
    Holder(NUMBER, "Page number", (864, 506, 60, 18), 10.5, bold=True, anchor="b", align="r"),
)
EXHIBIT = Holder(HEAD, "Exhibit", (grid.MARGIN, grid.HEAD_TOP, grid.CHART_WIDTH, grid.HEAD_LEAD), 11.5, bold=True)
SAID = Holder(POINTS, "Points", (PANEL + 14, 149, 280, 300), 12, "tx2", bullet=True)
SAID_HEAD = Holder(SO_WHAT, "So what", (PANEL + 14, 119, 280, 20), 12, "accent1", bold=True)
LAYOUTS: Mapping[str, Sequence[Holder]] = {
    "Cover": (
        Holder(TITLE, "Title", (340, 166, 590, 52), 36, bold=True, anchor="ctr"),
        Holder(POINTS, "Subtitle", (340, 226, 590, 28), 15, "tx2"),
        Holder(CLIENT, "Client", (340, 300, 590, 90), 20, bold=True),
        Holder(FIRM, "Firm", (340, 400, 590, 60), 11, "bg2"),
        Holder(DATE, "Date", (340, 468, 590, 20), 11, "bg2"),
    ),
    "List": FRAME,
    "Chart and so-what": (
        *FRAME, EXHIBIT, SAID_HEAD, SAID,
        Holder(STAKE, "At stake", (PANEL + 14, 440, 280, 60), 12, bold=True),
    ),
    "Full width": (*FRAME, EXHIBIT, SAID_HEAD, SAID),
    "Table": (*FRAME, EXHIBIT),
}  # fmt: skip


def build() -> bytes:
    """The template's bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(grid.PAGE[0]), Pt(grid.PAGE[1])
    _theme(deck)
    kept = list(deck.slide_layouts)
    for layout in kept[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    for layout, (name, holders) in zip(kept, LAYOUTS.items(), strict=False):
        _fill(layout, name, holders)
    for shape in list(deck.slide_master.placeholders):
        if shape.placeholder_format.idx in (10, 11, 12):  # date, footer and number of the stock master
            shape._element.getparent().remove(shape._element)  # noqa: SLF001 - python-pptx has no removal
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def coloured(deck: Deck, accent: str) -> None:
    """Give a deck the firm's colour in place of the house's."""
    part = _part(deck)
    text = part.blob.decode("utf-8").replace(f'"{THEME["accent1"]}"', f'"{accent.lstrip("#")}"')
    part._blob = text.encode("utf-8")  # noqa: SLF001 - python-pptx has no theme


def _part(deck: Deck) -> Any:
    return next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))


def _theme(deck: Deck) -> None:
    part = _part(deck)
    text = part.blob.decode("utf-8")
    fonts = f'<a:latin typeface="{LATIN}"/><a:ea typeface="{EAST_ASIAN}"/><a:cs typeface=""/>'
    for kind in ("major", "minor"):
        text = re.sub(
            rf"<a:{kind}Font>.*?</a:{kind}Font>", f"<a:{kind}Font>{fonts}</a:{kind}Font>", text, flags=re.DOTALL
        )
    colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in THEME.items())
    text = re.sub(
        r"<a:clrScheme.*?</a:clrScheme>", f'<a:clrScheme name="Deck">{colours}</a:clrScheme>', text, flags=re.DOTALL
    )
    part._blob = text.encode("utf-8")  # noqa: SLF001 - python-pptx has no theme


def _fill(layout: Any, name: str, holders: Sequence[Holder]) -> None:
    element = layout._element  # noqa: SLF001
    element.cSld.set("name", name)
    element.attrib.pop("type", None)
    tree = element.cSld.spTree
    for child in list(tree):
        if child.tag in (qn("p:sp"), qn("p:pic"), qn("p:cxnSp"), qn("p:grpSp")):
            tree.remove(child)
    if name == "Cover":
        tree.append(_bar(90, (0, 0, 300, 540)))
        tree.append(_bar(91, (340, 150, 44, 4)))
    else:
        tree.append(_bar(90, (grid.MARGIN, 94.4, WIDE, 1.2)))
    for number, holder in enumerate(holders, 2):
        tree.append(_holder(number, holder))


def _place(box: tuple[float, float, float, float]) -> str:
    x, y, w, h = (int(Pt(value)) for value in box)
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm>'


def _bar(number: int, box: tuple[float, float, float, float]) -> Any:
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Rule {number}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr>{_place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        '<a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-US"/></a:p></p:txBody></p:sp>'
    )


def _holder(number: int, one: Holder) -> Any:
    indent = 'marL="177800" indent="-177800"' if one.bullet else 'marL="0" indent="0"'
    mark = '<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="Wingdings"/><a:buChar char="&#167;"/>'
    after = '<a:spcAft><a:spcPts val="800"/></a:spcAft>' if one.bullet else '<a:spcAft><a:spcPts val="0"/></a:spcAft>'
    field = (
        '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-US"/><a:t>#</a:t></a:fld>'
    )
    text = field if one.kind == "sldNum" else f'<a:r><a:rPr lang="en-US"/><a:t>{one.name}</a:t></a:r>'
    index = f' idx="{one.index}"' if one.index else ""
    small = "" if one.kind == "title" else ' sz="quarter"'
    style = (
        f'<a:lvl1pPr {indent} algn="{one.align}" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef>{after}{mark if one.bullet else "<a:buNone/>"}'
        f'<a:defRPr sz="{round(one.size * 100)}" b="{int(one.bold)}"><a:solidFill><a:schemeClr val="{one.colour}"/></a:solidFill>'
        '<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/></a:defRPr></a:lvl1pPr>'
    )
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{one.name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{one.kind}"{small}{index}/></p:nvPr></p:nvSpPr><p:spPr>{_place(one.box)}</p:spPr><p:txBody>'
        f'<a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{one.anchor}"><a:normAutofit/></a:bodyPr><a:lstStyle>{style}</a:lstStyle>'
        f"<a:p>{text}</a:p></p:txBody></p:sp>"
    )


if __name__ == "__main__":
    FILE.write_bytes(build())
