"""Who responds, in which order, by shrinkage; doses, offers and the draw."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from crmlib.errors import DataError
from crmlib.intervals import Estimate, unknown
from crmlib.lift import design, dose, offers, uplift
from crmlib.lift.patterns import of_units
from crmlib.lift.segments import Responders, SegmentLift, not_worth_contacting
from crmlib.lift.shrink import shrunken
from tests.lift.published import BANK_CALLS


def estimates(values, errors):
    return [Estimate(v, v - 1.96 * e, v + 1.96 * e, 100) for v, e in zip(values, errors, strict=True)]


def test_shrinkage_of_the_eight_schools():
    """Rubin (1981); posterior means with a uniform prior on the spread, as published many times: 11.4, 7.9, 6.1, 7.6, 5.1, 6.2, 10.6, 8.4."""
    values, errors = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    found = shrunken(estimates(values, errors), list(errors))
    assert [one.value for one in found.effects] == pytest.approx([11.4, 7.9, 6.1, 7.6, 5.1, 6.2, 10.6, 8.4], abs=0.35)
    assert found.spread == pytest.approx(6.6, abs=0.5)


def test_the_interaction_test_is_cochrans():
    values, errors = np.array([0.1, 0.3, 0.35, 0.65]), np.array([0.05, 0.06, 0.08, 0.1])
    oracle = combine_effects(values, errors**2).test_homogeneity()
    assert shrunken(estimates(values, errors), list(errors)).p == pytest.approx(oracle.pvalue, rel=1e-6)


def test_groups_that_do_not_differ_are_drawn_to_the_mean():
    found = shrunken(estimates([0.1, 0.12, 0.08], [0.05] * 3), [0.05] * 3)
    assert 0.08 < found.effects[2].value < 0.1 < found.effects[1].value < 0.12
    assert found.effects[0].value == pytest.approx(0.1)
    assert found.p > 0.8


def test_an_unknown_group_stays_unknown_and_one_group_is_no_test():
    found = shrunken([estimates([0.1], [0.05])[0], unknown(3, "too_few")], [0.05, np.nan])
    assert found.effects[1].why == "too_few"
    assert found.effects[0].value == 0.1
    assert np.isnan(found.p)


def test_shrunken_intervals_cover_the_true_effects_of_the_groups():
    draw, inside = np.random.default_rng(3), []
    for _ in range(200):
        true = draw.normal(0.05, 0.04, 10)
        errors = draw.uniform(0.02, 0.08, 10)
        found = shrunken(estimates(draw.normal(true, errors), errors), list(errors))
        inside += [one.lower <= t <= one.upper for one, t in zip(found.effects, true, strict=True)]
    assert 0.90 <= np.mean(inside) <= 0.98


def test_groups_in_which_a_paying_effect_is_excluded_are_left_out():
    groups = [
        SegmentLift(name, 50, e, e, 0.01, 0.1)
        for name, e in zip("ab", estimates([0.01, 0.06], [0.01] * 2), strict=True)
    ]
    found = Responders("c", "v", "segment", "purchase", tuple(groups), 0.01)
    assert [group.level for group in not_worth_contacting(found, 0.05)] == ["a"]
    assert not_worth_contacting(found, 0.0) == []


def test_qini_by_hand():
    """Four customers in the order a b c d, a and c contacted; only a buys: g(1/2) = 1/2, g(1) = 1/2 - 0."""
    many = 12
    score = np.repeat([4, 3, 2, 1], many)
    treated, outcome = np.tile(np.repeat([1, 0, 1, 0], many), 1), np.repeat([1, 0, 0, 0], many)
    found = uplift.qini(score, treated, outcome)
    assert found.effect.value == 0.5
    assert found.gain[-1] == pytest.approx(0.5)
    assert found.auuc.value - found.effect.value / 2 == pytest.approx(found.qini.value)
    assert found.qini.value > 0


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_reversing_the_order_turns_the_sign_of_qini(seed):
    draw = np.random.default_rng(seed)
    score, treated, outcome = draw.random(60), np.arange(60) % 2, draw.integers(0, 3, 60)
    one, other = (uplift.qini(sign * score, treated, outcome).qini for sign in (1, -1))
    assert other.value == pytest.approx(-one.value, abs=1e-12)


@pytest.mark.parametrize("outcome", ["binary", "revenue"])
def test_qini_of_random_scores_covers_zero_and_of_true_ones_the_truth(outcome):
    zero, true, truth = [], [], 0.2 / 12
    for seed in range(200):
        draw = np.random.default_rng(seed)
        x, treated = draw.random(1500), draw.random(1500) < 0.6
        chance = 0.1 + 0.1 * x + 0.2 * x * treated
        y = (draw.random(1500) < chance).astype(float)
        if outcome == "revenue":
            y = y * draw.gamma(4.0, 750.0, 1500)
        scale = 3000 if outcome == "revenue" else 1
        random, sorted_ = (uplift.qini(score, treated, y).qini for score in (draw.random(1500), x))
        zero.append(random.lower <= 0 <= random.upper)
        true.append(sorted_.lower <= truth * scale <= sorted_.upper)
    assert 0.90 <= np.mean(zero) <= 0.99
    assert 0.90 <= np.mean(true) <= 0.99


def test_scores_of_other_folds_find_who_responds_and_do_not_invent_it():
    draw = np.random.default_rng(1)
    made = pd.DataFrame({"band": draw.integers(0, 4, 8000).astype(str), "t": draw.integers(0, 2, 8000)})
    chance = 0.1 + 0.15 * made["t"] * (made["band"] == "3")
    made["bought"] = (draw.random(8000) < chance).astype(int)
    patterns = of_units(made, "bought", "t", ["band"])
    assert uplift.of_patterns(uplift.scores(patterns), patterns).qini.lower > 0
    inside = []
    for seed in range(60):
        lots = np.random.default_rng(seed)
        nothing = made.assign(bought=(lots.random(8000) < 0.1).astype(int)).head(2000)
        patterns = of_units(nothing, "bought", "t", ["band"])
        inside.append(uplift.of_patterns(uplift.scores(patterns), patterns).qini.lower <= 0)
    assert np.mean(inside) >= 0.93


def test_profit_curve_ends_at_the_effect_on_everybody():
    draw = np.random.default_rng(5)
    x, treated = draw.random(4000), draw.random(4000) < 0.5
    y = (draw.random(4000) < 0.1 + 0.3 * (x > 0.7) * treated).astype(float)
    curve = uplift.qini(x, treated, y)
    found = uplift.profit(curve, margin=1000.0, cost=50.0)
    assert found.value[0] == 0
    assert found.at(1.0).value == pytest.approx(1000 * (curve.effect.value * 1000 - 50))
    assert 0.15 <= found.best <= 0.45
    assert found.at(found.best).value > found.at(1.0).value


def test_no_order_without_two_arms():
    found = uplift.qini(np.arange(30), np.ones(30), np.ones(30))
    assert found.qini.why == "no_arm"
    assert np.isnan(found.gain).all()


def test_the_banks_published_rates_by_call_are_described_and_graded_d():
    counts = pd.DataFrame([{"dose": d, "n": n, "bought": k} for d, (n, k) in BANK_CALLS.items()])
    found = dose.by_dose(counts)
    assert [round(rate.value * 100, 1) for rate in found.rate] == pytest.approx(
        [13.0, 11.5, 10.8, 9.4, 7.5, 5.5], abs=0.11
    )
    assert found.grade == "D"
    assert found.trend_p < 1e-30
    assert found.slope < 0


def test_doses_from_units_and_at_equal_purchases_before():
    units = pd.DataFrame({"calls": [1, 1, 2, 9, 7, 1], "yes": [1, 0, 0, 1, 0, 0]})
    found = dose.of_units(units, "calls", "yes")
    assert found.dose == (1, 2, 6)
    assert [rate.n for rate in found.rate] == [3, 1, 2]
    rows = [(1, 0, 90, 9), (1, 1, 10, 5), (2, 0, 10, 1), (2, 1, 90, 45)]
    mixed = dose.by_dose(pd.DataFrame(rows, columns=["dose", "before", "n", "bought"]))
    assert mixed.like == pytest.approx((0.3, 0.3))
    assert [rate.value for rate in mixed.rate] == [0.14, 0.46]
    with pytest.raises(DataError, match="there is no column 'call'"):
        dose.of_units(units, "call", "yes")


def test_items_need_three_different_numbers():
    line = offers._line([3, 3, 5], estimates([0.1, 0.1, 0.05], [0.01] * 3), [0.01] * 3)
    assert line[0].why == "few_offers"
    slope, p = offers._line([2, 4, 8], estimates([0.12, 0.10, 0.06], [0.01] * 3), [0.01] * 3)
    assert slope.value == pytest.approx(-0.01)
    assert p < 0.001


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.floats(0.05, 0.5))
def test_the_draw_is_by_lot_within_strata_and_does_not_depend_on_the_order(seed, holdout):
    made = pd.DataFrame({"customer_id": np.arange(300) * 7919 % 1009, "stratum": [f"f{k % 4}" for k in range(300)]})
    one = design.draw(made, holdout, seed)
    pd.testing.assert_frame_equal(one, design.draw(made.sample(frac=1, random_state=1), holdout, seed))
    held = one[one["arm"] == "control"]
    assert abs(len(held) - 300 * holdout) <= 0.51
    assert (
        abs(held.groupby("stratum").size().reindex(one["stratum"].unique(), fill_value=0) - 75 * holdout) <= 1.01
    ).all()


def test_another_seed_is_another_draw():
    made = pd.DataFrame({"customer_id": range(100), "stratum": "a"})
    assert not design.draw(made, 0.5, 1)["arm"].equals(design.draw(made, 0.5, 2)["arm"])
