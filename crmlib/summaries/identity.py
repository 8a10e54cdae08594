"""What merging customers would change: the same counts with and without the merges."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

F2_DAYS = 180  # window of the second purchase


def merged(orders: ir.Table, groups: pd.DataFrame) -> ir.Table:
    """Orders with the merged customers' id in place of their own.

    Args:
        orders: customer_id and whatever else.
        groups: customer_id, merged_id: one row for each customer who would become another.
    """
    joined = orders.left_join(ibis.memtable(groups), "customer_id")
    into = ibis.coalesce(joined.merged_id, joined.customer_id)
    return joined.mutate(customer_id=into).select(*orders.columns)


def split(orders: ir.Table, groups: pd.DataFrame, as_of: date) -> ir.Table:
    """What stands under a second number: of each group of numbers that are one person, all but the one that bought first.

    Args:
        orders: customer_id, order_date, amount.
        groups: As for `merged`.
        as_of: Last day that is looked at.

    Returns:
        One row: customers (second numbers with an order), amount (minor units).
    """
    targets = groups[["merged_id"]].drop_duplicates().assign(customer_id=lambda rows: rows["merged_id"])
    known = ibis.memtable(pd.concat([groups, targets[groups.columns]], ignore_index=True).astype("int64"))
    dated = orders.filter(orders.order_date <= ibis.literal(as_of)).inner_join(known, "customer_id")
    each = dated.group_by(["merged_id", "customer_id"]).agg(first=dated.order_date.min(), amount=dated.amount.sum())
    place = ibis.row_number().over(group_by=each.merged_id, order_by=[each["first"], each.customer_id])
    rest = each.mutate(place=place).filter(lambda rows: rows.place > 0)
    return rest.agg(customers=rest.count(), amount=ibis.coalesce(rest.amount.sum(), 0).cast("int64"))


def second_purchases(occasions: ir.Table, as_of: date, days: int = F2_DAYS) -> ir.Table:
    """Customers, those whose first purchase is at least `days` old, and those of them who bought again within `days`.

    Args:
        occasions: `orders.occasions`.
        as_of: Last day that is looked at.
        days: Window of the second purchase.

    Returns:
        One row: customers, matured, converted.
    """
    firsts = occasions.filter(occasions.ordinal == 1)
    age = firsts.order_date.delta(ibis.literal(as_of), unit="day")
    gap = firsts["next"].delta(firsts.order_date, unit="day")
    matured = -age >= days
    return firsts.agg(
        customers=firsts.count(),
        matured=matured.sum().fill_null(0),
        converted=(matured & (gap <= days))
        .sum()
        .fill_null(0),  # without a next one the gap is null, which counts as no
    )
