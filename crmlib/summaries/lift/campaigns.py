"""All of a client's units in one table, and what is known of each campaign."""

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store, orders
from crmlib.summaries.lift.history import YEAR, measured, voiced
from crmlib.summaries.lift.profiles import FREQUENCY, RECENCY, band, profiled
from crmlib.summaries.lift.units import log, pool, units


def judged(store: Store, as_of: date, window: int, loyal_amount: int) -> ir.Table:
    """Every unit of every campaign with its history and profile, held by the engine, so that it is made once.

    Args:
        store: The client's store.
        as_of: Last day of the data.
        window: Days after the contact in which purchases count.
        loyal_amount: Amount (minor units) from which CPM counts a customer as loyal.
    """
    purchases = orders.purchases(store.days, as_of).cache()
    everybody = pool(units(log(store.contacts, as_of, window), window), purchases)
    known = voiced(measured(everybody, purchases, as_of, window), store.interactions, window).cache()
    return profiled(known, store, loyal_amount).cache()


def described(store: Store) -> ir.Table:
    """What the client's list says of its campaigns: campaign_id, name, channel, purpose, holdout_share, budget, offer, items."""
    listed = store.campaigns
    named = listed.filter(listed.campaign_id.notnull())
    facts = {
        name: named[name].max() for name in ("name", "channel", "purpose", "holdout_share", "budget", "offer", "items")
    }
    return named.group_by(campaign=named.campaign_id).agg(**facts).order_by("campaign")


def list_now(store: Store, as_of: date, window: int) -> ir.Table:
    """Customers to whom the next mailing could go, counted as if it had gone out one window ago.

    Args:
        store: The client's store.
        as_of: Last day of the data.
        window: Days after the contact in which purchases count.

    Returns:
        registered (tests), eligible (customers with a purchase in the year before), bought (of them within the window after), spend (minor units).
    """
    purchases = orders.purchases(store.days, as_of)
    sent = ibis.literal(as_of) - ibis.interval(days=window)
    recent = purchases.order_date.between(sent - ibis.interval(days=YEAR), sent)
    each = purchases.group_by("customer_id").agg(
        known=recent.sum(),
        later=(purchases.order_date > sent).sum(),
        spend=purchases.amount.sum(where=purchases.order_date > sent),
    )
    listed = each.filter(each.known > 0)
    tests = store.contacts.filter(store.contacts.purpose == "test").campaign_id.nunique().as_scalar()
    return listed.aggregate(
        registered=tests.cast("int64"),
        eligible=listed.count().cast("int64"),
        bought=ibis.coalesce((listed.later > 0).sum(), 0).cast("int64"),
        spend=ibis.coalesce(listed.spend.sum(), 0).cast("float64"),
    )


def eligible(store: Store, as_of: date) -> ir.Table:
    """Customers to whom the next mailing could go: a purchase in the last year, with the stratum within which lots are drawn.

    Args:
        store: The client's store.
        as_of: Last day of the data.

    Returns:
        customer_id, stratum (``f`` and the band of purchases, ``r`` and the band of days since the last), sorted by customer.
    """
    purchases = orders.purchases(store.days, as_of)
    each = purchases.group_by("customer_id").agg(total=purchases.count(), last=purchases.order_date.max())
    since = each["last"].delta(ibis.literal(as_of), unit="day") * -1
    known = each.mutate(since=since).filter(since <= YEAR)
    stratum = ibis.literal("f") + band(known.total, FREQUENCY) + ibis.literal("r") + band(known.since, RECENCY)
    return known.select("customer_id", stratum=stratum).order_by("customer_id")
