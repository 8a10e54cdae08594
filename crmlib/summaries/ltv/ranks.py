"""Customers by rank at three dates a year apart: what the customer balance sheet is made from."""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT

YEAR = 365
LAPSED, ONCE, RANKS_FROM = (
    0,
    1,
    2,
)  # states: no purchase in the year; one first purchase in it; ranks by the year's sales


def year_sales(purchases: ir.Table, as_of: date) -> ir.Table:
    """Customers with a purchase in the year to as_of, and what they bought, in one row.

    Returns:
        customers, amount (integer minor units).
    """
    recent = purchases.filter(purchases.order_date > ibis.literal(as_of - timedelta(days=YEAR)))
    return recent.aggregate(
        customers=recent.customer_id.nunique(), amount=recent.amount.sum().fill_null(0).cast(BIGINT)
    )


def rank_years(purchases: ir.Table, as_of: date, thresholds: Sequence[int]) -> ir.Table:
    """Customers by state at the end of one year, state at the end of the next, and what they bought in the next.

    Years are 365 days, counted back from as_of. States: 0 no purchase in the year, 1 new in the year with a single
    purchase, 2, 3, ... rank by the year's sales.

    Args:
        purchases: purchase occasions.
        as_of: last day of the last year.
        thresholds: sales from which each rank begins (minor units), the first one 0.

    Returns:
        years_back (0: the state at as_of, with no next year; 1, 2), state, next_state (null at 0), n, amount (of the next
        year), square (sum of squares, float64); sorted.
    """
    each = _by_customer(purchases, as_of, thresholds)
    now = each.filter(each.state_0.notnull())
    still = now.group_by(state=now.state_0).agg(n=now.count())
    zero, none = ibis.literal(0, type="int64"), ibis.null("int64")
    parts = [
        still.select("state", "n", years_back=zero, next_state=none, amount=zero, square=ibis.literal(0.0)),
    ]
    parts += [_transitions(each, back) for back in (1, 2)]
    columns = ["years_back", "state", "next_state", "n", "amount", "square"]
    shape = {name: "float64" if name == "square" else "int64" for name in columns}
    return ibis.union(*(part.select(*columns).cast(shape) for part in parts)).order_by(columns[:3])


def _by_customer(purchases: ir.Table, as_of: date, thresholds: Sequence[int]) -> ir.Table:
    """One row per customer: first day, and sales, purchases and state of the year to each of the three dates."""
    ends = [as_of - timedelta(days=YEAR * back) for back in range(4)]
    sums: dict[str, ir.Value] = {}
    for back in range(3):
        inside = (purchases.order_date <= ibis.literal(ends[back])) & (
            purchases.order_date > ibis.literal(ends[back + 1])
        )
        sums |= {
            f"amount_{back}": purchases.amount.sum(where=inside).fill_null(0).cast(BIGINT),
            f"count_{back}": inside.sum(),
        }
    each = purchases.group_by("customer_id").agg(first=purchases.order_date.min(), **sums)
    states = {}
    for back in range(3):
        rank = ibis.literal(RANKS_FROM, type="int64")
        for threshold in thresholds[1:]:
            rank = rank + (each[f"amount_{back}"] >= threshold).cast("int64")
        begun = each["first"] > ibis.literal(ends[back + 1])
        states[f"state_{back}"] = ibis.cases(
            (each["first"] > ibis.literal(ends[back]), ibis.null("int64")),
            (each[f"count_{back}"] == 0, ibis.literal(LAPSED, type="int64")),
            ((each[f"count_{back}"] == 1) & begun, ibis.literal(ONCE, type="int64")),
            else_=rank,
        )
    return each.mutate(**states)


def _transitions(each: ir.Table, back: int) -> ir.Table:
    known = each.filter(each[f"state_{back}"].notnull())
    bought = known[f"amount_{back - 1}"]
    wide = bought.cast("decimal(19, 0)")  # its square passes 64 bits; a float sum would depend on its order
    counted = known.group_by(state=known[f"state_{back}"], next_state=known[f"state_{back - 1}"]).agg(
        n=known.count(), amount=bought.sum().cast(BIGINT), square=(wide * wide).sum().cast("float64")
    )
    return counted.mutate(years_back=ibis.literal(back, type="int64"))
