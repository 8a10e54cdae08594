"""The slides of a run in the order of the storyline: body, then appendix, each page with its chapter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crmlib.deck import requests
from crmlib.deck.collect import Collected
from crmlib.deck.slide import APPENDIX
from crmlib.deck.storyline import ASIDE, BODY, Place, standard
from crmlib.findings.model import ranked
from crmlib.schema import LANGUAGES
from crmlib.text import Words

Slide = Mapping[str, Any]


def told(parts: Collected, ran: Collection[str]) -> Collected:
    """The slides of a run in the order of the storyline, each with its chapter.

    Args:
        parts: What `collect.collected` read.
        ran: Diagnostics whose notebooks it read: what was not run is not missing.
    """
    asked_for = requests.requests(parts, ran)
    parts = requests.added(parts, asked_for)
    line, slides = standard(), {slide["id"]: slide for slide in parts.slides}
    asked = {request.page for request in asked_for}
    shown = [(place, slides[place.id]) for place in line.places if place.id in slides]
    kept = [(place, slide) for place, slide in shown if place.id not in asked or requests.variant(slide) in place.keeps]
    known = {place.id for place in line.places}
    others = [(Place(name, line.chapter(name), APPENDIX), slides[name]) for name in slides if name not in known]
    promoted = _promoted(parts, [place for place, slide in kept if not _thin(place, slide)])
    arranged = [
        placed(slide, place.chapter, in_body=place.id in promoted and not _thin(place, slide))
        for place, slide in (*kept, *others)
    ]
    return replace(
        parts, slides=tuple(in_order(arranged)), spare=tuple(slides[name] for name in sorted(asked & {*slides}))
    )


def _thin(place: Place, slide: Slide) -> bool:
    return requests.variant(slide) in place.thin


def _promoted(parts: Collected, places: Sequence[Place]) -> set[str]:
    """Body pages, and asides with a decided finding while there is room, the first to act on first."""
    body = {place.id for place in places if place.place == BODY}
    decided = [one.id for one in ranked(parts.findings, parts.ledger) if one.verdict != "inconclusive"]
    beside = [place.id for name in decided for place in places if place.place == ASIDE and name in place.findings]
    for name in dict.fromkeys(beside):
        if len(body) < standard().most:
            body.add(name)
    return body


def placed(slide: Slide, chapter: str, *, in_body: bool) -> Slide:
    """A slide with its chapter's name; in the appendix its group there."""
    texts = {language: dict(slide["texts"][language]) for language in LANGUAGES}
    for language in LANGUAGES:
        words, key = Words(language), f"deck.chapter.{chapter}"
        name = words.fill(key) if key in words else texts[language]["section"]
        texts[language] |= {"chapter": name, "section": name if in_body else words.fill("slide.section.appendix")}
    made = {**slide, "texts": texts, "chapter": chapter, "own_section": slide["section"]}
    return made | {"section": chapter if in_body else APPENDIX}


def restored(slide: Slide) -> Slide:
    """A slide of the appendix as a page of the body, in its chapter."""
    texts = {name: {**own, "section": own.get("chapter", own["section"])} for name, own in slide["texts"].items()}
    return {**slide, "texts": texts, "section": slide.get("chapter", slide["section"])}


def in_order(slides: Sequence[Slide]) -> list[Slide]:
    """By chapter within body and appendix, and as the storyline has them within a chapter."""
    place = {name: number for number, name in enumerate(standard().chapters)}

    def key(slide: Slide) -> tuple[bool, int]:
        return slide["section"] == APPENDIX, place.get(slide.get("chapter", slide["section"]), len(place))

    return sorted(slides, key=key)
