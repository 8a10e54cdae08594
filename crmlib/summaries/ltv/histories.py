"""Counts for lifetime value: customers by purchase history, so that a model's cost does not grow with customers.

frequency is repeat purchase occasions (days), recency the days from first to last purchase (0 without a repeat), T the
days from the first purchase to the last day looked at, weight the number of customers. Every table here starts from
purchase occasions as `orders.purchases` returns them: customer_id, order_date, amount (integer minor units).
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import customers, occasions

HISTORY = ["frequency", "recency", "T"]


def patterns(purchases: ir.Table, as_of: date) -> ir.Table:
    """What BG/NBD needs: customers by history.

    Returns:
        frequency, recency, T, weight; sorted.
    """
    return _counted(_histories(purchases, as_of), HISTORY)


def amounts(purchases: ir.Table) -> ir.Table:
    """What Gamma-Gamma needs: customers with a repeat purchase by frequency and what the repeats came to.

    Returns:
        frequency (>= 1), amount (total of the repeat purchases, minor units), weight; sorted.
    """
    each = customers(purchases)
    repeaters = each.filter(each.frequency > 0)
    spent = repeaters.select("frequency", amount=repeaters.amount - repeaters.first_amount)
    return _counted(spent, ["frequency", "amount"])


def values(purchases: ir.Table, as_of: date) -> ir.Table:
    """What a customer's value depends on: history and the total of the repeat purchases.

    Returns:
        frequency, recency, T, amount (repeat purchases, minor units; 0 without), weight; sorted.
    """
    return _counted(_histories(purchases, as_of), [*HISTORY, "amount"])


def holdout(purchases: ir.Table, calibration_end: date) -> ir.Table:
    """Histories up to a date, with what the same customers bought after it.

    Customers whose first purchase is later than `calibration_end` are left out.

    Returns:
        frequency, recency, T (at `calibration_end`), purchases (occasions afterwards), weight; sorted.
    """
    return _counted(_held_out(purchases, calibration_end), [*HISTORY, "purchases"])


def daily(purchases: ir.Table, calibration_end: date) -> ir.Table:
    """First and repeat purchases by day, of the customers whose first purchase is not later than `calibration_end`.

    Returns:
        order_date, customers (first purchases), repeats; sorted. A day without any has no row.
    """
    dated = occasions(purchases)
    known = dated.filter(dated["first"] <= ibis.literal(calibration_end))
    new = known.order_date == known["first"]
    return known.group_by("order_date").agg(customers=new.sum(), repeats=(~new).sum()).order_by("order_date")


def without_contract(purchases: ir.Table, subscriptions: ir.Table) -> ir.Table:
    """Purchases of the customers who never held a subscription: those whose buying the models of repeat buying describe."""
    return purchases.anti_join(subscriptions.filter(subscriptions.customer_id.notnull()), "customer_id")


def with_contract(purchases: ir.Table, subscriptions: ir.Table) -> ir.Table:
    """Purchases of the customers who hold or have held a subscription."""
    return purchases.semi_join(subscriptions.filter(subscriptions.customer_id.notnull()), "customer_id")


def gaps(purchases: ir.Table, until: date | None = None) -> ir.Table:
    """Days between one purchase and the next, of all customers, up to a day.

    Returns:
        days (>= 1), n; sorted.
    """
    every = occasions(purchases)
    again = every["next"].notnull() if until is None else every["next"] <= ibis.literal(until)
    between = every.filter(again)
    days = between.select(days=between["next"].delta(between.order_date, unit="day"))
    return days.group_by("days").agg(n=days.count()).order_by("days")


def by_customer(purchases: ir.Table, as_of: date) -> ir.Table:
    """One row per customer, for lists and scores: customer_id, frequency, recency, T, amount (as `values`)."""
    return _histories(purchases, as_of)


def by_segment(purchases: ir.Table, entries: ir.Table, segment: str, calibration_end: date) -> ir.Table:
    """As `holdout`, with one column more: the customers' segment.

    Args:
        purchases: purchase occasions.
        entries: customer_id and the column `segment`, as `entry.entries` returns them.
        segment: name of that column (product, medium, offer, cohort).
        calibration_end: last day that counts as history.

    Returns:
        segment (text; null where unknown), frequency, recency, T, purchases, weight; sorted.
    """
    known = _held_out(purchases, calibration_end)
    who = entries.select("customer_id", segment=entries[segment].cast("string"))
    joined = known.join(who, "customer_id", how="left").select("segment", "purchases", *HISTORY)
    return _counted(joined, ["segment", *HISTORY, "purchases"])


def first_day(purchases: ir.Table) -> ir.Scalar:
    """The day of the very first purchase."""
    return purchases.order_date.min()


def _held_out(purchases: ir.Table, calibration_end: date) -> ir.Table:
    end = ibis.literal(calibration_end)
    early = purchases.order_date <= end
    each = purchases.group_by("customer_id").agg(
        first=purchases.order_date.min(),
        last=purchases.order_date.max(where=early),
        seen=early.sum(),
        purchases=(~early).sum(),
    )
    known = each.filter(each.seen > 0)
    return known.select("customer_id", "purchases", frequency=known.seen - 1, **_days(known, calibration_end))


def _histories(purchases: ir.Table, as_of: date) -> ir.Table:
    each = customers(purchases)
    return each.select("customer_id", "frequency", amount=each.amount - each.first_amount, **_days(each, as_of))


def _days(each: ir.Table, end: date) -> dict[str, ir.Value]:
    """Recency and T. A literal on the left of delta() does not compile, so the column stands there, with the sign turned."""
    return {
        "recency": each["last"].delta(each["first"], unit="day"),
        "T": each["first"].delta(ibis.literal(end), unit="day") * -1,
    }


def _counted(table: ir.Table, keys: list[str]) -> ir.Table:
    return table.group_by(keys).agg(weight=table.count()).order_by(keys)
