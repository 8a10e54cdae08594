"""Tiers at every review of a long calendar in one pass: only what changes is followed.

A purchase adds to a customer's running sum when it comes into a window and takes away when it drops out again, so that
one sorted pass over these events gives every tier, without a row per customer and review. Who does not change
between two reviews is not seen; `tiers.flows` adds those who stay, which are what is left of the stock.
For rules that look at the amount alone (not `Programme.remembers`).
"""

from __future__ import annotations

import itertools
from typing import Any

import ibis
import ibis.expr.types as ir

from crmlib.programme import YEAR, Programme
from crmlib.summaries.orders import BIGINT
from crmlib.summaries.tiers import LEFT, MOVES, NEW, earned, month_of

Span = tuple[ir.IntegerValue, ir.IntegerValue]
PACK = 1024  # more than the purchase days of twelve months
NEVER = 10**6  # a review that never comes
BEFORE = -1  # the place of everything that had dropped out before the first review


def changes(purchases: ir.Table, programme: Programme) -> ir.Table:
    """Who changed tier or amount from one review to the next, in customers and money.

    Args:
        purchases: Purchase occasions as `orders.purchases` returns them.
        programme: Rules without memory, with review dates.

    Returns:
        review (0 is the opening stock), before, after (tier, `NEW` or `LEFT`), customers, amount_before, amount_after;
        sorted.

    Raises:
        ValueError: The rules depend on the tier before.
    """
    if programme.remembers:
        raise ValueError("rules with memory have no running sums: use history and moves")
    events = _events(purchases, programme)
    names = [name for name in events.columns if name not in ("customer_id", "review")]
    at_once = events.group_by(["customer_id", "review"]).agg(
        **{name: events[name].sum().cast(BIGINT) for name in names}
    )
    so_far = ibis.window(group_by=at_once.customer_id, order_by=at_once.review, preceding=None, following=0)
    one_by_one = ibis.window(group_by=at_once.customer_id, order_by=at_once.review)
    sums = {f"{name}_now": at_once[name].sum().over(so_far).cast(BIGINT) for name in names}
    run = at_once.mutate(**sums, first=at_once.review.lag().over(one_by_one).isnull())
    now = _state({name: run[f"{name}_now"] for name in names}, programme)
    was = _state({name: run[f"{name}_now"] - run[name] for name in names}, programme)
    moved = run.select(
        "review", before=ibis.ifelse(run["first"], NEW, was["tier"]), after=now["tier"],
        amount_before=was["amount"], amount_after=now["amount"],
    )  # fmt: skip
    return _counted(moved.filter(moved.review >= 0))


def _counted(seen: ir.Table) -> ir.Table:
    counted = seen.group_by(MOVES).agg(
        customers=seen.count(),
        amount_before=seen.amount_before.sum().cast(BIGINT),
        amount_after=seen.amount_after.sum().cast(BIGINT),
    )
    return counted.order_by(MOVES)


def spans(month: ir.IntegerValue, programme: Programme) -> list[tuple[ir.IntegerValue, ir.IntegerValue]]:
    """In which review months [first, end) a purchase of a month counts, once for each of the sums the best of which decides."""
    years = programme.rules.carry_over_years
    if programme.rules.basis == "trailing_12m_sales":
        return [(month + YEAR * back, month + YEAR * (back + 1)) for back in range(years + 1)]
    past = (month - programme.fiscal_year_start + 1) % YEAR  # months of the fiscal year before this one
    after = month - past + YEAR  # the first month of the next fiscal year
    whole = [
        (after + YEAR * back, after + YEAR * (back + 1) - (1 if back == years else 0)) for back in range(years + 1)
    ]
    return [(month, after), *whole]


def _events(purchases: ir.Table, programme: Programme) -> ir.Table:
    """customer_id, review, lane_0, ..., alive: what is added at a review.

    A purchase keeps its customer alive for `leaves_after` months; where it counts for exactly as long, `both` is amount and
    number of purchases in one integer, which is a third less to sort.
    """
    dated = purchases.select("customer_id", "amount", month=month_of(purchases.order_date, programme.rules.review_day))
    counted = spans(dated.month, programme)
    if _as_long(programme):
        return ibis.union(*_in_and_out(dated, counted[0], {"both": dated.amount * PACK + 1}, programme))
    names = [*(f"lane_{place}" for place, _ in enumerate(counted)), "alive"]
    pairs = [(span, {f"lane_{place}": dated.amount}) for place, span in enumerate(counted)]
    pairs += [((dated.month, dated.month + programme.rules.leaves_after), {"alive": ibis.literal(1)})]
    return ibis.union(
        *(part for span, sums in pairs for part in _in_and_out(dated, span, _full(names, sums), programme))
    )


def _as_long(programme: Programme) -> bool:
    rules = programme.rules
    return rules.basis == "trailing_12m_sales" and rules.leaves_after == YEAR and rules.carry_over_years == 0


def _full(names: list[str], sums: dict[str, Any]) -> dict[str, Any]:
    return {name: sums.get(name, ibis.literal(0)) for name in names}


def _in_and_out(dated: ir.Table, span: Span, sums: dict[str, Any], programme: Programme) -> list[ir.Table]:
    count = len(programme.reviews)
    first, end = (place_of(month, programme) for month in span)
    over, seen = (
        end <= 0,
        (first < end) & (first < count),
    )  # over: known to have been there, but nothing counts any more
    placed = dated.filter(seen | over)
    comes = placed.select(
        "customer_id",
        review=ibis.ifelse(over, BEFORE, first).cast("int64"),
        **{name: ibis.ifelse(over, 0, value).cast("int64") for name, value in sums.items()},
    )
    gone = dated.filter((first < end) & (end > 0) & (end < count))
    goes = gone.select(
        "customer_id", review=end.cast("int64"), **{name: (value * -1).cast("int64") for name, value in sums.items()}
    )
    return [comes, goes]


def place_of(month: ir.IntegerValue, programme: Programme) -> ir.IntegerValue:
    """The number of the first review in a review month or later; the number of reviews when there is none."""
    months = programme.months
    steps = {later - earlier for earlier, later in itertools.pairwise(months)}
    if len(steps) > 1:
        return sum((month > held).cast("int64") for held in months)
    step = steps.pop() if steps else NEVER
    waiting = ibis.greatest(month - months[0], 0)
    return (waiting + step - 1) // step


def _state(sums: dict[str, ir.IntegerValue], programme: Programme) -> dict[str, ir.IntegerValue]:
    if "both" in sums:
        alive, amount = sums["both"] % PACK, sums["both"] // PACK
    else:
        lanes = [sums[name] for name in sums if name != "alive"]
        alive, amount = sums["alive"], ibis.greatest(*lanes) if len(lanes) > 1 else lanes[0]
    tier = ibis.ifelse(alive > 0, earned(amount, programme.thresholds), LEFT)
    return {"tier": tier.cast("int64"), "amount": ibis.ifelse(alive > 0, amount, 0).cast("int64")}
