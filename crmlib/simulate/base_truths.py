"""The truths of the base process: model parameters, F2, survival of subscriptions, the next twelve months."""

from __future__ import annotations

import numpy as np
from scipy.special import betaln

from crmlib.simulate import alacarte, likelihoods, subscribers
from crmlib.simulate.draft import A_LA_CARTE, BASE, MEMBER, SUBSCRIBER, SUBSCRIPTION, Draft, Orders
from crmlib.simulate.settle import Books
from crmlib.simulate.streams import Bools, Floats, Ints
from crmlib.simulate.subscribers import CANCEL, PAUSE, SHIP, SKIP, Applications, Log
from crmlib.simulate.truth import Planted

WITHIN = (90, 180, 365)
DISTURBED = "; planted problems and the season disturb it: exact for a null client"


def models(draft: Draft, books: Books) -> None:
    """Parameters of BG/NBD and Gamma-Gamma, of à-la-carte customers."""
    world, people = draft.world, draft.people
    own = books.registered & (books.customer < len(people))
    own[own] &= people.kind[books.customer[own]] == A_LA_CARTE
    x, recency, age, mean = _patterns(books.customer[own], books.day[own], books.total[own], draft.clock.days)
    buying = (world.r, world.alpha, world.a, world.b)
    found = zip(
        ("r", "alpha", "a", "b"), buying, likelihoods.errors(likelihoods.bg_nbd, buying, x, recency, age), strict=True
    )
    what = "BG/NBD of à-la-carte customers, days, age to as_of" + DISTURBED
    draft.truths += [_parameter(f"bg_nbd.{name}", what, value, error, x.size) for name, value, error in found]
    again = x > 0
    value_of = (float(world.p), world.q, world.g)
    errors = likelihoods.errors(likelihoods.gamma_gamma, value_of, x[again], mean[again])
    what = "Gamma-Gamma of à-la-carte customers' repeat days (yen)"
    found = zip(("p", "q", "gamma"), value_of, errors, strict=True)
    draft.truths += [
        _parameter(f"gamma_gamma.{name}", what, value, error, int(again.sum())) for name, value, error in found
    ]


def _parameter(name: str, what: str, value: float, error: float, n: int) -> Planted:
    return Planted(name, what, value, float(error), None, "base", n, "parameter")


def _patterns(customer: Ints, day: Ints, yen: Ints, days: int) -> tuple[Ints, Floats, Floats, Floats]:
    """Repeat days, last - first, as_of - first, mean value of repeat days, for each customer."""
    occasion, inverse = np.unique(customer * 4096 + day, return_inverse=True)
    value = np.bincount(inverse, yen, minlength=occasion.size)
    who, when = occasion // 4096, occasion % 4096
    first = np.flatnonzero(np.diff(who, prepend=-1) > 0)
    count = np.diff(first, append=who.size)
    x = count - 1
    total = np.add.reduceat(value, first) if first.size else value
    mean = (total - value[first]) / np.maximum(x, 1)
    last = when[first + count - 1]
    return x, (last - when[first]).astype(float), (days - 1 - when[first]).astype(float), mean


def f2(draft: Draft, held: Applications, books: Books) -> None:
    """F2 within 90, 180 and 365 days: all ids as exported, and à-la-carte and subscribers alone."""
    people, world, clock = draft.people, draft.world, draft.clock
    known = np.concatenate([people.of(A_LA_CARTE), people.of(SUBSCRIBER)])
    first = np.floor(people.arrival[known])
    others = _realised(draft, books)
    for within in WITHIN:
        chance = np.concatenate([
            alacarte.repeat_probability(people, world, clock, within),
            subscribers.repeat_probability(people, held, world, within),
        ])  # fmt: skip
        mature = chance[first + within < clock.days]
        rest = others[1][others[0] + within < clock.days] <= within
        draft.truths += [_f2(f"f2.{within}d", within, "all ids", (mature, rest)), _f2(
            f"f2.{within}d.new", within, "à-la-carte customers and subscribers", (mature, rest[:0]))]  # fmt: skip


