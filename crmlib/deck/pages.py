"""The whole deck for one language: cover, summary made of the titles, contents, slides, appendix; page numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmlib.deck import body, grid, lines
from crmlib.deck.collect import Collected
from crmlib.text import Words

UI = ("summary", "contents", "so_what", "stake", "notes", "skip", "help", "confidential")
COLUMNS = ("section", "message", "topic", "page")
CLIENT_SIZES, CLIENT_WIDTH, TRACKER_CLIENT_WIDTH = (20.0, 16.0, 13.0, 10.5), 580.0, 260.0
Page = dict[str, Any]


def deck(parts: Collected, language: str) -> dict[str, Any]:
    """Everything that a renderer needs, laid out; it only places what it is given.

    Args:
        parts: What `collect.collected` read.
        language: ja or en.
    """
    words = Words(language)
    slides = [page for slide in parts.slides for page in body.pages(slide, words)]
    sections = list(dict.fromkeys(page["section"] for page in slides))
    firsts = [page for page in slides if page["part"] == 1]
    summary = _list([p for p in firsts if not p["appendix"]], "title", words)
    contents = _list(firsts, "topic", words)
    fronts = [("summary", rows) for rows in summary] + [("contents", rows) for rows in contents]
    _number(slides, sections, first=len(fronts) + 2)
    return {
        "lang": language,
        "grid": grid.as_dict(),
        "ui": {name: words.fill(f"deck.ui.{name}") for name in UI}
        | {"column": {name: words.fill(f"deck.column.{name}") for name in COLUMNS}},
        "meta": _meta(parts, words),
        "sections": sections,
        "fronts": [_front(kind, rows, number, words) for number, (kind, rows) in enumerate(fronts, 2)],
        "slides": slides,
        "pages": 1 + len(fronts) + len(slides),
    }


def _meta(parts: Collected, words: Words) -> dict[str, Any]:
    client = parts.meta.get("client", "")
    named = client if isinstance(client, str) else client.get(words.language) or next(iter(client.values()), "")
    as_of = parts.meta.get("as_of", "")
    date = words.fill("deck.ui.as_of", date=words.number(as_of, "date")) if as_of else ""
    size = max((s for s in CLIENT_SIZES if lines.width(named, s, bold=True) <= CLIENT_WIDTH), default=CLIENT_SIZES[-1])
    shown = lines.wrapped(named, words.language, CLIENT_WIDTH, size, bold=True)
    short = lines.shortened(named, TRACKER_CLIENT_WIDTH, grid.FOOT_SIZE)
    title, subtitle = words.fill("deck.ui.title"), words.fill("deck.ui.subtitle")
    return {"client": named, "client_lines": shown, "client_size": size, "client_short": short,
            "date": date, "title": title, "subtitle": subtitle}  # fmt: skip


def _list(pages: Sequence[Page], text: str, words: Words) -> list[list[dict[str, Any]]]:
    """Rows of the summary (titles) or the contents (exhibits' headings, the appendix by its titles): the airiest on one page, else on several."""
    shown = [page["title"] if text == "title" or page["appendix"] else page["main"]["head"] for page in pages]
    limit = grid.WIDTH - grid.SECTION_WIDTH - grid.PAGE_WIDTH - 16
    room = grid.LIST_BOTTOM - grid.LIST_TOP
    for size, pad in grid.LIST_DENSITIES:
        rows = [
            {"lines": lines.wrapped(line, words.language, limit, size), "slide": page, "size": size, "pad": pad}
            for line, page in zip(shown, pages, strict=True)
        ]
        room = grid.LIST_BOTTOM - grid.LIST_TOP - 14 - 2 * pad
        if sum(map(_row_height, rows)) <= room:
            return [_starts(rows)] if rows else []
    return _cut(rows, room)


def _row_height(row: Mapping[str, Any]) -> float:
    return float(len(row["lines"]) * grid.leading(row["size"], grid.LIST_LEAD) + 2 * row["pad"])


def _cut(rows: Sequence[dict[str, Any]], room: float) -> list[list[dict[str, Any]]]:
    cut: list[list[dict[str, Any]]] = [[]]
    for row in rows:
        if cut[-1] and sum(map(_row_height, [*cut[-1], row])) > room:
            cut.append([])
        cut[-1].append(row)
    return [_starts(part) for part in cut]


def _starts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A section is named on its first row of each page."""
    before = ""
    for row in rows:
        row["starts"], before = row["slide"]["section"] != before, row["slide"]["section"]
    return rows


def _front(kind: str, rows: Sequence[Mapping[str, Any]], page: int, words: Words) -> Page:
    title = words.fill(f"deck.ui.{kind}")
    shown = []
    for row in rows:
        slide = row["slide"]
        named = f"{slide['section_no']}  {slide['section']}"
        section = lines.wrapped(named, words.language, grid.SECTION_WIDTH - 10, row["size"], bold=True)
        target = {"section_lines": section, "page": slide["page"], "anchor": slide["anchor"]}
        shown.append({"lines": row["lines"], "starts": row["starts"], **target})
    size, pad = rows[0]["size"], rows[0]["pad"]
    style = {"size": size, "pad": pad, "lead": grid.leading(size, grid.LIST_LEAD)}
    return {"kind": kind, "anchor": f"{kind}-{page}", "title": title, "page": page, "rows": shown, **style}


def _number(slides: Sequence[Page], sections: Sequence[str], first: int) -> None:
    seen: set[str] = set()
    for number, page in enumerate(slides, first):
        page["page"] = number
        page["section_no"] = sections.index(page["section"]) + 1
        page["starts_section"] = page["section"] not in seen
        page["anchor"] = f"{page['id'].replace('.', '-')}" + (f"-{page['part']}" if page["part"] > 1 else "")
        seen.add(page["section"])


def shown_texts(deck: Mapping[str, Any]) -> str:
    """Every character of the laid-out deck but for the figures' markup."""
    found: list[str] = []

    def walk(value: Any, key: str = "") -> None:
        if isinstance(value, str) and key != "svg":
            found.append(value)
        elif isinstance(value, Mapping):
            for name, item in value.items():
                walk(item, name)
        elif isinstance(value, list):
            for item in value:
                walk(item, key)

    walk(deck)
    return "".join(found)


def figures(deck: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The charts of a laid-out deck: where each stands, and its SVG."""
    for slide in deck["slides"]:
        if slide["main"]["kind"] == "figure":
            yield f"slide {slide['id']}", slide["main"]["svg"]
