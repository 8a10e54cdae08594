"""What customers cost: advertising by medium, and how many free samples became purchases."""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store
from crmlib.summaries.ltv.entry import sampled_first

YEAR = 365
TRIAL_DAYS = 180  # within which a sample counts as turned into a purchase


def costs(store: Store, as_of: date) -> ir.Table:
    """Advertising cost and the client's own count of new customers by medium, in the year to as_of.

    Returns:
        medium, cost (integer minor units), new_customers (null where the client does not count them); sorted.
    """
    recent = store.costs.filter(
        store.costs.month > ibis.literal(as_of - timedelta(days=YEAR)), store.costs.month <= ibis.literal(as_of)
    )
    known = recent.filter(recent.medium.notnull())
    return (
        known.group_by("medium")
        .agg(cost=known.cost.sum().cast("int64"), new_customers=known.new_customers.sum().cast("int64"))
        .order_by("medium")
    )


def trials(purchases: ir.Table, store: Store, as_of: date) -> ir.Table:
    """Who asked for a free sample before buying anything, and bought within 180 days, by medium.

    A sample is a day whose orders sum to nothing. Only samples of at least 180 days before as_of count: the others
    have not had their time.

    Returns:
        medium (null where unknown), applicants, bought, recent (applicants of the year to as_of); sorted.
    """
    first = purchases.group_by("customer_id").agg(first=purchases.order_date.min())
    sampled = sampled_first(store)
    each = sampled.filter(sampled.order_date <= ibis.literal(as_of)).join(first, "customer_id", how="left")
    each = each.filter(each["first"].isnull() | (each.order_date < each["first"]))
    media = store.customers.group_by("customer_id").agg(medium=store.customers.medium.max())
    each = each.join(media, "customer_id", how="left").select("customer_id", "order_date", "first", "medium")
    ripe = each.order_date <= ibis.literal(as_of - timedelta(days=TRIAL_DAYS))
    soon = each["first"].delta(each.order_date, unit="day") <= TRIAL_DAYS
    counts = each.group_by("medium").agg(
        applicants=ripe.sum(),
        bought=(ripe & soon.fill_null(False)).sum(),
        recent=(each.order_date > ibis.literal(as_of - timedelta(days=YEAR))).sum(),
    )
    return counts.order_by("medium")
