"""The model race: every model against every other and two baselines, at three calibration dates one after the other.

Each contender is fitted to what was known at a date and judged by what came after. The winner has the smallest error of
totals (the larger of its two accuracy measures, averaged over the dates); a contender that could not be fitted at some
date cannot win, and one that ranks customers clearly worse than the best cannot either. Losers are shown.

same_rate    every customer goes on at his own rate of the calibration period
cohort       every customer buys as all customers of the same quarter of first purchase did, on average
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmlib.ltv import holdout, holdout_scores, models, verdicts
from crmlib.ltv.holdout import HoldoutRace

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from crmlib.newton import FloatArray

CONTENDERS = ("bg_nbd", "mbg_nbd", "pareto_nbd", "mbg_cnbd", "nbd")
BASELINES = ("same_rate", "cohort")
DATES, SHORTEST = 3, 60  # calibration dates; days of holdout below which a later date is not tried
RANKS_AS_WELL = 0.02  # AUC by which a winner may fall short of the best
QUARTER = 91
SERVES = ("ltv.no_dropout", "ltv.same_dropout")  # nobody is seen to leave: NBD serves


@dataclass(frozen=True, eq=False)
class Holdout:
    """What the race needs at one calibration date: counts up to it and after it."""

    end: dt.date
    histories: pd.DataFrame
    daily: pd.DataFrame
    log_gaps: float


@dataclass(frozen=True, eq=False)
class Contender:
    """One model or baseline, its figures averaged over the dates: relative error of totals, AUC, R2, mean absolute error.

    `why` is the text key of the reason why it could not be fitted at some date, `races` are the single races (models only).
    """

    name: str
    total: float
    auc: float
    r2: float
    error: float
    why: str = ""
    races: tuple[HoldoutRace, ...] = ()


@dataclass(frozen=True, eq=False)
class ModelRace:
    """All contenders, the best first; `winner` is "" where none could be fitted at every date."""

    contenders: tuple[Contender, ...]
    ends: tuple[dt.date, ...]
    winner: str

    def of(self, name: str) -> Contender:
        """One contender by name."""
        return next(contender for contender in self.contenders if contender.name == name)

    @property
    def headline(self) -> HoldoutRace:
        """The race at the first date of the winner, or of the first model that could be fitted then."""
        fitted = [c.name for c in self.contenders if c.races and c.races[0].model.report.converged]
        return self.of(self.winner or (fitted or list(CONTENDERS))[0]).races[0]


def ends(first_end: dt.date, as_of: dt.date) -> list[dt.date]:
    """Calibration dates: the first, and two more at thirds of the time that is left, where that leaves enough of it."""
    left = (as_of - first_end).days
    later = [first_end + dt.timedelta(days=left * k // DATES) for k in range(1, DATES)]
    return [first_end, *(end for end in later if (as_of - end).days >= SHORTEST)]


def holdout_counts(end: dt.date, histories: pd.DataFrame, daily: pd.DataFrame, gaps: pd.DataFrame) -> Holdout:
    """One date's counts, as `summaries.ltv` gives them: histories with purchases afterwards, daily sums, gaps up to the date."""
    return Holdout(end, histories, daily, models.log_gaps(gaps["days"], gaps["n"]))


def run(holdouts: Sequence[Holdout], as_of: dt.date) -> ModelRace:
    """Race all contenders at all dates.

    Args:
        holdouts: the first one is the headline's.
        as_of: last day of every holdout.
    """
    contenders = [_model(name, holdouts, as_of) for name in CONTENDERS]
    contenders += [_baseline(name, holdouts, as_of) for name in BASELINES]
    placed = sorted(contenders, key=lambda c: (not np.isfinite(c.total), c.total if np.isfinite(c.total) else 0.0))
    able = [c for c in placed if c.name in CONTENDERS and np.isfinite(c.total)]
    best = max((c.auc for c in able if np.isfinite(c.auc)), default=0.0)
    winners = [c.name for c in able if not c.auc < best - RANKS_AS_WELL]
    return ModelRace(tuple(placed), tuple(h.end for h in holdouts), winners[0] if winners else "")


def chosen(race: ModelRace, fitted: Sequence[models.Model]) -> models.Model:
    """The model that values are computed with: the race's best that is fitted to all data; NBD where nobody leaves.

    Args:
        race: the model race.
        fitted: the contenders fitted to all of the observation, in the order of `CONTENDERS`.
    """
    by_name = {model.NAME: model for model in fitted}
    order = [c.name for c in race.contenders if c.name in by_name]
    if race.winner:
        order = [race.winner, *order]
    leaving = [name for name in order if name != "nbd"]
    stays = any(by_name[name].report.why in SERVES for name in leaving)
    for name in order:
        if by_name[name].report.converged and (name != "nbd" or race.winner == "nbd" or stays):
            return by_name[name]
    return by_name[CONTENDERS[0]]


def _model(name: str, holdouts: Sequence[Holdout], as_of: dt.date) -> Contender:
    races = []
    for one in holdouts:
        fit = functools.partial(models.fit, name, log_gaps=one.log_gaps)
        races.append(holdout.race(one.histories, one.daily, one.end, as_of, fit))
    why = next((race.model.report.why for race in races if race.model.report.why), "")
    total = [verdicts.of(race)[1].figure for race in races]
    auc, r2, error = np.mean([[race.score.auc, race.score.r2, race.score.error] for race in races], axis=0)
    return Contender(name, float(np.mean(total)), float(auc), float(r2), float(error), why, tuple(races))


def _baseline(name: str, holdouts: Sequence[Holdout], as_of: dt.date) -> Contender:
    figures = [_judged(name, one, (as_of - one.end).days) for one in holdouts]
    total, auc, r2, error = map(float, np.mean(figures, axis=0))
    return Contender(name, total, auc, r2, error)


def _judged(name: str, one: Holdout, days: int) -> FloatArray:
    """Error of the total, AUC, R2 and mean absolute error of a baseline at one date."""
    rows = one.histories
    x, T, bought, w = (rows[c].to_numpy(float) for c in ("frequency", "T", "purchases", "weight"))
    rate = holdout_scores.same_rate(x, T, w) if name == "same_rate" else _cohort_rate(x, T, w)
    score = holdout_scores.score(rate * days, bought, w)
    total = float(w @ bought)
    error = abs(np.round(w @ rate * days) / total - 1) if total > 0 else float("nan")
    return np.array([error, score.auc, score.r2, score.error])


def _cohort_rate(x: FloatArray, T: FloatArray, w: FloatArray) -> FloatArray:
    cohort = (T // QUARTER).astype(int)
    bought, exposed = np.bincount(cohort, w * x), np.bincount(cohort, w * T)
    pooled = bought.sum() / max(exposed.sum(), 1.0)
    rate = np.where(exposed >= QUARTER, bought / np.maximum(exposed, 1.0), pooled)
    return np.asarray(rate[cohort]) if len(x) else np.zeros(0)
