"""matplotlib's SVG made fit to stand in a page with others: checked against a list of what it may hold, ids prefixed.

Only drawing elements pass; anything that could run, load or style beyond the figure is an error.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from crmlib.errors import DataError

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
ELEMENTS = frozenset(
    ("svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "use",
     "clipPath", "linearGradient", "stop")
)  # fmt: skip
REFERENCE = re.compile(r"url\(#([\w.-]+)\)")
FAMILY = re.compile(r"font-family:\s*([^;]+)")
DECIMALS = re.compile(r"(\.\d\d)\d+")
ROOT_STYLE = "stroke-linejoin:round;stroke-linecap:butt"  # matplotlib's global rule, kept inside the figure
FONT = "'Noto Sans JP'"


def cleaned(raw: str, prefix: str) -> str:
    """A figure's SVG for a page.

    Args:
        raw: What matplotlib wrote.
        prefix: Put before each id, so that two figures in a page do not share one.

    Raises:
        DataError: An element, attribute, reference or font that a figure must not hold.
    """
    root = _parsed(_body(raw), prefix)
    for parent in list(root.iter()):
        for child in list(parent):
            if _name(child) in ("metadata", "style") or (_name(child) == "defs" and not _drawn(child)):
                parent.remove(child)
    referenced = set(_references(root))
    for element in root.iter():
        _rename(element, prefix, referenced)
    root.set("style", ROOT_STYLE)
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    text = re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode")).strip()
    checked(text, prefix)
    return text


def checked(text: str, where: str) -> ET.Element:
    """The parsed figure, once it is known to hold nothing but drawing.

    Raises:
        DataError: Names `where` and the offending part.
    """
    root = _parsed(text, where)
    for element in root.iter():
        if _name(element) not in ELEMENTS:
            raise DataError(f"{where}: the figure holds <{_name(element)}>, which is not drawing")
        for name, value in element.attrib.items():
            _check_attribute(name.rpartition("}")[2], value, where)
    return root


def labels(root: ET.Element) -> Iterator[str]:
    """The figure's texts but for axis tick labels."""
    if re.search(r"(^|-)[xy]tick_\d+$", root.get("id", "")):
        return
    if _name(root) == "text":
        yield "".join(root.itertext())
    for child in root:
        yield from labels(child)


def texts(root: ET.Element) -> str:
    """Every character that the figure draws."""
    return "".join(root.itertext())


def _check_attribute(name: str, value: str, where: str) -> None:
    lowered = value.lower()
    outside = "url(" in REFERENCE.sub("", lowered) or "javascript:" in lowered or "expression(" in lowered
    if name.startswith("on") or outside or (name == "href" and not value.startswith("#")):
        raise DataError(f"{where}: the figure's attribute {name}='{value[:60]}' is not drawing")
    for family in FAMILY.findall(value):
        if family.strip().replace('"', "'") != FONT:
            raise DataError(f"{where}: the figure uses the font {family.strip()}, which is not bundled (only {FONT})")


def _body(raw: str) -> str:
    start = raw.find("<svg")
    if start < 0:
        raise DataError("no <svg> in the figure")
    return raw[start:]


def _parsed(text: str, where: str) -> ET.Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DataError(f"{where}: the figure declares a document type")
    try:
        return ET.fromstring(text)  # noqa: S314 - no document type, see above
    except ET.ParseError as error:
        raise DataError(f"{where}: the figure is not well-formed SVG ({error})") from error


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{SVG}}}")


def _drawn(defs: ET.Element) -> bool:
    return any(_name(child) != "style" for child in defs)


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for name, value in element.attrib.items():
            yield from REFERENCE.findall(value)
            if name.endswith("href") and value.startswith("#"):
                yield value[1:]


def _rename(element: ET.Element, prefix: str, referenced: set[str]) -> None:
    name = element.get("id")
    if name is not None and (name in referenced or re.match(r"[xy]tick_", name)):
        element.set("id", f"{prefix}-{name}")
    elif name is not None:
        del element.attrib["id"]
    for key, value in list(element.attrib.items()):
        if key.endswith("href"):
            element.set(key, f"#{prefix}-{value[1:]}" if value.startswith("#") else value)
        elif key in ("d", "points"):
            element.set(key, " ".join(DECIMALS.sub(r"\1", value).split()))
        elif key != "id":
            element.set(key, REFERENCE.sub(lambda m: f"url(#{prefix}-{m[1]})", value))
