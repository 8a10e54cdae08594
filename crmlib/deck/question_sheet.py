"""The question sheet for the client, as a workbook with room for the answers: the appendix page of questions, numbered."""

from __future__ import annotations

from crmlib.deck.collect import Collected
from crmlib.spreadsheet import Cell, Sheet, xlsx
from crmlib.text import Words

SLIDE = "intake.question_list"


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
    return xlsx([Sheet(words.fill("table.intake.sheet"), head, numbered, ["int", *["text"] * (len(head) - 1)])])
