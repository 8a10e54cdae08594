"""Counts of subscriptions: shipments received, what ended them, and skips and pauses on the way.

An application (subscription_id) is the unit of the client's tables; one customer may hold several. Shipment n is followed by
opportunity n: the next shipment is sent, skipped, paused, or the application is cancelled. A cancel that is followed by
another start or shipment of the same application did not end it.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

EVENTS = ("start", "ship", "skip", "pause", "cancel")  # also the order within a day
CHANGES = ("skip", "pause")
CAUSES = (*CHANGES, "cancel")
YEAR = 365


def history(subscriptions: ir.Table, as_of: date) -> ir.Table:
    """The events up to `as_of`, each with the shipments so far and the skips and pauses so far.

    Args:
        subscriptions: As in the store; rows without an application or with another event are left out.
        as_of: Last day that is looked at.

    Returns:
        subscription_id, customer_id, product_id, event, event_date, place (within the day), made (shipments so far: the
        client's number, or counted where there is none), changes (skips and pauses up to and with this row).
    """
    known = subscriptions.filter(
        subscriptions.subscription_id.notnull(),
        subscriptions.event.isin(EVENTS),
        subscriptions.event_date <= ibis.literal(as_of),
    )
    placed = known.mutate(place=known.event.cases(*((name, n) for n, name in enumerate(EVENTS)), else_=len(EVENTS)))
    so_far = ibis.cumulative_window(group_by=placed.subscription_id, order_by=[placed.event_date, placed.place])
    counted = (placed.event == "ship").ifelse(1, 0).sum().over(so_far)
    return placed.select(
        "subscription_id",
        "customer_id",
        "product_id",
        "event",
        "event_date",
        "place",
        made=ibis.coalesce(placed.shipment, counted).cast("int64"),
        changes=placed.event.isin(CHANGES).ifelse(1, 0).sum().over(so_far).cast("int64"),
    )


def applications(history: ir.Table) -> ir.Table:
    """One row per application. Materialise it once (`.cache()`).

    Args:
        history: As `history` returns it.

    Returns:
        subscription_id, customer_id, product_id, start (first day), shipments (received), renewals (opportunities that went
        on: shipments - 1, and one more where the next shipment is skipped or paused), lost (cancelled and not taken up
        again), returned (went on after a cancel).
    """
    ship, cancel = history.event == "ship", history.event == "cancel"
    each = history.group_by("subscription_id").agg(
        customer_id=history.customer_id.min(),
        product_id=history.product_id.min(),
        start=history.event_date.min(),
        shipped=history.made.max(where=ship),
        mentioned=history.made.max(),
        alive=history.event_date.max(where=ship | (history.event == "start")),
        last_ship=history.event_date.max(where=ship),
        last_change=history.event_date.max(where=history.event.isin(CHANGES)),
        first_cancel=history.event_date.min(where=cancel),
        last_cancel=history.event_date.max(where=cancel),
    )
    lost = each.last_cancel.notnull() & (each.alive.isnull() | (each.alive <= each.last_cancel))
    shipments = ibis.coalesce(each.shipped, each.mentioned, 0)
    waiting = ~lost & ibis.coalesce(each.last_change > each.last_ship, False)
    renewals = ibis.greatest(shipments - 1, 0) + (waiting & (shipments > 0)).ifelse(1, 0)
    returned = each.first_cancel.notnull() & ibis.coalesce(each.alive > each.first_cancel, False)
    return each.select(
        "subscription_id", "customer_id", "product_id", "start",
        shipments=shipments.cast("int64"), renewals=renewals.cast("int64"), lost=lost, returned=returned,
    )  # fmt: skip


def tenures(applications: ir.Table) -> ir.Table:
    """Applications by renewals and loss; those that have received nothing yet are left out.

    Returns:
        renewals, lost, n; sorted.
    """
    begun = applications.filter(applications.shipments > 0)
    return begun.group_by(["renewals", "lost"]).agg(n=begun.count()).order_by(["renewals", "lost"])


def customer_tenures(applications: ir.Table) -> ir.Table:
    """Customers by the renewals of their longest application; lost when all their applications are.

    Returns:
        renewals, lost, n; sorted.
    """
    begun = applications.filter(applications.shipments > 0, applications.customer_id.notnull())
    each = begun.group_by("customer_id").agg(renewals=begun.renewals.max(), running=(~begun.lost).ifelse(1, 0).max())
    named = each.select("renewals", lost=each.running == 0)
    return named.group_by(["renewals", "lost"]).agg(n=named.count()).order_by(["renewals", "lost"])


def interruptions(history: ir.Table, applications: ir.Table) -> ir.Table:
    """Applications by the first thing that interrupted them and the opportunity at which it did.

    Returns:
        opportunity (of the interruption; for those without one, the last that went on), cause (skip, pause, cancel; null
        where nothing has happened), n; sorted.
    """
    known = history.filter(history.event.isin(CAUSES))
    own = ibis.window(group_by=known.subscription_id, order_by=[known.event_date, known.place])
    first = known.mutate(turn=ibis.row_number().over(own))
    first = first.filter(first.turn == 0).select("subscription_id", "made", cause="event")
    begun = applications.filter(applications.shipments > 0)
    joined = begun.left_join(first, "subscription_id")
    # an interruption noted before the first shipment belongs to the first opportunity
    at = joined.made.isnull().ifelse(joined.renewals, ibis.greatest(joined.made, 1))
    ended = joined.select(opportunity=at, cause=joined.cause)
    return ended.group_by(["opportunity", "cause"]).agg(n=ended.count()).order_by(["opportunity", "cause"])


def opportunities(history: ir.Table, applications: ir.Table) -> ir.Table:
    """Shipments by number, whether a skip or pause came before, and what came after; only those with an outcome.

    Returns:
        opportunity (the shipment's number), changed (a skip or pause earlier), lost (cancelled before the next), n; sorted.
    """
    ships = history.filter(history.event == "ship").select("subscription_id", "made", "changes")
    joined = ships.inner_join(applications, "subscription_id")
    final = joined.made == joined.shipments
    seen = joined.filter(~final | joined.lost | (joined.renewals == joined.shipments))
    rows = seen.select(opportunity=seen.made, changed=seen.changes > 0, lost=(seen.made == seen.shipments) & seen.lost)
    keys = ["opportunity", "changed", "lost"]
    return rows.group_by(keys).agg(n=rows.count()).order_by(keys)


def worth(history: ir.Table, applications: ir.Table, occasions: ir.Table, as_of: date) -> ir.Table:
    """What a shipment brings, and how many applications began in the last 365 days, in one row.

    Args:
        history: As `history` returns it.
        applications: As `applications` returns them.
        occasions: Purchase occasions: customer_id, order_date, amount.
        as_of: Last day that is looked at.

    Returns:
        shipments (days on which a customer was sent one and bought), amount (of those days, minor units), new_a_year.
    """
    sent = history.filter(history.event == "ship").select("customer_id", order_date="event_date").distinct()
    paid = occasions.select("customer_id", "order_date", "amount").semi_join(sent, ["customer_id", "order_date"])
    sums = paid.aggregate(shipments=paid.count(), amount=ibis.coalesce(paid.amount.sum(), 0).cast("int64"))
    age = applications.start.delta(ibis.literal(as_of), unit="day") * -1
    begun = applications.aggregate(new_a_year=ibis.coalesce((age < YEAR).ifelse(1, 0).sum(), 0).cast("int64"))
    return sums.cross_join(begun)


def reasons(subscriptions: ir.Table, as_of: date) -> ir.Table:
    """Cancels by the client's word for the reason.

    Returns:
        reason (null: none given), n; the most frequent first.
    """
    left = subscriptions.filter(subscriptions.event == "cancel", subscriptions.event_date <= ibis.literal(as_of))
    counted = left.group_by("reason").agg(n=left.count())
    return counted.order_by([counted.n.desc(), counted.reason])
