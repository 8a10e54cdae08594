"""The question sheet for the client, as a workbook with room for the answers: the questions, numbered, and the data to send."""

from __future__ import annotations

from crmlib.deck.collect import Collected
from crmlib.spreadsheet import Cell, Sheet, xlsx
from crmlib.text import Words

SLIDE = "intake.questions"
REQUESTS = ("deck.request_list", "deck.requests")  # the whole list, or the page where it is short


def question_sheet(parts: Collected, language: str) -> bytes:
    """The workbook.

    Args:
        parts: What `collect.collected` read.
        language: ja or en.
    """
    words = Words(language)
    exhibit = next((slide["exhibits"][language][0] for slide in parts.slides if slide["id"] == SLIDE), None)
    columns, rows = (exhibit["columns"], exhibit["rows"]) if exhibit else ([], [])
    head = [words.fill("table.intake.topic"), *columns, words.fill("table.intake.answer")]
    numbered: list[list[Cell]] = [[number, *row, ""] for number, row in enumerate(rows, 1)]
    sheets = [Sheet(words.fill("table.intake.sheet"), head, numbered, ["int", *["text"] * (len(head) - 1)])]
    return xlsx([*sheets, *_requests(parts, words)])


def _requests(parts: Collected, words: Words) -> list[Sheet]:
    """What to send for the pages that could not be made; none where nothing is missing."""
    slides = {slide["id"]: slide for slide in parts.slides}
    found = next((slides[name] for name in REQUESTS if name in slides), None)
    if found is None:
        return []
    exhibit = found["exhibits"][words.language][0]
    rows: list[list[Cell]] = [[*row, ""] for row in exhibit["rows"]]
    return [Sheet(words.fill("table.requests.sheet"), [*exhibit["columns"], words.fill("table.requests.answer")], rows)]
