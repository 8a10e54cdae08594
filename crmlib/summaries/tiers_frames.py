"""The tiers of a client over time, wherever they come from, and the counts that its lines need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from crmlib.programme.source import Settings, Source, coming
from crmlib.summaries import Store, tiers, tiers_design, tiers_flows, tiers_line, tiers_own, tiers_segments

NO_ROWS: Mapping[str, str] = {"customer_id": "int64", "review": "int64", "tier": "int64", "amount": "int64"}
NO_BESIDE: Mapping[str, str] = {
    "review": "int64", "own": "int64", "derived": "int64", "same_amount": "boolean", "customers": "int64",
}  # fmt: skip
NO_CHANCES: Mapping[str, str] = {
    "customer_id": "int64", "tier": "int64", "amount": "int64", "to_rise": "int64", "to_keep": "int64",
    "last_purchase": "date",
}  # fmt: skip
NO_FALLS: Mapping[str, str] = {"tier": "int64", "customers": "int64", "fell": "int64"}
NO_BINS: Mapping[str, str] = {
    "tier": "int64", "bin": "int64", "review": "int64", "here": "int64", "customers": "int64", "amount": "int64", "active": "int64",
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
        return _none(NO_ROWS)
    if chosen.kind == "own":
        return tiers_own.own(store.tier_history, chosen.tiers, chosen.reviews, chosen.rule)
    if chosen.kind == "rules" and chosen.programme:
        return tiers.members(tiers.history(purchases, chosen.programme, chosen.reviews))
    return tiers_segments.frame(tiers_segments.named(purchases, chosen.kind, scale), chosen.reviews)


def moves(chosen: Source, frame: ir.Table, purchases: ir.Table) -> ir.Table:
    """`tiers.moves` between the yearly reviews.

    Who bought before and has no tier has left; the client's own history says itself whom it knows.
    """
    known = None if chosen.kind == "own" or not chosen.reviews else tiers.entered(purchases, chosen.reviews)
    return tiers.moves(frame, len(chosen.reviews), known=known)


def near_lines(pairs: ir.Table, lines: Mapping[int, int]) -> ir.Table:
    """`tiers_line.near_line` of every line.

    Args:
        pairs: Moves of a year.
        lines: Threshold by number of the tier, minor units.

    Returns:
        tier, and the columns of `near_line`; empty where there is no line.
    """
    parts = [
        tiers_line.near_line(pairs, line).mutate(tier=ibis.literal(tier, type="int64")) for tier, line in lines.items()
    ]
    if not parts:
        return _none(NO_BINS)
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def compared(chosen: Source, store: Store, purchases: ir.Table) -> ir.Table:
    """`tiers_own.differences` at every review of the client's own history; empty where rules or history are not there."""
    if chosen.kind != "own" or chosen.programme is None:
        return _none(NO_BESIDE)
    mine = tiers_own.own(store.tier_history, chosen.tiers, chosen.calendar, chosen.rule)
    return tiers_own.differences(mine, tiers.history(purchases, chosen.programme))


def by_review(chosen: Source, store: Store, purchases: ir.Table, scale: int = 1) -> ir.Table:
    """Moves from each review of the whole calendar to the next.

    Only what changed, where that is enough (`tiers.by_review` adds those who stay), all moves otherwise.
    """
    if followed(chosen) and chosen.programme:
        return tiers_flows.changes(purchases, chosen.programme)
    if chosen.kind == "own":
        mine = tiers_own.own(store.tier_history, chosen.tiers, chosen.calendar, chosen.rule)
    else:
        mine = frame(replace(chosen, reviews=chosen.calendar), store, purchases, scale)
    return tiers.transitions(moves(replace(chosen, reviews=chosen.calendar), mine, purchases))


def followed(chosen: Source) -> bool:
    """Whether only changes are counted: tiers from rules that look at the amount alone."""
    return (
        chosen.kind == "rules"
        and bool(chosen.calendar)
        and chosen.programme is not None
        and not chosen.programme.remembers
    )


def falls(chosen: Source, store: Store, pairs: ir.Table, purchases: ir.Table) -> ir.Table:
    """`tiers_design.falls` of the last year, with products and contacts where the client has them."""
    if len(chosen.reviews) < 2:
        return _none(NO_FALLS)
    extra: dict[str, ir.Table] = {
        name: getattr(store, name) for name in ("order_lines", "contacts") if name in store.present
    }
    keep = chosen.programme.keep if chosen.programme else ()
    return tiers_design.falls(pairs, purchases, (len(chosen.reviews) - 1, chosen.reviews[-2]), keep, extra)


def standing(chosen: Source, frame: ir.Table, purchases: ir.Table, client: Settings) -> ir.Table:
    """`tiers_design.chances` of those in the programme at the last review; empty where there are no lines."""
    day = coming(chosen, client)
    if chosen.programme is None or day is None or not chosen.reviews:
        return _none(NO_CHANCES)
    now = frame.filter(frame.review == len(chosen.reviews) - 1)
    return tiers_design.chances(purchases, now, chosen.programme, day, client.as_of)


def _none(columns: Mapping[str, str]) -> ir.Table:
    return ibis.memtable([], schema=ibis.schema(columns))
