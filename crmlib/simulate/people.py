"""Who the customers are: kind, arrival, medium, first product, and the heterogeneity of the models."""

from __future__ import annotations

import numpy as np

from crmlib.simulate import streams
from crmlib.simulate.clock import Clock
from crmlib.simulate.draft import SUBSCRIBER, People
from crmlib.simulate.options import World
from crmlib.simulate.streams import Floats, Ints, Key

MEDIA = (
    0.26,
    0.20,
    0.14,
    0.20,
    0.12,
    0.08,
)  # search ads, social ads, leaflets, organic search, comparison sites, referral
BAD_MEDIUM, REFERRAL = 4, 5
ENTRY = (0.20, 0.16, 0.12, 0.14, 0.12, 0.10, 0.08, 0.08)  # first products 0..7
GOOD_PRODUCT = 2
PRODUCTS = 24


def build(world: World, clock: Clock, n: int, seed: int) -> People:
    """Draw n customers.

    Rates are Gamma(r, alpha), dropouts Beta(a, b), value scales Gamma(q, g); arrivals follow `clock.arrivals`.
    """
    key = streams.key(seed, "people")
    who = np.arange(n)
    kind = key.child("kind").choice(who, (1 - world.subscribers - world.members, world.subscribers, world.members))
    product = key.child("product").choice(who, ENTRY)
    product[kind == SUBSCRIBER] = 8 + key.child("subscription").integer(who[kind == SUBSCRIBER], 2)
    return People(
        kind=kind,
        arrival=_arrivals(key.child("arrival"), clock, who),
        medium=key.child("medium").choice(who, MEDIA),
        product=product,
        woman=key.child("sex").happens(who, 0.72),
        born=np.floor(-3_500 + 5_000 * key.child("born").normal(who)).clip(-14_000, 12_000).astype(np.int64),
        lane=key.child("lane").choice(who, world.lanes),
        rate=np.maximum(key.child("rate").generator().standard_gamma(world.r, n) / world.alpha, 1e-12),
        drop=key.child("drop").generator().beta(world.a, world.b, n),
        nu=key.child("nu").generator().standard_gamma(world.q, n) / world.g,
        pull=np.ones(n),
        leak=np.zeros(n),
    )


def _arrivals(key: Key, clock: Clock, who: Ints) -> Floats:
    cuts = np.concatenate([[0.0], np.cumsum(clock.arrivals)])
    cuts[-1] = 1.0
    return np.interp(key.uniform(who), cuts, np.arange(cuts.size))
