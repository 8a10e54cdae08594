"""The fall that changed most: by hand, its sign turned with the years, nothing where nothing can be compared."""

import numpy as np
import pytest

from crmlib import tiers
from crmlib.tiers.falls import clearest_fall
from tests.tiers.test_migration import NAMES, YEARS


def moved(gold_falls):
    """Two years of 400 gold customers of whom so many fall to the lowest tier; each stayer spends 100, each faller 10."""
    counts = np.zeros((2, 5, 4))
    counts[:, 0] = [
        800,
        200,
        20,
        0,
    ]
    counts[:, 1] = [200, 300, 60, 0]
    spent = np.zeros_like(counts)
    for year, fell in enumerate(gold_falls):
        counts[year, 2] = [fell, 0, 400 - fell, 0]
        spent[year, 2] = [10 * fell, 0, 100 * (400 - fell), 0]
    return tiers.Migration(NAMES, YEARS[:3], counts, spent, spent, spent)


def fall(*gold_falls):
    made = moved(gold_falls)
    return clearest_fall(made, tiers.change(made))


def test_more_falls_are_found_with_what_they_cost():
    found = fall(40, 100)
    assert (found.before, found.after) == (2, 0)
    assert found.difference.value == pytest.approx(0.15)
    assert found.difference.lower > 0
    assert found.cost.value == pytest.approx(0.15 * 400 * 90)
    assert found.cost.lower == pytest.approx(found.difference.lower * 400 * 90)


def test_the_years_turned_turn_the_sign():
    more, fewer = fall(40, 100), fall(100, 40)
    assert fewer.difference.upper == pytest.approx(-more.difference.lower)
    assert fewer.cost.upper < 0


def test_no_change_is_open():
    found = fall(60, 60)
    assert found.difference.lower < 0 < found.difference.upper


def test_one_year_compares_nothing():
    one = moved((40, 40))
    single = tiers.Migration(
        NAMES, YEARS[:2], *(part[:1] for part in (one.customers, one.amount_before, one.amount_after, one.square_after))
    )
    assert clearest_fall(single, tiers.change(single)).why == "one_period"
