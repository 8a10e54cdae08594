"""The yen that each planted problem really costs or brings, in the terms of the finding that speaks of it.

Where money follows from what customers do, the same client is made again with that one problem switched off (`without`): no
other draw changes, so the difference of the two clients is the problem's. Where a drawn campaign is judged, the expectation is
written down: probability of the extra order times what the customers contacted spend on an order. Books and duplicate
registrations are exact.
"""

from functools import cached_property

import numpy as np
import pandas as pd

from crmlib.simulate import build
from crmlib.simulate.people import BAD_MEDIUM, GOOD_PRODUCT
from crmlib.simulate.problems import contrast, phone

YEAR, HALF = 365, 180
MARGIN = 0.45  # of the simulated clients' client.yaml
MOVED = 0.10  # share of other entrants of `base.entry.yen`
COST = {"A": 160, "B": 175}  # of a contact of the DM


class World:
    """One simulated client in memory, as purchase days."""

    def __init__(self, made, without=()):
        self.client = build.client(made.options(without))
        self.draft, books = self.client.draft, self.client.books
        self.days = self.draft.clock.days
        guests = range(len(self.draft.people), len(self.draft.people) + self.draft.guests)
        kept = books.valid & (books.total != 0) & ~np.isin(books.customer, guests)
        frame = pd.DataFrame({"who": books.customer[kept], "day": books.day[kept], "yen": books.total[kept]})
        self.bought = frame.groupby(["who", "day"], as_index=False)["yen"].sum()

    @cached_property
    def first(self):
        """First purchase day by customer."""
        return self.bought.groupby("who")["day"].min()

    def repeats(self, within):
        """Sales from the second purchase on, within so many days of the first, by customer."""
        since = self.bought["day"] - self.bought["who"].map(self.first)
        return self.bought[(since > 0) & (since <= within)].groupby("who")["yen"].sum()

    def between(self, who, low, high):
        """Sales of some customers on days low..high."""
        rows = self.bought[self.bought["who"].isin(who) & self.bought["day"].between(low, high)]
        return float(rows["yen"].sum())

    def of_kind(self, kind):
        return self.draft.people.of(kind)


def lost(one, other, who, within):
    """Repeat sales that the first world lacks against the second, a customer of `who` who has been seen so long."""
    seen = who[one.first.reindex(who).to_numpy() < one.days - within]
    sums = [world.repeats(within).reindex(seen).fillna(0).sum() for world in (one, other)]
    return float(sums[1] - sums[0]), len(seen)


def new_a_year(world, who=None):
    recent = world.first[world.first >= world.days - YEAR]
    return len(recent) if who is None else int(recent.index.isin(who).sum())


def f2_leak(made, world):
    """First-year repeat sales that a year's new customers would bring without the leak."""
    everybody = world.first.index.to_numpy()
    yen, seen = lost(world, World(made, ("f2_leak",)), everybody, YEAR)
    return yen / seen * new_a_year(world)


def bad_media(made, world):
    """First-year repeat sales that the bad cohort would have brought."""
    people = world.draft.people
    cohort = (
        (people.kind == 0) & (people.medium == BAD_MEDIUM) & contrast.arrived(world.draft, world.draft.world.bad_months)
    )
    return lost(world, World(made, ("bad_media",)), np.flatnonzero(cohort), YEAR)[0]


def good_product(made, world):
    """By finding: first-year repeat sales that the product's new customers bring more, a year; a tenth of the others moved to it."""
    people = world.draft.people
    entered = np.flatnonzero((people.kind != 1) & (people.product == GOOD_PRODUCT))
    off = World(made, ("good_product",))
    year, half = (lost(world, off, entered, within) for within in (YEAR, HALF))
    own, rest = (
        new_a_year(world, entered),
        new_a_year(world, np.flatnonzero((people.kind != 1) & (people.product != GOOD_PRODUCT))),
    )
    return {"retention.by_product": -year[0] / year[1] * own, "base.entry_product": -half[0] / half[1] * rest * MOVED}


def members_yen(made, world, problem):
    """Sales of the members in the last fiscal year with the problem less without it."""
    off, who = World(made, (problem,)), world.of_kind(2)
    start = int(world.draft.clock.years[-2])
    return world.between(who, start, world.days) - off.between(who, start, world.days)


def worth_of_order(world, who):
    """What each customer spends on an order, on average."""
    return world.draft.world.p / world.draft.people.nu[who]


def contacts(world, number, version):
    """Customers of a campaign's version and their segment (0 growing, 1 loyal)."""
    for table in world.draft.tables["contacts"]:
        columns = table.columns
        if columns["campaign_id"].size and columns["campaign_id"][0] == number:
            inside = columns["version"] == version
            return columns["customer_id"][inside], columns["segment"][inside]
    return np.zeros(0, int), np.zeros(0, int)


def matching(world):
    """Margin gained when each group gets its better version instead of either at random: half the difference, everybody contacted."""
    table, gain = np.asarray(world.draft.world.dm_effect), 0.0
    for version in (1, 2):
        who, segment = contacts(world, 1, version)
        margin = (table[1] - table[0])[segment] * worth_of_order(world, who) * MARGIN - (COST["B"] - COST["A"])
        better = np.sign(table[1] - table[0])[segment]
        gain += float((better * margin).sum()) / 2
    return gain


def gift(world):
    """Margin if those who received the discount had received the gift, which costs the same."""
    who, _ = contacts(world, 3, 1)
    return float((world.draft.world.gift_effect * worth_of_order(world, who)).sum()) * MARGIN


def calls(made, world):
    """Margin of 180 days that the selling calls cost, and the calls themselves."""
    who, _ = contacts(world, 4, -1)
    low, high = phone.DAY + 1, phone.DAY + phone.KEPT
    change = world.between(who, low, high) - World(made, ("phone",)).between(who, low, high)
    return change * MARGIN - phone.COST * len(who)


def duplicates_yen(world):
    """Sales that stand under the second number of those registered twice."""
    size = len(world.draft.people) + world.draft.guests
    return float(world.bought.loc[world.bought["who"] >= size, "yen"].sum())


def yen(made):
    """All of them, by problem."""
    world = World(made)
    truths = {one.name: one.value for one in world.draft.truths}
    return {
        "f2_leak": f2_leak(made, world), "bad_media": bad_media(made, world), "good_product": good_product(made, world),
        "rank_cliff": members_yen(made, world, "rank_cliff"), "rank_fall": members_yen(made, world, "rank_fall"),
        "gift": gift(world), "dm_matched": matching(world), "phone": calls(made, world),
        "late_cancels": truths["late_cancels.yen"], "duplicates": duplicates_yen(world),
        "books_gap": sum(value for name, value in truths.items() if name.startswith("books_gap.")),
    }  # fmt: skip
