"""Rank members: log yearly spend is AR(1), ranks follow from the fiscal year's spend, and a rank line may create spend.

b_1 ~ N(mu, sd^2), b_y = mu + rho (b_{y-1} - mu) + sd sqrt(1 - rho^2) e_y; log spend_y = b_y + jump * gold_{y-1}; a year is
idle with probability `idle`. A member joins on the day of arrival with the first order; the first year's spend is a whole year's,
so that ranks do not depend on the day of joining (if idle, it is the first order alone). Bunching: spend that falls up to 5 % short of the gold line is topped up to just
above it with probability `cliff_bunching`. Fall: gold of the last year but one buys as a regular in the last year with
probability `rank_fall`. Without jump and bunching spend is a smooth function of last year's spend: the line labels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from crmlib.simulate import streams
from crmlib.simulate.clock import Clock
from crmlib.simulate.draft import MEMBER, MEMBERSHIP, Draft, Orders, People, Table, uid
from crmlib.simulate.options import World
from crmlib.simulate.streams import Bools, Floats, Ints, Key

NEAR = 0.95  # the window below the line from which spend is topped up
ORDER = 18_000.0  # yen: about what a member spends at a time
TRIAL = 3_000.0  # yen: the first order of a member whose first year is idle


@dataclass(frozen=True)
class Spend:
    """Yearly spend of members (rows) by fiscal year (columns); 0 in an idle year and before the year of joining."""

    who: Ints
    yen: Floats
    joined: Ints  # the column of the year of joining

    def members_in(self, year: int) -> Bools:
        """Who is a member in that year."""
        return self.joined <= year


def tier(yen: Floats, world: World) -> Ints:
    """0 regular, 1 silver, 2 gold: a rank begins at its threshold."""
    return np.searchsorted(np.asarray(world.thresholds, dtype=float), yen, side="right")


def spend(people: People, world: World, clock: Clock, seed: int) -> Spend:
    """Draw every member's spend in each fiscal year."""
    key = streams.key(seed, "members")
    who = people.of(MEMBER)
    years = clock.years.size - 1
    joined = np.searchsorted(clock.years, np.floor(people.arrival[who]), side="right") - 1
    yen = np.zeros((who.size, years))
    base = key.child("spend").normal(who)
    gold = np.zeros(who.size, bool)
    for year in range(years):
        if year:
            shock = np.sqrt(1 - world.spend_memory**2) * key.child("spend").normal(who, year)
            base = world.spend_memory * base + shock
        draws = key.child(f"year {year}")
        spent = _one_year(draws, who, base, gold, world)
        if year == years - 1 and year:
            spent = _fallen(draws, who, spent, gold, world)
        spent = np.where((joined == year) & (spent == 0), TRIAL, spent)
        yen[:, year] = np.where(joined <= year, spent, 0.0)
        gold = tier(yen[:, year], world) == 2
    return Spend(who, yen, joined)


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


def orders(spent: Spend, people: People, clock: Clock, seed: int) -> Orders:
    """Split each year's spend over orders (about one per 18,000 yen, at most 60) on random days of that year.

    In the year of joining the days are those from arrival on, and the first order is placed on the day of arrival.
    """
    key = streams.key(seed, "member_orders")
    arrival = np.floor(people.arrival[spent.who]).astype(np.int64)
    made = Orders.join([_year_orders(key, spent, arrival, year, clock) for year in range(clock.years.size - 1)])
    joins = made.day == np.floor(people.arrival[made.customer])
    product = np.where(joins, people.product[made.customer], made.product)  # members enter as the others do
    return replace(made, product=product.astype(np.int8))


def _year_orders(key: Key, spent: Spend, arrival: Ints, year: int, clock: Clock) -> Orders:
    yen = spent.yen[:, year]
    wish = np.floor(yen / ORDER * (0.5 + key.child("count").uniform(spent.who, year)))
    count = np.where(yen > 0, np.clip(1 + wish, 1, 60), 0).astype(np.int64)
    row = np.repeat(np.arange(count.size), count)
    turn = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count) + 60 * year
    customer = spent.who[row]
    names = uid(customer, turn, MEMBERSHIP)
    weight = 1 + 1.5 * key.child("weight").uniform(names)
    total = np.bincount(row, weight, minlength=count.size)
    first, after = np.maximum(clock.years[year], arrival[row]), clock.years[year + 1]
    day = first + np.floor(key.child("day").uniform(names) * (after - first)).astype(np.int64)
    joins = (spent.joined[row] == year) & (turn == 60 * year)
    return Orders(
        customer=customer,
        day=np.where(joins, first, day),
        source=np.full(customer.size, MEMBERSHIP, np.int8),
        uid=names,
        amount=yen[row] * weight / total[row],
        product=key.child("product").integer(names, 24).astype(np.int8),
    )


def history(draft: Draft, customer: Ints, day: Ints, yen: Ints) -> None:
    """The client's own tier history of its members, from their valid orders: fiscal and rolling 12 months by quarter."""
    who = draft.people.of(MEMBER)
    arrival = draft.people.arrival[who]
    edges = draft.clock.quarters
    place = np.full(len(draft.people), -1)
    place[who] = np.arange(who.size)
    row, quarter = place[customer], np.searchsorted(edges, day, side="right") - 1
    inside = (row >= 0) & (quarter < edges.size - 1)
    flat = np.bincount(row[inside] * edges.size + quarter[inside], yen[inside], minlength=who.size * edges.size)
    sums = np.cumsum(flat.reshape(who.size, edges.size), axis=1)
    for last in range(3, edges.size - 1):
        basis = sums[:, last] - (sums[:, last - 4] if last >= 4 else 0)
        known = arrival < edges[last + 1]
        reviewed = who[known], np.asarray(basis, dtype=float)[known]
        for rule in (0, 1) if edges[last + 1] in draft.clock.years else (0,):
            draft.add("tier_history", _reviewed(*reviewed, int(edges[last + 1]) - 1, rule, draft.world))


def _reviewed(who: Ints, basis: Floats, day: int, rule: int, world: World) -> Table:
    columns = {
        "customer_id": who,
        "review_date": np.full(who.size, day),
        "rule": np.full(who.size, rule),
        "basis_amount": np.round(basis).astype(np.int64),
        "tier": tier(basis, world),
    }
    labels = {"rule": ("rolling_12m", "fiscal_year"), "tier": ("@tiers",)}
    return Table(columns, ("review_date",), labels, ("customer_id",))
