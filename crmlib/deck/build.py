"""Executed notebooks -> a deck that has passed every guard; the files in the formats of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmlib.deck import collect, glyphs, lint, pages


def deck(notebooks: Sequence[Any], language: str, meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The laid-out deck of one language, checked.

    Args:
        notebooks: Executed notebooks in the order of the deck.
        language: ja or en.
        meta: ``client`` (a name, or one per language) and ``as_of`` (ISO date).

    Raises:
        DataError: What a guard found, with the slide's name.
    """
    parts = collect.collected(notebooks, meta)
    lint.check(parts)
    laid_out = pages.deck(parts, language)
    glyphs.check(laid_out)
    return laid_out


def render(notebooks: Sequence[Any], language: str, form: str, meta: Mapping[str, Any] | None = None) -> bytes:
    """One file of the deck.

    Args:
        notebooks: Executed notebooks in the order of the deck.
        language: ja or en.
        form: html or pdf.
        meta: As in `deck`.
    """
    from crmlib.deck import exporters

    exporter: Any = {"html": exporters.DeckHTMLExporter, "pdf": exporters.DeckPDFExporter}[form]
    body, _ = exporter(lang=language, meta=dict(meta or {})).from_notebook_node(list(notebooks))
    return body.encode("utf-8") if isinstance(body, str) else body
