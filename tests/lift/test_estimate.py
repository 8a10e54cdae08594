"""Effects: Hillstrom's published figures, statsmodels as oracle, laws."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from crmlib.lift import estimate, frame
from crmlib.lift.arms import Arm
from tests.lift.published import HILLSTROM_WOMENS, sums


def hillstrom(arm, outcome):
    sides = [Arm.of_sums(sums(name, outcome), outcome) for name in (arm, "No E-Mail")]
    return estimate.difference(*sides)


@pytest.mark.parametrize(
    ("arm", "outcome", "value", "lower", "upper"),
    [
        ("Mens E-Mail", "visit", 7.659, 6.995, 8.322),
        ("Mens E-Mail", "conversion", 0.681, 0.500, 0.861),
        ("Mens E-Mail", "cents", 76.983, 48.5, 105.5),
        ("Womens E-Mail", "visit", 4.523, 3.889, 5.157),
        ("Womens E-Mail", "conversion", 0.311, 0.150, 0.472),
        ("Womens E-Mail", "cents", 42.441, 16.9, 68.0),
    ],
)
def test_hillstroms_published_effects(arm, outcome, value, lower, upper):
    ate, unit = hillstrom(arm, outcome).ate, 1 if outcome == "cents" else 100
    exact = 0.0007 if unit == 100 else 0.06  # the last printed digit
    assert [ate.value * unit, ate.lower * unit, ate.upper * unit] == pytest.approx([value, lower, upper], abs=exact)


def test_hillstroms_regression_adjusted_visits_are_as_the_file_gives_them():
    """0.07641 (0.06979-0.08303) by OLS with the interaction of arm and centred history, HC2 errors, on the file."""
    sides = [Arm.of_sums(sums(name, "visit"), "visit") for name in ("Mens E-Mail", "No E-Mail")]
    ate = estimate.regression(*sides).ate
    assert [ate.value, ate.lower, ate.upper] == pytest.approx([0.07641, 0.06979, 0.08303], abs=1.5e-5)


def test_hillstroms_interaction_of_the_womens_mail():
    units = [
        pd.DataFrame({"arm": arm, "womens": womens, "visit": np.arange(n) < visits})
        for (arm, womens), (n, visits) in HILLSTROM_WOMENS.items()
    ]
    found = frame.by_group(pd.concat(units), "visit", "arm", ("Womens E-Mail", "No E-Mail"), "womens")
    effects = {group.level: round(group.effect.value * 100, 2) for group in found.groups}
    assert effects == {"0": 1.11, "1": 7.31}
    assert found.p < 1e-12
    assert all(group.shrunken.lower > 0 for group in found.groups)


@pytest.fixture(scope="module")
def made():
    draw = np.random.default_rng(4)
    x = draw.gamma(2.0, 30.0, 900)
    treated = draw.random(900) < 0.4
    y = 0.5 * x + treated * (4 + 0.2 * x) + draw.normal(0, 12, 900)
    return pd.DataFrame({"x": x, "t": treated.astype(float), "y": y})


def arms(made):
    return [Arm.of(rows["y"], rows["x"]) for rows in (made[made["t"] == 1], made[made["t"] == 0])]


def test_difference_is_welchs_test(made):
    from scipy import stats

    found = estimate.difference(*arms(made))
    oracle = stats.ttest_ind(made.loc[made["t"] == 1, "y"], made.loc[made["t"] == 0, "y"], equal_var=False)
    limits = oracle.confidence_interval(0.95)
    assert (found.p, found.ate.lower, found.ate.upper) == pytest.approx((oracle.pvalue, limits.low, limits.high))


def test_cuped_is_ols_with_the_covariate(made):
    found = estimate.cuped(*arms(made))
    fit = sm.OLS(made["y"], sm.add_constant(made[["t", "x"]])).fit(cov_type="HC1")
    assert found.ate.value == pytest.approx(fit.params["t"], rel=1e-6)
    assert found.se == pytest.approx(fit.bse["t"], rel=0.02)


def test_regression_is_lins_estimator(made):
    found = estimate.regression(*arms(made))
    centred = made["x"] - made["x"].mean()
    design = sm.add_constant(pd.DataFrame({"t": made["t"], "x": centred, "tx": made["t"] * centred}))
    fit = sm.OLS(made["y"], design).fit(cov_type="HC2")
    assert found.ate.value == pytest.approx(fit.params["t"], rel=1e-9)
    whole = np.hypot(fit.bse["t"], fit.params["tx"] * centred.std() / np.sqrt(len(made)))  # the mean of x is a sample's
    assert found.se == pytest.approx(whole, rel=0.02)
    assert found.se < estimate.difference(*arms(made)).se


@pytest.mark.parametrize("method", [estimate.difference, estimate.cuped, estimate.regression])
def test_swapping_the_arms_turns_the_sign(made, method):
    treated, control = arms(made)
    one, other = method(treated, control), method(control, treated)
    assert other.ate.value == pytest.approx(-one.ate.value)
    assert (other.ate.lower, other.ate.upper) == pytest.approx((-one.ate.upper, -one.ate.lower))
    assert (1 + one.rel.value) * (1 + other.rel.value) == pytest.approx(1)


@pytest.mark.parametrize("method", [estimate.difference, estimate.cuped, estimate.regression])
def test_everybody_twice_gives_the_same_effect_and_an_interval_narrower_by_the_root_of_two(made, method):
    once, twice = (method(*arms(pd.concat([made] * times))) for times in (1, 2))
    assert twice.ate.value == pytest.approx(once.ate.value)
    assert once.se / twice.se == pytest.approx(np.sqrt(2), rel=5e-3)


def test_scale_of_the_currency_changes_nothing_but_the_scale(made):
    one, other = (estimate.regression(*arms(made.assign(y=made["y"] * k, x=made["x"] * k))) for k in (1, 100))
    assert other.ate.value == pytest.approx(100 * one.ate.value)
    assert (other.p, other.rel.lower) == pytest.approx((one.p, one.rel.lower))


@pytest.mark.parametrize(
    ("treated", "control", "why"),
    [
        ([1.0] * 9, [0.0] * 50, "too_few"),
        ([1.0] * 30, [], "no_arm"),
        ([0.0] * 40, [0.0] * 40, "no_outcome"),
        ([1, 1, 1, 1] + [0] * 40, [0] * 40, "no_outcome"),
        ([1] * 40 + [0], [1] * 40, "no_outcome"),
    ],
)
def test_what_cannot_be_estimated_is_unknown_with_a_reason(treated, control, why):
    found = estimate.difference(Arm.of(treated), Arm.of(control))
    assert found.ate.why == found.rel.why == why
    assert np.isnan(found.p)


def test_the_response_is_what_is_reported_without_a_holdout():
    found = estimate.difference(Arm.of([1] * 30 + [0] * 70), Arm.of([1] * 28 + [0] * 72))
    assert found.naive.value == 0.30
    assert found.ate.value == pytest.approx(0.02)
    assert found.naive.lower > 0 > found.ate.lower


def test_relative_effect_needs_a_base_above_zero():
    found = estimate.difference(Arm.of(np.arange(50) - 10.0), Arm.of(np.arange(50) - 40.0))
    assert found.rel.why == "no_base"
    assert found.ate.why == ""
