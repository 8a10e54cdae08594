"""The fall that changed most: by hand, its sign turned with the years, nothing where nothing can be compared, few false alarms."""

import numpy as np
import pytest

from crmlib import tiers
from crmlib.intervals import LEVEL
from crmlib.tiers.falls import clearest_fall, compared
from tests.tiers.test_migration import NAMES, YEARS


def moved(*gold_years):
    """Two years of 400 gold customers of whom so many fall to the lowest tier and to silver; each stayer spends 100, each faller 10."""
    counts = np.zeros((2, 5, 4))
    counts[:, 0] = [800, 200, 20, 0]
    counts[:, 1] = [200, 300, 60, 0]
    spent = np.zeros_like(counts)
    for year, fell in enumerate(gold_years):
        low, middle = (fell, 0) if isinstance(fell, int) else fell
        counts[year, 2] = [low, middle, 400 - low - middle, 0]
        spent[year, 2] = [10 * low, 50 * middle, 100 * (400 - low - middle), 0]
    return tiers.Migration(NAMES, YEARS[:3], counts, spent, spent, spent)


def fall(*gold_years):
    return clearest_fall(moved(*gold_years))


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


def test_a_deeper_fall_is_no_good_news_for_the_one_above_it():
    """Those who fell to silver now fall below it: not fewer falls to silver, but more to the lowest tier."""
    found = fall((40, 100), (90, 50))
    assert (found.before, found.after) == (2, 0)
    assert found.difference.value == pytest.approx(0.125)
    assert found.difference.lower > 0
    shallow = next(
        one for one in compared(*moved((40, 100), (90, 50)).customers[:, :3]) if (one.before, one.after) == (2, 1)
    )
    assert shallow.p == 1.0


def test_a_fall_that_counts_lower_tiers_costs_what_all_of_them_lack():
    found = fall((20, 60), (25, 135))
    assert (found.before, found.after) == (2, 1)
    assert found.later.value == pytest.approx(0.4)
    mean = (25 * 10 + 135 * 50) / 160
    assert found.cost.value == pytest.approx(0.2 * 400 * (100 - mean))


def test_the_weights_share_one_error():
    found = compared(*moved((40, 60), (50, 70)).customers[:, :3])
    assert {(one.before, one.after): one.weight for one in found} == {(1, 0): 0.25, (2, 0): 0.5, (2, 1): 0.25}


def test_one_year_compares_nothing():
    one = moved(40, 40)
    single = tiers.Migration(
        NAMES, YEARS[:2], *(part[:1] for part in (one.customers, one.amount_before, one.amount_after, one.square_after))
    )
    assert clearest_fall(single).why == "one_period"


@pytest.mark.parametrize(
    ("sizes", "gold"),
    [((70, 150), (0.12, 0.26, 0.62)), ((150, 70), (0.12, 0.26, 0.62)), ((70, 150), (0.35, 0.3, 0.35))],
)
def test_nothing_changes_and_at_most_one_in_twenty_is_told_so(sizes, gold):
    """10,000 clients whose years differ by chance alone; 5.4 % would be beyond chance (two standard errors) for 5 %."""
    draw, clients = np.random.default_rng(7), 10_000
    rows = {1: ((285, 580), (0.34, 0.55, 0.11)), 2: (sizes, gold)}
    years = np.zeros((clients, 2, 3, 4))
    for tier, (n, shares) in rows.items():
        for year in range(2):
            years[:, year, tier, :3] = draw.multinomial(n[year], shares, clients)
    alarms = sum(any(one.p < (1 - LEVEL) * one.weight for one in compared(*client)) for client in years)
    assert 0.035 <= alarms / clients <= 0.054
