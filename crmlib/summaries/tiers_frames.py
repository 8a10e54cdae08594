"""The tiers of a client over time, wherever they come from, and the counts that its lines need."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from crmlib.programme.source import Source
from crmlib.summaries import Store, tiers, tiers_design, tiers_own, tiers_segments

NO_ROWS: Mapping[str, str] = {"customer_id": "int64", "review": "int64", "tier": "int64", "amount": "int64"}
NO_BINS: Mapping[str, str] = {
    "tier": "int64", "bin": "int64", "review": "int64", "customers": "int64", "amount": "int64", "active": "int64",
    "later": "int64", "later_square": "float64", "log_later": "float64", "log_square": "float64",
}  # fmt: skip


def frame(chosen: Source, store: Store, purchases: ir.Table, scale: int = 1) -> ir.Table:
    """customer_id, review (of `chosen.reviews`), tier, amount.

    Args:
        chosen: Where the tiers come from.
        store: The client's tables.
        purchases: Purchase occasions.
        scale: Minor units per major unit.
    """
    if not chosen.reviews:
        return ibis.memtable([], schema=ibis.schema(NO_ROWS))
    if chosen.kind == "own":
        return tiers_own.own(store.tier_history, chosen.tiers, chosen.reviews, chosen.rule)
    if chosen.kind == "rules" and chosen.programme:
        return tiers.members(tiers.history(purchases, chosen.programme, chosen.reviews))
    return tiers_segments.frame(tiers_segments.named(purchases, chosen.kind, scale), chosen.reviews)


def near_lines(pairs: ir.Table, lines: Mapping[int, int]) -> ir.Table:
    """`tiers_design.near_line` of every line.

    Args:
        pairs: Moves of a year.
        lines: Threshold by number of the tier, minor units.

    Returns:
        tier, and the columns of `near_line`; empty where there is no line.
    """
    parts = [
        tiers_design.near_line(pairs, line).mutate(tier=ibis.literal(tier, type="int64"))
        for tier, line in lines.items()
    ]
    if not parts:
        return ibis.memtable([], schema=ibis.schema(NO_BINS))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]
