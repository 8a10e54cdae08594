"""The whole client, in memory: people, purchases, problems, extras, books, tables, truths; in this order."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from crmlib.simulate import alacarte, base_truths, extras, members, money, people, subscribers, voice
from crmlib.simulate.clock import Clock
from crmlib.simulate.draft import Draft, Orders, Purchases
from crmlib.simulate.options import SimulationOptions
from crmlib.simulate.problems import PROBLEMS
from crmlib.simulate.settle import LATE_DAYS, Books, Lines, settle


@dataclass(frozen=True)
class Client:
    """A client before it is written: the draft (people, tables, truths), its orders with their items."""

    draft: Draft
    books: Books
    lines: Lines


def client(options: SimulationOptions) -> Client:
    """Make a client in memory. `draft.truths` holds what was planted."""
    draft, held, log = _start(options)
    for problem in PROBLEMS:
        if problem.orders:
            problem.orders(draft)
    voice.background(draft)
    money.first_contacts(draft)
    extras.add(draft)
    later = _cut(draft)
    books, lines = settle(draft, draft.orders)
    for problem in PROBLEMS:
        if problem.books:
            books = problem.books(draft, books)
    _finish(draft, books)
    subscribers.export(draft, held, log)
    base_truths.models(draft, books)
    base_truths.f2(draft, held, books)
    base_truths.survival(draft, log, held.start)
    base_truths.future(draft, later)
    return Client(draft, books, lines)


def _start(options: SimulationOptions) -> tuple[Draft, subscribers.Applications, subscribers.Log]:
    world, seed = options.effective, options.seed
    clock = Clock(world.start, world.days, world.season, world.trend)
    draft = Draft(
        options=options, world=world, clock=clock, people=people.build(world, clock, options.customers, seed),
        orders=Orders.none(), leaves=np.full(options.customers, np.inf),
        base=Purchases(np.zeros(0, np.int64), np.zeros(0, np.int64)),
    )  # fmt: skip
    for problem in PROBLEMS:
        if problem.people:
            problem.people(draft)
    held = subscribers.applications(draft.people, world, clock, seed)
    log = subscribers.lives(held, world, clock, seed)
    bought = alacarte.orders(draft.people, world, clock, seed)
    observed = bought.day < clock.days
    draft.base = Purchases(bought.customer[observed], bought.day[observed])
    ranked = members.orders(members.spend(draft.people, world, clock, seed), draft.people, clock, seed)
    draft.orders = Orders.join([bought, subscribers.shipments(held, log), ranked])
    return draft, held, log


def _cut(draft: Draft) -> Orders:
    """Let the leavers leave, split off what lies after as_of, and keep a few late orders if the export is dirty."""
    orders, days = draft.orders, draft.clock.days
    leaves = np.concatenate([draft.leaves, np.full(draft.guests, np.inf)])
    orders = orders.where(orders.day <= leaves[orders.customer])
    late = (orders.day >= days) & (orders.day < days + LATE_DAYS)
    late &= draft.key("late").happens(orders.uid, draft.options.dirt)
    draft.orders = orders.where((orders.day < days) | late)
    return orders.where(orders.day >= days)


def _finish(draft: Draft, books: Books) -> None:
    own = books.registered & (books.customer < len(draft.people))
    members.history(draft, books.customer[own], books.day[own], books.total[own])
    money.monthly_sales(draft, books)
    money.costs(draft)
    money.campaign_list(draft)
    money.referrals(draft)


def described(options: SimulationOptions) -> dict[str, Any]:
    """The options as truth.json tells them: what was asked, and the world that was made."""
    asked = dataclasses.asdict(options) | {"world": dataclasses.asdict(options.effective)}
    asked["world"] |= {"start": options.world.start.isoformat(), "as_of": options.world.as_of.isoformat()}
    return asked
