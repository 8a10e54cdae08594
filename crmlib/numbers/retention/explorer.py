"""Ledger of the definition explorer and of the next needs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from crmlib.numbers.model import Ledger, Measure
from crmlib.numbers.retention.entering import estimate, reason
from crmlib.retention import Definition
from crmlib.retention.results import short

PRODUCTS = 10
STATES = ("due", "overdue", "silent", "later")

MEASURES = (
    Measure("retention.definition.state", "label", "retention.definition.state"),
    Measure("retention.definition.count", "count", "retention.definition.count"),
    Measure("retention.definition.f2_lowest", "share", "retention.definition.f2_range"),
    Measure("retention.definition.f2_highest", "share", "retention.definition.f2_range"),
    Measure("retention.definition.{family}.{name}", "share", "retention.definition.value"),
    Measure("retention.need.state", "label", "retention.need.state"),
    Measure("retention.need.products", "count", "retention.need.products"),
    Measure("retention.need.{state}", "count", "retention.need.customers"),
    Measure("retention.need.{place}.name", "label", "retention.need.name"),
    Measure("retention.need.{place}.gap", "days", "retention.need.gap"),
    Measure("retention.need.{place}.gaps", "count", "retention.need.gaps"),
    Measure("retention.need.{place}.{state}", "count", "retention.need.customers"),
)


def enter(book: Ledger, definitions: Sequence[Definition], needs: pd.DataFrame) -> None:
    """The value under each definition, and how many customers are due by product."""
    for one in definitions:
        estimate(book, f"retention.definition.{one.id}", one.value)
    shares = [one.value.value for one in definitions if one.family == "f2" and not one.value.why]
    book.add("retention.definition.state", "shown" if shares else "absent")
    book.add("retention.definition.count", sum(not one.value.why for one in definitions))
    for name, pick in (("lowest", min), ("highest", max)):
        value = pick(shares) if shares else None
        book.add(f"retention.definition.f2_{name}", value, why="" if shares else reason("too_young"))
    _needs(book, needs)


def _needs(book: Ledger, needs: pd.DataFrame) -> None:
    book.add("retention.need.state", "shown" if len(needs) else "absent")
    book.add("retention.need.products", len(needs))
    for state in STATES:
        book.add(f"retention.need.{state}", int(needs[state].sum()))
    for place, row in enumerate(needs.head(PRODUCTS).itertuples(), 1):
        key = f"retention.need.{place}"
        book.add(f"{key}.name", short(str(row.product_id)))
        book.add(f"{key}.gap", row.gap)
        book.add(f"{key}.gaps", int(row.gaps))  # type: ignore[arg-type]
        for state in STATES:
            book.add(f"{key}.{state}", int(getattr(row, state)))
