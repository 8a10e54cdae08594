"""The order of the deck as data: templates/deck/storyline.toml, read strictly."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmlib.home import TEMPLATES

FILE = TEMPLATES / "deck" / "storyline.toml"
BODY, ASIDE, MISSING = "body", "aside", "missing"


@dataclass(frozen=True)
class Place:
    """Where a page stands.

    Args:
        id: The slide's.
        chapter: Text key below ``deck.chapter.``.
        place: body, aside or appendix.
        asks: Variant of the slide, or "missing" -> request in its stead.
        keeps: Variants that are asked about and shown all the same.
        thin: Variants that have nothing to show but that the data are too few.
        findings: Findings that the page shows.
    """

    id: str
    chapter: str
    place: str = BODY
    asks: Mapping[str, str] = field(default_factory=dict)
    keeps: Sequence[str] = ()
    thin: Sequence[str] = ()
    findings: Sequence[str] = ()


@dataclass(frozen=True)
class Storyline:
    """The whole order.

    Args:
        chapters: In order.
        most: Pages of the body beyond which none is promoted.
        chapter_of: Analysis -> chapter, where it is not the analysis' own name.
        places: In order.
    """

    chapters: Sequence[str]
    most: int
    chapter_of: Mapping[str, str]
    places: Sequence[Place]

    def chapter(self, page: str) -> str:
        """The chapter of a page that has no place of its own."""
        topic = page.partition(".")[0]
        return self.chapter_of.get(topic, topic)


@functools.cache
def standard() -> Storyline:
    """The storyline of templates/deck/storyline.toml."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    bare = Storyline(data["chapters"], data["most"], data["chapter_of"], ())
    places = [Place(**{"chapter": bare.chapter(page["id"]), **page}) for page in data["page"]]
    return replace(bare, places=tuple(places))
