"""Page grammar, beyond what is true: so-whats, sentences as titles, contrast, differences of the numbers that are displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmlib.deck import svg
from crmlib.deck.collect import Collected
from crmlib.deck.slide import APPENDIX
from crmlib.display import MINUS
from crmlib.edit import LEAST_CONTRAST, contrast
from crmlib.errors import Problem
from crmlib.schema import LANGUAGES

DARKEST = 7.2  # contrast of white with our accent: a label is read on white, or on a mark as dark as that
KANA = re.compile(r"[\u3041-\u3093]")
WORDS = 4
PALE = "a label in {} can be read neither on white nor on a dark mark"
COLOUR = re.compile(r"fill:\s*(#[0-9a-fA-F]{6})")
# "from 45.8% to 56.7% ... +10.9 points": before, after, and a signed difference in the same clause
TO, POINTS = r"(?:\u2192|\u304b\u3089|to)", r"(?:points|\u30dd\u30a4\u30f3\u30c8)"
CHANGE = re.compile(rf"(\d+\.\d)%\s*{TO}\s*(\d+\.\d)%[^.\u3002;0-9]{{0,24}}([+{MINUS}]\d+\.\d)\s*{POINTS}")


def problems(parts: Collected) -> list[Problem]:
    """Everything that a page's form lacks."""
    return [problem for slide in parts.slides for language in LANGUAGES for problem in _problems(slide, language)]


def _problems(slide: Mapping[str, Any], language: str) -> Iterator[Problem]:
    texts, where = slide["texts"][language], f"slide {slide['id']} ({language})"
    if slide["section"] != APPENDIX:
        if not texts["points"]:
            yield Problem("a page of the body without a so-what", where)
        if not sentence(texts["title"], language):
            yield Problem(f"the title is no sentence: {texts['title']}", where)
    for text in (texts["title"], texts["yen"], texts["notes"], *texts["points"]):
        for before, after, told in wrong_differences(text):
            yield Problem(f"{after} less {before} is not the displayed {told}", where)
    yield from (Problem(PALE.format(colour), where) for colour in _pale(slide["exhibits"][language]))


def _pale(exhibits: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for exhibit in exhibits:
        if exhibit["kind"] == "figure":
            yield from pale_labels(exhibit["svg"])


def sentence(title: str, language: str) -> bool:
    """Whether a title can be a sentence: several words, and in Japanese the kana that a predicate or a particle needs."""
    return KANA.search(title) is not None if language == "ja" else len(title.split()) >= WORDS


def wrong_differences(text: str) -> list[tuple[str, str, str]]:
    """Before, after and difference where the difference is not that of the displayed numbers.

    Example:
        >>> wrong_differences("from 27.4% to 46.3%: +18.9 points"), wrong_differences("27.4% to 46.3%, +18.8 points")
        ([], [('27.4', '46.3', '+18.8')])
    """
    found = [match.groups() for match in CHANGE.finditer(text)]
    return [(b, a, told) for b, a, told in found if round(float(a) - float(b), 1) != float(told.replace(MINUS, "-"))]


def pale_labels(drawing: str) -> list[str]:
    """Colours of labels whose contrast is too small on white and on the darkest marks."""
    root = svg.checked(drawing, "figure")
    styles = [one.get("style", "") for one in root.iter() if one.tag.endswith("}text")]
    colours = sorted({colour for style in styles for colour in COLOUR.findall(style)})
    return [one for one in colours if contrast(one) < LEAST_CONTRAST and DARKEST / contrast(one) < LEAST_CONTRAST]
