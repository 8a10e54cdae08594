"""Rank members: log yearly spend is AR(1), ranks follow from the fiscal year's spend, and a rank line may create spend.

b_1 ~ N(mu, sd^2), b_y = mu + rho (b_{y-1} - mu) + sd sqrt(1 - rho^2) e_y; log spend_y = b_y + jump * gold_{y-1}; a year is
idle with probability `idle`. Bunching: spend that falls up to 5 % short of the gold line is topped up to just
above it with probability `cliff_bunching`. Fall: gold of the last year but one buys as a regular in the last year with
probability `rank_fall`. Without jump and bunching spend is a smooth function of last year's spend: the line labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.simulate import streams
from crmlib.simulate.clock import Clock
from crmlib.simulate.draft import MEMBER, MEMBERSHIP, Draft, Orders, People, Table, uid
from crmlib.simulate.options import World
from crmlib.simulate.streams import Bools, Floats, Ints, Key

NEAR = 0.95  # the window below the line from which spend is topped up
ORDER = 18_000.0  # yen: about what a member spends at a time


@dataclass(frozen=True)
class Spend:
    """Yearly spend of members (rows) by fiscal year (columns); 0 in an idle year."""

    who: Ints
    yen: Floats


def tier(yen: Floats, world: World) -> Ints:
    """0 regular, 1 silver, 2 gold: a rank begins at its threshold."""
    return np.searchsorted(np.asarray(world.thresholds, dtype=float), yen, side="right")


def spend(people: People, world: World, clock: Clock, seed: int) -> Spend:
    """Draw every member's spend in each fiscal year."""
    key = streams.key(seed, "members")
    who = people.of(MEMBER)
    years = clock.years.size - 1
    yen = np.zeros((who.size, years))
    base = key.child("spend").normal(who)
    gold = np.zeros(who.size, bool)
    for year in range(years):
        if year:
            shock = np.sqrt(1 - world.spend_memory**2) * key.child("spend").normal(who, year)
            base = world.spend_memory * base + shock
        draws = key.child(f"year {year}")
        yen[:, year] = _one_year(draws, who, base, gold, world)
        if year == years - 1 and year:
            yen[:, year] = _fallen(draws, who, yen[:, year], gold, world)
        gold = tier(yen[:, year], world) == 2
    return Spend(who, yen)


def _one_year(key: Key, who: Ints, base: Floats, gold: Bools, world: World) -> Floats:
    line = world.thresholds[1]
    spent = world.spend_median * np.exp(world.spend_sd * base + world.cliff_jump * gold)
    near = (spent >= NEAR * line) & (spent < line)
    tops = near & (key.child("tops").uniform(who) < world.cliff_bunching)
    spent = np.where(tops, line * (1.002 + 0.018 * key.child("over").uniform(who)), spent)
    return np.where(key.child("idle").uniform(who) < world.idle, 0.0, spent)


def _fallen(key: Key, who: Ints, spent: Floats, gold: Bools, world: World) -> Floats:
    falls = gold & key.child("falls").happens(who, world.rank_fall)
    low = world.thresholds[0] * (0.2 + 0.75 * key.child("fallen").uniform(who))
    return np.where(falls, low, spent)


def orders(spent: Spend, clock: Clock, seed: int) -> Orders:
    """Split each year's spend over orders (about one per 18,000 yen, at most 60) on random days of that year."""
    key = streams.key(seed, "member_orders")
    parts = [_year_orders(key, spent, year, clock) for year in range(clock.years.size - 1)]
    return Orders.join(parts)


def _year_orders(key: Key, spent: Spend, year: int, clock: Clock) -> Orders:
    yen = spent.yen[:, year]
    wish = np.floor(yen / ORDER * (0.5 + key.child("count").uniform(spent.who, year)))
    count = np.where(yen > 0, np.clip(1 + wish, 1, 60), 0).astype(np.int64)
    row = np.repeat(np.arange(count.size), count)
    turn = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count) + 60 * year
    customer = spent.who[row]
    names = uid(customer, turn, MEMBERSHIP)
    weight = 1 + 1.5 * key.child("weight").uniform(names)
    total = np.bincount(row, weight, minlength=count.size)
    first, after = clock.years[year], clock.years[year + 1]
    return Orders(
        customer=customer,
        day=first + key.child("day").integer(names, after - first),
        source=np.full(customer.size, MEMBERSHIP, np.int8),
        uid=names,
        amount=yen[row] * weight / total[row],
        product=key.child("product").integer(names, 24).astype(np.int8),
    )


def history(draft: Draft, customer: Ints, day: Ints, yen: Ints) -> None:
    """The client's own tier history of its members, from their valid orders: fiscal and rolling 12 months by quarter."""
    who = draft.people.of(MEMBER)
    edges = draft.clock.quarters
    place = np.full(len(draft.people), -1)
    place[who] = np.arange(who.size)
    row, quarter = place[customer], np.searchsorted(edges, day, side="right") - 1
    inside = (row >= 0) & (quarter < edges.size - 1)
    flat = np.bincount(row[inside] * edges.size + quarter[inside], yen[inside], minlength=who.size * edges.size)
    sums = np.cumsum(flat.reshape(who.size, edges.size), axis=1)
    for last in range(3, edges.size - 1):
        basis = sums[:, last] - (sums[:, last - 4] if last >= 4 else 0)
        for rule in (0, 1) if edges[last + 1] in draft.clock.years else (0,):
            draft.add(
                "tier_history",
                _reviewed(who, int(edges[last + 1]) - 1, rule, np.asarray(basis, dtype=float), draft.world),
            )


def _reviewed(who: Ints, day: int, rule: int, basis: Floats, world: World) -> Table:
    columns = {
        "customer_id": who,
        "review_date": np.full(who.size, day),
        "rule": np.full(who.size, rule),
        "basis_amount": np.round(basis).astype(np.int64),
        "tier": tier(basis, world),
    }
    labels = {"rule": ("rolling_12m", "fiscal_year"), "tier": ("@tiers",)}
    return Table(columns, ("review_date",), labels, ("customer_id",))
