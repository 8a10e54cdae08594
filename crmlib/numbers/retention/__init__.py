"""The retention ledger: cohorts, F2 to F6, entry, subscriptions, definitions, next need, and what they are worth."""

from __future__ import annotations

from crmlib.numbers.model import Ledger
from crmlib.numbers.retention import entry, explorer, purchases, subscription
from crmlib.numbers.retention.purchases import as_displayed
from crmlib.retention import CohortRetention, Details, F2Trend, SecondPurchase

__all__ = ["MEASURES", "as_displayed", "ledger"]

MEASURES = (*purchases.MEASURES, *entry.MEASURES, *subscription.MEASURES, *explorer.MEASURES)


def ledger(
    matrix: CohortRetention,
    second: SecondPurchase,
    trend: F2Trend,
    currency: str,
    details: Details | None = None,
) -> Ledger:
    """All numbers of the retention pages.

    Args:
        matrix: Monthly cohorts; the months of the page, or its quarters, are entered as well.
        second: F2 with its curve, quantiles and hazard.
        trend: Earlier against later months.
        currency: ISO code.
        details: Steps to F6, entry, subscriptions, definitions, next need and worth; left out where they are not computed.
    """
    book = Ledger(MEASURES, currency)
    purchases.enter(book, matrix, second, trend)
    if details is not None:
        entry.enter(book, details, trend)
        subscription.enter(book, details.subscriptions, details.worth)
        explorer.enter(book, details.definitions, details.needs)
    return book
