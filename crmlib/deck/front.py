"""The pages before the slides: the summary made of the titles, and the contents by chapter, each on as few as it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from crmlib.deck import grid, lines
from crmlib.text import Words

Page = dict[str, Any]
Row = dict[str, Any]
DENSITIES = grid.LIST_DENSITIES
Entry = tuple[str, Page, str]  # text, the slide that it leads to, section


def pages(slides: Sequence[Page], sections: Sequence[str], words: Words) -> list[Page]:
    """Summary and contents; `numbered` adds their own page numbers.

    Args:
        slides: Laid-out slides, numbered.
        sections: Their sections in order.
        words: Texts of the language.
    """
    first = [slide for slide in slides if slide["part"] == 1]
    body = [slide for slide in first if not slide["appendix"]]
    summary = [(slide["title"], slide, _numbered(slide["section"], sections)) for slide in body]
    chapters = _chapters(first)
    contents = [_chapter(group, sections, before) for group, before in zip(chapters, [None, *chapters], strict=False)]
    return [
        {"kind": kind, "title": words.fill(f"deck.ui.{kind}"), **page}
        for kind, rows in (("summary", summary), ("contents", contents))
        for page in _pages(rows, words)
    ]


def _chapters(slides: Sequence[Page]) -> list[list[Page]]:
    """Pages that follow each other in one chapter of the body or of the appendix."""
    return [list(group) for _, group in groupby(slides, key=lambda slide: (slide["appendix"], slide["chapter"]))]


def _chapter(group: Sequence[Page], sections: Sequence[str], before: Sequence[Page] | None) -> Entry:
    """A chapter as one row: its topics with their pages; the appendix is named where it begins."""
    slide, gap = group[0], "\N{NO-BREAK SPACE}"
    topics = ";  ".join(f"{one['topic']}{gap}{one['page']}" for one in group)
    named = _numbered(slide["section"], sections)
    if slide["chapter"] == slide["section"]:
        return topics, slide, named
    continued = before is not None and before[0]["appendix"]
    return topics, slide, f"{named[: -len(slide['section'])] if continued else named + ': '}{slide['chapter']}"


def _numbered(section: str, sections: Sequence[str]) -> str:
    return f"{sections.index(section) + 1}  {section}"


def numbered(fronts: Sequence[Page], first: int) -> list[Page]:
    """The pages with their own numbers and those of the slides that they name."""
    done = []
    for number, front in enumerate(fronts, first):
        rows = [{**row, "page": row["slide"]["page"], "anchor": row["slide"]["anchor"]} for row in front["rows"]]
        bare = [{name: value for name, value in row.items() if name != "slide"} for row in rows]
        done.append({**front, "page": number, "anchor": f"{front['kind']}-{number}", "rows": bare})
    return done


def _pages(entries: Sequence[Entry], words: Words) -> list[Page]:
    """As few pages as the densest setting needs, in the airiest that needs no more."""
    if not entries:
        return []
    cuts = [_cut(_named([_row(entry, words, size) for entry in entries]), _lead(size), pad) for size, pad in DENSITIES]
    place = next(place for place, cut in enumerate(cuts) if len(cut) == len(cuts[-1]))
    size, pad = DENSITIES[place]
    return [{"rows": _named(part), "size": size, "pad": pad, "lead": _lead(size)} for part in cuts[place]]


def _lead(size: float) -> float:
    return grid.leading(size, grid.LIST_LEAD)


def _row(entry: Entry, words: Words, size: float) -> Row:
    text, slide, section = entry
    limit = grid.WIDTH - grid.SECTION_WIDTH - grid.PAGE_WIDTH - 16
    return {
        "lines": lines.wrapped(text, words.language, limit, size),
        "section": section,
        "section_lines": lines.wrapped(section, words.language, grid.SECTION_WIDTH - 10, size, bold=True),
        "slide": slide,
    }


def _named(rows: Sequence[Row]) -> list[Row]:
    """A section is named on its first row of each page."""
    before = ""
    named = []
    for row in rows:
        named.append({**row, "starts": row["section"] != before})
        before = row["section"]
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
