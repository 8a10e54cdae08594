"""Intervals against the examples of the papers that define them, and against scipy and statsmodels."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from crmlib import intervals

NEWCOMBE_SINGLE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
NEWCOMBE_DIFFERENCE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


@pytest.mark.parametrize(("successes", "n", "lower", "upper"), NEWCOMBE_SINGLE)
def test_wilson_newcombe_1998a_table_1(successes, n, lower, upper):
    assert [round(float(limit), 4) for limit in intervals.wilson(successes, n)] == [lower, upper]


@pytest.mark.parametrize(("first", "second", "lower", "upper"), NEWCOMBE_DIFFERENCE)
def test_difference_newcombe_1998b_table_2(first, second, lower, upper):
    gap = intervals.difference(intervals.proportion(*first), intervals.proportion(*second))
    assert (round(gap.lower, 4), round(gap.upper, 4)) == (lower, upper)
    assert gap.value == pytest.approx(first[0] / first[1] - second[0] / second[1])
    assert gap.n == first[1] + second[1]


def test_wilson_is_statsmodels_on_many_counts():
    n = np.arange(1, 60)
    for share in (0.0, 0.03, 0.5, 1.0):
        k = np.floor(n * share)
        np.testing.assert_allclose(intervals.wilson(k, n), proportion_confint(k, n, method="wilson"), atol=1e-14)


def test_difference_is_statsmodels():
    gap = intervals.difference(intervals.proportion(31, 400), intervals.proportion(52, 433))
    np.testing.assert_allclose(
        (gap.lower, gap.upper), confint_proportions_2indep(31, 400, 52, 433, method="newcomb"), rtol=1e-12
    )


def test_swapping_the_arms_flips_the_sign():
    a, b = intervals.proportion(31, 400), intervals.proportion(52, 433)
    one, other = intervals.difference(a, b), intervals.difference(b, a)
    assert (one.value, one.lower, one.upper) == pytest.approx((-other.value, -other.upper, -other.lower))


def test_wilson_ends_are_exact_and_nobody_is_nan():
    lower, upper = intervals.wilson([0, 7, 0], [7, 7, 0])
    assert (lower[0], upper[1]) == (0.0, 1.0)
    assert np.isnan([lower[2], upper[2]]).all()


def test_proportion_of_nobody_says_why():
    nobody = intervals.proportion(0, 0)
    assert np.isnan(nobody.value)
    assert nobody.why == "no_customers"
    assert intervals.difference(nobody, intervals.proportion(1, 2)).why == "no_customers"


def test_level_reaches_every_interval():
    narrow, wide = intervals.proportion(10, 50, 0.8), intervals.proportion(10, 50, 0.99)
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert intervals.normal(0.0, 1.0, 0.9)[1] == pytest.approx(1.644854, abs=1e-6)


def test_log_log_stays_inside_and_is_undefined_at_the_ends():
    lower, upper = intervals.log_log([1.0, 0.98, 0.02, 0.0], [0.0, 0.0001, 2.0, 9.0])
    assert np.isnan(lower[[0, 3]]).all()
    assert np.isnan(upper[[0, 3]]).all()
    assert ((lower[1:3] > 0) & (lower[1:3] < [0.98, 0.02])).all()
    assert ((upper[1:3] < 1) & (upper[1:3] > [0.98, 0.02])).all()


def test_first_at_or_below_forgives_rounding_only():
    curve = [1.0, 0.5 + 1e-16, 0.4]
    assert intervals.first_at_or_below(curve, 0.5) == 1
    assert intervals.first_at_or_below([1.0, 0.5 + 1e-6, 0.4], 0.5) == 2
    assert np.isnan(intervals.first_at_or_below([1.0, np.nan], 0.5))


def test_delta_error_of_a_sum_and_of_a_ratio():
    covariance = np.array([[4.0, 1.0], [1.0, 9.0]])
    assert intervals.delta_error([1, 1], covariance) == pytest.approx(np.sqrt(4 + 9 + 2))
    x, y = 10.0, 5.0
    relative = 4 / x**2 + 9 / y**2 - 2 / (x * y)
    assert intervals.delta_error([1 / y, -x / y**2], covariance) == pytest.approx(x / y * np.sqrt(relative))


def test_chi_square_p_is_scipy():
    assert intervals.chi_square_p(5.47, 2) == pytest.approx(stats.chi2.sf(5.47, 2), rel=1e-12)


def test_wilson_covers():
    draws = np.random.default_rng(3).binomial(80, 0.12, 4000)
    lower, upper = intervals.wilson(draws, 80)
    assert 0.90 <= np.mean((lower <= 0.12) & (upper >= 0.12)) <= 0.99


def test_false_discovery_is_statsmodels():
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(4).random(40) ** 2
    np.testing.assert_allclose(intervals.false_discovery(p), multipletests(p, method="fdr_bh")[1], atol=1e-12)
    with_gap = intervals.false_discovery([*p, np.nan])
    np.testing.assert_array_equal(with_gap[:-1], intervals.false_discovery(p))
    assert np.isnan(with_gap[-1])
