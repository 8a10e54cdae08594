"""The laid-out deck as PDF by typst: tagged, bookmarked, every chart a vector, PDF/UA-1 and PDF/A-2a, the same bytes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import typst

from crmlib.errors import DataError, PageError
from crmlib.home import FONTS, TEMPLATES

TEMPLATE = TEMPLATES / "deck" / "deck.typ"


def render(deck: Mapping[str, Any]) -> bytes:
    """The PDF of one language.

    Args:
        deck: What `pages.deck` laid out.

    Raises:
        DataError: typst fails or warns, or the number of pages is wrong; names the slide.
    """
    pdf, fault = _compiled(deck)
    if fault:
        culprit = _culprit(deck)
        said = f"{f'slide {culprit}' if culprit else 'the front pages'} ({deck['lang']}): typst says: {fault}"
        raise PageError(culprit, said)
    count = len(re.findall(rb"/Type\s*/Page\b", pdf))
    if count != deck["pages"]:
        raise DataError(f"the PDF ({deck['lang']}) has {count} pages, {deck['pages']} were laid out")
    return pdf


def pictures(deck: Mapping[str, Any], ppi: int) -> list[bytes]:
    """The pages as PNG.

    Args:
        deck: What `pages.deck` laid out.
        ppi: Pixels per inch of a page of 13.3 x 7.5 inches.
    """
    given = {"deck": json.dumps({**deck, **_drawn(deck)}, ensure_ascii=False)}
    made = typst.compile(  # type: ignore[call-overload]  # the stub has no list of pages
        TEMPLATE.read_bytes(), font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs=given, format="png", ppi=ppi
    )  # fmt: skip
    return [made] if isinstance(made, bytes) else list(made)


def _compiled(deck: Mapping[str, Any]) -> tuple[bytes, str]:
    """The PDF and the first warning or error; a warning is as bad, because typst warns where it drops text."""
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[misc]  # the stub's overload does not infer bytes
            TEMPLATE.read_bytes(),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"deck": json.dumps({**deck, **_drawn(deck)}, ensure_ascii=False)},
            pdf_standards=["ua-1", "a-2a"] if deck["meta"]["as_of"] else ["ua-1"],  # PDF/A asks for a date: the data's
            timestamp=0,
        )
    except typst.TypstError as error:
        return b"", str(error)
    return pdf, str(warnings[0]) if warnings else ""


def _drawn(deck: Mapping[str, Any]) -> dict[str, Any]:
    """What typst reads otherwise than others: figures without what office programs edit, the logo as numbers."""
    slides = [{**one, "main": {k: v for k, v in one["main"].items() if k != "native"}} for one in deck["slides"]]
    return {"slides": slides, "live": {}, "meta": _with_bytes(deck["meta"])}


def _with_bytes(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The logo as numbers: typst does not read base64."""
    return {**meta, "logo_bytes": list(base64.b64decode(meta["logo"]))}


def _culprit(deck: Mapping[str, Any]) -> str:
    """The first slide at fault when compiled alone; none where the front pages are."""
    for slide in deck["slides"]:
        if _compiled({**deck, "fronts": [], "slides": [slide]})[1]:
            return str(slide["id"])
    return ""
