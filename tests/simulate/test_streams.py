"""The keyed draws are uniform and independent over who, round and key."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from crmlib.simulate.streams import Key, key

WHO = np.arange(200_000)


def test_uniform_by_person_and_by_round() -> None:
    one = key(1, "a")
    for draws in (one.uniform(WHO), one.uniform(7, WHO), key(1, "b").uniform(WHO * 1024), key(2, "a").uniform(WHO)):
        assert stats.kstest(draws, "uniform").pvalue > 0.001
        assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 0.01


def test_other_key_round_or_seed_is_independent() -> None:
    draws = [key(1, "a").uniform(WHO), key(1, "b").uniform(WHO), key(2, "a").uniform(WHO), key(1, "a").uniform(WHO, 1)]
    draws += [key(1, "a").child("x").uniform(WHO), key(1, "a").child("y").uniform(WHO)]
    off = np.abs(np.corrcoef(draws) - np.eye(len(draws)))
    assert off.max() < 0.01


def test_draws_do_not_depend_on_company() -> None:
    one = key(1, "a")
    assert (one.uniform(WHO)[100:200] == one.uniform(WHO[100:200])).all()


def test_never_zero_or_one() -> None:
    draws = Key(0).uniform(WHO)
    assert 0 < draws.min() < draws.max() < 1


def test_shapes_of_the_laws() -> None:
    one = key(3, "laws")
    assert stats.kstest(one.exponential(WHO), "expon").pvalue > 0.001
    assert stats.kstest(one.normal(WHO), "norm").pvalue > 0.001
    assert np.bincount(one.choice(WHO, (1, 3))) / WHO.size == pytest.approx([0.25, 0.75], abs=0.005)
    assert one.happens(WHO, 0.2).mean() == pytest.approx(0.2, abs=0.005)
    assert set(one.integer(WHO, 3)) == {0, 1, 2}
