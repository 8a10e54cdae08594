"""What was collected -> a deck that has passed every guard, in one format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crmlib.deck.collect import Collected


def deck(parts: Collected, language: str) -> dict[str, Any]:
    """The laid-out deck of one language, checked.

    Args:
        parts: What `collect.collected` read.
        language: ja or en.

    Raises:
        DataError: What a guard found, with the slide's name.
    """
    from crmlib.deck import glyphs, lint, pages

    lint.check(parts)
    laid_out = pages.deck(parts, language)
    glyphs.check(laid_out)
    return laid_out


def render(parts: Collected, language: str, form: str) -> bytes:
    """One file of the deck.

    Args:
        parts: What `collect.collected` read.
        language: ja or en.
        form: html, pdf or pptx.

    Raises:
        DataError: What a guard found, with the slide's name.
    """
    from crmlib.deck import exporters

    if form == "html":
        return exporters.DeckHTMLExporter().rendered(deck(parts, language)).encode("utf-8")
    if form == "pptx":
        return exporters.pptx(deck(parts, language))
    return exporters.pdf(deck(parts, language))


def workbook(parts: Collected, languages: Sequence[str]) -> bytes:
    """The tables behind the deck, as a workbook (XLSX).

    Args:
        parts: What `collect.collected` read.
        languages: ja, en or both.
    """
    from crmlib.deck import to_xlsx

    return to_xlsx.render(parts, languages)
