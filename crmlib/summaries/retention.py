"""Counts for retention: cohorts by month and the time from the first purchase to the second."""

from datetime import date

import ibis
import ibis.expr.types as ir


def cohort_sizes(purchases: ir.Table) -> ir.Table:
    """New customers by month of their first purchase.

    Args:
        purchases: Purchase occasions: customer_id, order_date.

    Returns:
        cohort (year * 12 + month - 1), n; sorted by cohort.
    """
    firsts = purchases.group_by("customer_id").agg(first=purchases.order_date.min())
    dated = firsts.mutate(cohort=_month(firsts["first"]))
    return dated.group_by("cohort").agg(n=dated.count()).order_by("cohort")


def cohort_activity(purchases: ir.Table) -> ir.Table:
    """Distinct customers with a purchase in each month since the month of their first.

    Args:
        purchases: Purchase occasions: customer_id, order_date.

    Returns:
        cohort, period (0 = month of the first purchase), active; sorted. A month without any has no row.
    """
    month = _month(purchases.order_date)
    months = purchases.select("customer_id", month=month).distinct()
    own = ibis.window(group_by=months.customer_id)
    dated = months.mutate(cohort=months.month.min().over(own))
    dated = dated.mutate(period=dated.month - dated.cohort)
    return dated.group_by(["cohort", "period"]).agg(active=dated.count()).order_by(["cohort", "period"])


def gaps(purchases: ir.Table, as_of: date) -> ir.Table:
    """Customers by how long they were observed and how long they took to the second purchase.

    Args:
        purchases: Purchase occasions up to `as_of`: customer_id, order_date, one row per customer and day.
        as_of: Last day of observation.

    Returns:
        cohort (year * 12 + month - 1), observed (days from the first purchase to as_of), days (to the second purchase;
        observed where there was none), event (whether there was one), n; sorted.
    """
    own = ibis.window(group_by=purchases.customer_id)
    dated = purchases.select("customer_id", "order_date", first=purchases.order_date.min().over(own))
    customers = dated.group_by(["customer_id", "first"]).agg(
        second=dated.order_date.min(where=dated.order_date > dated["first"])
    )
    # a literal on the left of delta() does not compile, so the column stands there and the sign is turned
    observed = customers["first"].delta(ibis.literal(as_of), unit="day") * -1
    gap = customers.second.delta(customers["first"], unit="day")
    timed = customers.select(
        cohort=_month(customers["first"]),
        observed=observed,
        days=ibis.coalesce(gap, observed),
        event=customers.second.notnull(),
    )
    keys = ["cohort", "observed", "days", "event"]
    return timed.group_by(keys).agg(n=timed.count()).order_by(keys)


def _month(column: ir.Column) -> ir.Column:
    return column.year() * 12 + column.month() - 1
