"""The field's words, defined once: tables, columns, units of money.

Every normalised table in ``store/`` has the columns named here, whatever the client called them.
"""

from __future__ import annotations

from collections.abc import Mapping

TABLES = (
    "orders", "order_lines", "customers", "products", "contacts", "campaigns", "interactions",
    "subscriptions", "leads", "tier_history", "costs", "monthly_sales",
)  # fmt: skip

# What a source of orders can map: our column -> what it holds.
ORDER_COLUMNS: Mapping[str, str] = {
    "order_id": "the order's number; several rows may share one (order lines)",
    "customer_id": "who bought; a keyed pseudonym in the store",
    "order_date": "the day of the order in the client's time zone",
    "amount": "money of the row (or of the whole order, with amount_per: order)",
    "quantity": "pieces; with unit_price in place of amount",
    "unit_price": "price of a piece; with quantity in place of amount",
    "status": "the order's state, translated by status:",
    "product_id": "what was bought",
}
REQUIRED_ORDER_COLUMNS = ("customer_id", "order_date")

# store/orders.parquet: name -> type. Money is an integer in minor units, so that sums are exact on every engine; a
# pseudonym is 64 bits kept as an integer, which engines group several times faster than its 16 hexadecimal digits.
ORDERS_STORE: Mapping[str, str] = {
    "order_id": "string",
    "customer_id": "int64",
    "order_date": "date32[day]",
    "amount": "int64",
}

# ISO 4217: minor units per major unit of the currencies we have met.
MINOR_UNITS: Mapping[str, int] = {
    "JPY": 1, "KRW": 1, "VND": 1, "USD": 100, "EUR": 100, "GBP": 100, "CNY": 100, "TWD": 100, "HKD": 100,
    "SGD": 100, "AUD": 100, "CAD": 100, "CHF": 100, "THB": 100,
}  # fmt: skip

DIAGNOSTICS = ("intake", "retention", "ltv", "summary")  # in the order of the deck; summary is always last
LANGUAGES = ("ja", "en")
FORMATS = ("html", "pdf")
