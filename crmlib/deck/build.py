"""What was collected -> a deck that has passed every guard, in one format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    from crmlib.deck import lint

    lint.check(parts)
    return laid_out(parts, language)


def laid_out(parts: Collected, language: str) -> dict[str, Any]:
    """The same of parts whose faulty pages have been left out (`faults.sound`).

    Raises:
        DataError: What does not fit or cannot be drawn.
    """
    from crmlib.deck import glyphs, pages, to_html

    made = pages.deck(parts, language) | {"live": to_html.live(parts, language)}
    glyphs.check(made)
    return made


def render(parts: Collected, language: str, form: str) -> bytes:
    """One file of the deck.

    Args:
        parts: What `collect.collected` read.
        language: ja or en.
        form: html, pdf or pptx.

    Raises:
        DataError: What a guard found, with the slide's name.
    """
    return printed(deck(parts, language), form)


def printed(made: Mapping[str, Any], form: str) -> bytes:
    """A laid-out deck as a file.

    Args:
        made: What `laid_out` made.
        form: html, pdf or pptx.
    """
    if form == "html":
        from crmlib.deck import to_html

        return to_html.render(made).encode("utf-8")
    if form == "pptx":
        from crmlib.deck.office import to_pptx

        return to_pptx.render(made)
    from crmlib.deck import to_pdf

    return to_pdf.render(made)


def workbook(parts: Collected, languages: Sequence[str]) -> bytes:
    """The tables behind the deck, as a workbook (XLSX).

    Args:
        parts: What `collect.collected` read.
        languages: ja, en or both.
    """
    from crmlib.deck import to_xlsx

    return to_xlsx.render(parts, languages)
