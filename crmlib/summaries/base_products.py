"""Counts of products: who owns what, what follows the first purchase, which first product brings whom.

Sets of products are one integer, a bit for each of the products with most buyers, so that one grouping of the order
lines by customer serves every question. Money is in integer minor units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT

TOP = 24  # products that have a bit of their own
OTHER = 2**TOP  # the bit of all the rest


@ibis.udf.agg.builtin(name="bit_or")
def bit_or(sets: dt.int64) -> dt.int64:
    """Union of sets, each the bits of an integer: DuckDB, Spark and BigQuery all have it under this name."""


def products(order_lines: ir.Table, starts: tuple[date, date], as_of: date) -> ir.Table:
    """Sales and pieces of each product in the two years.

    Args:
        order_lines: product_id, quantity, amount (minor units), order_date, customer_id.
        starts: First day of last year and of this year.
        as_of: Last day that is looked at.

    Returns:
        product_id, lines (up to as_of), pieces_last, pieces_this, amount_last, amount_this, amount (up to as_of); most
        lines first.
    """
    seen = order_lines.filter(order_lines.order_date <= ibis.literal(as_of), order_lines.product_id.notnull())
    this = seen.order_date >= ibis.literal(starts[1])
    last = (seen.order_date >= ibis.literal(starts[0])) & ~this
    each = seen.group_by("product_id").agg(
        lines=seen.count(),
        pieces_last=_sum(seen.quantity, last),
        pieces_this=_sum(seen.quantity, this),
        amount_last=_sum(seen.amount, last),
        amount_this=_sum(seen.amount, this),
        amount=seen.amount.sum().fill_null(0).cast(BIGINT),
    )
    return each.order_by(ibis.desc("lines"), "product_id")


def contracts(products: ir.Table, subscriptions: ir.Table) -> ir.Table:
    """Products sold by subscription: by the product list, or because a subscription names them.

    Returns:
        product_id; sorted.
    """
    listed = products.filter(products.subscription.fill_null(False)).select("product_id")
    named = subscriptions.filter(subscriptions.product_id.notnull()).select("product_id")
    return ibis.union(listed, named, distinct=True).order_by("product_id")


def names(products: ir.Table) -> ir.Table:
    """product_id, name and category of each product; sorted."""
    return products.select("product_id", "name", "category").order_by("product_id")


def baskets(order_lines: ir.Table, profile: ir.Table, ranking: Sequence[str]) -> ir.Table:
    """What each customer owns, bought first and bought second; materialise it once (`.cache()`).

    Args:
        order_lines: product_id, order_date, customer_id.
        profile: As `base.profile` returns it.
        ranking: Products that get a bit, at most `TOP`; the first has bit 0.

    Returns:
        customer_id, owned, entry, second (sets of products as integers; 0 where the lines hold nothing).
    """
    bits: Mapping[str, int] = {name: 2**place for place, name in enumerate(ranking[:TOP])}
    dates = profile.select("customer_id", "first", "second", "last")
    lines = order_lines.select("customer_id", "order_date", bit=order_lines.product_id.substitute(bits, else_=OTHER))
    joined = lines.inner_join(dates, "customer_id")
    seen = joined.filter(joined.order_date <= joined["last"])
    return seen.group_by("customer_id").agg(
        owned=bit_or(seen.bit),
        entry=bit_or((seen.order_date == seen["first"]).ifelse(seen.bit, 0)),
        second=bit_or((seen.order_date == seen["second"]).ifelse(seen.bit, 0)),
    )


def ownership(baskets: ir.Table) -> ir.Table:
    """Customers by the set of products they own: owned, n; sorted."""
    return _counted(baskets, ["owned"])


def steps(baskets: ir.Table) -> ir.Table:
    """Customers with a second purchase by what was in it and in the first: entry, second, n; sorted."""
    return _counted(baskets.filter(baskets["second"] > 0, baskets.entry > 0), ["entry", "second"])


def entries(baskets: ir.Table, profile: ir.Table, matured: date) -> ir.Table:
    """What became of customers, by what was in the first purchase.

    Args:
        baskets: As `baskets` returns them.
        profile: As `base.profile` returns it.
        matured: Last day of a first purchase that has had 180 days.

    Returns:
        entry (set of products), n, again (second purchase within 180 days), amount (minor units, within 180 days),
        squares (of the amount, float64); sorted.
    """
    outcome = profile.filter(profile["first"] <= ibis.literal(matured))
    gap = outcome["second"].delta(outcome["first"], unit="day")
    facts = outcome.select("customer_id", amount=outcome.amount_180, again=(gap <= 180).fill_null(False))
    known = baskets.filter(baskets.entry > 0).select("customer_id", "entry").inner_join(facts, "customer_id")
    value = known.amount.cast("float64")
    each = known.group_by("entry").agg(
        n=known.count(),
        again=known.again.sum().cast(BIGINT),
        amount=known.amount.sum().cast(BIGINT),
        squares=(value * value).sum(),
    )
    return each.order_by("entry")


def _sum(column: ir.Value, where: ir.BooleanValue) -> ir.Value:
    return where.ifelse(column, 0).sum().fill_null(0).cast(BIGINT)


def _counted(table: ir.Table, keys: list[str]) -> ir.Table:
    return table.group_by(keys).agg(n=table.count()).order_by(keys)
