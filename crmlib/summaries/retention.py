"""Counts for retention: cohorts by month, the time from each purchase to the next, and the years to a day.

All of them read `orders.occasions`, the purchase occasions with their place in the customer's history, materialised once.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import month_of

LAST_STEP = 6  # F6: the sixth purchase
YEAR = 365
STEP = 30  # days
PATTERN = ["observed", "days", "event"]


def cohort_sizes(occasions: ir.Table) -> ir.Table:
    """New customers by month of their first purchase.

    Args:
        occasions: As `orders.occasions` returns them.

    Returns:
        cohort (year * 12 + month - 1), n; sorted by cohort.
    """
    firsts = occasions.filter(occasions.ordinal == 1)
    dated = firsts.select(cohort=month_of(firsts.order_date))
    return dated.group_by("cohort").agg(n=dated.count()).order_by("cohort")


def cohort_activity(occasions: ir.Table) -> ir.Table:
    """Distinct customers with a purchase in each month since the month of their first.

    Args:
        occasions: As `orders.occasions` returns them.

    Returns:
        cohort, period (0 = month of the first purchase), active; sorted. A month without any has no row.
    """
    month, following = month_of(occasions.order_date), month_of(occasions["next"])
    last_of_month = occasions.filter(occasions["next"].isnull() | (following != month))  # one row a customer and month
    cohort = month_of(last_of_month["first"])
    dated = last_of_month.select(cohort=cohort, period=month_of(last_of_month.order_date) - cohort)
    return dated.group_by(["cohort", "period"]).agg(active=dated.count()).order_by(["cohort", "period"])


def gaps(occasions: ir.Table, as_of: date) -> ir.Table:
    """Customers by how long they were observed and how long they took to the second purchase.

    Args:
        occasions: As `orders.occasions` returns them, up to `as_of`.
        as_of: Last day of observation.

    Returns:
        cohort (year * 12 + month - 1), observed (days from the first purchase to as_of), days (to the second purchase;
        observed where there was none), event (whether there was one), n; sorted.
    """
    timed = waits(occasions.filter(occasions.ordinal == 1), as_of)
    keys = ["cohort", *PATTERN]
    return timed.group_by(keys).agg(n=timed.count()).order_by(keys)


def steps(occasions: ir.Table, as_of: date) -> ir.Table:
    """Customers by the purchase they wait for (2 = the second, up to the sixth) and how long they have waited.

    Args:
        occasions: As `orders.occasions` returns them, up to `as_of`.
        as_of: Last day of observation.

    Returns:
        step, observed (days from the purchase before to as_of, as `coarse` has them), days (to the purchase waited for;
        observed where there was none), event, n; sorted.
    """
    timed = coarse(waits(occasions.filter(occasions.ordinal < LAST_STEP), as_of))
    stepped = timed.mutate(step=timed.ordinal + 1)
    keys = ["step", *PATTERN]
    return stepped.group_by(keys).agg(n=stepped.count()).order_by(keys)


def waits(occasions: ir.Table, as_of: date) -> ir.Table:
    """Each occasion with the wait for the next one.

    Returns:
        customer_id, ordinal, first, order_date, cohort (month of the first purchase), observed, days, event.
    """
    # a literal on the left of delta() does not compile, so the column stands there and the sign is turned
    observed = occasions.order_date.delta(ibis.literal(as_of), unit="day") * -1
    gap = occasions["next"].delta(occasions.order_date, unit="day")
    return occasions.select(
        "customer_id",
        "ordinal",
        "first",
        "order_date",
        cohort=month_of(occasions["first"]),
        observed=observed,
        days=ibis.coalesce(gap, observed),
        event=occasions["next"].notnull(),
    )


def coarse(waits: ir.Table) -> ir.Table:
    """The same waits; where the purchase came, `observed` is rounded down to 0, 30, ... 360, 365, 395, ...: ten times fewer patterns.

    Nothing is lost: a wait that goes on is as long as its observation, and 30, 90, 180 and 365 days are reached as before.
    """
    begun = (waits.observed >= YEAR).ifelse(YEAR, 0)
    rounded = waits.observed - (waits.observed - begun) % STEP
    return waits.mutate(observed=waits.event.ifelse(rounded, waits.observed))


def years(occasions: ir.Table, as_of: date) -> ir.Table:
    """The year to `as_of` and the year before it, in one row: what definitions by calendar year divide.

    Args:
        occasions: As `orders.occasions` returns them, up to `as_of`.
        as_of: Last day of the last year.

    Returns:
        days (of the last year), known (customers), active_last, active_prior, kept (active in both), lapsed_prior (known by
        then, without a purchase in the prior year), back (of these, active in the last year), new_last, new_repeated (of
        these, with a second purchase by now), second_last (customers whose second purchase fell in the last year).
    """
    middle, start = year_before(as_of, 1), year_before(as_of, 2)
    day, following = occasions.order_date, occasions["next"]
    final, first = following.isnull(), occasions.ordinal == 1
    until_middle = (day <= ibis.literal(middle)) & (final | (following > ibis.literal(middle)))
    in_last, in_prior = day > ibis.literal(middle), until_middle & (day > ibis.literal(start))
    lapsed = until_middle & (day <= ibis.literal(start))
    return occasions.aggregate(
        days=ibis.literal((as_of - middle).days),
        known=_how_many(first),
        active_last=_how_many(final & in_last),
        active_prior=_how_many(in_prior),
        kept=_how_many(in_prior & ~final),
        lapsed_prior=_how_many(lapsed),
        back=_how_many(lapsed & ~final),
        new_last=_how_many(first & in_last),
        new_repeated=_how_many(first & in_last & ~final),
        second_last=_how_many((occasions.ordinal == 2) & in_last),
    )


def year_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th.

    Example:
        >>> year_before(date(2024, 2, 29), 1).isoformat()
        '2023-02-28'
    """
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def _how_many(condition: ir.Column) -> ir.Column:
    """How often a condition holds; 0 where there are no rows."""
    return ibis.coalesce(condition.ifelse(1, 0).sum(), 0).cast("int64")
