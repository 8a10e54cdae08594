"""12-month repurchase against a plain count, and its modes."""

import datetime as dt

import numpy as np
import pytest

from crmlib.base import calendar, mode
from tests import made_up_base
from tests.made_up_base import orders_of

TODAY = dt.date(2025, 3, 31)


def days_ago(ago):
    return TODAY - dt.timedelta(days=int(ago))


@pytest.mark.parametrize(
    ("rate", "name"),
    [
        (0.0, "acquisition"),
        (0.3999, "acquisition"),
        (0.4, "hybrid"),
        (0.6, "hybrid"),
        (0.6001, "retention"),
        (1.0, "retention"),
    ],
)
def test_modes_meet_at_40_and_60(rate, name):
    assert mode.mode_of(rate) == name


def test_every_point_of_the_trend_agrees_with_a_plain_count():
    draw = np.random.default_rng(5)
    rows = [
        (int(who), days_ago(ago), 100)
        for who, ago in zip(draw.integers(0, 60, 400), draw.integers(0, 1200, 400), strict=True)
    ]
    rows += [(999, days_ago(1300), 100)]
    (_, years, *_), ledger = made_up_base.read(made_up_base.store(orders=orders_of(*rows)), TODAY)
    ends = calendar.repurchase_ends(TODAY)
    for (end, middle, start), rate in zip(ends, years.mode.series, strict=True):
        buyers = {who for who, day, _ in rows if start < day <= middle}
        again = {who for who, day, _ in rows if middle < day <= end} & buyers
        assert (rate.n, rate.value) == (len(buyers), len(again) / len(buyers))
    assert ledger["base.mode.rate"].value == pytest.approx(years.mode.rate.value)
    assert ledger["base.mode"].value == mode.mode_of(years.mode.rate.value)


def test_points_whose_years_are_not_known_are_left_out():
    rows = [(who, days_ago(ago), 100) for who in range(20) for ago in (10, 400, 760 + who)]
    (_, years, *_), _ = made_up_base.read(made_up_base.store(orders=orders_of(*rows)), TODAY)
    first = min(day for _, day, _ in rows)
    assert all(calendar.months_before(end, 24) + calendar.DAY >= first for end in years.mode.ends)
    assert 1 <= len(years.mode.ends) < 13


def test_without_two_years_there_is_no_mode():
    rows = [(who, days_ago(ago), 100) for who in range(20) for ago in (10, 500)]
    _, ledger = made_up_base.read(made_up_base.store(orders=orders_of(*rows)), TODAY)
    assert ledger["base.mode"].value is None
    assert ledger["base.mode"].why == "base.short"
    assert ledger["base.growth.state"].value == "short"
