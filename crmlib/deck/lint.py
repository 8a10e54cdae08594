"""Every number that a slide shows is a displayed form of a number in the ledger, and both languages show the same ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crmlib.deck import editable, svg
from crmlib.deck.binding import Part, forms, tokens
from crmlib.deck.collect import Collected
from crmlib.deck.slide import APPENDIX
from crmlib.errors import DataError, Problem
from crmlib.schema import LANGUAGES

SHOWN = 80  # characters of the offending text in a message


def check(parts: Collected) -> None:
    """Lint of the whole deck.

    Raises:
        DataError: Every unbound number and every difference between the languages at once, with slide and token.
    """
    drawn = [Problem(fault) for slide in parts.slides for fault in slide.get("faults", ())]
    found = drawn + [problem for _, problem in problems(parts)]
    if found:
        raise DataError(found)


def problems(parts: Collected) -> list[tuple[str, Problem]]:
    """Every unbound number and every difference between the languages, each with its slide."""
    known = {language: forms(parts.ledger, language) for language in LANGUAGES}
    return list(dict.fromkeys((slide["id"], found) for slide in parts.slides for found in _problems(slide, known)))


def _problems(slide: Mapping[str, Any], known: Mapping[str, Mapping[str, set[Part]]]) -> Iterator[Problem]:
    for language in LANGUAGES:
        if slide["section"] != APPENDIX and not re.search(r"\d", slide["texts"][language]["title"]):
            yield Problem("the title holds no number", f"slide {slide['id']} ({language})")
        for place, text, allowed in _places(slide, language):
            for token in tokens(text):
                if token not in known[language] and token not in allowed:
                    what = f"'{token}' in the {place} is not a number of the ledger: {text[:SHOWN]}"
                    yield Problem(what, f"slide {slide['id']} ({language})")
    yield from editable.problems(slide)
    yield from _differences(slide, known)


def _places(slide: Mapping[str, Any], language: str) -> Iterator[tuple[str, str, set[str]]]:
    """Where, text, and the digits that are the committed templates' own."""
    texts = slide["texts"][language]
    own = set(tokens(*texts["literals"]))
    for name in ("title", "yen", "source", "definition", "notes"):
        yield name, texts[name], own
    yield from (("heading", head, own) for head in texts["heads"])
    yield from (("points", point, own) for point in texts["points"])
    for exhibit in slide["exhibits"][language]:
        allowed = set(tokens(*exhibit["literals"]))
        yield from ((place, text, allowed) for place, text in exhibit_texts(exhibit))


def exhibit_texts(exhibit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a chart (but for tick labels) or of a table."""
    if exhibit["kind"] == "figure":
        yield from (("chart", label) for label in svg.labels(svg.checked(exhibit["svg"], "figure")))
        return
    yield from (("table", cell) for row in (exhibit["columns"], *exhibit["rows"]) for cell in row)


def _differences(slide: Mapping[str, Any], known: Mapping[str, Mapping[str, set[Part]]]) -> Iterator[Problem]:
    """A number shown in one language only; amounts are compared by the ledger's part, not by their words."""
    own = {token for language in LANGUAGES for _, _, allowed in _places(slide, language) for token in allowed}
    shown = {language: _bound(slide, language, known[language], own) for language in LANGUAGES}
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        everywhere = set().union(*shown[other].values())
        for token, parts in shown[language].items():
            if not parts & everywhere:
                where = f"slide {slide['id']}"
                yield Problem(f"'{token}' ({min(parts)[0]}) is shown in {language} but not in {other}", where)


def _bound(
    slide: Mapping[str, Any], language: str, known: Mapping[str, set[Part]], own: set[str]
) -> dict[str, set[Part]]:
    """Tokens bound to the ledger; those that are a template's own in either language ("2回目", "second") are not compared."""
    return {
        token: known[token]
        for _, text, _ in _places(slide, language)
        for token in tokens(text)
        if token in known and token not in own
    }
