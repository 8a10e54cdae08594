"""The field's words, defined once: tables, columns, units of money.

Every normalised table in ``store/`` has the columns named here, whatever the client called them.
"""

from __future__ import annotations

from collections.abc import Mapping

# What store/ holds: table -> column -> type. Every table of the store has all its columns, null where the client has none.
# Money is an integer in minor units, so that sums are exact on every engine; a customer is a keyed pseudonym, 64 bits kept
# as an integer, which engines group several times faster than its 16 hexadecimal digits; a month is its first day.
STORE: Mapping[str, Mapping[str, str]] = {
    "orders": {
        "order_id": "string", "customer_id": "int64", "order_date": "date", "amount": "int64",
        "payment_method": "string", "channel": "string",
    },
    "order_lines": {
        "order_id": "string", "customer_id": "int64", "order_date": "date", "product_id": "string",
        "quantity": "int64", "amount": "int64",
    },
    "customers": {
        "customer_id": "int64", "registered": "date", "medium": "string", "birth_month": "int64", "no_contact": "boolean",
    },
    "products": {
        "product_id": "string", "name": "string", "category": "string", "margin_rate": "float64", "subscription": "boolean",
    },
    "contacts": {
        "customer_id": "int64", "lead_id": "string", "campaign_id": "string", "channel": "string", "version": "string",
        "step": "string", "purpose": "string", "segment": "string", "arm": "string", "sent_date": "date", "cost": "int64",
    },
    "campaigns": {
        "campaign_id": "string", "name": "string", "channel": "string", "purpose": "string", "holdout_share": "float64",
        "start_date": "date", "end_date": "date", "budget": "int64", "offer": "string", "items": "int64",
    },
    "interactions": {
        "customer_id": "int64", "interaction_date": "date", "channel": "string", "kind": "string", "apology": "string",
        "text": "string",
    },
    "subscriptions": {
        "subscription_id": "string", "customer_id": "int64", "product_id": "string", "event": "string",
        "event_date": "date", "shipment": "int64", "reason": "string",
    },
    "leads": {"lead_id": "string", "customer_id": "int64", "stage": "string", "stage_date": "date"},
    "tier_history": {
        "customer_id": "int64", "review_date": "date", "rule": "string", "basis_amount": "int64", "tier": "string",
    },
    "costs": {"month": "date", "medium": "string", "cost": "int64", "new_customers": "int64"},
    "monthly_sales": {
        "month": "date", "gross_sales": "int64", "cancels": "int64", "returns": "int64", "net_sales": "int64",
    },
    "referrals": {"customer_id": "int64", "referrer_id": "int64", "referral_date": "date"},
}  # fmt: skip

TABLES = tuple(STORE)
DAYS = "days"  # the store's orders summed by customer and day, as `intake.days` makes them

# ISO 4217: minor units per major unit of the currencies we have met.
MINOR_UNITS: Mapping[str, int] = {
    "JPY": 1, "KRW": 1, "VND": 1, "USD": 100, "EUR": 100, "GBP": 100, "CNY": 100, "TWD": 100, "HKD": 100,
    "SGD": 100, "AUD": 100, "CAD": 100, "CHF": 100, "THB": 100,
}  # fmt: skip

# CPM as published (source: base/cpm.py): lapsed from so many days after the last purchase, no longer young and settled from
# so many days of tenure, rich from so many major units; each cut belongs to the upper class.
CPM_LAPSE, CPM_YOUNG, CPM_SETTLED, CPM_AMOUNT = 240, 90, 210, 70_000

DIAGNOSTICS = (
    "intake",
    "base",
    "retention",
    "ltv",
    "tiers",
    "lift",
    "actions",
    "summary",
)  # in the order of the deck; summary is always last
READERS = DIAGNOSTICS[-2:]  # they read what the others left
LANGUAGES = ("ja", "en")
FORMATS = ("html", "pdf", "pptx", "xlsx")

# Parts of status words that say that an order came back, or was never meant: for questions only, nothing is decided by them.
RETURN_WORDS = ("返品", "返金", "返却", "return", "refund")
CANCEL_WORDS = ("取消", "取り消", "キャンセル", "cancel", "void")

# Words of the rows in a client's table that are no records of it, as regular expressions over NFKC text, case ignored.
SURE_TOTALS = ("合計", "総合計", "総計", "小計", "累計")
TOTAL_WORDS = (*SURE_TOTALS, "計", "(?:grand |sub ?)?totals?", "sum")
FOOTER_WORDS = (
    "※.*", "以上[。.]?", "(?:出力|作成|集計|抽出|更新|印刷)(?:日|者|期間|条件).*", "(?:データ|出力|総|全|合計)?件数.*",
    r"\(?(?:全|計|合計)?\s*[0-9,]+\s*(?:件|行).{0,10}", r"\(?[0-9,]+ (?:rows?|records?).*", r"[-= ]*(?:end|eof)(?: of .*)?[-= .]*",
    r"[-=_*+|]{3,}", r"(?:copyright|\(c\)|©).*", r"page [0-9].*",
)  # fmt: skip
