"""Migration: laws of stock and flow, names, intervals, change by cell, order, forecast."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmlib import tiers
from crmlib.tiers.change import FALSE_DISCOVERY, homogeneity
from crmlib.tiers.migration import LEFT, NEW, dirichlet

NAMES = ("regular", "silver", "gold")
YEARS = tuple(date(2020 + k, 3, 31) for k in range(4))
MATRIX = np.array([[0.70, 0.20, 0.02, 0.08], [0.25, 0.55, 0.15, 0.05], [0.05, 0.25, 0.65, 0.05]])


def counted(histories: np.ndarray) -> pd.DataFrame:
    """Moves of customers (rows) over reviews (columns); -1 is outside. Amount: 10 times the tier plus the review."""
    rows = []
    for review in range(1, histories.shape[1]):
        for path in histories:
            before, after = path[review - 1], path[review]
            known = (path[:review] >= 0).any()
            if before < 0 and after < 0:
                continue
            codes = [code if code >= 0 else (LEFT if known else NEW) for code in (before, after)]
            amounts = [0 if code < 0 else 10 * code + turn for code, turn in ((before, review - 1), (after, review))]
            rows.append((review, *codes, 1, *amounts, amounts[1] ** 2))
    columns = ["review", "before", "after", "customers", "amount_before", "amount_after", "square_after"]
    return pd.DataFrame(rows, columns=columns).groupby(columns[:3], as_index=False).sum()


def random_histories(seed: int, customers: int = 500, matrix: np.ndarray = MATRIX, reviews: int = 4) -> np.ndarray:
    draw = np.random.default_rng(seed)
    state = draw.integers(-1, 3, customers)
    columns = [state]
    for _ in range(reviews - 1):
        moved = np.array([draw.choice(4, p=matrix[s]) if s >= 0 else (draw.integers(0, 3) if draw.random() < 0.3 else 3) for s in state])  # fmt: skip
        state = np.where(moved == 3, -1, moved)
        columns.append(state)
    return np.stack(columns, axis=1)


@pytest.fixture
def moved() -> tiers.Migration:
    return tiers.migration(counted(random_histories(1)), NAMES, YEARS)


def test_a_table_by_hand():
    histories = np.array([[0, 1], [1, 1], [2, -1], [-1, 0], [1, 0], [2, 1], [0, 0], [0, 0]])
    found = tiers.migration(counted(histories), NAMES, YEARS[:2])
    assert found.counts().tolist() == [[2, 1, 0, 0], [1, 1, 0, 0], [0, 1, 0, 1]]
    assert found.entries().tolist() == [[1, 0, 0], [0, 0, 0]]
    assert tiers.up_and_down(found.counts()) == (1, 2, 1)
    sums = tiers.balance(found)
    assert sums.opening.tolist() == [3, 2, 2]
    assert sums.came.tolist() == [2, 2, 0]
    assert sums.went.tolist() == [1, 1, 2]
    assert sums.closing.tolist() == [4, 3, 0]
    assert sums.money_opening.tolist() == [0, 20, 40]
    assert sums.money_grown.tolist() == [2, 1, 0]
    assert sums.money_closing.tolist() == [4, 33, 0]


@pytest.mark.parametrize("seed", range(5))
def test_rows_add_up_and_flows_balance_in_customers_and_money(seed):
    histories = random_histories(seed, 300)
    found = tiers.migration(counted(histories), NAMES, YEARS)
    assert tiers.balanced(found)
    assert tiers.whole_rows(found)
    for period in range(3):
        for tier in range(3):
            assert found.opening(period)[tier] == (histories[:, period] == tier).sum()
            assert found.closing(period)[tier] == (histories[:, period + 1] == tier).sum()
        money = found.amount_after[period, :, :3].sum()
        assert money == sum(10 * s + period + 1 for s in histories[:, period + 1] if s >= 0)


def test_renaming_tiers_changes_nothing(moved):
    other = tiers.migration(counted(random_histories(1)), ("ぶな", "かし", "すぎ"), YEARS)
    one, two = (tiers.study(m, pd.DataFrame(columns=["earlier", "before", "after", "customers"]), pd.DataFrame()) for m in (moved, other))  # fmt: skip
    assert one.change == two.change
    assert one.forecast.sales == two.forecast.sales
    assert np.array_equal(moved.rates(), other.rates())


def test_two_halves_add_up_to_the_whole(moved):
    histories = random_histories(1)
    halves = [tiers.migration(counted(part), NAMES, YEARS) for part in (histories[:200], histories[200:])]
    assert np.array_equal(halves[0].customers + halves[1].customers, moved.customers)


def test_swapping_the_periods_turns_the_sign_of_every_change():
    histories = random_histories(4, 3_000)
    later, earlier = (tiers.migration(counted(histories[:, cut]), NAMES, YEARS[:2]) for cut in ([1, 2], [2, 3]))
    tables = [one.customers for one in (later, earlier)]

    def change(order) -> tiers.Change:
        parts = np.concatenate([tables[k] for k in order])
        return tiers.change(tiers.Migration(NAMES, YEARS[:3], parts, parts, parts, parts))

    for one, two in zip(change([0, 1]).cells, change([1, 0]).cells, strict=True):
        assert one.difference.value == pytest.approx(-two.difference.value)
        assert one.p == pytest.approx(two.p)


def test_the_dirichlet_interval_is_that_of_its_beta_margins():
    low, high = dirichlet(np.array([7.0, 3.0, 0.0, 90.0]))
    margin = stats.beta(3.5, 100 + 2 - 3.5)
    assert (low[1], high[1]) == (pytest.approx(margin.ppf(0.025)), pytest.approx(margin.ppf(0.975)))
    assert low[2] == 0.0
    assert dirichlet(np.array([5.0, 0.0]))[1][0] == 1.0


def test_intervals_cover_a_known_matrix():
    covered = []
    for seed in range(60):
        found = tiers.migration(counted(random_histories(seed, 400)), NAMES, YEARS)
        cells = [(found.rate(i, j, period), MATRIX[i, j]) for period in range(3) for i in range(3) for j in range(4)]
        covered += [rate.lower <= truth <= rate.upper for rate, truth in cells]
    assert 0.93 <= np.mean(covered) <= 0.97


def test_the_ratio_of_rising_to_falling_covers_its_truth():
    opening = np.array([300, 200, 100])
    truth = (opening @ np.triu(MATRIX[:, :3], 1)).sum() / (opening @ np.tril(MATRIX[:, :3], -1)).sum()
    draw, covered = np.random.default_rng(0), []
    for _ in range(400):
        counts = np.stack([draw.multinomial(n, row) for n, row in zip(opening, MATRIX, strict=True)]).astype(float)
        ratio = tiers.up_down_ratio(counts)
        covered.append(ratio.lower <= truth <= ratio.upper)
    assert 0.92 <= np.mean(covered) <= 0.98


def test_a_changed_cell_is_found_and_unchanged_ones_are_not():
    changed = MATRIX.copy()
    changed[2] = [0.15, 0.25, 0.55, 0.05]
    draw, found, alarms = np.random.default_rng(1), 0, 0
    sizes = (12_000, 6_000, 2_000)
    for _ in range(60):
        first, same, other = (_tables(draw, sizes, matrix) for matrix in (MATRIX, MATRIX, changed))
        cell = _change(first, other).cell(2, 0)
        found += cell is not None and cell.changed
        alarms += bool(_change(first, same).changed)
    assert found == 60
    assert alarms <= 3  # of 60, at a false discovery rate of 1 %
    assert FALSE_DISCOVERY == 0.01


def _tables(draw, sizes, matrix) -> np.ndarray:
    cells = np.zeros((5, 4))
    cells[:3] = [draw.multinomial(n, row) for n, row in zip(sizes, matrix, strict=True)]
    return cells


def _change(earlier: np.ndarray, later: np.ndarray) -> tiers.Change:
    both = np.stack([earlier, later])
    return tiers.change(tiers.Migration(NAMES, YEARS[:3], both, both, both, both))


def test_homogeneity_is_pearsons_chi_square_added_over_rows():
    draw = np.random.default_rng(2)
    tables = np.stack([_tables(draw, (500, 300, 200), MATRIX)[:3] for _ in range(2)])
    rows = [stats.chi2_contingency(tables[:, row], correction=False) for row in range(3)]
    found = homogeneity(tables)
    assert found.statistic == pytest.approx(sum(row.statistic for row in rows))
    assert found.degrees == sum(row.dof for row in rows) == 9
    assert found.p == pytest.approx(stats.chi2.sf(found.statistic, 9))


def test_the_order_test_holds_its_level_and_sees_a_memory():
    def paths(histories) -> pd.DataFrame:
        rows = pd.DataFrame(histories[:, :3], columns=["earlier", "before", "after"])
        return rows.replace(-1, LEFT).groupby(["earlier", "before", "after"], as_index=False).size().rename(columns={"size": "customers"})  # fmt: skip

    p = [tiers.order(paths(random_histories(seed, 800)), 3).p for seed in range(60)]
    assert np.mean(np.array(p) < 0.05) < 0.15
    sticky = random_histories(1, 3_000)
    sticky[:, 2] = np.where(np.random.default_rng(0).random(3_000) < 0.3, sticky[:, 0], sticky[:, 2])
    assert tiers.order(paths(sticky), 3).p < 1e-6


def test_the_forecast_covers_what_comes():
    held, n = 0, 0
    for seed in range(40):
        tried = tiers.trial(tiers.migration(counted(random_histories(seed, 600)), NAMES, YEARS))
        held, n = held + tried.held, n + 3
        assert tried.sales.lower < tried.sales.value < tried.sales.upper
    assert held / n >= 0.90


def test_the_steady_mix_is_that_of_the_matrix():
    closed = np.array([[0.7, 0.25, 0.05], [0.3, 0.6, 0.1], [0.1, 0.3, 0.6]])
    truth = np.linalg.matrix_power(closed, 200)[0]
    draw = np.random.default_rng(3)
    cells = np.zeros((1, 5, 4))
    cells[0, :3, :3] = [draw.multinomial(5_000, row) for row in closed]
    found = tiers.forecast(tiers.Migration(NAMES, YEARS[:2], cells, cells, cells, cells))
    assert all(share.lower <= value <= share.upper for share, value in zip(found.steady, truth, strict=True))
    assert sum(share.value for share in found.steady) == pytest.approx(1)
    assert sum(share.value for share in found.share[3]) == pytest.approx(1)


def test_too_little_says_why():
    nothing = tiers.migration(counted(np.array([[0], [1]])), NAMES, YEARS[:1])
    assert (nothing.why, tiers.change(nothing).why, tiers.forecast(nothing).why) == ("one_review",) * 3
    few = tiers.migration(counted(np.array([[0, 1], [1, 1]])), NAMES, YEARS[:2])
    assert few.why == "too_few"
    assert few.rate(0, 1).why == "small_group"
    assert tiers.trial(tiers.migration(counted(random_histories(1)[:, :2]), NAMES, YEARS[:2])).why == "one_period"
    assert tiers.up_down_ratio(np.zeros((3, 4))).why == "too_few_moves"


def test_the_same_counts_give_the_same_forecast(moved):
    assert tiers.forecast(moved) == tiers.forecast(moved)
