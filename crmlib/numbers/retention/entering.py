"""How an estimate of this diagnostic is entered in the ledger."""

from __future__ import annotations

from crmlib.intervals import Estimate
from crmlib.numbers.model import Ledger


def estimate(book: Ledger, key: str, found: Estimate) -> None:
    """Enter value, interval, level and n, or the reason why it is not known."""
    book.estimate(key, found, reason(found.why))


def reason(code: str) -> str:
    """Text key of a reason; those of other rooms keep theirs."""
    return code if "." in code else code and f"retention.{code}"
