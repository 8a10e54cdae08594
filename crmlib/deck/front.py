"""The pages before the slides: the summary made of the titles, and the contents, each on as few pages as it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmlib.deck import grid, lines
from crmlib.text import Words

Page = dict[str, Any]
Row = dict[str, Any]


def pages(slides: Sequence[Page], sections: Sequence[str], words: Words) -> list[Page]:
    """Summary and contents; `numbered` adds what is known only when these pages are counted.

    Args:
        slides: Laid-out slides.
        sections: Their sections in order.
        words: Texts of the language.
    """
    first = [slide for slide in slides if slide["part"] == 1]
    body = [slide for slide in first if not slide["appendix"]]
    topics = [slide["title"] if slide["appendix"] else slide["main"]["head"] or slide["title"] for slide in first]
    summary = _pages([slide["title"] for slide in body], body, sections, words)
    contents = _pages(topics, first, sections, words)
    return [
        {"kind": kind, "title": words.fill(f"deck.ui.{kind}"), **page}
        for kind, made in (("summary", summary), ("contents", contents))
        for page in made
    ]


def numbered(fronts: Sequence[Page], first: int) -> list[Page]:
    """The pages with their own numbers and those of the slides that they name."""
    done = []
    for number, front in enumerate(fronts, first):
        rows = [{**row, "page": row["slide"]["page"], "anchor": row["slide"]["anchor"]} for row in front["rows"]]
        bare = [{name: value for name, value in row.items() if name != "slide"} for row in rows]
        done.append({**front, "page": number, "anchor": f"{front['kind']}-{number}", "rows": bare})
    return done


def _pages(texts: Sequence[str], slides: Sequence[Page], sections: Sequence[str], words: Words) -> list[Page]:
    """The airiest density that fits one page, else the densest on several."""
    if not texts:
        return []
    for size, pad in grid.LIST_DENSITIES:
        lead = grid.leading(size, grid.LIST_LEAD)
        rows = [_row(text, slide, sections, words, size) for text, slide in zip(texts, slides, strict=True)]
        cut = _cut(_named(rows), lead, pad)
        if len(cut) == 1:
            break
    return [{"rows": _named(part), "size": size, "pad": pad, "lead": lead} for part in cut]


def _row(text: str, slide: Page, sections: Sequence[str], words: Words, size: float) -> Row:
    limit = grid.WIDTH - grid.SECTION_WIDTH - grid.PAGE_WIDTH - 16
    section = f"{sections.index(slide['section']) + 1}  {slide['section']}"
    return {
        "lines": lines.wrapped(text, words.language, limit, size),
        "section_lines": lines.wrapped(section, words.language, grid.SECTION_WIDTH - 10, size, bold=True),
        "slide": slide,
    }


def _named(rows: Sequence[Row]) -> list[Row]:
    """A section is named on its first row of each page."""
    before = ""
    named = []
    for row in rows:
        named.append({**row, "starts": row["slide"]["section"] != before})
        before = row["slide"]["section"]
    return named


def _cut(rows: Sequence[Row], lead: float, pad: float) -> list[list[Row]]:
    room = grid.LIST_BOTTOM - grid.LIST_TOP - grid.LIST_HEAD - 2 * pad
    cut: list[list[Row]] = [[]]
    used = 0.0
    for row in rows:
        height = _height(row, lead, pad)
        if cut[-1] and used + height > room:
            cut.append([])
            used = 0.0
        cut[-1].append(row)
        used += height
    return cut


def _height(row: Mapping[str, Any], lead: float, pad: float) -> float:
    tallest = max(len(row["lines"]), len(row["section_lines"]) if row["starts"] else 0)
    return tallest * lead + 2 * pad
