"""Tiers over time: who was in which tier at which review, and who moved where from one review to another.

Any segmentation is a frame with one row per customer and review: customer_id, review (0, 1, ... oldest first), tier
(0, 1, ... low to high), amount (what was looked at, minor units). A customer without a row at a review is outside:
not come yet, or left. Tier codes in moves: `NEW` before the first row, `LEFT` when a customer has no row any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.programme import YEAR, Programme
from crmlib.summaries import orders
from crmlib.summaries.orders import BIGINT

NEW, LEFT = -1, -2
MOVES = ["review", "before", "after"]


def month_of(column: ir.DateColumn, review_day: int = 31) -> ir.IntegerColumn:
    """The review month of a day, as `programme.month_number` counts it."""
    month = orders.month_of(column)
    return month if review_day >= 31 else month + (column.day() > review_day).cast("int64")


def windows(programme: Programme, month: int) -> list[tuple[int, int]]:
    """The spans of review months (low, high], newest first, the best of whose sales decides at a review."""
    years = programme.rules.carry_over_years
    if programme.rules.basis == "trailing_12m_sales":
        return [(month - YEAR * (back + 1), month - YEAR * back) for back in range(years + 1)]
    past = (
        month - programme.fiscal_year_start + 1
    ) % YEAR + 1  # months of the fiscal year that the review looks back on
    whole = years if past == YEAR else years + 1
    end = month - past
    return [(end, month)] + [(end - YEAR * (back + 1), end - YEAR * back) for back in range(whole)]


def earned(amount: ir.IntegerValue, thresholds: Sequence[int]) -> ir.IntegerValue:
    """The tier that an amount earns: 0 below the second threshold; exactly a threshold is enough."""
    steps = [(amount >= line, tier) for tier, line in reversed(list(enumerate(thresholds))) if tier > 0]
    return ibis.cases(*steps, else_=0).cast("int64")


def history(purchases: ir.Table, programme: Programme, shown: Sequence[date] = ()) -> ir.Table:
    """Every customer's tier at each review after the first purchase, from rules.

    Args:
        purchases: Purchase occasions as `orders.purchases` returns them.
        programme: Rules and review dates; all of them are gone through where a tier depends on the one before.
        shown: Reviews that are returned; all when empty.

    Returns:
        customer_id, review (0, 1, ... of those shown), tier, amount (the basis, minor units), active (a purchase within
        `leaves_after` months).
    """
    shown = tuple(shown) or programme.reviews
    programme = programme if programme.remembers else programme.at(shown)
    places = {programme.reviews.index(day): turn for turn, day in enumerate(shown)}
    wide = _states(_amounts(purchases, programme), programme)
    turns = ibis.range(0, len(shown)).unnest().name("review").as_table()
    long = wide.cross_join(turns)

    def each(name: str) -> ir.Value:
        return ibis.cases(*((long.review == turn, long[f"{name}_{place}"]) for place, turn in places.items()))

    month = ibis.cases(*((long.review == turn, programme.months[place]) for place, turn in places.items()))
    rows = long.filter(long.first_month <= month)
    return rows.select(
        "customer_id", review=rows.review.cast("int64"), tier=each("tier"), amount=each("amount"), active=each("active")
    )


def members(states: ir.Table) -> ir.Table:
    """The rows of a history of those who have not left."""
    return states.filter(states.active).drop("active")


def entered(purchases: ir.Table, reviews: Sequence[date]) -> ir.Table:
    """The first review on or after each customer's first purchase: who is outside after it has been there before.

    Returns:
        customer_id, entered.
    """
    each = purchases.group_by("customer_id").agg(first=purchases.order_date.min())
    place = ibis.cases(
        *((each["first"] <= ibis.literal(day), turn) for turn, day in enumerate(reviews)), else_=len(reviews)
    )
    return each.select("customer_id", entered=place.cast("int64"))


def moves(frame: ir.Table, reviews: int, step: int = 1, known: ir.Table | None = None) -> ir.Table:
    """Every customer who is in the programme at a review or was `step` reviews before.

    Args:
        frame: customer_id, review, tier, amount.
        reviews: How many reviews there are.
        step: How many reviews lie between before and after.
        known: As `entered` returns it: since when a customer is known; the first row of the frame when left out.

    Returns:
        customer_id, review (the later one), before, after (tier, `NEW` or `LEFT`: outside after having been known),
        amount_before, amount_after (0 outside).
    """
    known = frame.group_by("customer_id").agg(entered=frame.review.min()) if known is None else known
    then = frame.select("customer_id", review=frame.review + step, was="tier", spent="amount")
    both = frame.outer_join(then, ["customer_id", "review"])
    pair = both.select(
        customer_id=ibis.coalesce(both.customer_id, both.customer_id_right),
        review=ibis.coalesce(both.review, both.review_right),
        was=both.was, now=both.tier, amount_before=ibis.coalesce(both.spent, 0), amount_after=ibis.coalesce(both.amount, 0),
    )  # fmt: skip
    dated = pair.filter(pair.review >= step, pair.review < reviews).inner_join(known, "customer_id")
    outside = ibis.ifelse(dated.entered <= dated.review - step, LEFT, NEW)
    return dated.select(
        "customer_id", "review",
        before=ibis.coalesce(dated.was, outside).cast("int64"), after=ibis.coalesce(dated.now, LEFT).cast("int64"),
        amount_before=dated.amount_before, amount_after=dated.amount_after,
    )  # fmt: skip


def transitions(pairs: ir.Table) -> ir.Table:
    """From x to: customers and money.

    Args:
        pairs: Result of `moves`.

    Returns:
        review, before, after, customers, amount_before, amount_after, square_after (sum of squares of amount_after, a
        float); in no particular order.
    """
    later = pairs.amount_after.cast("float64")
    return pairs.group_by(MOVES).agg(
        customers=pairs.count(),
        amount_before=pairs.amount_before.sum().cast(BIGINT),
        amount_after=pairs.amount_after.sum().cast(BIGINT),
        square_after=(later * later).sum(),
    )


def paths(pairs: ir.Table, step: int = 1) -> ir.Table:
    """Tiers at three reviews that follow each other, for the test whether the tier before last matters.

    Args:
        pairs: Result of `moves`.
        step: The step that the moves were made with.

    Returns:
        earlier, before, after, customers; sorted. Only customers who were in a tier at the first two.
    """
    first = pairs.select("customer_id", review=pairs.review + step, earlier="before")
    joined = pairs.inner_join(first, ["customer_id", "review"])
    inside = joined.filter(joined.earlier >= 0, joined.before >= 0)
    keys = ["earlier", "before", "after"]
    return inside.group_by(keys).agg(customers=inside.count()).order_by(keys)


def _amounts(purchases: ir.Table, programme: Programme) -> ir.Table:
    """One row per customer: the first month, and at each review the best window's sales and whether still active."""
    dated = purchases.select("customer_id", "amount", month=month_of(purchases.order_date, programme.rules.review_day))
    sums, last = {}, programme.rules.leaves_after
    for place, month in enumerate(programme.months):
        for lane, (low, high) in enumerate(windows(programme, month)):
            inside = (dated.month > low) & (dated.month <= high)
            sums[f"sum_{place}_{lane}"] = dated.amount.sum(where=inside).cast(BIGINT)
        sums[f"seen_{place}"] = dated.count(where=(dated.month > month - last) & (dated.month <= month))
    each = dated.group_by("customer_id").agg(first_month=dated.month.min(), **sums)
    best = {}
    for place, month in enumerate(programme.months):
        lanes = [ibis.coalesce(each[f"sum_{place}_{lane}"], 0) for lane, _ in enumerate(windows(programme, month))]
        best[f"amount_{place}"] = ibis.greatest(*lanes).cast("int64") if len(lanes) > 1 else lanes[0].cast("int64")
        best[f"active_{place}"] = each[f"seen_{place}"] > 0
    return each.select("customer_id", "first_month", **best)


def _states(wide: ir.Table, programme: Programme) -> ir.Table:
    """Adds tier_0, tier_1, ...: the amount's own tier, or what the rules make of it and of the tier before."""
    if not programme.remembers:
        tiers = {f"tier_{k}": earned(wide[f"amount_{k}"], programme.thresholds) for k in range(len(programme.reviews))}
        return wide.mutate(**tiers)
    from crmlib.summaries.tiers_memory import states

    return states(wide, programme)
