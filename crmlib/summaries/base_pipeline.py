"""Counts of leads by stage: how many came to each, how many went on, and after how many days."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT

STAGES = ("latent", "prospect", "negotiable", "sales", "order", "repeat")


def stages(leads: ir.Table, as_of: date) -> ir.Table:
    """One row per lead with the day on which it first came to each stage; materialise it once (`.cache()`).

    Args:
        leads: lead_id, stage, stage_date.
        as_of: Last day that is looked at.

    Returns:
        lead_id and one date column per stage of `STAGES`, null where it did not come.
    """
    seen = leads.filter(leads.lead_id.notnull(), leads.stage_date <= ibis.literal(as_of))
    days = {name: seen.stage_date.min(where=seen.stage == name) for name in STAGES}
    return seen.group_by("lead_id").agg(**days)


def transitions(reached: ir.Table, measured: Sequence[str], matured: date) -> ir.Table:
    """From each measured stage to the next measured one.

    Args:
        reached: As `stages` returns it.
        measured: Stages that the client records, in order; with fewer than two there is nothing to count.
        matured: Who came to a stage after this day is too young to be judged.

    Returns:
        stage, mature (came by `matured`), days (to the next stage; null where it has not come), n; sorted. A lead counts in
        a stage when it came to it or to a later one; days count where both dates are known and in order.
    """
    known = measured if len(measured) > 1 else STAGES[:2]  # of an empty table
    each = [_transition(reached, known, place, matured) for place in range(len(known) - 1)]
    return functools.reduce(lambda one, other: one.union(other), each).order_by(["stage", "mature", "on", "days"])


def _transition(reached: ir.Table, measured: Sequence[str], place: int, matured: date) -> ir.Table:
    here, following = reached[measured[place]], reached[measured[place + 1]]
    later = [reached[name] for name in measured[place + 1 :]]
    entered = ibis.coalesce(here, *later)
    known = reached.filter(entered.notnull())
    days = following.delta(here, unit="day")
    table = known.select(
        stage=ibis.literal(place),
        mature=entered <= ibis.literal(matured),
        on=ibis.coalesce(*later).notnull(),
        days=ibis.cases((days >= 0, days)),
    )
    return table.group_by(["stage", "mature", "on", "days"]).agg(n=table.count())


def present(leads: ir.Table, as_of: date) -> ir.Table:
    """Leads by stage as the client writes it: stage, leads; sorted."""
    seen = leads.filter(leads.stage_date <= ibis.literal(as_of))
    return seen.group_by("stage").agg(leads=seen.lead_id.nunique().cast(BIGINT)).order_by("stage")
