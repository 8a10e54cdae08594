"""What became of every row of the orders, and what the store holds."""

from __future__ import annotations

from collections.abc import Mapping

from crmlib.intake import IntakeReport, MonthlySales
from crmlib.numbers.model import Ledger, Measure

KINDS = ("read", "used", "quarantined", "excluded")
SHOWN_CODES = 5  # rules or reasons on the page; the others are added up
OTHER = "other"

MEASURES = (
    Measure("intake.files", "count", "intake.files"),
    Measure("intake.state", "label", "intake.state"),
    *(Measure(f"intake.rows.{kind}", "count", f"intake.rows.{kind}") for kind in KINDS),
    *(Measure(f"intake.amount.{kind}", "money", f"intake.amount.{kind}") for kind in KINDS),
    Measure("intake.rows.used_share", "share", "intake.rows.used_share"),
    Measure("intake.rows.amount_unreadable", "count", "intake.rows.amount_unreadable"),
    Measure("intake.rows.excluded.{rule}", "count", "intake.rows.excluded_by"),
    Measure("intake.rows.quarantined.{reason}", "count", "intake.rows.quarantined_by"),
    Measure("intake.repairs", "count", "intake.repairs"),
    Measure("intake.repairs.{kind}", "count", "intake.repairs"),
    Measure("intake.customers", "count", "intake.customers"),
    Measure("intake.orders", "count", "intake.orders"),
    Measure("intake.guest_rows", "count", "intake.guest_rows"),
    Measure("intake.first_date", "date", "intake.first_date"),
    Measure("intake.last_date", "date", "intake.last_date"),
    Measure("intake.as_of", "date", "intake.as_of"),
    Measure("intake.months", "count", "intake.months"),
    Measure("intake.months.empty", "count", "intake.months.empty"),
    Measure("intake.sales.state", "label", "intake.sales.state"),
    Measure("intake.sales.mean", "money", "intake.sales.mean"),
    Measure("intake.sales.peak", "money", "intake.sales.month"),
    Measure("intake.sales.peak_month", "label", "intake.sales.peak_month"),
    Measure("intake.sales.last", "money", "intake.sales.month"),
    Measure("intake.sales.last_month", "label", "intake.sales.last_month"),
    Measure("intake.sales.month.{month}", "money", "intake.sales.month"),
    Measure("intake.sales.year.{year}", "money", "intake.sales.year"),
    Measure("intake.rows.year.{year}", "count", "intake.rows.year"),
)


def enter(found: Ledger, report: IntakeReport, sales: MonthlySales) -> None:
    """Enter rows, facts of the store and sales.

    Args:
        found: The ledger.
        report: The intake report; its money is in minor units, the ledger's in major ones.
        sales: What the store holds by month.
    """
    _rows(found, report)
    _store(found, sales)
    _sales(found, sales)


def state(report: IntakeReport) -> str:
    """Which words the row ledger's page needs: whole, excluded (by rules only) or quarantined."""
    whole = report.orders
    return "quarantined" if whole.rows_quarantined else "excluded" if whole.rows_excluded else "whole"


def largest(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent codes, the others added up under `OTHER`.

    Example:
        >>> largest({"a": 1, "b": 9})
        {'b': 9, 'a': 1}
    """
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    room = SHOWN_CODES if len(ranked) <= SHOWN_CODES else SHOWN_CODES - 1
    rest = sum(count for _, count in ranked[room:])
    return dict(ranked[:room]) | ({OTHER: rest} if rest else {})


def _rows(found: Ledger, report: IntakeReport) -> None:
    whole = report.orders
    found.add("intake.files", sum(one.table == "orders" for one in report.files))
    found.add("intake.state", state(report))
    for kind in KINDS:
        found.add(f"intake.rows.{kind}", getattr(whole, f"rows_{kind}"))
        found.add(f"intake.amount.{kind}", getattr(whole, f"amount_{kind}") / report.scale)
    found.add("intake.rows.used_share", whole.rows_used / whole.rows_read, n=whole.rows_read)
    found.add("intake.rows.amount_unreadable", whole.rows_amount_unreadable)
    for rule, count in (dict(whole.exclusions) | largest(whole.exclusions)).items():
        found.add(f"intake.rows.excluded.{rule}", count)
    for reason, count in (dict(whole.reasons) | largest(whole.reasons)).items():
        found.add(f"intake.rows.quarantined.{reason}", count)
    found.add("intake.repairs", sum(whole.repairs.values()))
    for kind, count in whole.repairs.items():
        found.add(f"intake.repairs.{kind}", count)


def _store(found: Ledger, sales: MonthlySales) -> None:
    found.add("intake.customers", sales.customers)
    found.add("intake.orders", sales.orders or None, why="intake.no_order_id")
    found.add("intake.guest_rows", sales.guest_rows)
    found.add("intake.first_date", sales.first.isoformat())
    found.add("intake.last_date", sales.last.isoformat())
    found.add("intake.as_of", sales.as_of.isoformat())


def _sales(found: Ledger, sales: MonthlySales) -> None:
    peak = int(sales.amounts.argmax())
    found.add("intake.months", len(sales.months))
    found.add("intake.months.empty", sales.empty)
    found.add("intake.sales.state", sales.state)
    found.add("intake.sales.mean", float(sales.amounts.mean()), n=len(sales.months))
    found.add("intake.sales.peak", sales.amounts[peak])
    found.add("intake.sales.peak_month", sales.months[peak])
    found.add("intake.sales.last", sales.amounts[-1])
    found.add("intake.sales.last_month", sales.months[-1])
    for month, amount in zip(sales.months, sales.amounts, strict=True):
        found.add(f"intake.sales.month.{month}", amount)
    for year, (amount, rows) in sales.by_year().items():
        found.add(f"intake.sales.year.{year}", amount)
        found.add(f"intake.rows.year.{year}", rows)
