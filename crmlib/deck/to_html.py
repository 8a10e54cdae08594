"""The laid-out deck as one offline HTML file: own template with autoescape, own script under its hash, fonts inside."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from crmlib.deck import fonts, lean, pages, svg, tips, what_if
from crmlib.deck.collect import Collected
from crmlib.home import TEMPLATES
from crmlib.text import Words

FOLDER = TEMPLATES / "deck"


def live(parts: Collected, language: str) -> dict[str, Any]:
    """What only the HTML shows: tips of the numbers, sliders and their words; plain data.

    Args:
        parts: What the deck is laid out from.
        language: ja or en.
    """
    words = Words(language)
    ui = {name: words.fill(f"deck.tip.{name}") for name in ("show", "near")}
    return {"tips": tips.told(parts, language), "what_if": what_if.sliders(parts.ledger, words), "ui": ui}


def render(deck: Mapping[str, Any]) -> str:
    """The HTML of one language: what nbconvert's exporter gives, without nbconvert, whose import takes longer than the deck.

    Args:
        deck: What `build.deck` laid out.
    """
    return _template().render(resources=resources(deck))


@functools.cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(str(FOLDER)), autoescape=True)
    environment.filters["marks"] = tips.marks
    return environment.get_template("index.html.j2")


def resources(deck: Mapping[str, Any]) -> dict[str, Any]:
    """What the template needs. Only our own style sheet, script, fonts and checked figures are markup here.

    Args:
        deck: What `build.deck` laid out.
    """
    shown = deck["live"]
    figures = lean.Figures()
    drawn = {where: figures.small(text, where) for where, text in pages.figures(deck)}
    texts = "".join(svg.texts(svg.checked(text, where)) for where, text in pages.figures(deck))
    script = (FOLDER / "deck.js").read_text("utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {
        "deck": deck,
        "said": shown["tips"]["said"],
        "known": functools.partial(tips.of, shown["tips"]),
        "what_if": {**shown["what_if"], "page": what_if.PAGE} if shown["what_if"] else {},
        "ui": shown["ui"],
        "figures": {where: Markup(text) for where, text in drawn.items()},  # noqa: S704 - checked by lean
        "css": Markup((FOLDER / "deck.css").read_text("utf-8") + figures.css),  # noqa: S704 - our own, and lean's
        "script": Markup(script),  # noqa: S704 - our own file
        "script_hash": f"sha256-{digest}",
        "font_css": Markup(fonts.css(pages.shown_texts(deck) + texts)),  # noqa: S704 - made of base64 by us
    }
