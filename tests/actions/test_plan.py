"""What to decide, stop and test, and the day of checking."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crmlib.actions import MARGIN, SAVED, Agenda, Saving, Stake, check_day, joint, savings
from crmlib.intervals import Estimate, unknown


def yen(value, half):
    return Estimate(value, value - half, value + half, 50)


def saving(name, value, half):
    return Saving("medium", name, yen(value, half))


def agenda(stakes, saved=()):
    cells = pd.DataFrame({one.finding: [True] for one in stakes} | {"n": [5], "worth": [1e6]})
    total = joint([one for one in stakes if one.basis == MARGIN], cells)
    day = dt.date(2025, 6, 30)
    return Agenda(tuple(stakes), total, total, savings(saved), day, day)


@pytest.mark.parametrize(
    ("as_of", "days", "expected"),
    [
        ("2025-03-31", 90, "2025-06-30"),
        ("2025-03-31", 30, "2025-04-30"),
        ("1998-06-10", 90, "1998-08-31"),  # 8 September is nearer to the end of August
        ("2024-11-30", 90, "2025-02-28"),
        ("2025-01-15", 1, "2025-01-31"),  # never before as_of
    ],
)
def test_the_check_is_at_a_months_end(as_of, days, expected):
    assert check_day(dt.date.fromisoformat(as_of), days) == dt.date.fromisoformat(expected)


def test_three_are_decided_two_tested_the_largest_first():
    proven = [Stake(f"p{n}", "entry", yen((-1) ** n * n * 100.0, 5.0), MARGIN, decided=True) for n in (1, 2, 3, 4)]
    loose = [Stake(f"o{n}", "spend", yen(n * 100.0, 1000.0), MARGIN, decided=False) for n in (1, 2, 3)]
    dumb = Stake("none", "none", unknown(0, "actions.no_money"), MARGIN, decided=True)
    cost = Stake("cost", "cost", yen(-9999.0, 5.0), SAVED, decided=True)
    found = agenda([*proven, *loose, dumb, cost])
    assert [one.finding for one in found.decide] == ["p4", "p3", "p2"]
    assert [one.finding for one in found.test] == ["o3", "o2"]


def test_one_step_is_decided_once_and_what_is_decided_is_not_tested():
    ids = ("retention.leak", "base.entry_product", "retention.by_product", "ltv.entry", "retention.bad_months")
    proven = [Stake(name, "entry", yen(100.0 - n, 5.0), MARGIN, decided=True) for n, name in enumerate(ids[:3])]
    loose = [Stake(name, "entry", yen(500.0, 999.0), MARGIN, decided=False) for name in ids[3:]]
    found = agenda([*proven, *loose])
    assert [one.finding for one in found.decide] == ["retention.leak", "base.entry_product"]
    assert [one.finding for one in found.test] == ["retention.bad_months"]


def test_only_certain_savings_are_listed_and_they_add_up():
    found = agenda(
        [],
        [saving("small", 10.0, 5.0), saving("open", 50.0, 60.0), saving("large", 90.0, 20.0), saving("mid", 20.0, 5.0)],
    )
    assert [one.name for one in found.savings] == ["large", "mid", "small"]
    assert [one.name for one in found.stop] == ["large", "mid"]
    assert (found.saved.value, found.saved.lower, found.saved.upper) == (120.0, 90.0, 150.0)


def test_nothing_to_stop_is_unknown():
    found = agenda([])
    assert np.isnan(found.saved.value)
    assert found.saved.why == "actions.nothing_to_stop"
    assert (found.decide, found.stop, found.test) == ((), (), ())
