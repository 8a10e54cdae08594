"""A figure's labels as outlines: PowerPoint shows an SVG with the fonts of the machine, which may lack ours."""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as ET
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from crmlib.deck.svg import SVG, checked
from crmlib.home import FONTS

SHIFTS = {"middle": -0.5, "end": -1.0}
NUMBER = re.compile(r"[\d.]+")


def outlined(drawing: str, where: str) -> str:
    """A figure's SVG with paths in place of its texts.

    Args:
        drawing: As `svg.cleaned` left it.
        where: For the message when it is not drawing.
    """
    root = checked(drawing, where)
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.tag == f"{{{SVG}}}text":
                parent[place] = _paths(child)
    return ET.tostring(root, encoding="unicode")


def _paths(text: ET.Element) -> ET.Element:
    style = dict(part.split(":", 1) for part in text.get("style", "").replace("; ", ";").split(";") if ":" in part)
    bold = style.get("font-weight", "").strip() in ("700", "bold")
    size = float(NUMBER.findall(style.get("font-size", "10.5"))[0])
    glyphs, em = _font(bold)
    words = "".join(text.itertext())
    total = sum(glyphs(character)[1] for character in words) * size / em
    shift = total * SHIFTS.get(style.get("text-anchor", "start").strip(), 0.0)
    group = ET.Element(f"{{{SVG}}}g", {"style": f"fill:{style.get('fill', '#000000').strip()}"})
    turned = text.get("transform", "")
    group.set(
        "transform", f"{turned} translate({float(text.get('x', 0)) + shift:.2f} {float(text.get('y', 0)):.2f})".strip()
    )
    at, scale = 0.0, size / em
    for character in words:
        path, advance = glyphs(character)
        if path:
            where = f"translate({at * scale:.2f} 0) scale({scale:.5f} {-scale:.5f})"
            ET.SubElement(group, f"{{{SVG}}}path", {"d": path, "transform": where})
        at += advance
    return group


@functools.cache
def _font(bold: bool) -> tuple[Any, int]:
    """A function from a character to its path and advance, and the units per em."""
    font = TTFont(FONTS / f"NotoSansJP-{'Bold' if bold else 'Regular'}.ttf", lazy=True)
    names, shapes, metrics = font.getBestCmap(), font.getGlyphSet(), font["hmtx"].metrics

    @functools.cache
    def glyph(character: str) -> tuple[str, float]:
        name = names.get(ord(character), ".notdef")
        pen = SVGPathPen(shapes, ntos=lambda value: f"{value:.0f}")
        shapes[name].draw(pen)
        return pen.getCommands(), metrics[name][0]

    return glyph, font["head"].unitsPerEm
