"""Every character of the deck is in the bundled font: neither a box nor a silent fallback reaches the reader."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from crmlib.deck import pages, svg
from crmlib.errors import DataError, Problem
from crmlib.lettering import has_glyph


def check(deck: Mapping[str, Any]) -> None:
    """Look at every page of a laid-out deck.

    Raises:
        DataError: Every slide with a character that the bundled font lacks, the characters named.
    """
    problems = [
        Problem(f"the bundled font has no {', '.join(map(_named, missing))}", where, hint=HINT)
        for where, text in _texts(deck)
        if (missing := sorted({c for c in text if c != "\n" and not has_glyph(c)}))
    ]
    if problems:
        raise DataError(problems)


HINT = "Rename the label in the client's data or client.yaml; emoji and right-to-left scripts cannot be printed."


def _texts(deck: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    language = deck["lang"]
    yield f"cover ({language})", pages.shown_texts(deck["meta"])
    for slide in deck["slides"]:
        drawn = "".join(svg.texts(svg.checked(text, where)) for where, text in pages.figures({"slides": [slide]}))
        yield f"slide {slide['id']} ({language})", pages.shown_texts(slide) + drawn


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}"
