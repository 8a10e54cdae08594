"""Weekly hazard: the life table by hand, its peak and its fading."""

import numpy as np
import pytest

from crmlib.intervals import wilson
from crmlib.retention.hazard import weekly_hazard
from crmlib.retention.kaplan_meier import kaplan_meier


def test_life_table_by_hand():
    # week 1: 10 of 100 convert, 20 leave; week 2: 7 of 70 convert, nobody leaves
    curve = kaplan_meier([3, 5, 8, 14, 21], [True, False, True, True, False], [10, 20, 3, 4, 63], 21)
    found = weekly_hazard(curve)
    np.testing.assert_allclose(found.rate, [10 / 90, 7 / 70, 0])
    np.testing.assert_allclose(found.exposed, [90, 70, 63 - 31.5])
    np.testing.assert_allclose([found.lower[0], found.upper[0]], np.array(wilson(10, 90)))
    assert found.week(2).n == 70


def test_the_actuarial_survivors_are_those_of_kaplan_meier_without_censoring():
    days = np.random.default_rng(1).geometric(0.02, 500)
    curve = kaplan_meier(days, np.ones(500), np.ones(500), 364)
    rate = weekly_hazard(curve).rate[:30]
    np.testing.assert_allclose(np.cumprod(1 - rate), curve.survival[7 * np.arange(1, 31)], atol=1e-12)


def test_peak_is_the_week_with_the_highest_lower_limit():
    # week 3: 500 of 1,000 convert; week 5: 2 of the 3 who are left, a higher share of almost nobody
    curve = kaplan_meier([16, 22, 30, 40], [True, False, True, False], [500, 497, 2, 1], 42)
    found = weekly_hazard(curve)
    assert found.rate[4] > found.rate[2]
    assert (found.peak_week, found.contact_day) == (3, 21)
    assert found.converted_by_peak.value == pytest.approx(0.5)


@pytest.mark.parametrize(("later", "expected"), [(0, 2), (90, 4)])
def test_fading_waits_until_the_rate_does_not_come_back(later, expected):
    # week 1: 100 of 1000; week 3: `later` of 900
    curve = kaplan_meier([2, 17, 60], [True, True, False], [100, later, 900 - later], 60)
    assert weekly_hazard(curve).fade_week == expected


def test_a_level_hazard_does_not_fade():
    days = np.random.default_rng(2).geometric(0.004, 3000)
    curve = kaplan_meier(np.minimum(days, 365), days <= 365, np.ones(3000), 365)
    assert weekly_hazard(curve).fade_week == 0


def test_less_than_a_week_or_no_event_has_no_peak():
    for curve in (
        kaplan_meier([3], [True], [9], 6),
        kaplan_meier([90], [False], [9], 90),
        kaplan_meier([], [], [], -1),
    ):
        found = weekly_hazard(curve)
        assert (found.peak_week, found.fade_week, found.contact_day) == (0, 0, 0)


def test_weekly_intervals_cover_the_truth():
    truth, hits = 1 - 0.99**7, 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        gap, observed = rng.geometric(0.01, 300), rng.integers(30, 300, 300)
        week = weekly_hazard(kaplan_meier(np.minimum(gap, observed), gap <= observed, np.ones(300), 299)).week(4)
        hits += week.lower <= truth <= week.upper
    assert 0.90 <= hits / 300 <= 0.99
