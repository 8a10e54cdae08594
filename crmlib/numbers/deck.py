"""The deck's own numbers: how many pages had to be left to the data-request list, and how many things would make them."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("deck.requests", "count", "deck.requests"),
    Measure("deck.requests.kinds", "count", "deck.requests.kinds"),
)


def ledger(asked: Sequence[tuple[str, str]], currency: str) -> Ledger:
    """How many pages are missing, and how many kinds of data would make them.

    Args:
        asked: Page and what would make it.
        currency: ISO code.

    Example:
        >>> ledger([("lift.campaigns", "contacts"), ("lift.calls", "contacts")], "JPY")["deck.requests.kinds"].value
        1
    """
    book = Ledger(MEASURES, currency)
    book.add("deck.requests", len(asked))
    book.add("deck.requests.kinds", len({wanted for _, wanted in asked}))
    return book
