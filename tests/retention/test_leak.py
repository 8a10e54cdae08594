"""The leak: its day and size are found, a smooth course raises no alarm, and where nothing can be said it says why."""

import numpy as np
import pytest

from crmlib import retention


def curve(seed, customers=20_000, day=0, ratio=1.0, days=400):
    """A hazard that falls smoothly (0.5 / (140 + t)), multiplied by `ratio` after `day`; everybody observed for `days`."""
    t = np.arange(1, days + 1)
    return course_of(0.5 / (140 + t) * np.where((t > day) & (day > 0), ratio, 1.0), seed, customers)


def course_of(hazard, seed=5, customers=40_000):
    rng, days = np.random.default_rng(seed), len(hazard)
    left, events = customers, []
    for h in hazard:
        events.append(rng.binomial(left, h))
        left -= events[-1]
    columns = [*range(1, days + 1), days], [True] * days + [False], [*events, left]
    return retention.kaplan_meier(*columns, days)


@pytest.mark.parametrize("day", [30, 60, 120])
def test_a_planted_drop_is_found_on_its_day_with_its_size(day):
    found = retention.locate(curve(day, 40_000, day, 0.5), retention.EACH)
    assert found.day.lower <= day <= found.day.upper
    assert abs(found.day.value - day) <= 2
    assert found.ratio.lower < 0.5 < found.ratio.upper < 1
    assert found.p < 1e-4


def test_a_smooth_course_raises_few_alarms():
    """At 95 % for all days together: at most 5 % of 30 smooth courses, three more by chance."""
    found = [retention.locate(curve(seed)) for seed in range(30)]
    assert sum(leak.change.upper < 0 for leak in found if not leak.why) <= 4
    assert np.mean([leak.p < 0.5 for leak in found if not leak.why]) < 0.75


def test_the_day_is_covered_and_the_loss_is_that_of_the_course():
    hits = 0
    for seed in range(20):
        found = retention.locate(curve(seed, 30_000, 60, 0.6))
        hits += found.day.lower <= 60 <= found.day.upper
    assert hits >= 17
    t = np.arange(1, 366)
    smooth = 0.5 / (140 + t)
    truth = np.prod(1 - np.where(t > 60, 0.6 * smooth, smooth)) - np.prod(1 - smooth)
    assert found.lost.lower < truth < found.lost.upper


def test_a_rise_is_no_leak():
    found = retention.locate(curve(1, 40_000, 60, 1.6))
    assert found.why == "no_drop" or found.change.upper > 0


def test_a_drop_after_a_rise_is_found_all_the_same():
    """A step mail lifts the hazard from day 30 on, and stops on day 90."""
    t = np.arange(1, 401)
    ratio = np.where(t > 30, 1.6, 1.0) * np.where(t > 90, 0.5, 1.0)
    found = retention.locate(course_of(0.5 / (140 + t) * ratio), retention.EACH)
    assert abs(found.day.value - 90) <= 2
    assert found.change.upper < 0


@pytest.mark.parametrize(("customers", "days", "why"), [(200, 400, "too_few"), (20_000, 60, "too_few")])
def test_too_little_to_look_for(customers, days, why):
    found = retention.locate(curve(1, customers, days=days))
    assert found.why == why
    assert np.isnan(found.day.value)
    assert found.days.size == 0


def test_nobody():
    empty = retention.kaplan_meier([], [], [], -1)
    assert retention.locate(empty).why == "no_customers"
