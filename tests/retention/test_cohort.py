"""Cohort matrix: a hand example, maturity, quarters, the test of homogeneity against scipy."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmlib import retention
from crmlib.retention import CohortRetention

JANUARY = 2024 * 12  # month number of 2024-01
COUNTS = [(0, 0, 10), (0, 1, 4), (0, 2, 2), (1, 0, 20), (1, 1, 5), (2, 0, 6)]


def matrix(as_of: date, rows: list[tuple[int, int, int]] = COUNTS) -> CohortRetention:
    counts = pd.DataFrame(rows, columns=["cohort", "period", "active"])
    counts["cohort"] += JANUARY
    sizes = counts[counts["period"] == 0].rename(columns={"active": "n"})[["cohort", "n"]]
    return retention.by_cohort(counts, sizes, as_of)


def wide(months: int, n: int = 40, share: float = 0.25) -> CohortRetention:
    """As many monthly cohorts, the last one acquired in the last month."""
    periods = np.arange(1, months)
    active = np.where(periods <= (months - 1 - np.arange(months))[:, None], n * share, np.nan)
    labels = tuple(f"{2020 + m // 12}-{m % 12 + 1:02d}" for m in range(months))
    return CohortRetention(labels, np.full(months, n), active, date(2030, 1, 1))


def test_hand_example():
    found = matrix(date(2024, 3, 31))
    assert found.cohorts == ("2024-01", "2024-02", "2024-03")
    assert found.sizes.tolist() == [10, 20, 6]
    np.testing.assert_array_equal(found.active, [[4, 2], [5, np.nan], [np.nan, np.nan]])
    assert found.cell(0, 1).value == 0.4
    assert found.mean(1).value == pytest.approx(9 / 30)
    assert (found.mean(2).value, found.mean(2).n) == (0.2, 10)
    assert found.why == ""


def test_a_month_is_immature_until_its_last_day():
    assert matrix(date(2024, 3, 30)).periods == 1
    assert matrix(date(2024, 3, 31)).periods == 2
    assert matrix(date(2024, 2, 29)).periods == 1  # leap year
    assert matrix(date(2024, 2, 28)).periods == 0


def test_immature_is_nan_and_never_zero_while_observed_none_is_zero():
    found = matrix(date(2024, 4, 30))
    np.testing.assert_array_equal(found.active, [[4, 2, 0], [5, 0, np.nan], [0, np.nan, np.nan]])
    assert found.cell(2, 2).why == "immature"
    assert np.isnan(found.cell(2, 2).value)
    assert found.cell(2, 1).value == 0


def test_small_groups_have_no_value():
    found = matrix(date(2024, 2, 29), [(0, 0, 4), (0, 1, 2), (1, 0, 30)])
    assert (found.cell(0, 1).why, found.mean(1).why) == ("small_group", "small_group")


def test_row_order_and_split_counts_change_nothing():
    split = [(0, 1, 1), (0, 1, 3), *[row for row in COUNTS if row[:2] != (0, 1)]]
    whole, merged = matrix(date(2024, 3, 31)), matrix(date(2024, 3, 31), split[::-1])
    np.testing.assert_array_equal(whole.active, merged.active)
    assert whole.cohorts == merged.cohorts


@pytest.mark.parametrize(
    ("rows", "as_of", "why"),
    [
        ([], date(2024, 3, 31), "no_customers"),
        ([(0, 0, 3), (0, 1, 1)], date(2024, 3, 31), "too_few"),
        ([(0, 0, 30)], date(2024, 1, 31), "too_young"),
        ([(0, 0, 30)], date(2024, 6, 30), "no_repeat"),
    ],
)
def test_unobservable_says_why(rows, as_of, why):
    assert matrix(as_of, rows).why == why


def test_quarters_add_up_and_wait_for_their_youngest_month():
    quarters = retention.by_quarter(matrix(date(2024, 4, 30), [*COUNTS, (3, 0, 7)]))
    assert quarters.cohorts == ("2024-Q1", "2024-Q2")
    assert quarters.sizes.tolist() == [36, 7]
    np.testing.assert_array_equal(quarters.active, [[9, np.nan, np.nan], [np.nan] * 3])


@pytest.mark.parametrize(
    ("months", "step", "rows", "left_out"),
    [(3, "month", 3, 0), (16, "month", 16, 0), (36, "quarter", 12, 0), (120, "quarter", 16, 24)],
)
def test_page_shows_what_fits_and_says_what_it_leaves_out(months, step, rows, left_out):
    page = retention.fit_to_page(wide(months))
    assert (page.step, len(page.cohorts), page.left_out) == (step, rows, left_out)
    assert page.active.shape == (rows, min(months - 1, 18))
    assert page.cohorts[-1] == retention.by_quarter(wide(months)).cohorts[-1] if step == "quarter" else True


def test_homogeneity_is_scipys_chi_square():
    found = retention.homogeneity(
        matrix(date(2024, 4, 30), [(0, 0, 90), (0, 1, 30), (1, 0, 110), (1, 1, 20), (2, 0, 60), (2, 1, 9)])
    )
    oracle = stats.chi2_contingency([[30, 20, 9], [60, 90, 51]], correction=False)
    assert found.p == pytest.approx(oracle.pvalue, rel=1e-12)
    assert found.statistic == pytest.approx(oracle.statistic, rel=1e-12)
    assert (found.degrees, found.n, found.why) == (2, 260, "")


def test_homogeneity_is_not_tested_on_one_cohort_or_on_few_customers():
    assert retention.homogeneity(matrix(date(2024, 2, 29))).why == "one_cohort"
    assert (
        retention.homogeneity(matrix(date(2024, 3, 31), [(0, 0, 9), (0, 1, 1), (1, 0, 9), (1, 1, 1)])).why == "too_few"
    )
    assert retention.homogeneity(matrix(date(2024, 3, 31), [])).why == "one_cohort"


def test_homogeneity_holds_its_level():
    rng = np.random.default_rng(5)
    low = 0
    for _ in range(400):
        active = rng.binomial(80, 0.3, (4, 1)).astype(float)
        drawn = CohortRetention(("a", "b", "c", "d"), np.full(4, 80), active, date(2024, 6, 30))
        low += retention.homogeneity(drawn).p < 0.05
    assert 0.02 <= low / 400 <= 0.09
