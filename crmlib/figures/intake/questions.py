"""The question sheet as a table: what is asked, how often, a masked example."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.figures.intake.identity import shared
from crmlib.figures.table import Table
from crmlib.intake.questions import Question
from crmlib.schema import MINOR_UNITS
from crmlib.text import Words

COLUMNS = ("question", "example", "count", "of")


def questions(asked: Sequence[Question], currency: str, *, words: Words) -> Table:
    """The questions in words.

    Args:
        asked: The sheet.
        currency: ISO code.
        words: Texts of one language.
    """
    rows = [_row(question, currency, words) for question in asked]
    none = (words.fill("question.intake.none"), *[words.number(None, "int")] * (len(COLUMNS) - 1))
    header = words.fill_each("table.intake", *COLUMNS)
    return Table(header, rows or [none], (), (6.2, 2.2, 0.7, 0.7), left=2)


def _row(question: Question, currency: str, words: Words) -> tuple[str, ...]:
    count = words.number(question.count, "int")
    share = words.number(question.share, "pct")
    money = "" if question.money is None else words.money(question.money / MINOR_UNITS[currency], currency)
    example = shared(question.example, words) if question.id == "identity" else question.example
    subject = words.fill(question.subject) if question.subject else ""
    local = {"count": count, "share": share, "money": money, "example": example, "subject": subject}
    told = f" {words.fill('question.intake.money', money=money)}" if money and question.id == "set_aside" else ""
    shown = count if question.count else words.number(None, "int")
    return (
        words.fill(f"question.intake.{question.id}", None, **local) + told,
        example or words.number(None, "int"),
        shown,
        share,
    )
