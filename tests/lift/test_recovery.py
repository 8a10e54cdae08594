"""Planted effects of simulated clients, over many seeds: coverage, the version that turns, the campaign that does nothing, the calls."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from crmlib import lift
from crmlib.summaries import lift as counts
from crmlib.summaries import orders
from tests import simulated

DRAWN = ("1", "2", "3")
ECONOMY = lift.Economy(0.45)


def drawn_campaigns(seed, customers=8_000, **options):
    """The campaigns with a holdout, by the short way: no history, no pool."""
    made = simulated.store(customers, seed=seed, **options)
    contacts = made.store.contacts.filter(made.store.contacts.campaign_id.isin(DRAWN))
    units = counts.units(counts.log(contacts, made.as_of))
    purchases = orders.purchases(made.store.days, made.as_of)
    known = counts.outcomes(units, purchases).cache()
    arms = counts.arms(known, counts.PLAIN).to_pandas()
    listed = counts.described(made.store).to_pandas()
    programme = {one.campaign: one for one in lift.programme(arms, pd.DataFrame({"campaign": []}), listed, ECONOMY)}
    return made, programme


def effect(programme, campaign, version, outcome="orders"):
    return next(v for v in programme[campaign].versions if v.version == version).outcomes[outcome]


@pytest.mark.full
def test_intervals_cover_the_planted_lift_and_the_placebo_does_not_work():
    planted = {("1", "A"): "dm.A", ("1", "B"): "dm.B", ("2", "mail"): "placebo.mail", ("3", "discount"): "birthday.discount",
               ("3", "gift"): "birthday.gift"}  # fmt: skip
    inside, works, found = [], 0, 0
    for seed in range(1, 41):
        made, programme = drawn_campaigns(seed)
        for (campaign, version), name in planted.items():
            ate = effect(programme, campaign, version).estimate.ate
            inside.append(ate.lower <= made.truth[f"{name}_minus_none.all"].value <= ate.upper)
        works += effect(programme, "2", "mail", "purchase").verdict == "works"
        found += effect(programme, "3", "gift", "purchase").verdict == "works"
    assert 0.90 <= np.mean(inside) <= 0.99
    assert works <= 2
    assert found >= 20  # 8 points at some 280 customers an arm


def calls(seed, customers):
    made = simulated.store(customers, seed=seed)
    selling = made.store.contacts.filter(made.store.contacts.campaign_id == "4")
    store = dataclasses.replace(made.store, contacts=selling)
    known = counts.judged(store, made.as_of, 30, 70_000)
    arms, cells = counts.arms(known).to_pandas(), counts.cells(known).to_pandas()
    (campaign,) = lift.programme(arms, cells, counts.described(store).to_pandas(), ECONOMY)
    (call,) = lift.calls([campaign], ECONOMY)
    return call


@pytest.mark.full
def test_at_100000_customers_the_calls_are_seen_to_drive_away_though_the_plain_difference_says_the_opposite():
    right = 0
    for seed in range(1, 21):
        call = calls(seed, 100_000)
        naive, ate = call.retention.estimate.naive, call.retention.estimate.ate
        right += naive.value > 0 > ate.upper and call.retention.grade == "B" and call.retention.verdict == "does_not"
    assert right >= 18


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_at_5000_customers_the_answer_is_cannot_tell_with_the_calls_needed(seed):
    call = calls(seed, 5_000)
    assert call.retention.verdict == "cannot_tell"
    assert call.retention.grade in ("C", "D")
    assert call.calls_needed > call.calls
