"""Orders that are no purchases of a registered customer: cancelled, returned, free samples, guests.

They come on top of the generated purchases, so that what is left after the usual exclusions is exactly the
planted process: a cancelled order is a first try of one that was then placed again, a returned one a second parcel.
"""

from __future__ import annotations

import numpy as np

from crmlib.simulate.draft import (
    A_LA_CARTE,
    BASE,
    CANCELLED,
    GUEST,
    MEMBERSHIP,
    RETURNED,
    SAMPLE,
    Draft,
    Orders,
    spent,
    uid,
)
from crmlib.simulate.streams import Ints

GUESTS_PER_CUSTOMER = 2.5  # orders per customer to which the share of guests refers


def add(draft: Draft) -> None:
    """Append all four kinds."""
    chosen = draft.orders.where(np.isin(draft.orders.source, (BASE, MEMBERSHIP)))
    parts = [draft.orders, _cancelled(draft, chosen), _returned(draft, chosen), _samples(draft), _guests(draft)]
    draft.orders = Orders.join(parts)


def _cancelled(draft: Draft, orders: Orders) -> Orders:
    key = draft.key("cancelled")
    tried = orders.where(key.happens(orders.uid, draft.world.cancelled))
    day = np.maximum(tried.day - key.child("days").integer(tried.uid, 3), 0)
    return _beside(tried, day, CANCELLED)


def _returned(draft: Draft, orders: Orders) -> Orders:
    key = draft.key("returned")
    sent = orders.where(key.happens(orders.uid, draft.world.returned))
    return _beside(sent, sent.day + key.child("days").integer(sent.uid, 10), RETURNED)


def _beside(orders: Orders, day: Ints, source: int) -> Orders:
    names = (orders.uid // 8 * 8 + source + (orders.source == MEMBERSHIP) * np.uint64(1 << 40)).astype(np.uint64)
    return Orders(orders.customer, day, np.full(day.size, source, np.int8), names, orders.amount, orders.product)


def _samples(draft: Draft) -> Orders:
    key = draft.key("samples")
    who = draft.people.of(A_LA_CARTE)
    who = who[key.happens(who, draft.world.samples)]
    day = np.floor(draft.people.arrival[who]).astype(np.int64) - 5 - key.child("days").integer(who, 26)
    who, day = who[day >= 0], day[day >= 0]
    source = np.full(who.size, SAMPLE, np.int8)
    return Orders(who, day, source, uid(who, 0, SAMPLE), np.zeros(who.size), draft.people.product[who])


def _guests(draft: Draft) -> Orders:
    key, world = draft.key("guests"), draft.world
    count = round(world.guests * GUESTS_PER_CUSTOMER * len(draft.people))
    draft.guests = count
    who = len(draft.people) + np.arange(count)
    names = uid(who, 0, GUEST)
    nu = np.full(count, (world.q - 1) / world.g)
    day = np.searchsorted(np.cumsum(draft.clock.arrivals), key.child("day").uniform(who) * (1 - 1e-12))
    product = key.child("product").integer(who, 8).astype(np.int8)
    return Orders(who, day, np.full(count, GUEST, np.int8), names, spent(key, world.p, nu, names), product)
