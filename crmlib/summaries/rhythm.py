"""How often the same product is bought again: gaps between the days on which a customer bought it.

A client without order lines has one "product", everything (its id is an empty text).
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store

EVERYTHING = ""


def pairs(store: Store, purchases: ir.Table, as_of: date) -> ir.Table:
    """One row per customer and product. Materialise it once (`.cache()`).

    Args:
        store: order_lines, where there are any.
        purchases: Purchase occasions, used where there are no lines.
        as_of: Last day that is looked at.

    Returns:
        customer_id, product_id, gaps (how many), days (their sum), squares (the sum of their squares), since (days from the
        last purchase of the product to as_of).
    """
    bought = _days(store, purchases, as_of)
    own = ibis.window(group_by=[bought.customer_id, bought.product_id], order_by=bought.order_date)
    gapped = bought.mutate(gap=bought.order_date.delta(bought.order_date.lag().over(own), unit="day"))
    each = gapped.group_by(["customer_id", "product_id"]).agg(
        gaps=gapped.gap.count(),
        days=ibis.coalesce(gapped.gap.sum(), 0).cast("int64"),
        squares=ibis.coalesce((gapped.gap * gapped.gap).sum(), 0).cast("int64"),
        last=gapped.order_date.max(),
    )
    since = each["last"].delta(ibis.literal(as_of), unit="day") * -1
    return each.select("customer_id", "product_id", "gaps", "days", "squares", since=since)


def _days(store: Store, purchases: ir.Table, as_of: date) -> ir.Table:
    lines = store.order_lines
    if "order_lines" not in store.present:
        return purchases.select("customer_id", "order_date", product_id=ibis.literal(EVERYTHING))
    known = lines.filter(
        lines.customer_id.notnull(), lines.product_id.notnull(), lines.order_date <= ibis.literal(as_of)
    )
    days = known.group_by(["customer_id", "product_id", "order_date"]).agg(amount=known.amount.sum())
    return days.filter(days.amount > 0).drop("amount")


def rhythm(pairs: ir.Table) -> ir.Table:
    """What the products' rhythms are estimated from: pairs by number and sum of their gaps.

    Returns:
        product_id, gaps, days, n (pairs), squares (their total); sorted. Pairs with a single purchase have gaps 0.
    """
    keys = ["product_id", "gaps", "days"]
    return pairs.group_by(keys).agg(n=pairs.count(), squares=pairs.squares.sum().cast("int64")).order_by(keys)


def soon(pairs: ir.Table, rhythms: ir.Table, overall: float, ahead: int) -> ir.Table:
    """The pairs that may be due within `ahead` days: the expected gap lies between one's own and the product's.

    Args:
        pairs: As `pairs` returns them.
        rhythms: product_id, gap (days) of the products that have a rhythm.
        overall: Gap of the others.
        ahead: Days.

    Returns:
        The columns of `pairs`.
    """
    if not overall > 0:
        return pairs.limit(0)
    known = pairs.left_join(rhythms.select("product_id", "gap"), "product_id")
    mean = ibis.coalesce(known.gap, overall)
    own = (known.gaps > 0).ifelse(known.days.cast("float64") / ibis.greatest(known.gaps, 1), mean)
    near = (known.since <= ibis.greatest(own, mean) + 1) & (known.since >= ibis.least(own, mean) - ahead - 1)
    return known.filter(near).select(*pairs.columns)
