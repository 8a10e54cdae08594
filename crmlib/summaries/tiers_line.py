"""How many customers end how far from a tier's line, and what they spend afterwards."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT

PARTS = 200  # bins of half a per cent of the threshold
NEAREST, FARTHEST = 3, 30  # tenths of the threshold that are looked at


def near_line(pairs: ir.Table, line: int) -> ir.Table:
    """Customers by how far their amount is from a threshold, with what those did whose period after is over.

    Args:
        pairs: Moves over periods whose amounts do not overlap (a year apart for yearly sums).
        line: The threshold, minor units.

    Returns:
        review, bin (half per cents of the threshold above it; negative below), here (customers), customers (those of them whose
        period after is over), and of the latter: amount (total before), active (with an amount after), later (total after),
        later_square, log_later, log_square (of those active); in no particular order.
    """
    both = _past(pairs).union(_now(pairs))
    near = both.filter(both.amount * 10 >= line * NEAREST, both.amount * 10 < line * FARTHEST)
    cells = near.select(
        "review", "known", "after",
        bin=((near.amount * PARTS) // line).cast("int64") - PARTS,
        amount=near.amount * near.known,
        active=(near.after > 0).cast("int64"),
    )  # fmt: skip
    after = cells.after.cast("float64")
    log = ibis.ifelse(cells.active == 1, cells.after, 1).cast("float64").ln()
    return cells.group_by(["review", "bin"]).agg(
        here=cells.count(),
        customers=cells.known.sum().cast(BIGINT),
        amount=cells.amount.sum().cast(BIGINT),
        active=cells.active.sum().cast(BIGINT),
        later=cells.after.sum().cast(BIGINT),
        later_square=(after * after).sum(),
        log_later=log.sum(),
        log_square=(log * log).sum(),
    )


def _past(pairs: ir.Table) -> ir.Table:
    """Amounts of the reviews whose period after is over, with what was spent in it."""
    known = ibis.literal(1, type="int64")
    return pairs.filter(pairs.before >= 0).select("review", amount="amount_before", after="amount_after", known=known)


def _now(pairs: ir.Table) -> ir.Table:
    """Amounts of the last review: what they do next is not known yet."""
    last = pairs.filter(pairs.after >= 0, pairs.review == pairs.review.max())
    return last.select(
        review=last.review + 1, amount=last.amount_after, after=last.amount_after * 0, known=last.review * 0
    )
