"""The client's own tier history: as a frame, and beside the tiers that the rules give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir


def own(tier_history: ir.Table, order: Sequence[str], reviews: Sequence[date], rule: str = "") -> ir.Table:
    """The client's own tier history as a frame.

    Args:
        tier_history: As in the store.
        order: Names of the tiers, low to high; rows with another name are left out.
        reviews: Review dates; rows of other dates are left out.
        rule: Which of the client's rules; all rows when empty.

    Returns:
        customer_id, review, tier, amount (0 where the client gives none).
    """
    rows = tier_history.filter(tier_history.rule == rule) if rule else tier_history
    review = ibis.cases(*((rows.review_date == ibis.literal(day), place) for place, day in enumerate(reviews)))
    tier = ibis.cases(*((rows.tier == name, place) for place, name in enumerate(order)))
    coded = rows.select(
        "customer_id",
        review=review.cast("int64"),
        tier=tier.cast("int64"),
        amount=ibis.coalesce(rows.basis_amount, 0).cast("int64"),
    )
    known = coded.filter(coded.customer_id.notnull(), coded.review.notnull(), coded.tier.notnull())
    return known.group_by(["customer_id", "review"]).agg(
        tier=known.tier.max().cast("int64"), amount=known.amount.max().cast("int64")
    )


def contents(tier_history: ir.Table) -> ir.Table:
    """What the client's own history holds.

    Returns:
        rule, review_date, tier, customers, amount (total), lowest, highest (basis amounts); sorted.
    """
    keys = ["rule", "review_date", "tier"]
    return (
        tier_history.group_by(keys)
        .agg(
            customers=tier_history.customer_id.nunique(),
            amount=tier_history.basis_amount.sum(),
            lowest=tier_history.basis_amount.min(),
            highest=tier_history.basis_amount.max(),
        )
        .order_by(keys)
    )


def differences(client_own: ir.Table, derived: ir.Table) -> ir.Table:
    """The client's own tiers beside those that the rules give, for the customers and reviews that the client lists.

    Args:
        client_own: Frame of `own`.
        derived: Result of `history`; a customer without a purchase is in the lowest tier.

    Returns:
        review, own, derived, same_amount, customers; sorted.
    """
    beside = _beside(client_own, derived)
    keys = ["review", "own", "derived", "same_amount"]
    return beside.group_by(keys).agg(customers=beside.count()).order_by(keys)


def differing(client_own: ir.Table, derived: ir.Table) -> ir.Table:
    """The single customers and reviews at which the client's own tier is not the one that the rules give.

    Returns:
        customer_id, review, own, derived, own_amount, derived_amount; sorted.
    """
    beside = _beside(client_own, derived)
    return beside.filter(beside.own != beside.derived).drop("same_amount").order_by(["review", "customer_id"])


def _beside(client_own: ir.Table, derived: ir.Table) -> ir.Table:
    rules = derived.select("customer_id", "review", derived_tier="tier", derived_sum="amount")
    joined = client_own.left_join(rules, ["customer_id", "review"])
    amount = ibis.coalesce(joined.derived_sum, 0)
    return joined.select(
        "customer_id", "review", own=joined.tier, derived=ibis.coalesce(joined.derived_tier, 0),
        own_amount=joined.amount, derived_amount=amount, same_amount=joined.amount == amount,
    )  # fmt: skip
