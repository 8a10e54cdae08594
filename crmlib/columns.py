"""What a source can map, table by table: the kind of value in each column, what every row needs, what identifies a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Column(NamedTuple):
    """A column that a source can map: the kind of value it holds, what it is, and our words for it where they are fixed.

    Kinds: id, customer (a pseudonym in the store), day, month, money, price (quantity times it is money), integer, share
    (0.45, 45 %), percent (8), word, coded (one of `words`, translated by values:), flag (yes or no), birth (a month of
    the year, or the date of birth it is taken from), text (masked), personal (never in the store).
    """

    kind: str
    about: str
    words: tuple[str, ...] = ()


_CUSTOMER = Column("customer", "who; a keyed pseudonym in the store")
_PRODUCT = Column("id", "what was bought")
_CHANNEL = Column("word", "the channel")

# What a source can map, table by table: our column -> what it holds. docs/intake.md describes them in words.
MAPPED: Mapping[str, Mapping[str, Column]] = {
    "orders": {
        "order_id": Column("id", "the order's number; several rows may share one (order lines)"),
        "customer_id": Column("customer", "who bought; a keyed pseudonym in the store"),
        "order_date": Column("day", "the day of the order in the client's time zone"),
        "amount": Column("money", "money of the row (or of the whole order, with amount_per: order)"),
        "quantity": Column("integer", "pieces; with unit_price in place of amount"),
        "unit_price": Column("price", "price of a piece; with quantity in place of amount"),
        "status": Column("status", "the order's state, translated by status:"),
        "product_id": _PRODUCT,
        "line_amount": Column("money", "money of the item row, where amount is the order's"),
        "item_type": Column(
            "coded", "what an item row is", ("product", "shipping", "fee", "discount", "tax", "points", "ignored")
        ),
        "tax_rate": Column("percent", "tax of the row in per cent"),
        "payment_method": Column("word", "how it is paid"),
        "channel": Column("word", "where it was ordered"),
        "subtotal": Column("money", "goods of the row or order"),
        "shipping": Column("money", "shipping that the customer pays"),
        "fee": Column("money", "other charges"),
        "discount": Column("money", "discount, with or without a minus"),
        "coupon": Column("money", "coupons used, with or without a minus"),
        "points": Column("money", "points used, in money, with or without a minus"),
        "tax": Column("money", "tax of the row or order"),
        "refund": Column("money", "money given back"),
    },
    "order_lines": {
        "order_id": Column("id", "the order it belongs to"),
        "product_id": _PRODUCT,
        "quantity": Column("integer", "pieces"),
        "amount": Column("money", "money of the line"),
        "unit_price": Column("price", "price of a piece; with quantity in place of amount"),
        "tax_rate": Column("percent", "tax of the line in per cent"),
    },
    "customers": {
        "customer_id": _CUSTOMER,
        "registered": Column("day", "the day of registration"),
        "medium": Column("word", "by which medium the customer came"),
        "birth_month": Column("birth", "month or date of birth"),
        "no_contact": Column("flag", "whether the customer asked not to be contacted; such a customer is on no list"),
        "name": Column("personal", "family and given name"),
        "kana": Column("personal", "the name's reading"),
        "email": Column("personal", "e-mail address"),
        "phone": Column("personal", "telephone number"),
        "postcode": Column("personal", "postal code"),
        "address": Column("personal", "address"),
    },
    "products": {
        "product_id": _PRODUCT,
        "name": Column("word", "the product's name"),
        "category": Column("word", "its category"),
        "margin_rate": Column("share", "gross margin per sales"),
        "subscription": Column("flag", "whether it is sold by subscription"),
    },
    "contacts": {
        "customer_id": _CUSTOMER,
        "lead_id": Column("id", "who, before the first order"),
        "campaign_id": Column("id", "the campaign"),
        "channel": _CHANNEL,
        "version": Column("word", "which version was sent"),
        "step": Column("word", "its step in a sequence"),
        "purpose": Column("word", "what it is for"),
        "segment": Column("word", "the segment it was drawn in"),
        "arm": Column("coded", "sent to, or held out of a test", ("treated", "control")),
        "sent_date": Column("day", "the day it was sent"),
        "cost": Column("money", "what it cost"),
    },
    "campaigns": {
        "campaign_id": Column("id", "the campaign"),
        "name": Column("word", "its name"),
        "channel": _CHANNEL,
        "purpose": Column("word", "what it is for"),
        "holdout_share": Column("share", "share held out at random"),
        "start_date": Column("day", "its first day"),
        "end_date": Column("day", "its last day"),
        "budget": Column("money", "its budget"),
        "offer": Column("word", "what is offered"),
        "items": Column("integer", "number of items offered"),
    },
    "interactions": {
        "customer_id": _CUSTOMER,
        "interaction_date": Column("day", "the day"),
        "channel": _CHANNEL,
        "kind": Column("coded", "what it was", ("inquiry", "complaint", "incident", "praise", "survey")),
        "apology": Column("coded", "whether somebody apologised", ("yes", "no")),
        "text": Column("text", "what was said; names, numbers and addresses are masked"),
    },
    "subscriptions": {
        "subscription_id": Column("id", "the application"),
        "customer_id": _CUSTOMER,
        "product_id": _PRODUCT,
        "event": Column("coded", "what happened", ("start", "ship", "skip", "pause", "resume", "cancel")),
        "event_date": Column("day", "when"),
        "shipment": Column("integer", "shipments so far"),
        "reason": Column("word", "why it was cancelled"),
    },
    "leads": {
        "lead_id": Column("id", "the lead"),
        "customer_id": _CUSTOMER,
        "stage": Column("coded", "the stage reached", ("latent", "prospect", "negotiable", "sales", "order", "repeat")),
        "stage_date": Column("day", "when"),
    },
    "tier_history": {
        "customer_id": _CUSTOMER,
        "review_date": Column("day", "the day of the review"),
        "rule": Column("word", "by which rule"),
        "basis_amount": Column("money", "the money it is based on"),
        "tier": Column("word", "the rank given"),
    },
    "costs": {
        "month": Column("month", "the month"),
        "medium": Column("word", "the medium"),
        "cost": Column("money", "what it cost"),
        "new_customers": Column("integer", "customers it brought"),
    },
    "monthly_sales": {
        "month": Column("month", "the month"),
        "gross_sales": Column("money", "sales before cancels and returns"),
        "cancels": Column("money", "cancels booked in the month"),
        "returns": Column("money", "returns booked in the month"),
        "net_sales": Column("money", "sales after both"),
    },
    "referrals": {
        "customer_id": Column("customer", "who came"),
        "referrer_id": Column("customer", "who sent them"),
        "referral_date": Column("day", "when"),
    },
}
COMPONENTS = ("subtotal", "shipping", "fee", "discount", "coupon", "points", "tax", "refund")

# Of each group at least one column must be mapped and, on each row, filled.
REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "orders": (("customer_id",), ("order_date",)),
    "order_lines": (("order_id",), ("product_id",)),
    "customers": (("customer_id",),),
    "products": (("product_id",),),
    "contacts": (("customer_id", "lead_id"), ("sent_date",)),
    "campaigns": (("campaign_id",),),
    "interactions": (("interaction_date",),),
    "subscriptions": (("subscription_id",), ("customer_id",), ("event",), ("event_date",)),
    "leads": (("lead_id",), ("stage",), ("stage_date",)),
    "tier_history": (("customer_id",), ("review_date",), ("tier",)),
    "costs": (("month",), ("medium",), ("cost",)),
    "monthly_sales": (("month",), ("net_sales", "gross_sales")),
    "referrals": (("customer_id",), ("referrer_id",)),
}

# What identifies a row: equal keys with equal values are copies, with other values a contradiction. A table without one
# is a log: only rows that are equal in every cell are copies.
KEYS: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer_id",),
    "products": ("product_id",),
    "campaigns": ("campaign_id",),
    "tier_history": ("customer_id", "review_date", "rule"),
    "costs": ("month", "medium"),
    "monthly_sales": ("month",),
    "referrals": ("customer_id",),
}
MONEY: Mapping[str, str] = {  # the column whose sum a table's account shows
    "orders": "amount", "order_lines": "amount", "contacts": "cost", "campaigns": "budget",
    "tier_history": "basis_amount", "costs": "cost", "monthly_sales": "net_sales",
}  # fmt: skip
DATED: Mapping[str, str] = {  # the column that is compared with as_of
    "orders": "order_date", "customers": "registered", "contacts": "sent_date", "interactions": "interaction_date",
    "subscriptions": "event_date", "leads": "stage_date", "tier_history": "review_date", "costs": "month",
    "monthly_sales": "month", "referrals": "referral_date",
}  # fmt: skip
