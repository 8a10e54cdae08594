"""F2: a hand example in each definition, laws, recovery, and data that allow nothing."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from crmlib import retention

# cohort, observed, days, event, n: 10 old customers (4 convert), 10 middle-aged (3), 10 young (1)
HAND = [
    (1, 400, 30, True, 2), (1, 400, 200, True, 1), (1, 400, 380, True, 1), (1, 400, 400, False, 6),
    (2, 200, 90, True, 2), (2, 200, 91, True, 1), (2, 200, 200, False, 7),
    (3, 50, 10, True, 1), (3, 50, 50, False, 9),
]  # fmt: skip


def frame(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["cohort", "observed", "days", "event", "n"])


def expanded(gaps: pd.DataFrame) -> pd.DataFrame:
    return gaps.loc[gaps.index.repeat(gaps["n"])].reset_index(drop=True)


def simulated(seed: int, n: int = 600, late: float = 1.0, rate: float = 0.008) -> pd.DataFrame:
    """Exponential gaps; customers acquired evenly over 720 days, those of the later half converting `late` times as fast."""
    rng = np.random.default_rng(seed)
    observed = rng.integers(0, 720, n)
    gap = rng.geometric(np.where(observed < 545, rate * late, rate))  # half of those observed for a year
    event = gap <= observed
    rows = pd.DataFrame(
        {"cohort": 100 - observed // 30, "observed": observed, "days": np.where(event, gap, observed), "event": event}
    )
    return rows.groupby(list(rows.columns)).size().rename("n").reset_index()


def test_matured_naive_and_at_risk_by_hand():
    found = retention.f2(frame(HAND))
    assert [(share.value, share.n) for share in found.matured.values()] == [(0.2, 20), (0.25, 20), (0.3, 10)]
    assert (found.naive.value, found.naive.n) == (pytest.approx(8 / 30), 30)
    assert [found.curve.at_risk_on(day) for day in (0, 10, 11, 51, 400)] == [30, 30, 29, 18, 6]


def test_kaplan_meier_by_hand():
    found = retention.f2(frame(HAND))
    ninety = 29 / 30 * 27 / 29 * 16 / 18
    assert found.curve_at[90].value == pytest.approx(1 - ninety)
    assert found.curve_at[180].value == pytest.approx(1 - ninety * 15 / 16)
    assert found.curve_at[365].value == pytest.approx(1 - ninety * 15 / 16 * 14 / 15)
    assert found.curve_at[90].n == 30


def test_windows_are_statsmodels_on_the_expanded_rows():
    gaps = simulated(4)
    long, found = expanded(gaps), retention.f2(gaps)
    oracle = SurvfuncRight(long["days"], long["event"])
    for days, share in found.curve_at.items():
        at = np.searchsorted(oracle.surv_times, days, side="right") - 1
        assert share.value == pytest.approx(1 - oracle.surv_prob[at], abs=1e-9)


def test_naive_is_too_low_where_young_customers_count_as_lost():
    found = retention.f2(simulated(1, 4000))
    assert found.naive.upper < found.curve_at[365].lower


def test_without_censoring_before_the_window_both_definitions_agree():
    gaps = simulated(2)
    old = gaps[gaps["observed"] >= 365]
    found = retention.f2(old)
    assert found.curve_at[365].value == pytest.approx(found.matured[365].value, abs=1e-12)


def test_row_order_cohort_names_and_split_counts_change_nothing():
    gaps = simulated(3)
    other = expanded(gaps).assign(n=1, cohort=lambda rows: rows["cohort"] + 7).sample(frac=1, random_state=1)
    one, two = retention.f2(gaps), retention.f2(other)
    assert (one.matured, one.curve_at, one.naive) == (two.matured, two.curve_at, two.naive)
    assert one.half_of_converters.value == two.half_of_converters.value
    np.testing.assert_array_equal(one.hazard.rate, two.hazard.rate)
    a, b = retention.f2_trend(gaps), retention.f2_trend(other)
    assert (a.earlier, a.later, a.difference) == (b.earlier, b.later, b.difference)


def test_intervals_cover_the_truth():
    hits = np.zeros(4)
    for seed in range(200):
        found = retention.f2(simulated(seed))
        for at, (share, days) in enumerate(
            [(found.curve_at[90], 90), (found.curve_at[365], 365), (found.matured[90], 90), (found.matured[365], 365)]
        ):
            hits[at] += share.lower <= 1 - 0.992**days <= share.upper
    assert ((hits / 200 >= 0.90) & (hits / 200 <= 0.99)).all()


def test_half_of_converters_is_the_day_that_halves_the_last_window():
    found = retention.f2(simulated(6, 20000))
    truth = np.log(1 - (1 - 0.992**365) / 2) / np.log(0.992)
    assert found.half_of_converters.value == pytest.approx(truth, abs=6)
    assert found.last_window == 365


def test_the_curve_is_not_read_beyond_the_last_twentieth():
    rows = [(1, 500, 500, False, 4), (2, 100, 20, True, 30), (2, 100, 100, False, 66)]
    found = retention.f2(frame(rows))
    assert found.curve.horizon == 100
    assert [share.why for share in found.curve_at.values()] == ["", "too_young", "too_young"]
    assert [share.why for share in found.matured.values()] == ["", "too_young", "too_young"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "no_customers"),
        ([(1, 400, 30, True, 1)], "too_few"),
        ([(1, 0, 0, False, 50)], "too_young"),
        ([(1, 60, 60, False, 50)], "too_young"),
        ([(1, 400, 400, False, 50)], "no_repeat"),
    ],
)
def test_unobservable_says_why(rows, why):
    found = retention.f2(frame(rows).astype({"event": bool}))
    assert found.why == why
    assert found.hazard.peak_week == 0
    assert np.isnan(found.quantiles["median"].value)
    assert np.isnan(found.half_of_converters.value)
    assert retention.f2_trend(frame(rows).astype({"event": bool})).difference.why == "one_cohort"


def test_fewer_than_five_customers_are_not_shown():
    found = retention.f2(frame([(1, 400, 30, True, 4)]))
    assert [share.why for share in (found.naive, found.matured[90], found.curve_at[90])] == [
        "too_few",
        "too_young",
        "too_young",
    ]


def test_trend_cuts_the_matured_months_where_the_halves_are_alike():
    rows = [
        (1, 460, 20, True, 30),
        (1, 430, 430, False, 70),
        (2, 400, 20, True, 50),
        (2, 370, 370, False, 50),
        (3, 364, 20, True, 99),
    ]
    found = retention.f2_trend(frame(rows))
    assert (found.window, found.first_later) == (365, "0000-03")
    assert (found.earlier.value, found.later.value) == (0.3, 0.5)
    assert found.difference.value == pytest.approx(0.2)
    assert found.difference.lower > 0


def test_trend_takes_a_month_only_when_all_of_it_is_matured():
    rows = [(1, 200, 20, True, 30), (2, 190, 20, True, 30), (2, 179, 179, False, 30)]
    assert retention.f2_trend(frame(rows)).window == 90


def test_trend_finds_a_planted_change_and_little_where_there_is_none():
    found = [retention.f2_trend(simulated(seed, 3000, late=0.5)).difference for seed in range(20)]
    assert all(gap.upper < 0 for gap in found)
    null = [retention.f2_trend(simulated(seed)).difference for seed in range(200)]
    assert np.mean([gap.lower > 0 or gap.upper < 0 for gap in null]) <= 0.09


def test_a_customer_is_matured_on_the_last_day_of_the_window():
    found = retention.f2(frame([(1, 90, 90, True, 10), (1, 90, 90, False, 10), (2, 89, 89, False, 10)]))
    assert (found.matured[90].value, found.matured[90].n) == (0.5, 20)
