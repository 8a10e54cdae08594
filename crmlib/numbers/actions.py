"""What the actions enter in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("actions.findings", "count", "actions.findings"),
    Measure("actions.decided", "count", "actions.decided"),
)


def ledger(verdicts: Sequence[str], currency: str) -> Ledger:
    """The numbers of the pages on actions.

    Args:
        verdicts: One per finding: positive, negative or inconclusive.
        currency: ISO code.
    """
    book = Ledger(MEASURES, currency)
    book.add("actions.findings", len(verdicts))
    book.add("actions.decided", sum(verdict != "inconclusive" for verdict in verdicts))
    return book
