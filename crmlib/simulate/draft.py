"""The client while it is being made: people, orders, tables, and what has been planted so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from crmlib.simulate import streams
from crmlib.simulate.clock import Clock
from crmlib.simulate.options import SimulationOptions, World
from crmlib.simulate.streams import Bools, Floats, Ints, Key
from crmlib.simulate.truth import Planted

A_LA_CARTE, SUBSCRIBER, MEMBER = 0, 1, 2
LANE_CAMPAIGN, LANE_PHONE, LANE_VOICE, LANE_SPARE = 0, 1, 2, 3
# Where an order comes from.
BASE, SUBSCRIPTION, MEMBERSHIP, CAMPAIGN, CANCELLED, RETURNED, SAMPLE, GUEST = range(8)
_DAYS = 4096  # more than the days of any simulated calendar

Bytes = npt.NDArray[np.int8]


@dataclass
class People:
    """One entry per registered customer; everything about them that does not depend on their purchases."""

    kind: Bytes
    arrival: Floats  # days since start, with the time of the day
    medium: Bytes
    product: Bytes  # first product
    woman: Bools
    born: Ints  # days since 1970-01-01
    lane: Bytes
    rate: Floats  # purchases per day
    drop: Floats  # probability of leaving after a repeat purchase
    nu: Floats  # an order is Gamma(p, nu)
    pull: Floats  # planted: multiplies the rate
    leak: Floats  # planted: probability of leaving when the second purchase has not come by the leak day

    def __len__(self) -> int:
        return self.kind.size

    def of(self, kind: int) -> Ints:
        """Who is of this kind."""
        return np.flatnonzero(self.kind == kind)

    def in_lane(self, lane: int) -> Ints:
        """À-la-carte customers of this lane."""
        return np.flatnonzero((self.kind == A_LA_CARTE) & (self.lane == lane))


@dataclass
class Orders:
    """One entry per order. Customers from len(people) on are guests, then duplicate ids. `uid` names the order for keyed draws, whatever the others do."""

    customer: Ints
    day: Ints
    source: Bytes
    uid: npt.NDArray[np.uint64]
    amount: Floats  # yen, as drawn; settled to what the lines add up to
    product: Bytes

    def __len__(self) -> int:
        return self.customer.size

    def where(self, chosen: npt.NDArray[Any]) -> Orders:
        """Some of them, by mask or index."""
        return Orders(*(getattr(self, column.name)[chosen] for column in fields(self)))

    @staticmethod
    def none() -> Orders:
        """No orders yet."""
        no = np.zeros(0, np.int64)
        return Orders(no, no, no.astype(np.int8), no.astype(np.uint64), no.astype(float), no.astype(np.int8))

    @staticmethod
    def join(parts: Iterable[Orders]) -> Orders:
        """All of them."""
        listed = list(parts)
        return Orders(*(np.concatenate([getattr(part, c.name) for part in listed]) for c in fields(Orders)))


def uid(customer: Ints, ordinal: npt.ArrayLike, source: int) -> npt.NDArray[np.uint64]:
    """The name of an order: whose, which in turn (below 1024), of which source."""
    return ((customer * 1024 + np.asarray(ordinal, dtype=np.int64)) * 8 + source).astype(np.uint64)


class Purchases:
    """Who bought on which day, for counting: sorted, one entry per customer and day."""

    def __init__(self, customer: Ints, day: Ints) -> None:
        self._codes = np.unique(customer * _DAYS + day)

    def count(self, who: Ints, low: npt.ArrayLike, high: npt.ArrayLike) -> Ints:
        """Purchase days of `who` with low <= day < high."""
        return self._rank(who, high) - self._rank(who, low)

    def nth(self, who: Ints, n: npt.ArrayLike) -> Ints:
        """The day of the n-th purchase (1 is the first); -1 where there are fewer."""
        place = self._rank(who, 0) + np.asarray(n) - 1
        code = self._codes[np.minimum(place, self._codes.size - 1)] if self._codes.size else np.full(who.size, -1)
        return np.where((place < self._codes.size) & (code // _DAYS == who), code % _DAYS, -1)

    def nth_from(self, who: Ints, low: int, at_least: int) -> Ints:
        """The first purchase day from `low` on that is the `at_least`-th or later; -1 where there is none."""
        return self.nth(who, np.maximum(self.count(who, 0, low) + 1, at_least))

    def _rank(self, who: Ints, day: npt.ArrayLike) -> Ints:
        return np.searchsorted(self._codes, who * _DAYS + np.asarray(day))


@dataclass(frozen=True)
class Table:
    """A table to be exported besides orders and customers.

    Args:
        columns: By name; arrays of equal length: strings, whole numbers, or days since start where listed in `days`.
        days: Which columns are days; -1 is blank.
        labels: Columns of codes, with the words that they stand for.
        people: Columns of customer numbers (from 0); -1 is blank.
        joined: New column -> the columns of labels whose words are put together to make it (names that begin with
            an underscore are not exported themselves). A label "@word" stands for the list of that name in the words.
    """

    columns: Mapping[str, npt.NDArray[Any]]
    days: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass
class Draft:
    """The whole client in memory."""

    options: SimulationOptions
    world: World
    clock: Clock
    people: People
    orders: Orders
    leaves: Floats  # the day after which a customer's orders vanish; infinite for most
    base: Purchases  # à-la-carte purchases before any campaign or leaving, of the observed days
    tables: dict[str, list[Table]] = field(default_factory=dict)
    truths: list[Planted] = field(default_factory=list)
    lists: dict[str, Any] = field(default_factory=dict)
    guests: int = 0
    twins: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # who each duplicate id really is
    booked: Ints | None = None  # the month in which the client's books date each order's cancel
    unseen: dict[int, int] = field(default_factory=dict)  # yen by month that the books have and the data have not

    def key(self, name: str) -> Key:
        """The key of a table or problem."""
        return streams.key(self.options.seed, name)

    def add(self, name: str, table: Table) -> None:
        """Append rows to a table."""
        self.tables.setdefault(name, []).append(table)

    def sell(self, who: Ints, day: Ints, number: int) -> None:
        """Append one campaign order for each of `who` on `day`; `number` names the campaign."""
        names = uid(who, number, CAMPAIGN)
        source = np.full(who.size, CAMPAIGN, np.int8)
        added = Orders(who, day, source, names, amounts(self, who, names), self.people.product[who])
        self.orders = Orders.join([self.orders, added])

    def half(self, lane: int, half: int) -> Ints:
        """One half (0 or 1), drawn at random, of a lane."""
        who = self.people.in_lane(lane)
        return who[self.key("half").happens(who, 0.5) == bool(half)]

    def leave(self, who: Ints, day: Ints) -> None:
        """From the day after `day` these customers buy no more."""
        self.leaves[who] = np.minimum(self.leaves[who], day)


def amounts(draft: Draft, who: Ints, names: npt.NDArray[np.uint64]) -> Floats:
    """Gamma-Gamma: each order is Gamma(p, nu) with its customer's nu; p whole, so a sum of p exponentials."""
    return spent(draft.key("amounts"), draft.world.p, draft.people.nu[who], names)


def spent(key: Key, shape: int, nu: Floats, names: npt.NDArray[np.uint64]) -> Floats:
    """Gamma(shape, nu) by the product of uniforms."""
    product = key.uniform(names)
    for turn in range(1, shape):
        product *= key.uniform(names, turn)
    return -np.log(product) / nu
