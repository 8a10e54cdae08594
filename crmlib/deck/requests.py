"""The data-request list: each page that the data sent do not allow, what it would show, what to send, what to start logging."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from crmlib.deck.collect import Collected
from crmlib.deck.slide import APPENDIX, Exhibit, Slide
from crmlib.deck.storyline import MISSING, standard
from crmlib.figures import requests as figures
from crmlib.numbers import deck as numbers
from crmlib.schema import TABLES

FIRST = 6  # lines on the page of the body; the appendix has all


class Request(NamedTuple):
    """A line of the data-request list.

    Args:
        page: The slide that is missing.
        wanted: What would make it: a table that was not sent, or another text key below ``request.send.``.
    """

    page: str
    wanted: str


def requests(parts: Collected, ran: Collection[str]) -> list[Request]:
    """What must be asked for, page by page: from the slides' variants and the ledger's row counts, never a guess.

    Args:
        parts: What `collect.collected` read.
        ran: Diagnostics whose notebooks it read.
    """
    return list(_requests(parts, ran))


def _requests(parts: Collected, ran: Collection[str]) -> Iterator[Request]:
    slides = {slide["id"]: slide for slide in parts.slides}
    for place in standard().places:
        if place.id.partition(".")[0] not in ran:
            continue
        wanted = place.asks.get(variant(slides[place.id]) if place.id in slides else MISSING, "")
        if wanted and not (wanted in TABLES and _sent(parts, wanted)):
            yield Request(place.id, wanted)


def _sent(parts: Collected, table: str) -> bool:
    key = f"intake.record.{table}.rows"
    return key not in parts.ledger or parts.ledger[key].value != 0


def variant(slide: Mapping[str, Any]) -> str:
    """Which of its texts a slide shows; empty where it has but one."""
    return str(slide.get("variant", ""))


def added(parts: Collected, asked: Sequence[Request]) -> Collected:
    """The parts with the page of requests, and the whole list in the appendix; as they are where nothing is asked for."""
    if not asked:
        return parts
    ledger = replace(
        parts.ledger, numbers={**parts.ledger.numbers, **numbers.ledger(asked, parts.ledger.currency).numbers}
    )
    first = Slide("deck.requests", ledger, Exhibit(figures.requests, asked[:FIRST]), layout="full", section="intake")
    made = [first.payload]
    if len(asked) > FIRST:
        made.append(
            Slide(
                "deck.request_list", ledger, Exhibit(figures.requests, asked), layout="full", section=APPENDIX
            ).payload
        )
    return replace(parts, slides=(*parts.slides, *made), ledger=ledger)
