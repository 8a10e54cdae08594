import dataclasses
import datetime as dt

import numpy as np
import pytest

from crmlib.ltv import holdout, verdicts


@pytest.fixture(scope="module")
def race(holdout_counts) -> holdout.HoldoutRace:
    return holdout.race(*holdout_counts, dt.date(1997, 9, 30), dt.date(1998, 6, 30))


def test_cdnow_ranks_well_and_needs_review_for_totals_and_single_customers(race):
    ranking, total, individual = verdicts.of(race)
    assert [v.grade for v in (ranking, total, individual)] == ["PASS", "REVIEW", "REVIEW"]
    assert total.figure == pytest.approx(1 - 1653 / 1882, abs=1e-9)  # the worse of -4.1 % and -12.2 %
    assert (ranking.use, ranking.passes, ranking.reviews) == ("ranking", 0.70, 0.60)


@pytest.mark.parametrize(
    ("auc", "grade"), [(0.70, "PASS"), (0.6999, "REVIEW"), (0.60, "REVIEW"), (0.59, "FAIL"), (np.nan, "FAIL")]
)
def test_ranking_thresholds(race, auc, grade):
    naive = dataclasses.replace(race.naive_score, auc=0.5)
    changed = dataclasses.replace(race, score=dataclasses.replace(race.score, auc=auc), naive_score=naive)
    assert verdicts.of(changed)[0].grade == grade


@pytest.mark.parametrize(
    ("predicted", "grade"), [(1882 * 1.099, "PASS"), (1882 * 0.85, "REVIEW"), (1882 * 1.3, "FAIL")]
)
def test_total_thresholds(race, predicted, grade):
    actual, _, naive = race.conditional
    assert verdicts.of(dataclasses.replace(race, conditional=(actual, predicted, naive)))[1].grade == grade


def test_worse_than_naive_is_no_pass(race):
    better = dataclasses.replace(race.naive_score, auc=0.9)
    assert verdicts.of(dataclasses.replace(race, naive_score=better))[0].grade == "REVIEW"


def test_no_prediction_fails_everywhere(race):
    nothing = holdout.Score(np.nan, np.nan, np.nan)
    changed = dataclasses.replace(race, score=nothing, conditional=(1882.0, np.nan, 2930.0))
    assert [v.grade for v in verdicts.of(changed)] == ["FAIL", "FAIL", "FAIL"]
