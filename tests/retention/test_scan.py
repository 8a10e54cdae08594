"""Bad months of a medium: found where planted, silent where a whole medium or a whole season is weak."""

import numpy as np
import pandas as pd
import pytest

from crmlib import retention
from crmlib.retention import scan

MEDIA, MONTHS = ("a", "b", "c", "d"), 24


def counts(seed, share):
    """150 customers a medium and month, all observed for long; share(medium, month) buy again within the window."""
    rng = np.random.default_rng(seed)
    rows = []
    for medium in MEDIA:
        for month in range(MONTHS):
            yes = rng.binomial(150, share(medium, month))
            rows += [
                (medium, False, 24000 + month, 400, 50, True, yes),
                (medium, False, 24000 + month, 400, 400, False, 150 - yes),
            ]
    return pd.DataFrame(rows, columns=["value", "contract", "cohort", "observed", "days", "event", "n"])


def flat(medium, month):
    return 0.3


def test_planted_months_are_found_with_medium_and_size():
    found = retention.bad_months(counts(1, lambda medium, month: 0.12 if medium == "b" and 9 <= month <= 11 else 0.3))
    assert (found.medium, found.first, found.last) == ("b", "2000-10", "2000-12")
    assert found.difference.upper < 0
    assert found.expected == pytest.approx(0.3, abs=0.03)
    assert found.missing.value == pytest.approx(450 * (found.expected - found.rate.value))
    assert found.p < 0.001


def test_a_weak_medium_and_a_weak_season_are_no_bad_months():
    weak = retention.bad_months(counts(2, lambda medium, month: 0.15 if medium == "b" else 0.3))
    season = retention.bad_months(counts(3, lambda medium, month: 0.3 + 0.1 * np.sin(month)))
    for found in (weak, season):
        assert found.difference.upper > 0
        assert found.p > 0.05


def test_false_alarms_stay_within_the_level():
    assert sum(retention.bad_months(counts(seed, flat)).difference.upper < 0 for seed in range(20)) <= 3


def test_months_count_as_different_only_as_far_as_they_are():
    """A variance of a season of +-0.1 in the share is about 0.11 in log odds; where months are alike it is next to nothing."""

    def variance(share, seed):
        cells = scan._with_months(scan._cells(counts(seed, share)))
        return 1 / cells.penalty[-1]

    assert 0.06 < variance(lambda medium, month: 0.3 + 0.1 * np.sin(month), 3) < 0.18
    assert np.median([variance(flat, seed) for seed in range(20)]) < 0.005


def test_a_shortfall_by_a_third_is_found_in_nine_of_ten():
    def found(seed):
        one = retention.bad_months(
            counts(seed, lambda medium, month: 0.2 if medium == "b" and 9 <= month <= 11 else 0.3)
        )
        return one.difference.upper < 0 and one.medium == "b" and one.first <= "2000-12" and one.last >= "2000-10"

    assert sum(found(seed) for seed in range(20)) >= 18


def test_months_that_are_too_young_are_not_looked_at():
    table = counts(1, lambda medium, month: 0.0 if medium == "b" and month >= 21 else 0.3)
    young = table.assign(observed=np.where(table["cohort"] >= 24021, 100, 400))
    assert retention.bad_months(young).difference.upper > 0


def test_row_order_names_and_split_counts_change_nothing():
    table = counts(4, flat)
    one = retention.bad_months(table)
    other = retention.bad_months(
        pd.concat([table, table]).assign(n=lambda rows: rows["n"] / 2).sample(frac=1, random_state=1)
    )
    assert (one.medium, one.first, one.p) == (other.medium, other.first, other.p)
    assert one.difference.value == pytest.approx(other.difference.value)


def test_nothing_to_look_at():
    table = counts(1, flat)
    assert retention.bad_months(table.iloc[:0]).why == "absent"
    assert retention.bad_months(table.assign(value=None)).why == "absent"
    assert retention.bad_months(table[table["value"] == "a"]).why == "one_group"
    assert retention.bad_months(table.assign(contract=True)).why == "absent"
    few = table.assign(n=table["n"] // 40)
    assert retention.bad_months(few).why == "too_few"


def test_the_course_has_three_months_together_and_hides_small_ones():
    course = retention.bad_months(counts(1, flat)).course
    assert len(course.months) == MONTHS
    rolled = course.rolling()
    assert rolled[0, 1] == pytest.approx(course.converted[0, :3].sum() / course.n[0, :3].sum())
