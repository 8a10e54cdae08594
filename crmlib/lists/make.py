"""A client's action lists, from its store: the engine counts and joins, the diagnostics' own rules decide."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from crmlib import retention
from crmlib.base.calendar import year_starts
from crmlib.lists import arms, worth
from crmlib.lists.model import COMPLAINT_DAYS, NAMES, REST_DAYS, Lists
from crmlib.ltv import mixed, scores
from crmlib.programme import source
from crmlib.retention.next_need import SOON
from crmlib.summaries import (
    Store,
    base,
    candidates,
    entry,
    lists,
    orders,
    rhythm,
    subscriptions,
    tiers_frames,
    tiers_own,
)
from crmlib.summaries import ltv as histories
from crmlib.summaries import retention as waits

if TYPE_CHECKING:
    from crmlib.config import Client

NEAR_PART = 0.1  # of the next tier's line, as on the page of the programme's design


@dataclass(frozen=True)
class _Table:
    """Candidates of some lists, what is known of these lists, and why there can be none."""

    rows: Any
    why: str = ""
    fact: int = 0
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Base:
    """What every list starts from."""

    client: Client
    store: Store
    purchases: Any
    occasions: Any
    known: Any
    products: Any
    contracts: Any
    history: Any

    @property
    def as_of(self) -> dt.date:
        return self.client.as_of

    @property
    def earliest(self) -> dt.date:
        """First day on which a contact can arrive."""
        return self.as_of + dt.timedelta(days=worth.EARLIEST)


def make(client: Client, store: Store) -> Lists:
    """All action lists of a client, each customer on at most one of them, with the arms drawn.

    Args:
        client: Its configuration and folder; the scores of the lifetime-value model are read from its store.
        store: Its tables.
    """
    known = _opened(client, store)
    tables = {
        "scores": _scored(known), "subscriber": _subscribers(known), "second_order": _second(known),
        "next_need": _needs(known), "near_tier": _near_tier(known), "semi_loyal": _semi_loyal(known),
    }  # fmt: skip
    tables |= dict.fromkeys(("protect", "win_back"), tables["scores"])
    parts = [one.rows for name, one in tables.items() if name not in ("protect", "win_back")]
    bars = lists.barred(store, client.as_of, (COMPLAINT_DAYS, REST_DAYS))
    marked = lists.marked(parts, store, bars, NAMES).cache()
    rows = worth.at_arrival(lists.chosen(marked, known.known).to_pandas(), client.as_of)
    rows = arms.drawn(rows, client.as_of)
    found = tuple(
        arms.summary(name, rows[rows["list"] == name], client.scale, tables[name].why or "lists.nobody")
        for name in NAMES
    )
    left = {name: int(n) for name, n in lists.left_out(marked).to_pandas().iloc[0].items()}
    facts = {"contact_day": tables["second_order"].fact, "risky": tables["subscriber"].fact}
    named = tables["near_tier"].tiers
    return Lists(client.as_of, found, rows, left, facts, entry.names(store), named, client.scale)


def _opened(client: Client, store: Store) -> _Base:
    purchases = orders.purchases(store.days, client.as_of, client.zero_amount)
    occasions = orders.occasions(purchases).cache()
    known = lists.customers(occasions, client.as_of).cache()
    history = subscriptions.history(store.subscriptions, client.as_of).cache()
    contracts = subscriptions.applications(history).cache()
    products = lists.last_products(store, known).cache()
    return _Base(client, store, purchases, occasions, known, products, contracts, history)


def _scored(known: _Base) -> _Table:
    """Protect and win back: only scores of the very histories that the store tells of."""
    held = scores.read(known.client.folder)
    rows = worth.from_scores(held, known.as_of, known.client.scale)
    table = candidates.scored(rows, known.known, known.products).cache()
    if held.empty or held["state"].isna().all():
        return _Table(candidates.none(), "lists.no_scores" if held.empty else "lists.no_model")
    if table.count().to_pandas() < len(rows):
        return _Table(candidates.none(), "lists.no_scores")  # of another day or other data
    return _Table(table)


def _second(known: _Base) -> _Table:
    second = retention.f2(waits.gaps(known.occasions, known.as_of).to_pandas())
    sums = candidates.second_amount(known.occasions).to_pandas().iloc[0]
    mean = float(sums["amount"]) / int(sums["n"]) if sums["n"] else np.nan
    expected = worth.of_second_orders(second, mean)
    day = second.hazard.contact_day
    due = (known.earliest, day)
    rows = candidates.second_orders(known.known, known.store, known.products, expected, due)
    return _Table(rows, "" if len(expected) else "lists.no_second", day)


def _needs(known: _Base) -> _Table:
    pairs = rhythm.pairs(known.store, known.purchases, known.as_of).cache()
    counts = rhythm.rhythm(pairs).to_pandas()
    found = retention.rhythms(counts)
    amounts = candidates.product_amounts(known.store, known.occasions, known.as_of).to_pandas()
    amounts = amounts.merge(worth.again(counts), "inner", "product_id")
    soon = rhythm.soon(pairs, candidates.rhythms(found.products), found.overall, SOON).to_pandas()
    needs = worth.of_needs(soon, found, amounts, known.as_of)
    return _Table(
        candidates.next_needs(needs, known.store, known.contracts), "" if found.overall > 0 else "lists.no_rhythm"
    )


def _semi_loyal(known: _Base) -> _Table:
    last, this = year_starts(known.as_of)
    profile = base.profile(known.occasions, (last, this))
    near = worth.of_semi_loyal(base.standing(profile, known.as_of).to_pandas(), known.client.scale)
    due = known.as_of + dt.timedelta(days=30)
    return _Table(candidates.semi_loyal(known.known, near, due), "" if len(near) else "lists.no_loyal")


def _near_tier(known: _Base) -> _Table:
    """Without rules or lines that can be read off the client's own history there is no line to be near to."""
    first = source.first_day(known.purchases.order_date.min().to_pandas(), known.as_of)
    contents = tiers_own.contents(known.store.tier_history).to_pandas()
    chosen = source.source(contents, known.client, (first, known.as_of))
    review = source.coming(chosen, known.client)
    if chosen.programme is None or review is None or not chosen.reviews:
        return _Table(candidates.none(), "lists.no_tiers")
    latest = replace(chosen, reviews=chosen.reviews[-1:])
    frame = tiers_frames.frame(latest, known.store, known.purchases, known.client.scale)
    standing = tiers_frames.standing(latest, frame, known.purchases, known.client)
    due = max(review - dt.timedelta(days=30), known.earliest)
    rows = candidates.near_tier(standing, chosen.thresholds, NEAR_PART, (known.as_of, due))
    return _Table(rows, tiers=chosen.tiers)


def _subscribers(known: _Base) -> _Table:
    tenures = subscriptions.tenures(known.contracts).to_pandas()
    shipped = subscriptions.worth(known.history, known.contracts, known.occasions, known.as_of).to_pandas()
    gaps = histories.gaps(histories.with_contract(known.purchases, known.store.subscriptions)).to_pandas()
    scale, rate = known.client.scale, known.client.discount_rate
    held = mixed.subscriptions(tenures, shipped, gaps, scale, rate)
    if held.why:
        return _Table(candidates.none(), held.why)
    expected = mixed.by_renewals(tenures, held, rate)
    expected = expected.assign(yen=(expected["value"] * scale).round().astype("int64"))[["renewals", "yen"]]
    risky = worth.riskiest(tenures)
    when = (known.earliest, round(held.interval))
    return _Table(candidates.subscribers(known.history, known.contracts, expected, risky, when), "", risky)
