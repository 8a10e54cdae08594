"""PASS, REVIEW or FAIL for each use of the model, by thresholds that are printed next to the verdict.

ranking     choosing whom to address: AUC of "buys again in the holdout"
total       budgets and the value of the base: the larger relative error of the two accuracy measures, of totals rounded
            to whole purchases, as they are printed
individual  a figure for one customer: R2 of holdout purchases per customer

PASS also demands that the model is no worse than the naive baseline. The thresholds are the house's; no paper sets them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from crmlib.ltv.holdout import HoldoutRace
    from crmlib.newton import FloatArray

RANKING_PASS, RANKING_REVIEW = 0.70, 0.60  # AUC, at least
TOTAL_PASS, TOTAL_REVIEW = 0.10, 0.20  # relative error, at most
INDIVIDUAL_PASS, INDIVIDUAL_REVIEW = 0.50, 0.20  # R2, at least

PASS, REVIEW, FAIL = "PASS", "REVIEW", "FAIL"


@dataclass(frozen=True)
class Verdict:
    """The verdict for one use: its figure, the naive baseline's, and the two thresholds."""

    use: str
    grade: str
    figure: float
    naive: float
    passes: float
    reviews: float


def of(race: HoldoutRace) -> tuple[Verdict, Verdict, Verdict]:
    """Verdicts for ranking, total and individual; FAIL for all where there is no prediction."""
    ranking, individual = (race.score.auc, race.naive_score.auc), (race.score.r2, race.naive_score.r2)
    both = np.round([race.tracked, race.conditional])
    totals = [float(np.max(_error(both[:, 0], both[:, k]))) for k in (1, 2)]
    return (
        _higher("ranking", ranking, RANKING_PASS, RANKING_REVIEW),
        _lower("total", (totals[0], totals[1]), TOTAL_PASS, TOTAL_REVIEW),
        _higher("individual", individual, INDIVIDUAL_PASS, INDIVIDUAL_REVIEW),
    )


def _error(actual: FloatArray, predicted: FloatArray) -> FloatArray:
    return np.asarray(np.abs(predicted / np.where(actual > 0, actual, np.nan) - 1))


def _higher(use: str, figures: tuple[float, float], passes: float, reviews: float) -> Verdict:
    figure, naive = figures
    no_worse = not figure < naive
    return Verdict(use, _grade(figure >= passes and no_worse, figure >= reviews), figure, naive, passes, reviews)


def _lower(use: str, figures: tuple[float, float], passes: float, reviews: float) -> Verdict:
    figure, naive = figures
    no_worse = not figure > naive
    return Verdict(use, _grade(figure <= passes and no_worse, figure <= reviews), figure, naive, passes, reviews)


def _grade(good: bool | np.bool, fair: bool | np.bool) -> str:
    """NaN compares false with everything, so an unknown figure fails."""
    return PASS if good else REVIEW if fair else FAIL
