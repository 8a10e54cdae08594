"""Who is touched by which stake: one row per customer with a flag for each, counted by combination of flags."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT

YEAR = 365


def touched(occasions: ir.Table, as_of: date) -> ir.Table:
    """One row per customer: worth and what touches him.

    Args:
        occasions: As `orders.occasions` returns them, up to `as_of`.
        as_of: Last day of observation.

    Returns:
        customer_id, worth (sales of the last 365 days, minor units), entrant (first purchase in them), waiting (an entrant
        who has bought once), kept (bought in them and in the 365 days before).
    """
    this, last = (ibis.literal(as_of - timedelta(days=YEAR * years)) for years in (1, 2))
    recent = occasions.order_date > this
    before = (occasions.order_date > last) & ~recent
    each = occasions.group_by("customer_id").agg(
        worth=occasions.amount.sum(where=recent).fill_null(0).cast(BIGINT),
        first=occasions["first"].min(),
        times=occasions.count(),
        this=recent.sum().fill_null(0),
        last=before.sum().fill_null(0),
    )
    entrant = each["first"] > this
    return each.select(
        "customer_id",
        "worth",
        entrant=entrant,
        waiting=entrant & (each.times == 1),
        kept=(each.this > 0) & (each["last"] > 0),
    )


def cells(touched: ir.Table) -> ir.Table:
    """Customers by combination of flags.

    Args:
        touched: As `touched` returns them: customer_id, worth and boolean columns.

    Returns:
        One column per flag, n (customers), worth (their sum, minor units); sorted.
    """
    flags = [name for name in touched.columns if name not in ("customer_id", "worth")]
    counted = touched.group_by(flags).agg(n=touched.count(), worth=touched.worth.sum().cast(BIGINT))
    return counted.order_by(flags)
