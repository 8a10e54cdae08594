"""Counts for the customer base, each a scan of the occasions table or of the customers made from it.

Years are the twelve months to as_of ("this") and the twelve before them ("last"). Money is in integer minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries.orders import BIGINT

WINDOWS = (90, 180, 365)  # days from the first purchase within which a new customer's sales are added up
YEAR_COLUMNS = ("orders_last", "orders_this", "amount_last", "amount_this")
TERMS = ("repeat", "settled", "long", "rich", "lapsed")  # bit 0, 1, 2, 3, 4 of a state


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


def repurchase(occasions: ir.Table, ends: Sequence[tuple[date, date, date]]) -> ir.Table:
    """Buyers of a year and those of them who bought in the next, for several ends.

    Args:
        occasions: As `orders.occasions` returns them.
        ends: For each point: the end of the year of repurchase, and of the one and the two years before it.

    Returns:
        end (date), buyers (of the year before), again (bought within the year of repurchase too); sorted.
    """
    return ibis.union(*[_repurchase_at(occasions, *days) for days in ends]).order_by("end")


def _repurchase_at(occasions: ir.Table, end: date, middle: date, start: date) -> ir.Table:
    """The buyer's last purchase up to `middle` lies in the year before; its next one tells whether he came again."""
    stood = _standing_on(occasions, middle)
    buyers = stood.filter(stood.order_date > ibis.literal(start))
    again = (buyers["next"] <= ibis.literal(end)).fill_null(False)
    return buyers.aggregate(end=ibis.literal(end), buyers=buyers.count(), again=_count(again))


def _standing_on(occasions: ir.Table, day: date) -> ir.Table:
    """Each customer's last purchase up to a day: how the base stood that evening."""
    later = occasions["next"].isnull() | (occasions["next"] > ibis.literal(day))
    return occasions.filter(occasions.order_date <= ibis.literal(day), later)


def states(occasions: ir.Table, ends: Sequence[date], cuts: tuple[int, int, int, int]) -> ir.Table:
    """How many customers were in which state on several evenings.

    Args:
        occasions: As `orders.occasions` returns them.
        ends: The evenings.
        cuts: Days to lapse, two tenures in days, amount in minor units.

    Returns:
        end (date), state (bits as in `TERMS`), n, amount (so far, minor units); sorted.
    """
    each = []
    for end in ends:
        stood = _standing_on(occasions, end)
        dated = stood.mutate(end=ibis.literal(end), state=_state(stood, end, cuts))
        grouped = dated.group_by(["end", "state"])
        each.append(grouped.agg(n=dated.count(), amount=dated.total.sum().cast(BIGINT)))
    return ibis.union(*each).order_by(["end", "state"])


def moves(occasions: ir.Table, ends: Sequence[date], cuts: tuple[int, int, int, int]) -> ir.Table:
    """How many customers moved between states from each evening to the next.

    Returns:
        end (the later evening), before, after (states; before is -1 for who was no customer yet), n; sorted. Who bought in
        between is joined with his own row of the earlier evening, the others are read from one row.
    """
    each = [_moves_between(occasions, *pair, cuts) for pair in zip(ends[:-1], ends[1:], strict=True)]
    return ibis.union(*each).order_by(["end", "before", "after"])


def _moves_between(occasions: ir.Table, start: date, end: date, cuts: tuple[int, int, int, int]) -> ir.Table:
    then, now = _standing_on(occasions, start), _standing_on(occasions, end)
    idle = then.filter(then["next"].isnull() | (then["next"] > ibis.literal(end)))
    still = idle.select(before=_state(idle, start, cuts), after=_state(idle, end, cuts))
    left = then.filter(then["next"] <= ibis.literal(end))
    came = now.filter(now.order_date > ibis.literal(start))
    old = left.select("customer_id", before=_state(left, start, cuts))
    joined = came.select("customer_id", after=_state(came, end, cuts)).left_join(old, "customer_id")
    bought = joined.select(before=joined.before.fill_null(-1), after=joined.after)
    both = ibis.union(still, bought).mutate(end=ibis.literal(end))
    return both.group_by(["end", "before", "after"]).agg(n=both.count())


def _state(stood: ir.Table, day: date, cuts: tuple[int, int, int, int]) -> ir.Value:
    tenure = stood.order_date.delta(stood["first"], unit="day")
    since = stood.order_date.delta(ibis.literal(day), unit="day") * -1
    terms = (stood.ordinal > 1, tenure >= cuts[1], tenure >= cuts[2], stood.total >= cuts[3], since >= cuts[0])
    return sum((term.cast("int64") * 2**bit for bit, term in enumerate(terms)), ibis.literal(0))


def _sum(column: ir.Value, where: ir.BooleanValue) -> ir.Value:
    return column.sum(where=where).fill_null(0).cast(BIGINT)


def _count(where: ir.BooleanValue) -> ir.Value:
    return where.sum().fill_null(0).cast(BIGINT)


def _counted(table: ir.Table, keys: list[str]) -> ir.Table:
    return table.group_by(keys).agg(n=table.count()).order_by(keys)
