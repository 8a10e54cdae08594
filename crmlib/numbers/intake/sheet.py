"""The scorecard of the four kinds of record, and the question sheet."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.intake.passport import Passport
from crmlib.intake.questions import Question
from crmlib.intake.scorecard import KINDS, Record, Scorecard
from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("intake.records.kinds", "count", "intake.records.kinds"),
    Measure("intake.records.usable", "count", "intake.records.usable"),
    Measure("intake.records.wanted", "count", "intake.records.wanted"),
    Measure("intake.records.state", "label", "intake.records.state"),
    Measure("intake.records.state.{kind}", "label", "intake.records.kind_state"),
    Measure("intake.record.{table}.rows", "count", "intake.record.rows"),
    Measure("intake.record.{table}.first", "date", "intake.record.first"),
    Measure("intake.record.{table}.last", "date", "intake.record.last"),
    Measure("intake.record.{table}.joined", "share", "intake.record.joined"),
    Measure("intake.record.{table}.missing", "share", "intake.record.missing"),
    Measure("intake.questions", "count", "intake.questions"),
    Measure("intake.questions.state", "label", "intake.questions.state"),
    Measure("intake.question.{place}.about", "label", "intake.question.about"),
    Measure("intake.question.{place}.count", "count", "intake.question.count"),
    Measure("intake.question.{place}.share", "share", "intake.question.share"),
    Measure("intake.question.{place}.money", "money", "intake.question.money"),
)


def enter(found: Ledger, passport: Passport, asked: Sequence[Question]) -> None:
    """Enter records and questions.

    Args:
        found: The ledger.
        passport: The intake.
        asked: The question sheet; money in minor units.
    """
    card = passport.scorecard
    found.add("intake.records.kinds", len(KINDS))
    found.add("intake.records.usable", card.usable)
    found.add("intake.records.wanted", len(card.wanted))
    found.add("intake.records.state", records_state(card))
    for kind in KINDS:
        found.add(f"intake.records.state.{kind}", card.state(kind))
    for record in card.records.values():
        _record(found, record)
    found.add("intake.questions", len(asked))
    found.add("intake.questions.state", questions_state(asked))
    for place, question in enumerate(asked, 1):
        _question(found, place, question, passport.report.scale)


def records_state(card: Scorecard) -> str:
    """Which words the scorecard's page needs: all, some or few of the kinds are usable."""
    return "all" if card.usable == len(KINDS) else "some" if card.usable > 1 else "few"


def questions_state(asked: Sequence[Question]) -> str:
    """Which words the question page needs."""
    return "some" if asked else "none"


def _record(found: Ledger, record: Record) -> None:
    key = f"intake.record.{record.table}"
    found.add(f"{key}.rows", record.rows)
    if not record.present:
        return
    for name, day in (("first", record.first), ("last", record.last)):
        if day is not None:
            found.add(f"{key}.{name}", day.isoformat())
    for name, share in (("joined", record.joined), ("missing", record.missing)):
        if share is not None:
            found.add(f"{key}.{name}", share, n=record.base if name == "joined" else record.rows)


def _question(found: Ledger, place: int, question: Question, scale: int) -> None:
    key = f"intake.question.{place}"
    found.add(f"{key}.about", f"{question.id} {question.example}".strip())
    found.add(f"{key}.count", question.count)
    if question.share is not None:
        found.add(f"{key}.share", question.share, n=question.base)
    if question.money is not None:
        found.add(f"{key}.money", question.money / scale)
