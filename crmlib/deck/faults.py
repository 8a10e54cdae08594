"""Pages that cannot be printed as they are: left out by name and reason, so that one page never costs the deck.

A number that is not in the ledger is not printed, and what does not fit is not cut: the page goes, the appendix and the run say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crmlib.deck import arrange, lint
from crmlib.deck.collect import Collected
from crmlib.deck.slide import APPENDIX, Exhibit, Slide
from crmlib.errors import CrmError, DataError, PageError
from crmlib.figures import left_out as figures
from crmlib.schema import LANGUAGES
from crmlib.text import Words

LEFT_OUT = "deck.left_out"
UNBOUND, NO_ROOM = "unbound", "no_room"  # text keys below left_out.why.


@dataclass(frozen=True)
class Fault:
    """Why a page is left out, or a file could not be made.

    Args:
        page: The slide; "" of a file.
        why: Text key below ``left_out.why.``, for the reader of the deck; "" of a file.
        what: The message for whoever mends it; it may quote a number, so it is never printed in the deck.
    """

    page: str
    why: str
    what: str


def found(parts: Collected) -> list[Fault]:
    """The first fault of each page that has one."""
    faults: dict[str, Fault] = {}
    for fault in (*_drawn(parts), *_unbound(parts), *_crowded(parts)):
        faults.setdefault(fault.page, fault)
    return list(faults.values())


def sound(parts: Collected, faults: Sequence[Fault]) -> Collected:
    """The deck without the faulty pages, with a page in the appendix that names them.

    Args:
        parts: What is to be printed.
        faults: What `found`, or a renderer, found.
    """
    if not faults:
        return parts
    away = {fault.page for fault in faults} | {LEFT_OUT}
    kept = [slide for slide in parts.slides if slide["id"] not in away]
    listed = [(fault.page, fault.why) for fault in faults]
    notice = Slide(LEFT_OUT, parts.ledger, Exhibit(figures.left_out, listed), layout="full", section=APPENDIX).payload
    return replace(parts, slides=(*kept, arrange.placed(notice, "record", in_body=False)))


def _drawn(parts: Collected) -> Iterator[Fault]:
    """What the notebook noted when it drew the page."""
    for slide in parts.slides:
        for what in slide.get("faults", ()):
            yield Fault(slide["id"], NO_ROOM, what)


def _unbound(parts: Collected) -> Iterator[Fault]:
    for page, problem in lint.problems(parts):
        yield Fault(page, UNBOUND, str(problem))


def _crowded(parts: Collected) -> Iterator[Fault]:
    for language in LANGUAGES:
        words = Words(language)
        for slide in parts.slides:
            yield from _misfit(slide, words)


def _misfit(slide: Mapping[str, Any], words: Words) -> Iterator[Fault]:
    from crmlib.deck import body  # it loads the font

    try:
        body.pages(slide, words)
    except DataError as error:
        yield Fault(slide["id"], NO_ROOM, str(error))


def of(error: CrmError) -> Fault:
    """The fault that a renderer found: of a page, where it knows which."""
    return Fault(error.page, NO_ROOM, str(error)) if isinstance(error, PageError) else of_file(str(error))


def of_file(what: str) -> Fault:
    """The fault of a file that could not be made."""
    return Fault("", "", what)
