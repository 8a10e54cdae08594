"""Checked figures made small for one page: styles as shared classes, short ids, nothing that draws nothing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from crmlib.deck import svg

SAFE_STYLE = re.compile(r"[\w\s:;.,#()%+-]*")
FAMILY = re.compile(r"font-family:\s*'Noto Sans JP'(;|$)")  # the page's style sheet says it for all figures
TURNED_BY_NOTHING = re.compile(r"rotate\(-?0(\.0*)?[ ,][^)]*\)")
REFERENCE = re.compile(r"(url\(#|^#)([\w.-]+)")
TICK = re.compile(r"-[xy]tick_\d+")  # ids for lint, which has been
PLACES = ("x", "y", "width", "height")
GROUP, PATH = f"{{{svg.SVG}}}g", f"{{{svg.SVG}}}path"
UNSEEN = "fill:none"  # the whole style: neither filled nor drawn round


class Figures:
    """Makes the figures of one page small; `css` is theirs when all are done."""

    def __init__(self) -> None:
        self.classes: dict[str, str] = {}
        self.ids: dict[str, str] = {}

    @property
    def css(self) -> str:
        """The classes' rules."""
        return "".join(f".{name}{{{style}}}" for style, name in self.classes.items())

    def small(self, text: str, where: str) -> str:
        """A figure that looks the same in fewer characters.

        Args:
            text: SVG from `svg.cleaned`.
            where: Named when it holds anything but drawing.

        Raises:
            DataError: It holds anything but drawing.
        """
        root = svg.checked(text, where)
        for element in list(root.iter())[1:]:
            self._shorten(element)
        self._unwrap(root)
        ET.register_namespace("", svg.SVG)
        written = ET.tostring(root, encoding="unicode")
        return (
            written.replace(" />", "/>").replace(f' xmlns="{svg.SVG}"', "").replace(f' xmlns:xlink="{svg.XLINK}"', "")
        )

    def _shorten(self, element: ET.Element) -> None:
        for name, value in list(element.attrib.items()):
            if name == "id":
                self._named(element, value)
            elif name == "style":
                self._style(element, value)
            elif name == "d":
                element.set("d", re.sub(r" ?([A-Za-z]) ?", r"\1", value))
            elif name in PLACES:
                element.set(name, svg.DECIMALS.sub(r"\1", value))
            elif name == "transform" and TURNED_BY_NOTHING.fullmatch(value):
                del element.attrib["transform"]
            elif REFERENCE.search(value):
                del element.attrib[name]
                element.set(name.rpartition("}")[2], REFERENCE.sub(lambda m: m[1] + self._id(m[2]), value))

    def _named(self, element: ET.Element, name: str) -> None:
        if TICK.search(name):
            del element.attrib["id"]
            element.set("data-tick", "")
        else:
            element.set("id", self._id(name))

    def _id(self, name: str) -> str:
        return self.ids.setdefault(name, f"f{len(self.ids)}")

    def _style(self, element: ET.Element, value: str) -> None:
        style = re.sub(r"\s*([:;])\s*", r"\1", FAMILY.sub("", value)).strip("; ")
        if not SAFE_STYLE.fullmatch(style):
            return
        del element.attrib["style"]
        if style:
            element.set("class", self.classes.setdefault(style, f"s{len(self.classes)}"))

    def _unwrap(self, parent: ET.Element) -> None:
        """Groups that say nothing give way to what they hold; what draws nothing goes."""
        kept: list[ET.Element] = []
        for child in parent:
            self._unwrap(child)
            if child.tag == GROUP and not child.attrib:
                kept += list(child)
            elif child.tag != PATH or child.get("class") != self.classes.get(UNSEEN, "") or child.get("id"):
                kept.append(child)
        parent[:] = kept
