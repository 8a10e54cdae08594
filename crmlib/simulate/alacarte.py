"""À-la-carte purchases: BG/NBD in operational time, with the planted pull and leak.

Source: Fader, Hardie & Lee 2005, "Counting your customers the easy way", assumptions i-v. The time of the first
repeat purchase has P(X <= x) = 1 - (alpha / (alpha + pull * x))^r, because nobody leaves before it (section 4).
"""

from __future__ import annotations

import numpy as np

from crmlib.simulate import streams
from crmlib.simulate.clock import Clock
from crmlib.simulate.draft import A_LA_CARTE, BASE, Orders, People, spent, uid
from crmlib.simulate.options import World
from crmlib.simulate.streams import Floats, Ints, Key

MAX_ORDERS = 1000


def orders(people: People, world: World, clock: Clock, seed: int) -> Orders:
    """Everything that à-la-carte customers buy from arrival to the end of the clock (the future included)."""
    customer, ordinal, day = _purchases(people, world, clock, streams.key(seed, "purchases"))
    names = uid(customer, ordinal, BASE)
    first = ordinal == 0
    return Orders(
        customer=customer,
        day=day,
        source=np.full(customer.size, BASE, np.int8),
        uid=names,
        amount=spent(streams.key(seed, "amounts"), world.p, people.nu[customer], names),
        product=np.where(first, people.product[customer], next_product(streams.key(seed, "products"), names)).astype(
            np.int8
        ),
    )


def next_product(key: Key, names: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> Ints:
    """The main product of an order that is not a first one: the popular ones more often (1 / rank)."""
    return key.choice(names, 1 / np.arange(1.0, 25.0)).astype(np.int64)


def _purchases(people: People, world: World, clock: Clock, key: Key) -> tuple[Ints, Ints, Ints]:
    who = people.of(A_LA_CARTE)
    first = people.arrival[who]
    day = np.floor(first).astype(np.int64)
    found = [(who, np.zeros(who.size, np.int64), day)]
    tau, gap_key, drop_key = clock.inner(first), key.child("gap"), key.child("drop")
    stays = key.child("leak").uniform(who) >= people.leak[who]
    for turn in range(1, MAX_ORDERS):
        tau = tau + gap_key.exponential(who, turn) / (people.rate[who] * people.pull[who])
        time = clock.outer(tau)
        kept = time < clock.end
        if turn == 1:
            kept &= stays | (time - first <= world.leak_day)
        who, tau, time, day = who[kept], tau[kept], time[kept], day[kept]
        if who.size == 0:
            break
        day = np.maximum(np.floor(time).astype(np.int64), day + 1)  # two purchases of one day would be one
        found.append((who, np.full(who.size, turn), day))
        alive = drop_key.uniform(who, turn) >= people.drop[who]
        who, tau, day = who[alive], tau[alive], day[alive]
    customer, ordinal, days = (np.concatenate(column) for column in zip(*found, strict=True))
    inside = days < clock.end
    return customer[inside], ordinal[inside], days[inside]


def repeat_probability(people: People, world: World, clock: Clock, within: int) -> Floats:
    """P(second purchase at most `within` days after the first), for each à-la-carte customer.

    Exact, given arrival, pull and leak: F(W) up to the leak day D, then F(D) + (1 - leak) (F(W) - F(D)), with
    F(x) = 1 - (alpha / (alpha + pull * x))^r in operational time.
    """
    who = people.of(A_LA_CARTE)
    start, pull, leak = people.arrival[who], people.pull[who], people.leak[who]
    begun = clock.inner(start)

    def reached(until: Floats) -> Floats:
        elapsed = clock.inner(until) - begun
        return np.asarray(1 - (world.alpha / (world.alpha + pull * elapsed)) ** world.r)

    until = np.floor(start) + within + 1
    early = reached(np.minimum(until, start + world.leak_day))
    return early + (1 - leak) * (reached(until) - early)
