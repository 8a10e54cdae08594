"""Subscriptions (定期): shifted beta-geometric lives of applications, with skips and pauses, and their shipments.

After each shipment the application is cancelled with its own probability theta ~ Beta(alpha, beta), so
P(at least n renewals) = B(alpha, beta + n) / B(alpha, beta). A renewal is shipped after one interval, after two
if skipped, after three if paused; a cancel is dated on the day on which the next shipment was due. Source: Fader & Hardie 2007, "How to project customer retention", eq. 5-6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.simulate import streams
from crmlib.simulate.clock import Clock
from crmlib.simulate.draft import SUBSCRIBER, SUBSCRIPTION, Draft, Orders, People, Table, uid
from crmlib.simulate.options import World
from crmlib.simulate.streams import Bools, Floats, Ints, Key

EVENTS = ("start", "ship", "skip", "pause", "cancel")
START, SHIP, SKIP, PAUSE, CANCEL = range(5)
REASONS = 6
REASON_WEIGHTS = (0.30, 0.24, 0.18, 0.12, 0.10, 0.06)
PRICES = (3980.0, 4980.0)


@dataclass(frozen=True)
class Applications:
    """Subscription applications; one person may hold two."""

    customer: Ints
    start: Ints  # day of the first shipment
    product: Ints
    second: Bools


@dataclass(frozen=True)
class Log:
    """What happened to which application (its number) on which day; `shipment` is the count so far."""

    application: Ints
    event: Ints
    day: Ints
    shipment: Ints


def applications(people: People, world: World, clock: Clock, seed: int) -> Applications:
    """One for each subscriber at arrival; some hold a second one that begins 120 to 299 days later."""
    key = streams.key(seed, "applications")
    who = people.of(SUBSCRIBER)
    first = np.floor(people.arrival[who]).astype(np.int64)
    again = first + 120 + key.child("later").integer(who, 180)
    holds = key.child("second").happens(who, world.second_subscription) & (again < clock.end)
    product = people.product[who].astype(np.int64)
    return Applications(
        np.concatenate([who, who[holds]]),
        np.concatenate([first, again[holds]]),
        np.concatenate([product, 17 - product[holds]]),
        np.concatenate([np.zeros(who.size, bool), np.ones(int(holds.sum()), bool)]),
    )


def lives(held: Applications, world: World, clock: Clock, seed: int) -> Log:
    """Every event of every application until the end of the clock."""
    key = streams.key(seed, "subscriptions")
    names = held.customer * 2 + held.second
    theta = _beta(key, names, world)
    number, day = np.arange(names.size), held.start
    found = [_rows(number, START, day, 0), _rows(number, SHIP, day, 1)]
    for turn in range(1, clock.end // world.interval + 2):
        leaves = key.child("cancel").uniform(names[number], turn) < theta[number]
        found.append(_rows(number[leaves], CANCEL, day[leaves] + world.interval, turn))
        number, day = number[~leaves], day[~leaves]
        change = key.child("change").uniform(names[number], turn)
        paused, skipped = change < world.pause, (change >= world.pause) & (change < world.pause + world.skip)
        for happened, event in ((skipped, SKIP), (paused, PAUSE)):
            found.append(_rows(number[happened], event, day[happened] + world.interval - 5, turn))
        day = day + world.interval * (1 + skipped + 2 * paused)
        inside = day < clock.end
        number, day = number[inside], day[inside]
        if number.size == 0:
            break
        found.append(_rows(number, SHIP, day, turn + 1))
    return Log(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _rows(number: Ints, event: int, day: Ints, shipment: int) -> tuple[Ints, Ints, Ints, Ints]:
    return number, np.full(number.size, event), day, np.full(number.size, shipment)


def _beta(key: Key, names: Ints, world: World) -> Floats:
    from scipy.special import betaincinv

    return np.asarray(betaincinv(world.sbg_alpha, world.sbg_beta, key.child("theta").uniform(names)))


def shipments(held: Applications, log: Log) -> Orders:
    """The orders that the shipments are; the price is the product's."""
    ships = log.event == SHIP
    number, turn = log.application[ships], log.shipment[ships]
    customer = held.customer[number]
    return Orders(
        customer=customer,
        day=log.day[ships],
        source=np.full(customer.size, SUBSCRIPTION, np.int8),
        uid=uid(customer, turn + 512 * held.second[number], SUBSCRIPTION),
        amount=np.asarray(PRICES)[held.product[number] - 8],
        product=held.product[number].astype(np.int8),
    )


def export(draft: Draft, held: Applications, log: Log) -> None:
    """The subscriptions table: one row per event up to as_of, with the reason of a cancel."""
    seen = log.day < draft.clock.days
    order = np.lexsort((log.event[seen], log.day[seen], log.application[seen]))
    number, event, day, shipment = (getattr(log, c)[seen][order] for c in ("application", "event", "day", "shipment"))
    reason = draft.key("reasons").choice(number, REASON_WEIGHTS)
    columns = {
        "subscription_id": number + 1,
        "customer_id": held.customer[number],
        "product_id": held.product[number] + 1,
        "event": event,
        "event_date": day,
        "shipment": shipment,
        "reason": np.where(event == CANCEL, reason, -1),
    }
    draft.add(
        "subscriptions", Table(columns, ("event_date",), {"event": EVENTS, "reason": ("@reasons",)}, ("customer_id",))
    )


def repeat_probability(people: People, held: Applications, world: World, within: int) -> Floats:
    """P(second shipment of any application at most `within` days after the first), for each subscriber.

    beta / (alpha + beta) times the chance that the delay fits, and certain where a second application begins in time.
    """
    who = people.of(SUBSCRIBER)
    renewed = world.sbg_beta / (world.sbg_alpha + world.sbg_beta)
    delays = np.array([1, 2, 3]) * world.interval
    chance = float(np.array([1 - world.skip - world.pause, world.skip, world.pause]) @ (delays <= within))
    again = held.second & (held.start - np.floor(people.arrival[held.customer]) <= within)
    certain = np.isin(who, held.customer[again])
    return np.where(certain, 1.0, renewed * chance)
