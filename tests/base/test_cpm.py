"""CPM at its boundaries, the rule sets, what the cuts decide, and movement against a recount of each evening."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crmlib.base import cpm, cuts, rfm
from crmlib.base.cpm import Cuts
from crmlib.summaries import base as counts
from crmlib.summaries import orders
from tests import made_up_base
from tests.made_up_base import orders_of


def one(frequency, tenure, days_since, amount):
    row = {
        "frequency": frequency,
        "tenure": tenure,
        "days_since": days_since,
        "amount": amount,
        "amount_this": 0,
        "n": 1,
    }
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ((0, 0, 239, 5_000), "active_first"),
        ((0, 0, 240, 5_000), "lapsed_first"),  # exactly 240 days is lapsed
        ((0, 0, 0, 900_000), "active_first"),  # one purchase stays first whatever it cost
        ((1, 0, 0, 5_000), "active_toddler"),
        ((1, 89, 0, 70_000), "active_toddler"),  # tenure below 90 days decides before the amount
        ((4, 89, 240, 900_000), "lapsed_toddler"),
        ((1, 90, 0, 69_999), "active_steady"),
        ((1, 90, 0, 70_000), "active_trend"),  # exactly 70,000 is rich
        ((1, 209, 0, 70_000), "active_trend"),
        ((1, 210, 0, 70_000), "active_excellent"),
        ((9, 900, 239, 69_999), "active_steady"),
        ((9, 900, 240, 70_000), "lapsed_excellent"),
        ((2, 120, 500, 80_000), "lapsed_trend"),
        ((2, 120, 240, 1), "lapsed_steady"),
    ],
)
def test_each_boundary_belongs_to_the_upper_class(row, name):
    found = cpm.portfolio(one(*row), Cuts(), 1)
    assert {key: n for key, n in found.customers.items() if n} == {name: 1}
    assert sum(found.customers.values()) == 1


def test_the_ten_classes_are_ten():
    assert len(set(cpm.CLASSES)) == 10
    assert cpm.CLASSES[0] == "active_first"


def test_every_customer_has_exactly_one_class_under_each_rule_set():
    draw = np.random.default_rng(0)
    rows = pd.DataFrame({name: draw.integers(0, top, 500) for name, top in (
        ("frequency", 6), ("tenure", 400), ("days_since", 500), ("amount", 150_000), ("n", 9))})  # fmt: skip
    rows["amount_this"] = 0
    for rule in cpm.RULES:
        assert sum(cpm.by_rule(rows, rule, Cuts()).values()) == rows["n"].sum()


def test_other_rule_sets_by_hand():
    rows = pd.concat(
        [one(0, 0, 0, 1), one(1, 9, 0, 1), one(2, 99, 0, 1), one(2, 99, 0, 70_000), one(5, 300, 240, 90_000)]
    )
    assert cpm.by_rule(rows, "kozuchi", Cuts()) == {
        "active_first": 1, "active_toddler": 1, "active_steady": 1, "active_excellent": 1, "lapsed": 1}  # fmt: skip
    assert cpm.by_rule(rows, "rakuraku", Cuts()) == {"first": 1, "toddler": 1, "steady": 1, "trend": 1, "excellent": 1}


def test_reclassified_share_counts_customers_between_the_cuts():
    rows = pd.concat([one(3, 300, 10, amount) for amount in (60_000, 69_999, 70_000, 90_000)])
    assert cpm.reclassified(rows, Cuts(), Cuts(amount=60_000)) == 0.5
    found = cpm.sensitivity(rows, Cuts(), Cuts(lapse=10))
    assert found.suggested == 1.0
    assert found.lower["amount"] == 0.5  # 56,000
    assert found.upper == {"lapse": 0.0, "young": 0.0, "settled": 0.0, "amount": 0.25}  # 84,000


def test_rfm_presets_at_their_limits():
    rows = pd.concat([one(11, 0, 30, 20_001), one(0, 0, 366, 5_000), one(4, 0, 31, 5_001)])
    r, f, m = rfm.scores(rows, rfm.PRESETS["single"])
    assert (r.tolist(), f.tolist(), m.tolist()) == ([5, 1, 4], [5, 1, 3], [5, 1, 2])
    assert rfm.scores(rows, rfm.PRESETS["varied"])[1].tolist() == [5, 1, 5]
    assert rfm.rfm(rows, rfm.PRESETS["single"]).ranks == {"A": 1, "B": 0, "C": 1, "D": 0, "E": 1}


def test_quantiles_divide_distinct_customers_evenly():
    rows = pd.concat([one(i, 0, i, 100 * i + 1) for i in range(100)])
    found = rfm.scores(rows, rfm.quantile_rules(rows))
    assert [np.bincount(part)[1:].tolist() for part in found] == [[20] * 5] * 3


def test_suggested_lapse_is_the_day_by_which_nine_tenths_of_repurchases_come():
    gaps = pd.DataFrame(
        {"repeat": 0, "days": [*range(10, 110, 10), 200], "event": [True] * 10 + [False], "n": [10] * 10 + [100]}
    )
    assert cuts.lapse_day(gaps) == 90
    assert cuts.lapse_day(gaps[~gaps["event"]]) == 0


def test_suggested_amount_is_the_smallest_customer_of_the_80_percent():
    rows = pd.concat([one(1, 1, 1, amount) for amount in (500, 300, 100, 60, 40)])
    assert cuts.rich_amount(rows) == 300
    assert cuts.rich_amount(rows[rows["amount"] > 1000]) == 0


def test_hazard_that_halves_is_found_and_a_flat_one_is_not():
    days = np.arange(1, 281)
    falling = pd.DataFrame({"repeat": 0, "days": days, "event": True, "n": np.where(days <= 70, 30, 3)})
    assert 70 <= cuts.halving(falling.assign(n=falling["n"])) <= 126
    alive = pd.DataFrame({"repeat": 0, "days": [280], "event": [False], "n": [10**6]})
    assert cuts.halving(pd.concat([falling.assign(n=10), alive])) == 0


def recounted(rows, end):
    """Classes on an evening, straight from the orders up to it."""
    profile = counts.profile(orders.occasions(orders.purchases(orders.days(rows), end)), (end, end))
    standing = counts.standing(profile, end).to_pandas()
    return list(cpm.portfolio(standing, Cuts(), 1).customers.values())


def test_movement_agrees_with_each_evening_counted_alone():
    draw = np.random.default_rng(3)
    today = dt.date(2025, 3, 31)
    rows = [
        (int(who), today - dt.timedelta(days=int(ago)), int(yen))
        for who, ago, yen in zip(
            draw.integers(0, 80, 600), draw.integers(0, 900, 600), draw.integers(1, 60_000, 600), strict=True
        )
    ]
    store = made_up_base.store(orders=orders_of(*rows))
    (_, _, months, _, _), _ = made_up_base.read(store, today)
    found = months.movement
    for place in (0, 5, 11, 12):
        assert found.customers[place].tolist() == recounted(store.orders, found.ends[place])
    for month in range(12):
        flow = found.flows[month]
        assert flow[:10].sum(axis=1).tolist() == found.customers[month].tolist()  # nobody is lost on the way
        assert flow.sum(axis=0).tolist() == found.customers[month + 1].tolist()
