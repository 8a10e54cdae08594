"""What looks odd in the used rows and should be asked about: nothing is taken out because of it."""

from datetime import date

import ibis
import ibis.expr.types as ir


def amounts(orders: ir.Table, as_of: date) -> ir.Table:
    """Rows without an amount, with a negative one, without a customer, in one row.

    Args:
        orders: customer_id, order_date, amount.
        as_of: Last day that is looked at.

    Returns:
        rows, zero, negative, guests (counts), negative_amount (sum, minor units).
    """
    seen = orders.filter(orders.order_date <= ibis.literal(as_of))
    below = seen.amount < 0
    return seen.agg(
        rows=seen.count(),
        zero=(seen.amount == 0).sum().fill_null(0),
        negative=below.sum().fill_null(0),
        negative_amount=ibis.ifelse(below, seen.amount, 0).sum().fill_null(0),
        guests=seen.customer_id.isnull().sum().fill_null(0),
    )


def bursts(orders: ir.Table, as_of: date, most: int = 5) -> ir.Table:
    """Days on which one amount was ordered unusually often: tests, imports, one shop's collective order.

    Args:
        orders: order_date, amount.
        as_of: Last day that is looked at.
        most: Rows returned, the largest.

    Returns:
        order_date, amount (minor units), times, on_day (all rows of the day), usual (median rows of a day with sales).
    """
    seen = orders.filter(orders.order_date <= ibis.literal(as_of), orders.amount != 0)
    each = seen.group_by(["order_date", "amount"]).agg(times=seen.count())
    days = seen.group_by("order_date").agg(on_day=seen.count())
    usual = days.agg(usual=days.on_day.mean())
    found = each.join(days, "order_date").cross_join(usual)
    return found.order_by([ibis.desc("times"), "order_date", "amount"]).limit(most)
