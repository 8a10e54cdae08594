"""Who is touched by which stake: one row per customer with his worth and a flag for each, counted by combination of flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store, entry
from crmlib.summaries.orders import BIGINT, month_of

YEAR = 365
CALLED = ("phone", "call", "tel", "telephone", "outbound", "outbound_call")
CHANGES = ("skip", "pause")


def touched(store: Store, occasions: ir.Table, as_of: date, stakes: Mapping[str, Sequence[str]]) -> ir.Table:
    """One row per customer: what he is worth a year, and whom each stake touches.

    Args:
        store: The client's tables.
        occasions: As `orders.occasions` returns them, up to `as_of`.
        as_of: Last day of observation.
        stakes: Name -> kind and the names it needs: everyone, nobody, active (bought in the last 365 days), entrant (for the first
            time in them), kept (in them and in the 365 before), less (bought for less than in the 365 before), product, medium,
            channel, payment (entrants by it), months (a medium's customers, first and last month of entry as 2024-05),
            wavering (skipped or paused), contacted, called (in the last 365 days).

    Returns:
        customer_id, worth (sales of the better of the last two years, minor units), and a boolean column per stake.
    """
    people = _people(store, occasions, as_of)
    flags = {name: _flag(people, kind, names) for name, (kind, *names) in stakes.items()}
    return people.select("customer_id", "worth", **flags)


def cells(touched: ir.Table) -> ir.Table:
    """Customers by combination of flags.

    Args:
        touched: As `touched` returns them: customer_id, worth and boolean columns.

    Returns:
        One column per flag, n (customers), worth (their sum, minor units); sorted.
    """
    flags = [name for name in touched.columns if name not in ("customer_id", "worth")]
    n, worth = touched.count(), touched.worth.sum().fill_null(0).cast(BIGINT)
    if not flags:
        return touched.aggregate(n=n, worth=worth)
    return touched.group_by(flags).agg(n=n, worth=worth).order_by(flags)


def _people(store: Store, occasions: ir.Table, as_of: date) -> ir.Table:
    start, before = (ibis.literal(as_of - timedelta(days=YEAR * years)) for years in (1, 2))
    recent, earlier = occasions.order_date > start, occasions.order_date.between(before + _day(), start)
    each = occasions.group_by("customer_id").agg(
        first=occasions["first"].min(),
        this=occasions.amount.sum(where=recent).fill_null(0).cast(BIGINT),
        last=occasions.amount.sum(where=earlier).fill_null(0).cast(BIGINT),
    )
    each = each.mutate(
        worth=ibis.greatest(each.this, each["last"]), entrant=each["first"] > start, month=month_of(each["first"])
    )
    ways = entry.newcomers(store, occasions, as_of).select("customer_id", *entry.DIMENSIONS)
    ways = ways.left_join(_named(store), ways["product"] == _named(store).product_id).drop("product_id")
    whole = each.left_join(ways, "customer_id").drop("customer_id_right")
    for name, listed in _listed(store, start).items():
        marked = listed.distinct().mutate(**{name: True})
        whole = whole.left_join(marked, "customer_id").drop("customer_id_right")
    return whole


def _day() -> ir.Value:
    return ibis.interval(days=1)


def _named(store: Store) -> ir.Table:
    known = store.products.filter(store.products.product_id.notnull())
    return known.group_by("product_id").agg(named=known.name.min())


def _listed(store: Store, start: ir.Value) -> dict[str, ir.Table]:
    """Customers of whom something is on record within the year."""
    sent = store.contacts.filter(
        store.contacts.customer_id.notnull(),
        store.contacts.sent_date > start,
        store.contacts.arm.fill_null("") != "control",
    )
    broken = store.subscriptions.filter(
        store.subscriptions.customer_id.notnull(),
        store.subscriptions.event_date > start,
        store.subscriptions.event.isin(CHANGES),
    )
    return {
        "contacted": sent.select("customer_id"),
        "called": sent.filter(sent.channel.lower().isin(CALLED)).select("customer_id"),
        "wavering": broken.select("customer_id"),
    }


def _flag(people: ir.Table, kind: str, names: Sequence[str]) -> ir.Value:
    if kind in ("contacted", "called", "wavering"):
        found = people[kind]
    elif kind == "product":
        found = people.entrant & ((people.named == names[0]) | (people["product"] == names[0]))
    elif kind in entry.DIMENSIONS:
        found = people.entrant & (people[kind] == names[0])
    elif kind == "months":
        found = (people.medium == names[0]) & people.month.between(_month(names[1]), _month(names[2]))
    else:
        found = {
            "everyone": people.worth >= 0,
            "nobody": people.worth < 0,
            "active": people.this > 0,
            "entrant": people.entrant,
            "kept": (people.this > 0) & (people["last"] > 0),
            "less": people.this < people["last"],
        }[kind]
    return found.fill_null(False)


def _month(label: str) -> int:
    year, month = label.split("-")
    return int(year) * 12 + int(month) - 1
