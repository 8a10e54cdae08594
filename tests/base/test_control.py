"""Control charts: limits, a planted change, silence without one, the calendar."""

import datetime as dt

import numpy as np
import pytest

from crmlib.base import control
from crmlib.base.control import Event, Setting

START = 2023 * 12


def chart(rates, n=400, seed=0, level=0.99, events=()):
    draw = np.random.default_rng(seed)
    months = list(range(START, START + len(rates)))
    return control.of_shares(months, draw.binomial(n, rates).tolist(), [n] * len(rates), Setting(level, events))


def test_limits_are_three_standard_errors_of_the_pooled_share():
    found = control.of_shares([START, START + 1], [40, 60], [100, 400], Setting(0.99))
    assert found.centre == pytest.approx(0.2)
    z = np.array([0.2, -0.05]) / np.sqrt(0.16 / np.array([100, 400]))
    spread = max(1, abs(np.diff(z))[0] / 1.128)
    assert found.high[0] == pytest.approx(min(0.2 + 3 * spread * 0.04, 1))
    assert found.spread == pytest.approx(spread)


def test_a_change_is_found_in_its_month():
    found = chart([0.3] * 12 + [0.42] * 12)
    assert found.significant
    assert abs(found.change.month - (START + 12)) <= 1
    assert found.change.gap.lower > 0
    assert found.change.gap.lower < 0.12 < found.change.gap.upper


def test_interval_excludes_zero_exactly_where_the_test_says_so():
    for seed in range(12):
        found = chart([0.3] * 10 + [0.35] * 10, seed=seed)
        gap = found.change.gap
        assert found.significant == (gap.lower > 0 or gap.upper < 0)


def test_silent_without_a_change():
    false = sum(chart([0.3] * 24, seed=seed, level=0.95).significant for seed in range(60))
    assert false <= 8  # 5 % of 60 are 3; more than 8 happen four times in a thousand


def test_months_that_scatter_more_than_chance_widen_the_limits():
    draw = np.random.default_rng(1)
    wild = chart(np.clip(0.3 + 0.08 * draw.standard_normal(24), 0.05, 0.6), n=2_000)
    assert wild.spread > 2
    assert len(wild.outside) <= 2


def test_one_bad_month_is_outside_the_limits():
    found = chart([0.3] * 11 + [0.1] + [0.3] * 12, n=1_000)
    assert START + 11 in found.outside


def test_small_months_are_blank_and_short_series_say_so():
    found = control.of_shares([START, START + 1, START + 2], [1, 90, 100], [10, 300, 300], Setting(0.99))
    assert np.isnan(found.values[0])
    assert found.change is None
    assert control.of_shares([START], [3], [100], Setting(0.99)).why == "too_short"
    assert control.of_shares([], [], [], Setting(0.99)).why == "too_short"


def test_events_within_a_month_of_the_change_are_named():
    events = tuple(Event(dt.date(2024, month, 15), "ja", "en") for month in (1, 6))
    found = chart([0.3] * 12 + [0.45] * 12, events=events)
    assert [event.date.month for event in found.change.events] == [1]


def test_means_find_a_change_of_price():
    draw = np.random.default_rng(0)
    values = [draw.gamma(4, 1_500 if month < 12 else 1_800, 300) for month in range(24)]
    sums = np.array([v.sum() for v in values]), np.array([(v**2).sum() for v in values])
    found = control.of_means(list(range(START, START + 24)), sums, [300] * 24, Setting(0.99))
    assert found.significant
    assert found.change.label == "2024-01"
    assert found.change.gap.lower < 1_200 < found.change.gap.upper


def test_equal_amounts_have_no_spread_and_say_so():
    sums = np.full(10, 300 * 500.0), np.full(10, 300 * 500.0**2)
    assert control.of_means(list(range(10)), sums, [300] * 10, Setting(0.99)).why == "too_short"
