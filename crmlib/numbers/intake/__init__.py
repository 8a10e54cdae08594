"""The intake ledger: rows and sales, money and books, records and identity, questions."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.intake.passport import Passport
from crmlib.intake.questions import Question
from crmlib.numbers.intake import books, issues, rows, sheet
from crmlib.numbers.intake.rows import KINDS, OTHER, largest, state
from crmlib.numbers.model import Ledger

MEASURES = (*rows.MEASURES, *books.MEASURES, *issues.MEASURES, *sheet.MEASURES)

__all__ = ["KINDS", "MEASURES", "OTHER", "largest", "ledger", "state"]


def ledger(passport: Passport, asked: Sequence[Question]) -> Ledger:
    """All numbers of the data pages.

    Args:
        passport: The intake; its money is in minor units, the ledger's in major ones.
        asked: The question sheet.
    """
    found = Ledger(MEASURES, passport.report.currency)
    rows.enter(found, passport.report, passport.sales)
    books.enter(found, passport)
    issues.enter(found, passport)
    sheet.enter(found, passport, asked)
    return found
