"""Tiers that depend on the tier before: keep amounts, steps, grace. One review after the other, side by side in a row."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crmlib.programme import Programme

OUTSIDE = -1


def states(wide: ir.Table, programme: Programme) -> ir.Table:
    """Adds tier_0, tier_1, ... to one row per customer.

    Who was outside at the review before (not come yet, or left) enters with the tier that was earned.

    Args:
        wide: customer_id, first_month, amount_0, active_0, amount_1, ...
        programme: Rules and reviews.
    """
    from crmlib.summaries.tiers import earned

    held = wide
    for place, _ in enumerate(programme.reviews):
        up, kept = (earned(held[f"amount_{place}"], lines) for lines in (programme.thresholds, programme.keep))
        held = held.mutate(earned=up, kept=kept)
        held = _reviewed(held, place, programme) if place else held.mutate(tier_0=held.earned, missed=ibis.literal(0))
        active = held[f"active_{place}"]
        held = held.mutate(state=ibis.ifelse(active, held[f"tier_{place}"], OUTSIDE), missed=held.missed.cast("int64"))
        # a window function ends a SELECT, so that Ibis does not write each review's rule into the next one's, doubling it
        held = held.mutate(state=held.state.max().over(group_by=held.customer_id))
    return held.drop("earned", "kept", "missed", "state")


def _reviewed(held: ir.Table, place: int, programme: Programme) -> ir.Table:
    rules, state = programme.rules, held.state
    rise = held.earned if rules.up == "at_once" else state + 1
    fall = {"at_once": held.kept, "one_step": state - 1, "never": state}[rules.down]
    enters, rises, keeps = state == OUTSIDE, held.earned > state, held.kept >= state
    forgiven = held.missed + 1 <= rules.grace_reviews
    tier = ibis.cases((enters, held.earned), (rises, rise), (keeps | forgiven, state), else_=fall)
    missed = ibis.ifelse(enters | rises | keeps | ~forgiven, 0, held.missed + 1)
    return held.mutate(**{f"tier_{place}": tier.cast("int64"), "missed": missed.cast("int64")})
