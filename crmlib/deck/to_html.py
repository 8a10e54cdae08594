"""The laid-out deck as one offline HTML file: own template with autoescape, own script under its hash, fonts inside."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from crmlib.deck import fonts, pages, svg
from crmlib.home import TEMPLATES

FOLDER = TEMPLATES / "deck"


def resources(deck: Mapping[str, Any]) -> dict[str, Any]:
    """What the template needs. Only our own style sheet, script and fonts are markup here.

    Args:
        deck: What `pages.deck` laid out.
    """
    script = (FOLDER / "deck.js").read_text("utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    drawn = "".join(svg.texts(svg.checked(text, where)) for where, text in pages.figures(deck))
    return {
        "deck": deck,
        "css": Markup((FOLDER / "deck.css").read_text("utf-8")),  # noqa: S704 - our own file
        "script": Markup(script),  # noqa: S704 - our own file
        "script_hash": f"sha256-{digest}",
        "font_css": Markup(fonts.css(pages.shown_texts(deck) + drawn)),  # noqa: S704 - made of base64 by us
    }


def markup(drawing: str) -> Markup:
    """A figure as markup, after the check that it holds nothing but drawing."""
    svg.checked(drawing, "figure")
    return Markup(drawing)  # noqa: S704 - checked in the line above
