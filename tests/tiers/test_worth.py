"""What a line brings in money: the jump of the mean against statsmodels, recovery of both parts, and never against the verdict."""

import numpy as np
import pandas as pd
import pytest

from crmlib.tiers.discontinuity import Outcomes, mean_jump
from crmlib.tiers.threshold import SURE, Threshold
from crmlib.tiers.worth import worth
from tests.tiers.test_threshold import LINE, customers, judged


def above(bins: pd.DataFrame) -> float:
    """Next year's spend of those who had reached the line."""
    return float(bins.loc[bins["bin"] >= 0, "later"].sum())


def test_the_jump_of_the_mean_is_the_gamma_regression_of_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    draw = np.random.default_rng(3)
    x = draw.uniform(-1.2, 1.1, 900)
    y = np.exp(0.7 * x + 0.2 * x**2 + 0.3 * (x >= 0) + 0.6 * draw.standard_normal(x.size))
    weight = np.clip(1 - np.abs(x) / 1.2, 0, None)
    design = np.stack([np.ones_like(x), x, x**2, x * (x >= 0), x >= 0], axis=1)
    family = sm.families.Gamma(sm.families.links.Log())
    theirs = sm.GLM(y, design, family=family, var_weights=weight).fit(cov_type="HC0", tol=1e-12)
    ours = mean_jump(Outcomes(x, np.ones_like(x), y, y**2), 1.2)
    assert ours.value == pytest.approx(theirs.params[-1], abs=1e-7)
    assert (ours.upper - ours.lower) / (2 * 1.959963985) == pytest.approx(theirs.bse[-1], rel=1e-5)


def test_money_in_another_unit_has_the_same_jump_and_nobody_none():
    bins = customers(1, rise=0.3)
    one, cents = (
        judged(bins).mean,
        judged(bins.assign(later=100 * bins["later"], later_square=1e4 * bins["later_square"])).mean,
    )
    assert (one.value, one.upper) == pytest.approx((cents.value, cents.upper))
    assert judged(bins.assign(later=0.0, later_square=0.0)).mean.why == "too_few"


def test_what_those_above_spend_more_is_covered():
    covered, flat = 0, 0
    for seed in range(30):
        bins = customers(seed, 6_000, rise=0.3)
        found = worth(judged(bins), above(bins)).following
        covered += found.lower <= above(bins) * -np.expm1(-0.3) <= found.upper
        calm = customers(seed, 6_000)
        nothing = worth(judged(calm), above(calm)).following
        flat += nothing.lower <= 0 <= nothing.upper
    assert (covered >= 26, flat >= 26) == (True, True), (covered, flat)


def test_what_is_bought_to_reach_the_line_is_covered():
    """The truth is what the same customers bought more than without topping up."""
    covered, values, truths = 0, [], []
    for seed in range(40):
        bins, without = (customers(seed, 6_000, bunched=share) for share in (0.5, 0.0))
        found = worth(judged(bins), above(bins)).topped
        truths.append(float(bins["amount"].sum() - without["amount"].sum()))
        values.append(found.value)
        covered += found.lower <= truths[-1] <= found.upper
    assert covered >= 35
    assert np.mean(values) == pytest.approx(np.mean(truths), rel=0.1)


def test_only_the_last_year_counts():
    one = customers(1, bunched=0.5)
    both = pd.concat([one, one.assign(review=2)])
    single, double = judged(one), judged(both)
    assert double.bunching.moved.value == pytest.approx(2 * single.bunching.moved.value)
    assert worth(double, above(one)).topped.value == pytest.approx(worth(single, above(one)).topped.value)
    assert double.near == single.near == above(one)


def test_the_two_parts_add_up():
    bins = customers(2, rise=0.3, bunched=0.5)
    found = worth(judged(bins), 1.5 * above(bins))
    assert found.total.value == pytest.approx(found.topped.value + found.following.value)
    assert found.following.lower < found.total.lower < found.total.value < found.total.upper
    shape = judged(bins).bunching
    assert found.topped.value == pytest.approx(shape.moved.value * shape.way.value * LINE)
    assert 0 < shape.way.value < 0.075  # from 5 % below to 2.5 % above


def test_far_above_the_line_both_are_possible_an_effect_and_none():
    bins = customers(2, 100_000, rise=0.4)
    tested = judged(bins)
    near, far = worth(tested, above(bins)).following, worth(tested, 2 * above(bins)).following
    assert tested.mean.lower > 0
    assert far.lower == pytest.approx(near.lower)
    assert far.upper == pytest.approx(2 * near.upper)


def test_fewer_than_expected_above_the_line_is_no_money_lost_on_reaching_it():
    bins = customers(5, bunched=0.0)
    gap = bins["bin"].between(0, 4)
    thin = bins.assign(customers=np.where(gap, np.maximum(bins["customers"] // 2, 1), bins["customers"]))
    assert judged(thin).bunching.moved.value < 0
    assert worth(judged(thin), above(bins)).topped.value == 0.0


def test_a_line_after_which_less_is_bought_creates_nothing():
    """They buy up to it, and less afterwards: bunching alone would say that it creates spend."""
    bins = customers(3, 40_000, rise=-0.4, bunched=0.5)
    found = judged(bins)
    assert found.bunching.break_.lower > 0
    assert (found.verdict, found.kind) == ("cannot_tell", "mean")
    assert found.evidence.level == 1 - 2 * SURE
    assert found.evidence.upper < 0


def test_money_never_contradicts_the_verdict():
    creates = 0
    for seed in range(30):
        bins = customers(seed, 3_000, rise=-0.15 + 0.02 * seed, bunched=0.5)
        found: Threshold = judged(bins)
        creates += found.verdict == "creates"
        assert found.verdict != "creates" or worth(found, above(bins)).total.upper > 0
    assert creates > 10


def test_without_customers_there_is_no_money():
    nothing = judged(customers(1, 60))
    found = worth(nothing, 1e6)
    assert (found.total.why, found.topped.why, found.following.why) == ("too_few",) * 3
