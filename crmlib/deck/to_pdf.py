"""The laid-out deck as PDF by typst: tagged, bookmarked, every chart a vector, the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import typst

from crmlib.errors import DataError
from crmlib.home import FONTS, TEMPLATES

STANDARD: Literal["ua-1"] = "ua-1"
TEMPLATE = TEMPLATES / "deck" / "deck.typ"


def render(deck: Mapping[str, Any]) -> bytes:
    """The PDF of one language.

    Args:
        deck: What `pages.deck` laid out.

    Raises:
        DataError: typst fails or warns, or the number of pages is wrong; names the slide.
    """
    try:
        pdf, warnings = _compiled(deck)
    except typst.TypstError as error:
        raise DataError(f"the PDF ({deck['lang']}) could not be made: {error}") from error
    if warnings:
        raise DataError(f"{_culprit(deck)} ({deck['lang']}): typst warns: {warnings[0]}")
    return pdf


def _compiled(deck: Mapping[str, Any]) -> tuple[bytes, list[Any]]:
    pdf, warnings = typst.compile_with_warnings(  # type: ignore[misc]  # the stub's overload does not infer bytes
        TEMPLATE.read_bytes(),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"deck": json.dumps(deck, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=0,
    )
    return pdf, warnings


def _culprit(deck: Mapping[str, Any]) -> str:
    """The first slide that warns alone."""
    for slide in deck["slides"]:
        if _compiled({**deck, "fronts": [], "slides": [slide]})[1]:
            return f"slide {slide['id']}"
    return "the front pages"
