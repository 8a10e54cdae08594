"""Odds of falling against statsmodels; scenarios by hand, their laws, and the frontier."""

import itertools

import numpy as np
import pandas as pd
import pytest

from crmlib import tiers
from crmlib.tiers.design import Spend
from crmlib.tiers.drivers import logistic
from crmlib.tiers.frontier import frontier, undominated

LINES = (0, 30_000, 100_000)


def cells(seed: int = 0, slope: float = 0.8) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    rows = [
        (t, h, r, p, int(draw.integers(40, 120))) for t in (1, 2) for h in range(3) for r in range(4) for p in range(4)
    ]
    frame = pd.DataFrame(rows, columns=["tier", "headroom", "recency", "purchases", "customers"])
    chance = 1 / (1 + np.exp(1.5 - slope * frame["recency"] + 0.3 * frame["headroom"] + 0.2 * frame["purchases"]))
    return frame.assign(fell=draw.binomial(frame["customers"], chance))


def test_the_logistic_fit_is_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    frame = cells()
    design = np.column_stack([np.ones(len(frame)), frame["recency"] == 1, frame["recency"] == 2, frame["purchases"] == 3]).astype(float)  # fmt: skip
    fell, n = frame["fell"].to_numpy(float), frame["customers"].to_numpy(float)
    beta, covariance = logistic(design, fell, n)
    theirs = sm.GLM(np.column_stack([fell, n - fell]), design, family=sm.families.Binomial()).fit()
    assert beta == pytest.approx(theirs.params, abs=1e-8)
    assert np.sqrt(np.diagonal(covariance)) == pytest.approx(theirs.bse, rel=1e-5)


def test_odds_ratios_cover_their_truth_and_name_the_strongest():
    covered = []
    for seed in range(40):
        found = tiers.drivers(cells(seed))
        odds = {(row.factor, row.group): row.odds for row in found.rows}
        covered += [odds["recency", k].lower <= np.exp(0.8 * k) <= odds["recency", k].upper for k in (1, 2, 3)]
    assert 0.90 <= np.mean(covered) <= 1.0
    assert found.strongest is not None
    assert (found.strongest.factor, found.strongest.group) == ("recency", 3)
    assert odds["recency", 0].value == 1.0


def test_groups_too_small_are_put_together_and_say_so():
    frame = cells()
    frame.loc[frame["recency"] == 3, ["customers", "fell"]] = 1, 0
    found = [row for row in tiers.drivers(frame).rows if row.factor == "recency"]
    assert [(row.group, row.last) for row in found] == [(0, 0), (1, 1), (2, 3)]


def test_too_few_falls_have_no_model():
    assert tiers.drivers(cells().assign(fell=0)).why == "too_few_falls"
    assert tiers.drivers(pd.DataFrame()).why == "too_few_falls"


