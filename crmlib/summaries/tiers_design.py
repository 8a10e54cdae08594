"""What the design of a programme needs: who lies how near to a threshold, what they spend afterwards, who is about to move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from crmlib.programme import Programme, month_number
from crmlib.summaries.orders import BIGINT
from crmlib.summaries.tiers import month_of, windows

RECENT = (30, 90, 180)  # days since the last purchase: upper ends of the groups
PURCHASES, PRODUCTS, CONTACTS = (1, 3, 6), (1, 3), (0, 2)  # upper ends of the groups
CONTACT_DAYS = 90
HEADROOM = (10, 50)  # per cent above the amount that keeps the tier


def spending(frame: ir.Table, review: int, step: int) -> ir.Table:
    """How many customers have how much at a review, in steps of money.

    Args:
        frame: customer_id, review, tier, amount.
        review: Which review.
        step: Width of a step, minor units.

    Returns:
        bin (amount // step), customers, amount (total); sorted.
    """
    held = frame.filter(frame.review == review)
    cells = held.select("amount", bin=(held.amount // step).cast("int64"))
    return cells.group_by("bin").agg(customers=cells.count(), amount=cells.amount.sum().cast(BIGINT)).order_by("bin")


def chances(purchases: ir.Table, now: ir.Table, programme: Programme, coming: date, as_of: date) -> ir.Table:
    """Where every customer stands before the next review: what is still needed to rise, and to stay.

    Amounts that drop out of the window before the review no longer count. Grace and steps are not looked at.

    Args:
        purchases: Purchase occasions.
        now: Those in the programme: customer_id, tier.
        programme: Rules.
        coming: The next review.
        as_of: Last day of the data.

    Returns:
        customer_id, tier (now), amount (so far counting at the next review), to_rise (missing to the next tier; null in
        the highest), to_keep (missing to keep the present tier, 0 when it is safe), last_purchase; in no particular order.
    """
    rules, month = programme.rules, month_number(coming, programme.rules.review_day)
    dated = purchases.filter(purchases.order_date <= ibis.literal(as_of))
    held = dated.select("customer_id", "order_date", "amount", month=month_of(dated.order_date, rules.review_day))
    lanes = {
        f"lane_{place}": held.amount.sum(where=(held.month > low) & (held.month <= high)).cast(BIGINT)
        for place, (low, high) in enumerate(windows(programme, month))
    }
    each = held.group_by("customer_id").agg(last_purchase=held.order_date.max(), **lanes)
    sums = [ibis.coalesce(each[name], 0) for name in lanes]
    best = each.select("customer_id", "last_purchase", so_far=ibis.greatest(*sums) if len(sums) > 1 else sums[0])
    joined = now.left_join(best, "customer_id")
    amount = ibis.coalesce(joined.so_far, 0)
    rise = ibis.cases(*((joined.tier == tier - 1, line) for tier, line in enumerate(programme.thresholds) if tier))
    keep = ibis.cases(*((joined.tier == tier, line) for tier, line in enumerate(programme.keep) if tier), else_=0)
    return joined.select(
        "customer_id", "tier", amount=amount.cast("int64"), to_rise=_missing(rise, amount),
        to_keep=_missing(keep, amount), last_purchase=joined.last_purchase,
    )  # fmt: skip


def chance_counts(standing: ir.Table, thresholds: Sequence[int], parts: int = 20) -> ir.Table:
    """How many are how near to rising, and how many have how much to go to keep their tier.

    Args:
        standing: Result of `chances`.
        thresholds: Minor units; a gap is counted in parts of the threshold in question.
        parts: Number of parts.

    Returns:
        kind (rise or keep), tier (now), part (gap in `parts`-ths of the threshold, rounded down), customers, gap (total),
        amount (total so far); sorted.
    """
    tables = []
    for kind, offset in (("rise", 1), ("keep", 0)):
        line = _line(standing.tier + offset, thresholds)
        gap = standing[f"to_{kind}"]
        open_ = standing.select("tier", "amount", gap=gap, line=line)
        open_ = open_.filter(open_.line.notnull(), open_.gap > 0)
        part = ((open_.gap * parts) // open_.line).cast("int64")
        tables.append(open_.select("tier", "amount", "gap", kind=ibis.literal(kind), part=part))
    cells = ibis.union(*tables)
    keys = ["kind", "tier", "part"]
    return (
        cells.group_by(keys)
        .agg(customers=cells.count(), gap=cells.gap.sum().cast(BIGINT), amount=cells.amount.sum().cast(BIGINT))
        .order_by(keys)
    )


def near_misses(standing: ir.Table, thresholds: Sequence[int], part: float) -> ir.Table:
    """The customers who lack at most a part of the next threshold, the nearest first.

    Args:
        standing: Result of `chances`.
        thresholds: Minor units.
        part: Largest gap as a share of the next threshold (to a thousandth).

    Returns:
        customer_id, tier (now), next_tier, amount, to_rise, last_purchase.
    """
    line = _line(standing.tier + 1, thresholds)
    near = standing.filter(standing.to_rise > 0, standing.to_rise * 1000 <= line * round(part * 1000))
    rows = near.select("customer_id", "tier", next_tier=near.tier + 1, amount=near.amount, to_rise=near.to_rise,
                       last_purchase=near.last_purchase)  # fmt: skip
    return rows.order_by(["to_rise", "customer_id"])


def at_risk(standing: ir.Table) -> ir.Table:
    """The customers above the lowest tier who do not yet have what keeps it at the next review, the highest tier first.

    Returns:
        customer_id, tier, amount, to_keep, last_purchase.
    """
    rows = standing.filter(standing.tier > 0, standing.to_keep > 0).drop("to_rise")
    return rows.order_by([ibis.desc("tier"), "to_keep", "customer_id"])


def falls(
    pairs: ir.Table, purchases: ir.Table, ends: tuple[int, date], keep: Sequence[int], extra: Mapping[str, ir.Table]
) -> ir.Table:
    """Who of those above the lowest tier fell or left by a review, by what could be known at the review before.

    Args:
        pairs: Moves.
        purchases: Purchase occasions.
        ends: Which review of the pairs, and the date of the review before it.
        keep: Amount that keeps each tier, minor units; empty where there are no such amounts.
        extra: order_lines and contacts, where the client has them.

    Returns:
        tier, headroom (0 without amounts), recency, purchases, and products and contacts where given (numbers of groups,
        from 0), customers, fell; in no particular order.
    """
    review, day = ends
    year = day - timedelta(days=365)
    held = pairs.filter(pairs.review == review, pairs.before > 0)
    least = _line(held.before, keep)
    above = (held.amount_before - least) * 100
    base = held.select(
        "customer_id",
        tier=held.before,
        headroom=_group(above // ibis.greatest(least, 1), HEADROOM) if len(keep) > 1 else ibis.literal(0),
        fell=(held.after < held.before).cast("int64"),
    )
    parts = {"": _bought(purchases, day, year), **_counted(extra, day, year)}
    last = {"recency": len(RECENT), "purchases": 0, **dict.fromkeys(list(parts)[1:], 0)}
    return _fallen(base, list(parts.values()), last)


def _fallen(base: ir.Table, parts: list[ir.Table], last: dict[str, int]) -> ir.Table:
    """Counts by all groups; who is in no table of a group is in the group that `last` names."""
    table = base
    for part in parts:
        table = table.left_join(part, "customer_id").drop("customer_id_right")
    groups = {name: ibis.coalesce(table[name], group).cast("int64") for name, group in last.items()}
    table = table.select("tier", "headroom", "fell", **groups)
    keys = [name for name in table.columns if name != "fell"]
    return table.group_by(keys).agg(customers=table.count(), fell=table.fell.sum().cast(BIGINT))


def _bought(purchases: ir.Table, day: date, year: date) -> ir.Table:
    """Groups by days since the last purchase and by purchases within a year, as of a day."""
    before = purchases.filter(purchases.order_date <= ibis.literal(day))
    each = before.group_by("customer_id").agg(
        last=before.order_date.max(), purchases=before.count(where=before.order_date > ibis.literal(year))
    )
    silent = each["last"].delta(ibis.literal(day), unit="day") * -1
    return each.select("customer_id", recency=_group(silent, RECENT), purchases=_group(each.purchases, PURCHASES))


def _counted(extra: Mapping[str, ir.Table], day: date, year: date) -> dict[str, ir.Table]:
    found = {}
    if "order_lines" in extra:
        lines = extra["order_lines"]
        seen = lines.filter(lines.order_date <= ibis.literal(day), lines.order_date > ibis.literal(year))
        each = seen.group_by("customer_id").agg(n=seen.product_id.nunique())
        found["products"] = each.select("customer_id", products=_group(each.n, PRODUCTS))
    if "contacts" in extra:
        sent, since = extra["contacts"], day - timedelta(days=CONTACT_DAYS)
        seen = sent.filter(
            sent.customer_id.notnull(), sent.sent_date <= ibis.literal(day), sent.sent_date > ibis.literal(since)
        )
        each = seen.group_by("customer_id").agg(n=seen.count())
        found["contacts"] = each.select("customer_id", contacts=_group(each.n, CONTACTS))
    return found


def _group(value: ir.IntegerValue, ends: Sequence[int]) -> ir.IntegerValue:
    """Number of the group: 0 up to the first end, 1 up to the second, ..."""
    return ibis.cases(*((value <= end, place) for place, end in enumerate(ends)), else_=len(ends)).cast("int64")


def _missing(line: ir.IntegerValue, amount: ir.IntegerValue) -> ir.IntegerValue:
    """What an amount lacks; null where there is no line (engines differ in what the greatest of null and 0 is)."""
    return ibis.cases((line.isnull(), ibis.null("int64")), (line > amount, line - amount), else_=0).cast("int64")


def _line(tier: ir.IntegerValue, thresholds: Sequence[int]) -> ir.IntegerValue:
    """Where a tier begins; null for the lowest and for those that there are not."""
    lines = [(tier == number, line) for number, line in enumerate(thresholds) if number]
    return ibis.cases(*lines) if lines else ibis.null("int64")