def _f2(name: str, within: int, group: str, parts: tuple[Floats, Bools]) -> Planted:
    mature, rest = parts
    n = mature.size + rest.size
    what = (
        f"{group} whose first valid order is at least {within} days before as_of: share with a second order day at most "
        f"{within} days after the first"
    )
    error = float(np.sqrt((mature * (1 - mature)).sum()) / n) if n else None
    return Planted(name, what, float(mature.sum() + rest.sum()) / n if n else 0.0, error, None, "base", n)


def _realised(draft: Draft, books: Books) -> tuple[Ints, Ints]:
    """First day and days to the second of ids without a formula: members and duplicate ids (taken as they came out)."""
    kinds = np.concatenate([draft.people.kind == MEMBER, np.zeros(draft.guests, bool), np.ones(draft.twins.size, bool)])
    own = books.registered & kinds[books.customer]
    occasion = np.unique(books.customer[own] * 4096 + books.day[own])
    who, day = occasion // 4096, occasion % 4096
    first = np.flatnonzero(np.diff(who, prepend=-1) > 0)
    second = np.minimum(first + 1, max(who.size - 1, 0))
    gap = np.where(who[second] == who[first], day[second] - day[first], 9999)
    return day[first], np.where(second == first, 9999, gap)


def survival(draft: Draft, log: Log, start: Ints) -> None:
    """P(at least n renewals) for n = 1..12, and the parameters of the shifted beta-geometric, by application."""
    world, seen = draft.world, log.day < draft.clock.days
    began = np.flatnonzero(start < draft.clock.days)
    size = start.size
    ships = np.bincount(log.application[seen & (log.event == SHIP)], minlength=size)
    cancelled = np.bincount(log.application[seen & (log.event == CANCEL)], minlength=size) > 0
    waits = seen & ((log.event == SKIP) | (log.event == PAUSE)) & (log.shipment == ships[log.application])
    renewals = (ships - 1 + np.bincount(log.application[waits], minlength=size))[began]
    theta = (world.sbg_alpha, world.sbg_beta)
    found = zip(
        ("alpha", "beta"), theta, likelihoods.errors(likelihoods.sbg, theta, renewals, cancelled[began]), strict=True
    )
    what = "shifted beta-geometric of subscription applications"
    draft.truths += [_parameter(f"sbg.{name}", what, value, error, began.size) for name, value, error in found]
    variance = 0.0
    for n in range(1, 13):
        alive, before = (np.exp(betaln(theta[0], theta[1] + k) - betaln(*theta)) for k in (n, n - 1))
        at_risk = int(((renewals >= n - 1) & ((renewals >= n) | cancelled[began])).sum())
        hazard = 1 - alive / before
        variance += hazard / ((1 - hazard) * at_risk) if at_risk else np.inf
        what = f"share of applications that renew at least {n} times (Kaplan-Meier over renewals, error by Greenwood)"
        draft.truths.append(
            Planted(
                f"subscription.survival.{n}",
                what,
                float(alive),
                float(alive * np.sqrt(variance)),
                None,
                "base",
                at_risk,
            )
        )


def future(draft: Draft, later: Orders) -> None:
    """What non-members order in the 365 days after as_of, as it comes out (not exported)."""
    bought = later.where(np.isin(later.source, (BASE, SUBSCRIPTION)))
    days = np.unique(bought.customer * 4096 + bought.day).size
    kinds = draft.people.kind[bought.customer]
    what = "in the 365 days after as_of, of à-la-carte customers and subscribers of the export (no new customers; members are not continued)"
    draft.truths += [
        Planted("future.12m.order_days", f"order days {what}", float(days), 0.0, None, "base", days, "count"),
        Planted("future.12m.sales", f"yen {what}", float(np.round(bought.amount.sum())), 0.0, None, "base", days, "money"),
        Planted("future.12m.sales.a_la_carte", f"yen of à-la-carte customers {what}",
                float(np.round(bought.amount[kinds == A_LA_CARTE].sum())), 0.0, None, "base", days, "money"),
    ]  # fmt: skip
