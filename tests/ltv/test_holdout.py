import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crmlib.ltv import holdout, holdout_scores

CALIBRATION_END, AS_OF = dt.date(1997, 9, 30), dt.date(1998, 6, 30)


@pytest.fixture(scope="module")
def race(holdout_counts) -> holdout.HoldoutRace:
    return holdout.race(*holdout_counts, CALIBRATION_END, AS_OF)


class TestPublishedCdnow:
    """Fader, Hardie & Lee (2005), figures 3-5 and table 3: calibration to 1997-09-30, weeks 40-78 held out."""

    def test_tracking_curve_at_week_78(self, race):
        actual, predicted, _ = race.tracked
        assert actual == 4339
        assert predicted == pytest.approx(4161, abs=0.5)

    def test_sum_of_conditional_expectations(self, race):
        actual, predicted, _ = race.conditional
        assert actual == 1882
        assert predicted == pytest.approx(1653, abs=0.5)

    def test_mean_holdout_purchases_by_calibration_frequency(self, race):
        actual = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
        predicted = [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157]
        np.testing.assert_allclose(race.by_frequency.actual, actual, atol=5.1e-4)
        np.testing.assert_allclose(race.by_frequency.predicted, predicted, atol=5.1e-4)


def test_the_groups_add_up_to_the_totals(race):
    groups = race.by_frequency
    assert groups.customers.sum() == race.customers == 2357
    assert groups.customers @ groups.actual == pytest.approx(race.conditional[0])
    assert groups.customers @ groups.predicted == pytest.approx(race.conditional[1])
    assert groups.customers @ groups.naive == pytest.approx(race.conditional[2])


def test_tracking_starts_at_nothing_and_naive_joins_the_actual_at_the_calibration_end(race):
    t, start = race.tracking, (CALIBRATION_END - dt.date(1997, 1, 1)).days
    assert (t.actual[0], t.predicted[0]) == (0, 0)
    assert np.isnan(t.naive[:start]).all()
    assert t.naive[start] == t.actual[start] == 2457
    assert t.naive[-1] == pytest.approx(2457 + race.conditional[2])


def test_the_model_is_nearer_than_the_naive_baseline_and_too_low(race):
    assert race.gain.lower > 0
    assert race.gap.lower > 0
    assert race.gap.value == pytest.approx(race.conditional[0] - race.conditional[1])
    assert race.gain.value == pytest.approx(race.naive_score.error - race.score.error)


def test_row_order_changes_nothing_of_note(holdout_counts, race):
    again = holdout.race(*(f.sample(frac=1, random_state=2) for f in holdout_counts), CALIBRATION_END, AS_OF)
    np.testing.assert_allclose(again.tracking.predicted, race.tracking.predicted, rtol=1e-12)
    assert again.conditional == pytest.approx(race.conditional, rel=1e-12)


def test_grouped_rows_are_the_same_as_single_customers(holdout_counts, race):
    rows, daily = holdout_counts
    keys = ["frequency", "recency", "T", "purchases"]
    grouped = holdout.race(rows.groupby(keys, as_index=False)["weight"].sum(), daily, CALIBRATION_END, AS_OF)
    assert grouped.score.auc == pytest.approx(race.score.auc, rel=1e-9)
    assert (grouped.gain.lower, grouped.gain.upper) == pytest.approx((race.gain.lower, race.gain.upper), rel=1e-9)


def test_hand_example_of_the_naive_baseline():
    """Own rate 2 in 100 days for 50 days = 1; who was seen for 10 days takes the pooled 3 in 110 days."""
    rows = pd.DataFrame({"frequency": [2, 1], "recency": [60, 5], "T": [100, 10], "purchases": [1, 0], "weight": 1})
    day = dt.date(2024, 1, 1)
    daily = pd.DataFrame({"order_date": [day, dt.date(2024, 3, 1)], "customers": [2, 0], "repeats": [0, 3]})
    end = day + dt.timedelta(100)
    race = holdout.race(rows, daily, end, end + dt.timedelta(50))
    assert race.conditional[2] == pytest.approx(1 + 50 * 3 / 110)


def test_without_a_fit_the_race_has_the_actual_and_the_naive_but_no_prediction():
    rows = pd.DataFrame({"frequency": [0], "recency": [0], "T": [90], "purchases": [1], "weight": [40]})
    daily = pd.DataFrame({"order_date": [dt.date(2024, 1, 1)], "customers": [40], "repeats": [0]})
    race = holdout.race(rows, daily, dt.date(2024, 3, 31), dt.date(2024, 6, 30))
    assert race.model.report.why == "ltv.no_repeat"
    assert (race.conditional[0], race.conditional[2]) == (40, 0)
    assert np.isnan(race.conditional[1])
    assert (race.gain.why, race.gap.why) == ("ltv.no_prediction", "ltv.no_prediction")


def test_dates_in_the_wrong_order_are_refused(holdout_counts):
    with pytest.raises(ValueError, match="the holdout ends on 1997-09-30, before the calibration ends on 1998-06-30"):
        holdout.race(*holdout_counts, AS_OF, CALIBRATION_END)


def test_nobody_and_everything_on_one_day_are_races_without_a_prediction():
    day = dt.date(2024, 1, 1)
    columns = ["frequency", "recency", "T", "purchases", "weight"]
    nobody = holdout.race(
        pd.DataFrame(columns=columns, dtype=int), pd.DataFrame(columns=["order_date", "customers", "repeats"]), day, day
    )
    assert (nobody.model.report.why, nobody.first, nobody.customers) == ("ltv.no_customers", day, 0)
    daily = pd.DataFrame({"order_date": [day], "customers": [9], "repeats": [0]})
    one_day = holdout.race(pd.DataFrame([[0, 0, 0, 0, 9]], columns=columns), daily, day, day)
    assert (one_day.model.report.why, one_day.conditional[0], one_day.days) == ("ltv.one_day", 0, 0)


@pytest.mark.parametrize(
    ("first", "chosen", "expected"),
    [
        (dt.date(1997, 1, 1), None, CALIBRATION_END),
        (pd.Timestamp("1997-01-01"), dt.date(1998, 1, 1), dt.date(1998, 1, 1)),
        (dt.date(1997, 1, 1), AS_OF, CALIBRATION_END),  # no day of holdout would be left
        (dt.date(1997, 1, 1), dt.date(1996, 1, 1), CALIBRATION_END),
        (pd.NaT, None, AS_OF),
        (None, None, AS_OF),
        (AS_OF, None, AS_OF),
    ],
)
def test_calibration_end(first, chosen, expected):
    assert holdout.calibration_end(first, AS_OF, chosen) == expected


def test_auc_is_the_share_of_pairs_in_the_right_order():
    """sklearn.metrics.roc_auc_score documents .75 for labels 0 0 1 1 and scores .1 .4 .35 .8."""
    score, event = np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])
    assert holdout_scores.auc(score, event, np.ones(4)) == 0.75
    assert holdout_scores.auc(-score, event, np.ones(4)) == 0.25
    assert np.isnan(holdout_scores.auc(score, np.ones(4, bool), np.ones(4)))
