"""Counts for the customer base, each a scan of the occasions table or of the customers made from it.

Years are the twelve months to as_of ("this") and the twelve before them ("last"). Money is in integer minor units.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT

WINDOWS = (90, 180, 365)  # days from the first purchase within which a new customer's sales are added up
YEAR_COLUMNS = ("orders_last", "orders_this", "amount_last", "amount_this")
TERMS = ("repeat", "settled", "long", "rich")  # bit 0, 1, 2, 3 of a stay


def profile(occasions: ir.Table, starts: tuple[date, date]) -> ir.Table:
    """One row per customer with all that the base needs; materialise it once (`.cache()`).

    Args:
        occasions: As `orders.occasions` returns them.
        starts: First day of last year and of this year.

    Returns:
        customer_id, first, last, second (date of the second occasion or null), occasions, amount, amount_90, amount_180,
        amount_365, occasions_365 (up to so many days after the first), orders_last, orders_this, amount_last, amount_this.
    """
    age = occasions.order_date.delta(occasions["first"], unit="day")
    this = occasions.order_date >= ibis.literal(starts[1])
    last = (occasions.order_date >= ibis.literal(starts[0])) & ~this
    within = {f"amount_{days}": _sum(occasions.amount, age <= days) for days in WINDOWS}
    return occasions.group_by("customer_id").agg(
        first=occasions["first"].min(),
        last=occasions.order_date.max(),
        second=occasions["next"].min(where=occasions.ordinal == 1),
        occasions=occasions.count(),
        amount=occasions.amount.sum().cast(BIGINT),
        **within,
        occasions_365=_count(age <= WINDOWS[-1]),
        orders_last=_count(last),
        orders_this=_count(this),
        amount_last=_sum(occasions.amount, last),
        amount_this=_sum(occasions.amount, this),
    )


def standing(profile: ir.Table, as_of: date) -> ir.Table:
    """Customers by what the classes of the whole base depend on.

    Returns:
        frequency (repeat occasions), tenure (days from first to last purchase), days_since (the last), amount,
        amount_this, n (customers); sorted.
    """
    keys = {
        "frequency": profile.occasions - 1,
        "tenure": profile["last"].delta(profile["first"], unit="day"),
        "days_since": profile["last"].delta(ibis.literal(as_of), unit="day") * -1,
        "amount": profile.amount,
        "amount_this": profile.amount_this,
    }
    return _counted(profile.select(**keys), list(keys))


def growth(profile: ir.Table, starts: tuple[date, date]) -> ir.Table:
    """Customers of the two years by what became of them.

    Returns:
        status (new, kept, lost, back), n, orders_last, orders_this, amount_last, amount_this, and for each pair of these four
        <a>.<b>, the sum over customers of their product (float64: money squared leaves 64 bits); value_effect and
        value_effect_squared, of (orders_last + orders_this) / 2 x change of the customer's own order value (kept only).
    """
    bought, before = profile.orders_this > 0, profile.orders_last > 0
    new = profile["first"] >= ibis.literal(starts[1])
    status = ibis.cases((bought & before, "kept"), (bought & new, "new"), (bought, "back"), (before, "lost"))
    known = profile.mutate(status=status, effect=_value_effect(profile, bought & before)).filter(bought | before)
    products = {
        f"{a}.{b}": (known[a].cast("float64") * known[b].cast("float64")).sum()
        for place, a in enumerate(YEAR_COLUMNS)
        for b in YEAR_COLUMNS[place:]
    }
    sums = {name: known[name].sum().cast(BIGINT) for name in YEAR_COLUMNS}
    effects = {"value_effect": known.effect.sum(), "value_effect_squared": (known.effect * known.effect).sum()}
    return known.group_by("status").agg(n=known.count(), **sums, **products, **effects).order_by("status")


def _value_effect(profile: ir.Table, kept: ir.BooleanValue) -> ir.Value:
    """Division by nothing is null in DuckDB and an error elsewhere: guarded."""
    last, this = (ibis.greatest(profile[name], 1).cast("float64") for name in ("orders_last", "orders_this"))
    change = profile.amount_this.cast("float64") / this - profile.amount_last.cast("float64") / last
    return ibis.cases((kept, (last + this) / 2 * change), else_=0.0)


def year_sales(orders: ir.Table, starts: tuple[date, date], as_of: date) -> ir.Table:
    """All sales of the two years, guests and days that are no purchases included, in one row.

    Returns:
        sales_last, sales_this, guests_last, guests_this (rows without a customer), sales (everything up to as_of).
    """
    seen = orders.filter(orders.order_date <= ibis.literal(as_of))
    this = seen.order_date >= ibis.literal(starts[1])
    last = (seen.order_date >= ibis.literal(starts[0])) & ~this
    guest = seen.customer_id.isnull()
    return seen.aggregate(
        sales_last=_sum(seen.amount, last),
        sales_this=_sum(seen.amount, this),
        guests_last=_sum(seen.amount, last & guest),
        guests_this=_sum(seen.amount, this & guest),
        sales=seen.amount.sum().fill_null(0).cast(BIGINT),
    )


def without_purchase(orders: ir.Table, profile: ir.Table, as_of: date) -> ir.Scalar:
    """Registered people who ordered and never bought: free samples only, or everything returned."""
    seen = orders.filter(orders.order_date <= ibis.literal(as_of), orders.customer_id.notnull(), orders.amount <= 0)
    return seen.anti_join(profile, "customer_id").customer_id.nunique()


def outcomes(profile: ir.Table, as_of: date) -> ir.Table:
    """What new customers do in fixed times, in one row.

    Returns:
        n_180, again (customers with 180 days behind them; of these, with a second purchase within them), n_365, amount_365
        (customers with 365 days behind them; their purchases within them, minor units).
    """
    age = profile["first"].delta(ibis.literal(as_of), unit="day") * -1
    gap = profile["second"].delta(profile["first"], unit="day")
    return profile.aggregate(
        n_180=_count(age >= 180),
        again=_count((age >= 180) & (gap <= 180).fill_null(False)),
        n_365=_count(age >= 365),
        amount_365=_sum(profile.amount_365, age >= 365),
    )


def repurchase(occasions: ir.Table, ends: Sequence[tuple[date, date, date]]) -> ir.Table:
    """From which to which of several ends an occasion makes its customer a buyer of the year before, and when he came again.

    A buyer's last purchase up to the middle lies in the year before; its next one tells whether he came again.

    Args:
        occasions: As `orders.occasions` returns them.
        ends: For each point, rising: the end of the year of repurchase, and of the one and the two years before it.

    Returns:
        enter (index of the first end at which the occasion counts), leave (of the first at which it no longer does), again
        (of the first by which the customer has bought once more), n; sorted. An index of len(ends) is never.
    """
    last, middle, start = ([one[place] for one in ends] for place in range(3))
    near = occasions.order_date > ibis.literal(start[0]), occasions.order_date <= ibis.literal(middle[-1])
    kept = occasions.filter(*near, _after(occasions["next"], middle[0]))  # the others enter and leave at once
    leave = ibis.least(_index(kept["next"], middle), _index(kept.order_date, start))
    table = kept.select(enter=_index(kept.order_date, middle), leave=leave, again=_index(kept["next"], last))
    return _counted(table.filter(table.enter < table.leave), ["enter", "leave", "again"])


def stays(occasions: ir.Table, ends: Sequence[date], cuts: tuple[int, int, int, int]) -> ir.Table:
    """On which of several evenings each occasion was its customer's last one; materialise it once (`.cache()`).

    One row stands for a customer from the first evening on or after the occasion up to the next occasion, so that one scan
    serves all evenings.

    Args:
        occasions: As `orders.occasions` returns them.
        ends: The evenings, rising.
        cuts: Days to lapse, two tenures in days, amount in minor units.

    Returns:
        customer_id, enter, leave (index of the first evening it stands for and of the first it no longer does; equal where it
        was never the last one), lapse (of the first on which the customer counts as lapsed), bits (the first four of `TERMS`),
        total. len(ends) is never.
    """
    kept = occasions.filter(_after(occasions["next"], ends[0]))  # the others were over before the first evening
    tenure = kept.order_date.delta(kept["first"], unit="day")
    terms = (kept.ordinal > 1, tenure >= cuts[1], tenure >= cuts[2], kept.total >= cuts[3])
    bits = functools.reduce(operator.add, [term.cast("int64") * 2**bit for bit, term in enumerate(terms)])
    silent = [end - timedelta(days=cuts[0]) for end in ends]
    return kept.select(
        "customer_id",
        "total",
        enter=_index(kept.order_date, ends),
        leave=_index(kept["next"], ends),
        lapse=_index(kept.order_date, silent),
        bits=bits,
    )


def stay_counts(stays: ir.Table) -> ir.Table:
    """Stays by all that decides a customer's state on every evening.

    Returns:
        enter, leave, lapse, bits, n, amount (total so far, minor units); sorted.
    """
    stays, keys = _stood(stays), ["enter", "leave", "lapse", "bits"]
    return stays.group_by(keys).agg(n=stays.count(), amount=stays.total.sum().cast(BIGINT)).order_by(keys)


def switches(stays: ir.Table) -> ir.Table:
    """Customers who bought between two evenings, by their state on both.

    Returns:
        end (index of the later evening), before (bits; -1 for who was no customer yet), lapsed (whether he had lapsed by the
        earlier evening), after (bits), gone (whether he has lapsed by the later evening), n; sorted.
    """
    stays = _stood(stays)
    new = stays.filter(stays.enter > 0).select("customer_id", "enter", "lapse", after=stays.bits)
    old = stays.select("customer_id", enter=stays.leave, before=stays.bits, old_lapse=stays.lapse)
    joined = new.left_join(old, ["customer_id", "enter"])
    table = joined.select(
        end=joined.enter,
        before=joined.before.fill_null(-1),
        lapsed=(joined.old_lapse < joined.enter).fill_null(False),
        after=joined.after,
        gone=joined.lapse <= joined.enter,
    )
    return _counted(table, ["end", "before", "lapsed", "after", "gone"])


def _stood(stays: ir.Table) -> ir.Table:
    """Without those that stand for no evening: told from the two numbers, not from the days once more."""
    return stays.filter(stays.enter < stays.leave)


def _index(day: ir.DateValue, ends: Sequence[date]) -> ir.Value:
    """Index of the first of these days that is not before `day`; len(ends) where there is none, or no day."""
    return ibis.cases(*((day <= ibis.literal(end), place) for place, end in enumerate(ends)), else_=len(ends))


def _after(day: ir.DateValue, end: date) -> ir.BooleanValue:
    """Whether a day that may never come lies after another."""
    return day.isnull() | (day > ibis.literal(end))


def _sum(column: ir.Value, where: ir.BooleanValue) -> ir.Value:
    return where.ifelse(column, 0).sum().fill_null(0).cast(BIGINT)


def _count(where: ir.BooleanValue) -> ir.Value:
    return where.ifelse(1, 0).sum().fill_null(0).cast(BIGINT)


def _counted(table: ir.Table, keys: list[str]) -> ir.Table:
    return table.group_by(keys).agg(n=table.count()).order_by(keys)
