"""Segments of customers (medium, first product, cohort): partial pooling, covariates, and whether they help at all.

Partial pooling: a segment's log-parameters are drawn from a normal around those of all customers, whose variances are learnt
from the segments together (EM with Laplace's approximation); small segments stay near all customers, large ones speak for
themselves, and every segment has an estimate. Covariates: one rate and one inclination to leave per level, times those of all
(Fader & Hardie, "Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models", 2007): linear on the
log-parameters, so its derivatives follow from BG/NBD's.

Whether a segmentation helps is not a matter of its fit but of what it predicts: the gain is tested on the holdout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crmlib import newton
from crmlib.intervals import Estimate, chi_square_p, unknown, z
from crmlib.ltv import bg_nbd
from crmlib.ltv import bg_nbd_likelihood as likelihood
from crmlib.ltv import patterns as grouping
from crmlib.ltv.bg_nbd import BgNbd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from crmlib.ltv.patterns import Patterns
    from crmlib.newton import Derivatives, FloatArray, Objective

ROUNDS, START_VARIANCE, SMALLEST_VARIANCE = 12, 0.05, 1e-8
SMALL_GROUP = 5
WIDE = 30.0  # bounds of log-parameters: the prior holds a segment long before


@dataclass(frozen=True, eq=False)
class PooledSegments:
    """A BG/NBD model per segment, and how much the segments differ: standard deviations of the four log-parameters."""

    models: Mapping[str, BgNbd]
    spread: FloatArray
    pooled: BgNbd
    why: str = ""


@dataclass(frozen=True, eq=False)
class CovariateFit:
    """Effects of levels on the rate and on leaving, as factors with intervals, and the likelihood-ratio test of all."""

    parameters: FloatArray
    rate: tuple[Estimate, ...]
    leaving: tuple[Estimate, ...]
    log_likelihood: float
    p_value: float
    why: str = ""


@dataclass(frozen=True)
class SegmentTest:
    """Does a segmentation predict better than one model for all? `gain` is the mean squared error saved, over the pooled one."""

    name: str
    segments: int
    gain: Estimate

    @property
    def helps(self) -> bool:
        """Whether the interval of the gain excludes zero."""
        return bool(self.gain.lower > 0)


def fit(groups: Mapping[str, Patterns], pooled: BgNbd) -> PooledSegments:
    """Partially pooled BG/NBD models.

    Args:
        groups: histories by segment.
        pooled: BG/NBD fitted to all of them.
    """
    if not pooled.report.converged:
        return PooledSegments({}, np.full(4, np.nan), pooled, pooled.report.why)
    targets = {name: likelihood.objective(likelihood.prepare(p)) for name, p in groups.items() if p.customers}
    centre, variance = np.log(pooled.parameters), np.full(4, START_VARIANCE)
    at = dict.fromkeys(targets, centre)
    found: dict[str, newton.Optimum] = {}
    for _ in range(ROUNDS):
        found = {name: _climb(target, at[name], centre, variance) for name, target in targets.items()}
        at = {name: optimum.at for name, optimum in found.items()}
        inner = [np.diag(np.linalg.inv(-optimum.hessian)) for optimum in found.values()]
        moved = np.array([optimum.at - centre for optimum in found.values()])
        variance = np.maximum((moved**2 + inner).mean(axis=0), SMALLEST_VARIANCE)
    return PooledSegments(
        {name: _model(optimum, groups[name]) for name, optimum in found.items()}, np.sqrt(variance), pooled
    )


def test(frame: pd.DataFrame, days: int, name: str) -> SegmentTest:
    """Fit on the calibration period with and without segments, and compare the predictions of the holdout.

    Args:
        frame: segment (null where unknown), frequency, recency, T, purchases, weight (`summaries.ltv.by_segment`).
        days: length of the holdout.
        name: of the segmentation.
    """
    known = frame.dropna(subset=["segment"])
    n, sizes = int(known["weight"].sum()), known.groupby("segment")["weight"].sum()
    if len(sizes) < 2:
        return SegmentTest(name, len(sizes), unknown(n, "ltv.one_segment"))
    groups = {str(segment): grouping.from_frame(_unique(rows)) for segment, rows in known.groupby("segment")}
    everybody = grouping.from_frame(_unique(known))
    pooled = fit(groups, bg_nbd.fit(everybody))
    if pooled.why:
        return SegmentTest(name, len(sizes), unknown(n, pooled.why))
    return SegmentTest(name, len(sizes), _gain(known, pooled, days))


def covariates(groups: Sequence[Patterns], design: FloatArray) -> CovariateFit:
    """Maximum likelihood of effects on the purchase rate and on leaving.

    Args:
        groups: histories of customers with the same covariates.
        design: their covariates, shape (groups, covariates); effects are factors per unit.
    """
    effects, targets = design.shape[1], [likelihood.objective(likelihood.prepare(p)) for p in groups]
    maps = [_map(row) for row in design]

    def objective(at: FloatArray) -> Derivatives:
        value, gradient, hessian = 0.0, np.zeros(len(at)), np.zeros((len(at), len(at)))
        for target, move in zip(targets, maps, strict=True):
            part = target(move @ at)
            value, gradient = value + part[0], gradient + move.T @ part[1]
            hessian += move.T @ part[2] @ move
        return value, gradient, hessian

    pooled = bg_nbd.fit(_merged(groups))
    blank = tuple(unknown(0, pooled.report.why or "ltv.no_convergence") for _ in range(effects))
    if not pooled.report.converged:
        return CovariateFit(np.full(4, np.nan), blank, blank, np.nan, np.nan, pooled.report.why)
    start = np.r_[np.log(pooled.parameters), np.zeros(2 * effects)]
    found = newton.maximise(objective, start, np.full(len(start), -WIDE), np.full(len(start), WIDE))
    if not found.report.converged:
        return CovariateFit(np.full(4, np.nan), blank, blank, np.nan, np.nan, found.report.why)
    errors, where = np.sqrt(np.diag(newton.covariance(found))), np.asarray(found.at)
    n = sum(p.customers for p in groups)
    factors = [_factor(value, error, n) for value, error in zip(where[4:], errors[4:], strict=True)]
    p_value = chi_square_p(max(2 * (found.value - pooled.log_likelihood), 0.0), 2 * effects)
    return CovariateFit(np.exp(where[:4]), tuple(factors[:effects]), tuple(factors[effects:]), found.value, p_value)


def _climb(target: Objective, start: FloatArray, centre: FloatArray, variance: FloatArray) -> newton.Optimum:
    def penalised(at: FloatArray) -> Derivatives:
        value, gradient, hessian = target(at)
        away = at - centre
        return value - float(away @ (away / variance)) / 2, gradient - away / variance, hessian - np.diag(1 / variance)

    return newton.maximise(penalised, start, np.full(4, -WIDE), np.full(4, WIDE))


def _model(optimum: newton.Optimum, patterns: Patterns) -> BgNbd:
    r, alpha, a, b = map(float, np.exp(optimum.at))
    covariance = np.asarray(np.linalg.inv(-optimum.hessian))
    return BgNbd(r, alpha, a, b, optimum.value, covariance, newton.Report(True), patterns)


def _gain(known: pd.DataFrame, pooled: PooledSegments, days: int) -> Estimate:
    """Relative reduction of the mean squared error, with the normal interval of the customers' differences."""
    saved, error, w = [], [], []
    for segment, rows in known.groupby("segment"):
        x, t_x, T, bought = (rows[c].to_numpy(float) for c in ("frequency", "recency", "T", "purchases"))
        both = [
            (bought - bg_nbd.conditional_expected_purchases(model, days, x, t_x, T)) ** 2
            for model in (pooled.pooled, pooled.models[str(segment)])
        ]
        saved.append(both[0] - both[1])
        error.append(both[0])
        w.append(rows["weight"].to_numpy(float))
    difference, whole, weight = (np.concatenate(parts) for parts in (saved, error, w))
    n, mse = int(weight.sum()), float(np.average(whole, weights=weight))
    mean = float(np.average(difference, weights=weight))
    half = z() * float(np.sqrt(weight @ (difference - mean) ** 2 / max(n - 1, 1) / n))
    if mse <= 0:
        return unknown(n, "ltv.no_holdout_purchases")
    return Estimate(mean / mse, (mean - half) / mse, (mean + half) / mse, n)


def _unique(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(["frequency", "recency", "T"])["weight"].sum().reset_index()


def _merged(groups: Sequence[Patterns]) -> Patterns:
    columns = ([getattr(p, name) for p in groups] for name in ("frequency", "recency", "T", "weight"))
    return grouping.from_arrays(*(np.concatenate(column) for column in columns))


def _map(row: FloatArray) -> FloatArray:
    """From (ln r, ln alpha, ln a, ln b, rate effects, leaving effects) to a group's log-parameters."""
    effects = len(row)
    move = np.zeros((4, 4 + 2 * effects))
    move[:, :4] = np.eye(4)
    move[1, 4 : 4 + effects] = -row
    move[2, 4 + effects :] = row
    return move


def _factor(value: float, error: float, n: int) -> Estimate:
    spread = float(np.exp(z() * error))
    return Estimate(float(np.exp(value)), float(np.exp(value)) / spread, float(np.exp(value)) * spread, n)
