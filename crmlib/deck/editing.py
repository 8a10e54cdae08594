"""The consultant's edits applied to what was collected: pages moved, dropped, retitled, annotated; numbers stay bound."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from crmlib import edit as edits
from crmlib.deck import arrange
from crmlib.deck.collect import Collected
from crmlib.deck.slide import APPENDIX
from crmlib.edit import Edit, Page
from crmlib.errors import ConfigError, CrmError, Problem
from crmlib.lettering import cleaned, printable
from crmlib.numbers.model import Ledger
from crmlib.schema import LANGUAGES
from crmlib.text import Words


def edited(parts: Collected, edit: Edit, logo: bytes = b"") -> Collected:
    """The deck as the consultant wants it.

    Args:
        parts: What `collect.collected` read.
        edit: The edits; titles and notes name ledger keys as every text does.
        logo: PNG of the firm, or empty.

    Raises:
        ConfigError: a page or a number that the deck does not have.
    """
    every = [*parts.slides, *(slide for slide in parts.spare if slide["id"] in edit.order)]
    edits.check(edit, [slide["id"] for slide in (*parts.slides, *parts.spare)])
    kept = [arrange.restored(s) if s["id"] in edit.order else s for s in every if s["id"] not in edit.drop]
    changed = [_changed(slide, edit.pages.get(slide["id"], Page()), parts.ledger) for slide in kept]
    firm = {"firm": cleaned(_firm(edit, logo))}
    return replace(parts, slides=tuple(_ordered(changed, edit.order)), meta={**parts.meta, **firm})


def _ordered(slides: Sequence[Mapping[str, Any]], order: Sequence[str]) -> list[Mapping[str, Any]]:
    """Named pages first, from the appendix too; the others as they were, the appendix last."""
    place = {name: number for number, name in enumerate(order)}
    return sorted(slides, key=lambda slide: (slide["section"] == APPENDIX, place.get(slide["id"], len(place))))


def _changed(slide: Mapping[str, Any], page: Page, ledger: Ledger) -> Mapping[str, Any]:
    if page.title is None and page.note is None:
        return slide
    texts = {}
    for language in LANGUAGES:
        own = dict(slide["texts"][language])
        if page.title is not None:
            own["title"] = _filled(getattr(page.title, language), language, ledger, slide["id"])
        if page.note is not None:
            own["points"] = [*own["points"], _filled(getattr(page.note, language), language, ledger, slide["id"])]
        texts[language] = own
    return {**slide, "texts": texts}


def _filled(text: str, language: str, ledger: Ledger, slide: str) -> str:
    try:
        return printable(Words(language).filled(text, ledger))
    except CrmError as error:
        raise ConfigError(Problem(f"pages.{slide} ({language}): {error}", edits.FILE_NAME)) from None


def _firm(edit: Edit, logo: bytes) -> dict[str, Any]:
    """What the cover needs, plain JSON values."""
    firm = edit.firm
    said = {
        name: text.model_dump() if text else {} for name, text in (("name", firm.name), ("disclaimer", firm.disclaimer))
    }
    title = edit.title.model_dump() if edit.title else {}
    return {**said, "title": title, "colour": firm.colour or "", "logo": base64.b64encode(logo).decode()}
