"""Sample ratio, balance, false discoveries, peeking, power, verdicts, money, names."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower

from crmlib.intervals import Estimate, unknown
from crmlib.lift import checks, design, money, names, power, verdicts
from crmlib.lift.arms import Arm
from crmlib.lift.estimate import difference


def test_sample_ratio_is_pearsons_test():
    assert checks.sample_ratio([480, 520], [0.5, 0.5]) == pytest.approx(stats.chisquare([480, 520]).pvalue)
    assert checks.sample_ratio([300, 700], [0.34, 0.66]) < 0.01
    assert np.isnan(checks.sample_ratio([300, 700], [np.nan, 0.5]))
    assert np.isnan(checks.sample_ratio([0, 0], [0.5, 0.5]))


def test_imbalance_by_hand():
    assert checks.imbalance(Arm(10, 3.0, 4.0), Arm(10, 1.0, 4.0)) == 1.0
    assert checks.imbalance(Arm(10, 3.0, 0.0), Arm(10, 1.0, 0.0)) == np.inf
    assert checks.imbalance(Arm(10, 1.0, 0.0), Arm(10, 1.0, 0.0)) == 0.0
    assert np.isnan(checks.imbalance(Arm.of(()), Arm(10, 1.0, 2.0)))


def test_false_discovery_is_benjamini_hochberg():
    p = [0.001, 0.2, 0.03, 0.04, 0.8]
    np.testing.assert_allclose(checks.false_discovery(p), multipletests(p, method="fdr_bh")[1])
    assert np.isnan(checks.false_discovery([0.01, np.nan])[1])
    assert checks.false_discovery([0.01, np.nan])[0] == 0.01


def test_the_interval_that_holds_however_often_one_looks():
    """Wider than the usual one; looking after every 25th unit of 400, it misses a true 0 in at most 5 % of the trials."""
    draw, misses, plain = np.random.default_rng(1), 0, 0
    looks = np.arange(50, 401, 25)
    for _ in range(400):
        sides = draw.normal(size=(2, 400))
        found = [difference(Arm.of(sides[0, :n]), Arm.of(sides[1, :n])) for n in looks]
        safe = [checks.anytime(one.ate, one.se, 800) for one in found]
        misses += any(one.lower > 0 or one.upper < 0 for one in safe)
        plain += any(one.ate.lower > 0 or one.ate.upper < 0 for one in found)
        assert all(a.lower < b.ate.lower for a, b in zip(safe, found, strict=True))
    assert misses <= 20
    assert plain >= 60
    assert checks.anytime(unknown(3, "too_few"), np.nan, 10).why == "too_few"


def test_power_agrees_with_statsmodels():
    n = power.size_of(0.5, 0.05, 0.5)
    assert n / 2 == pytest.approx(NormalIndPower().solve_power(0.1, alpha=0.05, power=0.8), rel=1e-3)
    assert power.power_of(power.smallest_visible(2.0), 2.0) == pytest.approx(0.8)
    assert power.needed(1000, 0.02, power.smallest_visible(0.02)) in (1000, 1001)
    assert power.needed(1000, 0.02, 0.0) == 0


def test_a_test_that_is_designed_finds_what_it_promises():
    plan = design.plan(20_000, 0.08, design.Prices(1800.0, 40.0), 0.2, 30)
    draw, found = np.random.default_rng(2), 0
    for _ in range(300):
        hits = draw.binomial(plan.treated, 0.08 + plan.mde), draw.binomial(plan.control, 0.08)
        sides = [Arm(n, k / n, k / n * (1 - k / n)) for n, k in zip((plan.treated, plan.control), hits, strict=True)]
        found += difference(*sides).ate.lower > 0
    assert 0.74 <= found / 300 <= 0.86
    assert plan.treated + plan.control == 20_000
    assert plan.mde_yen == pytest.approx(plan.mde * 1800)
    assert plan.worth == pytest.approx(40 / 1800)
    assert plan.enough == (plan.worth >= plan.mde)


def test_a_list_that_is_too_short_needs_several_mailings():
    plan = design.plan(1_000, 0.1, design.Prices(2000.0, 20.0), 0.5, 30)
    assert not plan.enough
    assert plan.needed > 1_000
    assert plan.duration == 30 * int(np.ceil(plan.needed / 1_000))


@pytest.mark.parametrize(
    ("limits", "worth", "q", "said"),
    [
        ((0.02, 0.05), 0.01, 0.01, "works"),
        ((0.02, 0.05), 0.01, 0.20, "cannot_tell"),
        ((0.02, 0.05), 0.10, 0.01, "does_not"),
        ((-0.02, 0.05), 0.01, 0.01, "cannot_tell"),
        ((-0.02, 0.005), 0.01, 0.5, "does_not"),
        ((-0.05, -0.01), 0.0, 0.01, "does_not"),
        ((-0.02, 0.005), 0.0, 0.5, "cannot_tell"),
        ((0.02, 0.05), 0.01, np.nan, "cannot_tell"),
    ],
)
def test_three_answers(limits, worth, q, said):
    assert verdicts.verdict(Estimate(sum(limits) / 2, *limits, 100), worth, q) == said


def test_nothing_is_said_of_what_is_unknown():
    assert verdicts.verdict(unknown(5, "too_few")) == "cannot_tell"


def test_money_by_hand():
    """1,000 mailed at 100 yen, margin of 150 yen more per customer: 50,000 net, 250 orders at 400 yen pay for it."""
    margin, orders = Estimate(150.0, 50.0, 250.0, 2000), Estimate(0.375, 0.125, 0.625, 2000)
    found = money.money(margin, orders, (1000, 0.5, 100_000.0), 400.0)
    assert (found.net.value, found.net.lower, found.net.upper) == (50_000, -50_000, 150_000)
    assert (found.per_1000.value, found.roi.value, found.roi.lower) == (50_000, 0.5, -0.5)
    assert (found.break_even_orders, found.extra_orders.value, found.responses) == (250, 375, 500)


def test_a_missing_cost_is_never_zero():
    assert money.cost_of(900.0, 100, 10, np.nan) == 1000.0
    assert money.cost_of(300.0, 100, 70, 5000.0) == 5000.0
    assert np.isnan(money.cost_of(0.0, 100, 100, np.nan))
    found = money.money(Estimate(150.0, 50.0, 250.0, 20), Estimate(0.1, 0.0, 0.2, 20), (10, 0.1, np.nan), 400.0)
    assert found.net.why == found.roi.why == "no_cost"
    assert found.extra_orders.value == 1.0


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("春号v2", "春号v2"),
        ("a.b c", "a_b_c"),
        ("..", "none"),
        ("phone", "phone_"),
        ("ＤＭ１", "DM1"),
        ("x" * 90, "x" * 40),
    ],
)
def test_keys_have_no_dot(name, key):
    assert names.key(name) == key


def test_keys_are_distinct_and_do_not_depend_on_the_order():
    assert (
        names.keys(["a.b", "a b", "a_b"])
        == names.keys(["a_b", "a b", "a.b"])
        == {"a b": "a_b", "a.b": "a_b_2", "a_b": "a_b_3"}
    )
