"""Kaplan-Meier against published tables and statsmodels, and its laws."""

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from crmlib.retention.kaplan_meier import KaplanMeier, kaplan_meier

# Freireich et al. (1963), remission of 21 patients on 6-MP: weeks, + = censored.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PUBLISHED = {  # week: S, log-log limits, as Stata's sts list and R's survfit(conf.type = "log-log") print them
    6: (0.8571, 0.6197, 0.9516),
    7: (0.8067, 0.5631, 0.9228),
    10: (0.7529, 0.5032, 0.8894),
    13: (0.6902, 0.4316, 0.8491),
    16: (0.6275, 0.3675, 0.8049),
    22: (0.5378, 0.2678, 0.7468),
    23: (0.4482, 0.1881, 0.6801),
}


def remission() -> KaplanMeier:
    return kaplan_meier(WEEKS, RELAPSE, np.ones(21), horizon=35)


def simulated(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    gap, observed = rng.geometric(0.01, n), rng.integers(0, 300, n)
    return np.minimum(gap, observed), gap <= observed


@pytest.mark.parametrize(("week", "expected"), PUBLISHED.items())
def test_remission_times_of_freireich(week, expected):
    curve = remission()
    found = curve.survival[week], curve.lower[week], curve.upper[week]
    assert tuple(round(float(x), 4) for x in found) == expected


def test_number_at_risk_of_freireich():
    assert [remission().at_risk_on(week) for week in (0, 6, 7, 10, 23, 35, 36)] == [21, 21, 17, 15, 6, 1, 0]


@pytest.mark.parametrize("seed", range(5))
def test_curve_and_error_are_statsmodels(seed):
    days, event = simulated(seed)
    curve, oracle = kaplan_meier(days, event, np.ones(len(days)), 300), SurvfuncRight(days, event)
    times = oracle.surv_times.astype(int)
    np.testing.assert_allclose(curve.survival[times], oracle.surv_prob, rtol=0, atol=1e-9)
    error = curve.survival * np.sqrt(curve.log_variance)
    alive = oracle.surv_prob > 0  # statsmodels has no error at 0
    np.testing.assert_allclose(error[times][alive], oracle.surv_prob_se[alive], rtol=0, atol=1e-9)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 0.9])
def test_quantiles_are_statsmodels(share):
    days, event = simulated(11)
    oracle = SurvfuncRight(days, event)
    found = kaplan_meier(days, event, np.ones(len(days)), 300).quantile(share)
    lower, upper = oracle.quantile_ci(share)
    assert (found.value, found.lower) == (oracle.quantile(share), lower)
    assert found.upper == upper or (np.isnan(found.upper) and np.isinf(upper))


def test_median_of_freireich_has_an_open_upper_limit():
    median = remission().quantile(0.5)
    assert (median.value, median.lower) == (23, 13)
    assert np.isnan(median.upper)
    assert median.why == ""


def test_a_quantile_above_the_curve_is_not_reached():
    day = remission().quantile(0.9)
    assert np.isnan(day.value)
    assert day.why == "not_reached"


def test_weights_are_repeated_rows_and_order_does_not_matter():
    rng = np.random.default_rng(2)
    days, event, n = rng.integers(1, 50, 40), rng.random(40) < 0.4, rng.integers(1, 9, 40)
    whole = kaplan_meier(days, event, n, 50)
    repeated = kaplan_meier(np.repeat(days, n), np.repeat(event, n), np.ones(n.sum()), 50)
    mixed = rng.permutation(40)
    shuffled = kaplan_meier(days[mixed], event[mixed], n[mixed], 50)
    for other in (repeated, shuffled):
        np.testing.assert_array_equal(whole.survival, other.survival)
        np.testing.assert_array_equal(whole.at_risk, other.at_risk)
        np.testing.assert_array_equal(whole.lower, other.lower)


def test_without_events_the_curve_stays_at_one_and_has_no_band():
    curve = kaplan_meier([10, 20], [False, False], [5, 5], 20)
    assert (curve.survival == 1).all()
    assert np.isnan(curve.lower).all()
    assert curve.converted(20).value == 0


def test_when_everyone_has_the_event_the_curve_ends_at_zero():
    curve = kaplan_meier([3, 5], [True, True], [4, 6], 400)
    assert curve.converted(4).value == pytest.approx(0.4)
    assert curve.converted(365).value == 1  # nobody is left, but all are known


def test_after_the_horizon_nothing_is_said():
    late = kaplan_meier(WEEKS, RELAPSE, np.ones(21), horizon=20).converted(21)
    assert np.isnan(late.value)
    assert late.why == "too_young"


def test_nobody():
    curve = kaplan_meier([], [], [], -1)
    assert curve.n == 0
    assert curve.converted(90).why == "too_young"


def test_band_covers_the_truth():
    truth, hits = 1 - 0.99**90, 0
    for seed in range(300):
        days, event = simulated(seed, 250)
        share = kaplan_meier(days, event, np.ones(250), 299).converted(90)
        hits += share.lower <= truth <= share.upper
    assert 0.90 <= hits / 300 <= 0.99


def test_interval_of_the_median_covers_the_truth():
    hits = 0
    for seed in range(300):
        days, event = simulated(seed, 250)
        day = kaplan_meier(days, event, np.ones(250), 299).quantile(0.5)
        hits += day.lower <= 69 <= day.upper  # 0.99**69 < 0.5 < 0.99**68
    assert 0.90 <= hits / 300 <= 0.99
