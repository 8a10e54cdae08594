"""The client's own figures: monthly sales, acquisition costs; and the small tables: campaigns, referrals, first contacts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from crmlib.simulate import campaigns
from crmlib.simulate.draft import A_LA_CARTE, MEMBER, Draft, Table
from crmlib.simulate.people import MEDIA, REFERRAL
from crmlib.simulate.settle import CANCEL, RETURN, Books
from crmlib.simulate.streams import Ints
from crmlib.simulate.truth import Planted

COST_NOISE = 0.05  # standard deviation of the log of a month's cost per order


def monthly_sales(draft: Draft, books: Books) -> None:
    """By month: gross (orders by their day), cancels (by the month in which they are booked), returns, net."""
    month = draft.clock.month(books.day)
    booked = month if draft.booked is None else draft.booked
    seen = ~books.late
    size = int(month[seen].max()) + 1 if seen.any() else 0

    def by(months: Ints, chosen: Ints) -> Ints:
        return np.bincount(months[chosen], books.total[chosen], minlength=size).astype(np.int64)

    gross = by(month, np.flatnonzero(seen))
    cancels = by(booked, np.flatnonzero(seen & (books.status == CANCEL)))
    returns = by(month, np.flatnonzero(seen & (books.status == RETURN)))
    for number, yen in draft.unseen.items():
        if number < size:
            gross[number] += yen
    columns: dict[str, npt.NDArray[Any]] = {"month": _month_names(draft, np.arange(size))}
    columns |= {"gross_sales": gross, "cancels": cancels, "returns": returns, "net_sales": gross - cancels - returns}
    draft.add("monthly_sales", Table(columns))


def costs(draft: Draft) -> None:
    """Acquisition cost by medium and month: new customers times the medium's cost per order, with 5 % noise."""
    people, world = draft.people, draft.world
    new = people.kind != MEMBER
    month = draft.clock.month(np.floor(people.arrival[new]).astype(np.int64))
    medium = people.medium[new].astype(np.int64)
    months = int(draft.clock.month(np.array([draft.clock.days - 1]))[0]) + 1
    count = np.bincount(month * len(MEDIA) + medium, minlength=months * len(MEDIA))
    cell = np.arange(count.size)
    noise = np.exp(COST_NOISE * draft.key("costs").normal(cell) - COST_NOISE**2 / 2)
    cost = np.round(count * np.asarray(world.cpo)[cell % len(MEDIA)] * noise).astype(np.int64)
    columns = {
        "month": _month_names(draft, cell // len(MEDIA)),
        "medium": cell % len(MEDIA),
        "cost": cost,
        "new_customers": count,
    }
    draft.add("costs", Table(columns, labels={"medium": ("@media",)}))
    for number, cpo in enumerate(world.cpo):
        n = count[number :: len(MEDIA)]
        error = cpo * np.sqrt(np.expm1(COST_NOISE**2) * (n**2).sum()) / n.sum() if n.sum() else None
        what = f"cost of medium {number + 1} per new customer (members left out): sum of cost / sum of new_customers"
        draft.truths.append(
            Planted(f"cpo.medium_{number + 1}", what, float(cpo), error, None, "base", int(n.sum()), "money")
        )


def _month_names(draft: Draft, months: Ints) -> npt.NDArray[np.object_]:
    return np.array([draft.clock.month_name(int(month)) for month in months], dtype=object)


def campaign_list(draft: Draft) -> None:
    """The campaigns table."""
    rows = ((1, 0, 0), (2, 2, 0), (3, 5, 0), (4, 3, 2), (5, 3, 3))  # id, channel, purpose
    ids, channel, purpose = (np.array(column) for column in zip(*rows, strict=True))
    holdout = np.array([0.34, 0.30, 0.34, 0.0, 0.0])
    labels = {"name": ("@campaigns",), "channel": campaigns.CHANNELS, "purpose": campaigns.PURPOSES}
    columns = {"campaign_id": ids, "name": ids - 1, "channel": channel, "purpose": purpose, "holdout_share": holdout}
    draft.add("campaigns", Table(columns, labels=labels))


def referrals(draft: Draft) -> None:
    """Who referred whom: customers of the medium referral, each with a referrer who came before (no effect is planted)."""
    people = draft.people
    who = np.flatnonzero((people.medium == REFERRAL) & (people.kind == A_LA_CARTE))
    order = np.argsort(people.arrival, kind="stable")
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    who = who[rank[who] > 0]
    referrer = order[draft.key("referrals").integer(who, rank[who])]
    day = np.floor(people.arrival[who]).astype(np.int64)
    columns = {"customer_id": who, "referrer_id": referrer, "referral_date": day}
    draft.add("referrals", Table(columns, ("referral_date",), people=("customer_id", "referrer_id")))


def first_contacts(draft: Draft) -> None:
    """A word of thanks three days after the first order of everyone who is not a member, by catalogue, e-mail or LINE."""
    who = np.flatnonzero(draft.people.kind != MEMBER)
    day = np.floor(draft.people.arrival[who]).astype(np.int64) + 3
    who, day = who[day < draft.clock.days], day[day < draft.clock.days]
    channel = np.array([campaigns.CATALOGUE, campaigns.EMAIL, campaigns.LINE])[
        draft.key("thanks").choice(who, (0.3, 0.5, 0.2))
    ]
    cost = np.where(channel == campaigns.CATALOGUE, 180, 2)
    rows = campaigns.contact_rows(who, day, channel=channel, purpose=1, step=1)
    draft.add("contacts", Table({**rows.columns, "cost": cost}, rows.days, rows.labels, rows.people))
