"""Segmentations of ours as tiers over time: each is a snapshot at a date, and a frame is its snapshots, one a review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.programme import YEAR, month_number, review_date
from crmlib.schema import CPM_AMOUNT, CPM_LAPSE
from crmlib.summaries.orders import BIGINT, cpm_kind

LOYAL, SEMI = 65, 200  # thousandths: the best 6.5 %, and with the next 13.5 % the best 20 %
SCORED = ("amount", "tenure", "purchases")
Snapshot = Callable[[date], ir.Table]


def frame(snapshot: Snapshot, reviews: Sequence[date]) -> ir.Table:
    """Any segmentation as tiers over time.

    Args:
        snapshot: Gives customer_id, tier (0, 1, ... low to high), amount (minor units) on a date; who is outside has no row.
        reviews: The dates.

    Returns:
        customer_id, review, tier, amount.
    """
    parts = [
        found.select(
            "customer_id", review=ibis.literal(place, type="int64"), tier=found.tier.cast("int64"), amount=found.amount
        )
        for place, found in enumerate(map(snapshot, reviews))
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def named(purchases: ir.Table, kind: str, scale: int = 1) -> Snapshot:
    """The snapshot of a segmentation.

    Args:
        purchases: Purchase occasions.
        kind: loyal, decile, cpm or spiral.
        scale: Minor units per major unit.
    """
    made: dict[str, Snapshot] = {
        "loyal": lambda day: loyal(purchases, day),
        "decile": lambda day: decile(purchases, day),
        "cpm": lambda day: cpm(purchases, day, CPM_AMOUNT * scale),
        "spiral": lambda day: spiral(purchases, day),
    }
    return made[kind]


def loyal(purchases: ir.Table, day: date) -> ir.Table:
    """Others (0), semi-loyal (1), loyal (2) of those who bought within twelve months.

    Score: mean of the percentile ranks of the year's amount, of tenure (first to last purchase) and of the number of
    purchases so far; the best 6.5 % are loyal, the next 13.5 % semi-loyal.
    """
    scored = _scored(purchases, day)
    tier = ibis.cases((_among(scored, LOYAL), 2), (_among(scored, SEMI), 1), else_=0)
    return scored.select("customer_id", tier=tier, amount=scored.amount)


def decile(purchases: ir.Table, day: date) -> ir.Table:
    """Tenths of those who bought within twelve months by the year's amount: 9 the best (decile 1), 0 the last (decile 10)."""
    year = _standing(purchases, day)
    year = year.filter(year.amount > 0)
    placed = year.mutate(place=ibis.rank().over(ibis.window(order_by=year.amount)), others=year.count().over() - 1)
    tenth = (placed.place * 10) // ibis.greatest(placed.others, 1)
    return placed.select("customer_id", tier=ibis.least(tenth.cast("int64"), 9), amount=placed.amount)


def cpm(purchases: ir.Table, day: date, line: int) -> ir.Table:
    """The five CPM classes of active customers; who has not bought for 240 days is outside.

    first (0): one purchase; toddler (1): tenure below 90 days; steady (2): below the amount; fad (3): tenure below 210
    days; best (4). Half open, total of all purchases so far.

    Args:
        purchases: Purchase occasions.
        day: The date.
        line: 70,000 yen, minor units.
    """
    each = _standing(purchases, day)
    tenure = each["last"].delta(each["first"], unit="day")
    tier = cpm_kind(each.purchases, tenure, each.total >= line)
    classed = each.mutate(tier=tier, silent=each["last"].delta(ibis.literal(day), unit="day") * -1)
    return classed.filter(classed.silent < CPM_LAPSE).select("customer_id", "tier", "amount")


def spiral(purchases: ir.Table, day: date) -> ir.Table:
    """Acquired (0): one purchase; nurtured (1): more, not loyal; satisfied (2): loyal. Of those who bought within a year."""
    scored = _scored(purchases, day)
    tier = ibis.cases((_among(scored, LOYAL), 2), (scored.purchases > 1, 1), else_=0)
    return scored.select("customer_id", tier=tier, amount=scored.amount)


def _standing(purchases: ir.Table, day: date) -> ir.Table:
    """customer_id, first, last, purchases, total, amount (of the twelve months up to the day)."""
    start = review_date(month_number(day) - YEAR, day.day)
    seen = purchases.filter(purchases.order_date <= ibis.literal(day))
    each = seen.group_by("customer_id").agg(
        first=seen.order_date.min(),
        last=seen.order_date.max(),
        purchases=seen.count(),
        total=seen.amount.sum().cast(BIGINT),
        year=seen.amount.sum(where=seen.order_date > ibis.literal(start)).cast(BIGINT),
    )
    return each.mutate(amount=ibis.coalesce(each.year, 0).cast("int64")).drop("year")


def _scored(purchases: ir.Table, day: date) -> ir.Table:
    """Adds place (rank by score from the bottom) and others (how many there are besides).

    The ranks themselves are added up: percentile ranks are these over one and the same number, and whole numbers tie alike
    on every engine.
    """
    each = _standing(purchases, day)
    active = each.filter(each.amount > 0)
    known = active.mutate(tenure=active["last"].delta(active["first"], unit="day"))
    ranks = {f"rank_{name}": ibis.rank().over(ibis.window(order_by=known[name])) for name in SCORED}
    ranked = known.mutate(**ranks)
    scored = ranked.mutate(score=ranked.rank_amount + ranked.rank_tenure + ranked.rank_purchases)
    return scored.mutate(place=ibis.rank().over(ibis.window(order_by=scored.score)), others=scored.count().over() - 1)


def _among(scored: ir.Table, best: int) -> ir.BooleanValue:
    return scored.place * 1000 >= scored.others * (1000 - best)
