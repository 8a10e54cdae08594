"""The whole deck for one language: cover, summary made of the titles, contents, slides, appendix; page numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmlib.deck import body, front, grid, lines
from crmlib.deck.collect import Collected
from crmlib.lettering import printable
from crmlib.text import Words

UI = ("contents", "so_what", "stake", "notes", "skip", "help", "confidential")
COLUMNS = ("section", "message", "topic", "page")
CHART = ("category", "base", "labels")  # columns of a chart's workbook that have no name of their own
WORDS = {"deck.column": COLUMNS, "deck.chart": CHART}
CLIENT_SIZES, CLIENT_WIDTH, TRACKER_CLIENT_WIDTH = (20.0, 16.0, 13.0, 10.5), 580.0, 260.0
ACCENT = "#0B5C8C"
FEW = 4
TIE_OUT, BEYOND = "intake.tie_out.verdict", "beyond"
Page = dict[str, Any]


def deck(parts: Collected, language: str) -> dict[str, Any]:
    """Everything that a renderer needs, laid out; it only places what it is given.

    Args:
        parts: What `collect.collected` read.
        language: ja or en.
    """
    words = Words(language)
    stamp = _stamp(parts, words)
    slides = [
        {**page, "stamp": stamp if slide.get("money") else ""}
        for slide in parts.slides
        for page in body.pages(slide, words)
    ]
    sections = list(dict.fromkeys(page["section"] for page in slides))
    fronts = _fronts(slides, sections, words)
    return {
        "lang": language,
        "grid": grid.as_dict(),
        "ui": {name: words.fill(f"deck.ui.{name}") for name in UI}
        | {
            key.partition(".")[2]: {name: words.fill(f"{key}.{name}") for name in names} for key, names in WORDS.items()
        },
        "meta": _meta(parts, words),
        "sections": sections,
        "fronts": [{**page, "stamp": _of_any(slides, page)} for page in front.numbered(fronts, first=2)],
        "slides": slides,
        "pages": 1 + len(fronts) + len(slides),
    }


def _meta(parts: Collected, words: Words) -> dict[str, Any]:
    client = parts.meta.get("client", "")
    named = client if isinstance(client, str) else client.get(words.language) or next(iter(client.values()), "")
    named = " ".join(printable(named).split())
    as_of = parts.meta.get("as_of", "")
    date = words.fill("deck.ui.as_of", date=words.number(as_of, "date")) if as_of else ""
    size = max((s for s in CLIENT_SIZES if lines.width(named, s, bold=True) <= CLIENT_WIDTH), default=CLIENT_SIZES[-1])
    shown = lines.wrapped(named, words.language, CLIENT_WIDTH, size, bold=True)
    short = lines.shortened(named, TRACKER_CLIENT_WIDTH, grid.FOOT_SIZE)
    firm = parts.meta.get("firm", {})
    title = firm.get("title", {}).get(words.language) or words.fill("deck.ui.title")
    return {"client": named, "client_lines": shown, "client_size": size, "client_short": short, "date": date,
            "as_of": as_of, "title": title, "subtitle": words.fill("deck.ui.subtitle"), **_firm(firm, words.language)}  # fmt: skip


def _firm(firm: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Whose report it is: name, disclaimer and logo on the cover, the colour of rules and headings."""
    said = firm.get("disclaimer", {}).get(language, "")
    return {
        "firm": firm.get("name", {}).get(language, ""),
        "disclaimer_lines": lines.wrapped(said, language, CLIENT_WIDTH, grid.FOOT_SIZE) if said else [],
        "accent": firm.get("colour") or ACCENT,
        "logo": firm.get("logo", ""),
    }


def _stamp(parts: Collected, words: Words) -> str:
    """What every page that speaks of money says while the client's own books differ beyond the gate."""
    beyond = TIE_OUT in parts.ledger and parts.ledger[TIE_OUT].value == BEYOND
    return words.fill("deck.ui.needs_checking") if beyond else ""


def _of_any(slides: Sequence[Page], page: Page) -> str:
    """The summary quotes the titles of all pages: it is stamped where one of them is."""
    return max((slide["stamp"] for slide in slides), default="") if page["kind"] == "summary" else ""


def _fronts(slides: Sequence[Page], sections: Sequence[str], words: Words) -> list[Page]:
    """The front pages, which name the numbers of the pages after them: numbered again until their count agrees."""
    fronts: list[Page] = []
    for _ in range(FEW):
        _number(slides, sections, first=len(fronts) + 2)
        made = front.pages(slides, sections, words)
        if len(made) == len(fronts):
            return made
        fronts = made
    _number(slides, sections, first=len(fronts) + 2)
    return fronts


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
        if isinstance(value, str) and key not in ("svg", "logo"):
            found.append(value)
        elif isinstance(value, Mapping):
            for name, item in value.items():
                if name != "native":  # the same words as in the figure
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
