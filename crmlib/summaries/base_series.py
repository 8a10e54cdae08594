"""Counts over time: acquisition months, order values by month, cohorts by year, gaps between purchases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT, month_of

SERIES_DAYS = 90  # a second purchase within so many days counts in the F2 series
LOYAL_DAYS = 365


def entrants(profile: ir.Table, loyal: tuple[int, int]) -> ir.Table:
    """New customers by acquisition month and what they did within fixed times.

    Args:
        profile: As `base.profile` returns it.
        loyal: Repeat occasions and amount (minor units) from which a customer counts as loyal within 365 days.

    Returns:
        month (year * 12 + month - 1), n, again (second purchase within 90 days), loyal, amount_90, amount_90_squared (float64).
    """
    gap = profile["second"].delta(profile["first"], unit="day")
    devoted = (profile.occasions_365 - 1 >= loyal[0]) & (profile.amount_365 >= loyal[1])
    dated = profile.mutate(month=month_of(profile["first"]), again=(gap <= SERIES_DAYS).fill_null(False), loyal=devoted)
    value = dated.amount_90.cast("float64")
    return (
        dated.group_by("month")
        .agg(
            n=dated.count(),
            again=dated.again.sum().cast(BIGINT),
            loyal=dated.loyal.sum().cast(BIGINT),
            amount_90=dated.amount_90.sum().cast(BIGINT),
            amount_90_squared=(value * value).sum(),
        )
        .order_by("month")
    )


def order_values(occasions: ir.Table) -> ir.Table:
    """Purchase occasions by month, first ones apart.

    Returns:
        month (year * 12 + month - 1), repeat (0 or 1), n, amount (minor units), squares (float64); sorted.
    """
    dated = occasions.mutate(month=month_of(occasions.order_date), repeat=(occasions.ordinal > 1).cast("int64"))
    value = dated.amount.cast("float64")
    each = dated.group_by(["month", "repeat"])
    found = each.agg(n=dated.count(), amount=dated.amount.sum().cast(BIGINT), squares=(value * value).sum())
    return found.order_by(["month", "repeat"])


def cohort_years(occasions: ir.Table, starts: Sequence[date]) -> ir.Table:
    """Sales and buyers of each year by the year in which the customers were new.

    Args:
        occasions: As `orders.occasions` returns them.
        starts: First days of the years, from the latest back; who was new before the last of them is in the last group.

    Returns:
        cohort, year (0 for this year, 1 for last year, ...), customers (buyers of the year), orders, amount; sorted.
    """
    year, following = _year(occasions.order_date, starts), _year(occasions["next"], starts)
    final = (following != year).fill_null(True)
    dated = occasions.mutate(cohort=_year(occasions["first"], starts), year=year, final=final)
    each = dated.group_by(["cohort", "year"])
    found = each.agg(
        customers=dated.final.sum().cast(BIGINT), orders=dated.count(), amount=dated.amount.sum().cast(BIGINT)
    )
    return found.order_by(["cohort", "year"])


def gaps(occasions: ir.Table, as_of: date) -> ir.Table:
    """Days from each purchase to the next, or to as_of where none has come.

    Returns:
        repeat (0 from the first purchase, 1 from later ones), days, event (a purchase followed), n; sorted.
    """
    event = occasions["next"].notnull()
    end = occasions["next"].fill_null(ibis.literal(as_of))
    keys = {
        "repeat": (occasions.ordinal > 1).cast("int64"),
        "days": end.delta(occasions.order_date, unit="day"),
        "event": event,
    }
    table = occasions.select(**keys)
    return table.group_by(list(keys)).agg(n=table.count()).order_by(list(keys))


def _year(day: ir.DateValue, starts: Sequence[date]) -> ir.Value:
    branches = [(day >= ibis.literal(start), place) for place, start in enumerate(starts)]
    return ibis.cases(*branches, (day.notnull(), len(starts)))