def spent(seed: int = 0, n: int = 5_000) -> tuple[Spend, np.ndarray]:
    amount = np.floor(32_000 * np.exp(0.9 * np.random.default_rng(seed).standard_normal(n)))
    frame = pd.DataFrame({"bin": (amount // 300).astype(int), "customers": 1, "amount": amount})
    return tiers.spend(frame.groupby("bin", as_index=False).sum(), 300), amount


def terms(margin: float | None = 0.5, benefits=(0.0, 0.03, 0.08)) -> tiers.Terms:
    return tiers.terms(LINES, benefits, margin, 0.05)


def test_who_qualifies_is_counted_exactly_on_the_edges_of_the_steps():
    held, amount = spent()
    plan = tiers.plan("x", (0, 60_000, 120_000), held, terms(), {})
    inside = [(amount < 60_000), (amount >= 60_000) & (amount < 120_000), amount >= 120_000]
    assert plan.customers == tuple(float(one.sum()) for one in inside)
    assert plan.sales == pytest.approx([amount[one].sum() for one in inside])
    assert plan.cost == pytest.approx(0.03 * amount[inside[1]].sum() + 0.08 * amount[inside[2]].sum())


def test_the_present_lines_change_nothing_and_higher_ones_cost_less():
    held, _ = spent()
    plans = {one.name: one for one in tiers.designed(held, terms(), {}, pd.DataFrame(), None).plans}
    assert plans["line_100"].net.value == 0.0
    costs = [plans[f"line_{p}"].cost for p in range(60, 150, 10)]
    assert costs == sorted(costs, reverse=True)
    assert plans["line_120"].net.value == pytest.approx(plans["line_100"].cost - plans["line_120"].cost)


def test_money_scales_with_the_currency():
    held, _ = spent()
    cents = Spend(held.edges * 100, held.customers, held.amount * 100, held.step * 100)
    one = tiers.share_scenarios(held, terms())
    hundred = tiers.share_scenarios(
        cents, tiers.terms(tuple(100 * line for line in LINES), (0.0, 0.03, 0.08), 0.5, 0.05)
    )
    for small, large in zip(one, hundred, strict=True):
        assert large.net.value == pytest.approx(100 * small.net.value, rel=1e-6)
        assert large.customers == pytest.approx(small.customers)


def test_more_good_customers_by_hand():
    amount = np.repeat(np.arange(1, 101) * 1_000.0, 10)
    frame = pd.DataFrame({"bin": (amount // 100).astype(int), "customers": 1, "amount": amount})
    held = tiers.spend(frame.groupby("bin", as_index=False).sum(), 100)
    first = tiers.share_scenarios(held, tiers.terms((), (), 0.5, 0.05))[0]
    assert first.customers == pytest.approx(20, abs=0.01)
    now = 10 * (80_000 + 79_000)
    assert first.spend == pytest.approx(now, rel=1e-3)
    top = amount[amount > 80_000]
    assert first.net.upper == pytest.approx(0.5 * (20 * top.mean() - now), rel=2e-3)
    assert (
        0.5 * (20 * 80_000 - now) <= first.net.lower <= 0.5 * (20 * 81_000 - now)
    )  # the line lies between two customers
    assert first.net.lower < first.net.value < first.net.upper
    nets = [one.net.value for one in tiers.share_scenarios(held, tiers.terms((), (), 0.5, 0.05))]
    assert nets == sorted(nets)


def test_without_a_margin_there_is_no_net():
    held, _ = spent()
    made = tiers.designed(held, terms(None), {}, pd.DataFrame(), None)
    assert all(one.net.why == "no_margin_rate" for one in (*made.plans, *made.shares))
    assert made.best is None


def test_nothing_on_the_frontier_is_beaten():
    held, _ = spent()
    best = frontier(held, terms(), {})
    pairs = [(one.cost, one.covered) for one in best]
    assert len(best) > 5
    assert pairs == sorted(pairs)
    assert all(b[1] > a[1] for a, b in itertools.pairwise(pairs))
    everything = undominated([*best, *tiers.designed(held, terms(), {}, pd.DataFrame(), None).plans])
    assert [(one.cost, one.covered) for one in everything] == pairs


def test_assumed_benefits_rise_evenly():
    assumed = tiers.terms(LINES, (), 0.5, 0.06)
    assert (assumed.benefits, assumed.assumed) == ((0.0, 0.03, 0.06), True)
    assert tiers.terms(LINES, (0.0, 0.1, 0.2), 0.5, 0.06).assumed is False


def test_no_customers_have_no_scenario():
    nothing = tiers.spend(pd.DataFrame({"bin": [], "customers": [], "amount": []}), 300)
    made = tiers.designed(nothing, terms(), {}, pd.DataFrame(), None)
    assert (made.why, made.plans, made.shares[0].net.why) == ("no_line", (), "too_few")


@pytest.mark.parametrize("lines", [LINES, ()])
def test_steps_of_the_distribution_have_the_lines_on_their_edges(lines):
    step = tiers.step_of(lines)
    assert step >= 1
    assert all(line % step == 0 for line in lines)


def test_small_groups_at_the_start_join_until_they_are_large_enough():
    frame = cells()
    frame.loc[frame["recency"] <= 1, ["customers", "fell"]] = 1, 0
    found = [row for row in tiers.drivers(frame).rows if row.factor == "recency"]
    assert [(row.group, row.last) for row in found] == [(0, 2), (3, 3)]
