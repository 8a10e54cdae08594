"""Purchase occasions, customers and monthly sales from the orders table."""

from datetime import date
from typing import Literal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from crmlib.schema import CPM_SETTLED, CPM_YOUNG

# DuckDB sums integers into 128 bits; Ibis takes them for 64 and would leave a plain cast("int64") out.
BIGINT = dt.int64(nullable=False)
ZeroAmount = Literal["sample", "purchase"]
EPOCH = date.min
# Day and amount in one integer: DuckDB does argmin by sorting every group, which takes longer than all the rest.
# An occasion is below 2**40 minor units (a trillion yen), a day since the year 1 below 2**22: both are never negative.
PACK = 2**40
OCCASION = ("customer_id", "order_date", "amount", "ordinal", "first", "next", "total")


def days(orders: ir.Table) -> ir.Table:
    """Orders summed by customer and day; guests (no customer id) are left out. A store has it ready: `store.days`.

    Args:
        orders: customer_id, order_date, amount (integer minor units); other columns are ignored.

    Returns:
        customer_id, order_date, amount (int64), in no particular order.
    """
    known = orders.filter(orders.customer_id.notnull())
    return known.group_by(["customer_id", "order_date"]).agg(amount=known.amount.sum().cast(BIGINT))


def purchases(days: ir.Table, as_of: date, zero_amount: ZeroAmount = "sample") -> ir.Table:
    """One row per purchase occasion: all rows of one customer on one day.

    Days after `as_of` are left out. A day whose rows sum to less than zero (returns) is never an occasion; a day that sums
    to exactly zero is a sample, unless the client counts it as a purchase.

    Args:
        days: As `days` returns them.
        as_of: Last day that is looked at.
        zero_amount: What a day that sums to 0 is: a "sample" (dropped) or a "purchase" (kept).

    Returns:
        customer_id, order_date, amount (int64, summed over the day), in no particular order; where a store has them, also
        the other columns of `occasions`, as of that day.
    """
    seen = days.filter(days.order_date <= ibis.literal(as_of))
    if zero_amount == "purchase":
        return seen.select(*OCCASION[:3]).filter(seen.amount >= 0)
    bought = seen.filter(seen.amount > 0)
    if not _numbered(bought):
        return bought
    return bought.mutate(next=ibis.cases((bought["next"] <= ibis.literal(as_of), bought["next"])))


def _numbered(purchases: ir.Table) -> bool:
    """Whether intake has given each purchase its place (`intake.days`), so that it need not be made here."""
    return "first_amount" in purchases.columns


def customers(purchases: ir.Table) -> ir.Table:
    """One row per customer.

    Args:
        purchases: Purchase occasions as `purchases` returns them, of whole customers (no days left out afterwards).

    Returns:
        customer_id, first and last (dates), frequency (repeat occasions: distinct days - 1), amount (all occasions),
        first_amount (first occasion); amounts in integer minor units.
    """
    if _numbered(purchases):
        return standing(purchases, "first_amount")
    day = purchases.order_date.delta(ibis.literal(EPOCH), unit="day").cast("int64")
    each = purchases.group_by("customer_id").agg(
        first=purchases.order_date.min(),
        last=purchases.order_date.max(),
        frequency=purchases.count() - 1,
        amount=purchases.amount.sum().cast(BIGINT),
        day_and_amount=(day * PACK + purchases.amount).min(),
    )
    return each.mutate(first_amount=each.day_and_amount % PACK).drop("day_and_amount")


def occasions(purchases: ir.Table) -> ir.Table:
    """Purchase occasions in the order of each customer: what everything else reads.

    Materialise it once, `occasions(purchases).cache()`: what follows are scans of this table without another sort or
    join. The rows without a `next` are the customers; the rows with date <= day < next (or no next) are the customers
    as they stood on that day.

    Args:
        purchases: Purchase occasions as `purchases` returns them, of whole customers (no days left out afterwards).

    Returns:
        customer_id, order_date, amount, ordinal (1 for the first), first (date of the customer's first occasion), next
        (date of the following occasion, null for the last), total (amount up to and with this occasion; int64, minor units).
    """
    if _numbered(purchases):
        return purchases.select(*OCCASION)
    own = ibis.window(group_by=purchases.customer_id, order_by=purchases.order_date)
    # a customer has one occasion a day, so by value is by row; engines are quicker at the former
    so_far = ibis.range_window(following=0, group_by=purchases.customer_id, order_by=purchases.order_date)
    return purchases.select(
        "customer_id",
        "order_date",
        "amount",
        ordinal=ibis.row_number().over(own) + 1,
        first=purchases.order_date.first().over(so_far),
        next=purchases.order_date.lead().over(own),
        total=purchases.amount.sum().over(so_far).cast(BIGINT),
    )


def standing(occasions: ir.Table, *more: str) -> ir.Table:
    """One row per customer, as `customers` without the first amount, by a scan instead of a grouping.

    Args:
        occasions: As `occasions` returns them, of one as_of.
        more: Further columns of the customer's last row.

    Returns:
        customer_id, first, last (dates), frequency (repeat occasions), amount (all occasions, minor units), and `more`.
    """
    final = occasions.filter(occasions["next"].isnull())
    facts = {"last": final.order_date, "frequency": final.ordinal - 1, "amount": final.total}
    return final.select("customer_id", "first", **facts, **{name: final[name] for name in more})


def cpm_kind(purchases: ir.IntegerValue, tenure: ir.IntegerValue, rich: ir.BooleanValue) -> ir.IntegerValue:
    """CPM's kind of a customer, 0 to 4: one purchase; young; below the amount; rich, but not settled; settled.

    Args:
        purchases: Purchase days, 1 or more.
        tenure: Days from the first to the last.
        rich: Whether the sum of all purchases reaches the amount.
    """
    return ibis.cases((purchases == 1, 0), (tenure < CPM_YOUNG, 1), (~rich, 2), (tenure < CPM_SETTLED, 3), else_=4)


def month_of(day: ir.DateValue) -> ir.IntegerValue:
    """A date's month as a number, year * 12 + month - 1."""
    return day.year() * 12 + day.month() - 1


def sales_by_month(orders: ir.Table, as_of: date) -> ir.Table:
    """Sales of each calendar month, guests included.

    Args:
        orders: order_id, customer_id, order_date, amount (integer minor units).
        as_of: Last day that is looked at.

    Returns:
        month (year * 12 + month - 1), rows, customers (distinct, without guests), amount; sorted by month.
    """
    seen = orders.filter(orders.order_date <= ibis.literal(as_of))
    dated = seen.mutate(month=month_of(seen.order_date))
    months = dated.group_by("month").agg(
        rows=dated.count(),
        customers=dated.customer_id.nunique(),
        amount=dated.amount.sum(),
    )
    return months.order_by("month")


def overview(orders: ir.Table, as_of: date) -> ir.Table:
    """What the store holds, in one row.

    Args:
        orders: order_id, customer_id, order_date, amount (integer minor units).
        as_of: Last day that is looked at.

    Returns:
        rows, orders (distinct order ids; 0 where the source has none), customers (distinct, without guests),
        guest_rows (rows without a customer), first, last (dates), amount.
    """
    seen = orders.filter(orders.order_date <= ibis.literal(as_of))
    return seen.aggregate(
        rows=seen.count(),
        orders=seen.order_id.nunique(),
        customers=seen.customer_id.nunique(),
        guest_rows=seen.customer_id.isnull().sum(),
        first=seen.order_date.min(),
        last=seen.order_date.max(),
        amount=seen.amount.sum(),
    )
