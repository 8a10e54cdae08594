"""Bad months of a medium: runs of acquisition months in which one medium's customers come back less than they should."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, xlogy

from crmlib.intervals import Estimate, proportion, unknown
from crmlib.retention.cohort import SMALL_GROUP, month_label

Array = NDArray[np.float64]
WINDOW = 180  # days within which a second purchase counts
WIDTHS = (3, 6)  # months of a run
MIN_CONVERTED = 10.0  # second purchases expected of a run
DRAWS, SEED = 9999, 20250331
LEAST = 1e-6  # variance of the months' log odds, where they do not differ
REFITTED = 12  # runs with the lowest scores, whose likelihood ratio is worked out


@dataclass(frozen=True, eq=False)
class Course:
    """F2 within the window by acquisition month, of the medium and of all others (customers observed so long).

    Args:
        months: Labels, "2023-06".
        n: Customers, shape (2, months): the medium, the others.
        converted: Of these, with a second purchase within the window.
    """

    months: tuple[str, ...]
    n: Array
    converted: Array

    def rolling(self) -> Array:
        """Shares over the month and its two neighbours, shape (2, months); NaN where these are fewer than five customers."""
        sums = [np.array([np.convolve(row, np.ones(3), "same") for row in part]) for part in (self.converted, self.n)]
        return np.divide(sums[0], sums[1], out=np.full(self.n.shape, np.nan), where=sums[1] >= SMALL_GROUP)


@dataclass(frozen=True)
class BadMonths:
    """The run of months and the medium with the clearest shortfall of second purchases.

    Args:
        medium: The client's word, "" where nothing was looked at.
        first: First acquisition month of the run, "2023-06".
        last: Last month.
        rate: F2 within the window, of the run's customers observed so long.
        expected: What it would be at the medium's and the months' own level.
        difference: rate - expected; the interval holds for all runs looked at together.
        missing: Second purchases that are missing, with the interval of the difference.
        p: Of a shortfall as clear as this anywhere, where there is none.
        course: The medium and the others by month.
        why: Text key.
    """

    medium: str
    first: str
    last: str
    rate: Estimate
    expected: float
    difference: Estimate
    missing: Estimate
    p: float
    course: Course
    why: str = ""


@dataclass(frozen=True, eq=False)
class _Cells:
    """Customers observed long enough and their second purchases, by medium (rows) and month (columns), as vectors."""

    n: Array
    converted: Array
    design: Array  # a column for each medium, then one for each month
    penalty: Array  # one over the variance of each column's effect: 0 for media, which are as they are
    runs: Array  # one row per run: 1 in its cells
    names: list[tuple[str, int, int]]
    media: Array
    months: Array
    filled: NDArray[np.bool_]


def bad_months(counts: pd.DataFrame, level: float = 0.95) -> BadMonths:
    """Scan the quarters and half-years of acquisition months of each medium for a shortfall.

    A logistic regression on medium and month says what is expected, so that neither a weak medium nor a weak season is a
    finding here; a run is a further step of the medium's customers of those months. The months are a random effect: they are
    drawn to their mean as far as their differences may be chance, since a month of its own for every month would take a
    part of the shortfall that is looked for.

    Args:
        counts: value (medium), contract, cohort, observed, days, event, n.
        level: 1 - the chance that a client without bad months is told of one.

    Source:
        The maximum of the runs' efficient scores (Rao 1948) under no shortfall is that of normal variables with their
        correlation, drawn with a fixed seed; a scan statistic as Kulldorff (1997). The run's own test is the likelihood
        ratio; its interval is test-based (Miettinen 1976), scaled to the maximum. The months' variance is DerSimonian and
        Laird's (1986) estimate by moments, their effects are the penalised ones of Breslow and Clayton (1993).
    """
    known = counts[counts["value"].notna() & ~counts["contract"].astype(bool) & (counts["observed"] >= WINDOW)]
    if known["value"].nunique() < 2 or known["cohort"].nunique() <= min(WIDTHS):
        return _nothing(int(known["n"].sum()), "absent" if known.empty else "one_group")
    cells = _with_months(_cells(known))
    null, beta = _fit(cells)
    expected = cells.n * expit(cells.design @ beta)
    cells = _large(cells, expected)
    if not cells.names:
        return _nothing(int(cells.n.sum()), "too_few")
    scores, maxima = _scores(cells, expected)
    best, root = _clearest(cells, scores, null)
    if root <= 0:
        return _nothing(int(cells.n.sum()), "no_drop")
    p = float((1 + (maxima >= root).sum()) / (DRAWS + 1))
    return _described(cells, best, root, (float(np.quantile(maxima, level)), p, level))


def _cells(known: pd.DataFrame) -> _Cells:
    media = np.unique(known["value"].astype(str))
    months = np.arange(known["cohort"].min(), known["cohort"].max() + 1)
    place = (np.searchsorted(media, known["value"].astype(str)), known["cohort"].to_numpy() - months[0])
    n, converted = np.zeros((2, len(media), len(months)))
    np.add.at(n, place, known["n"])
    np.add.at(converted, place, known["n"] * (known["event"].astype(bool) & (known["days"] <= WINDOW)))
    row, column = np.divmod(np.arange(n.size), len(months))
    design = np.column_stack([row[:, None] == np.arange(len(media)), column[:, None] == np.arange(len(months))])
    spans = [(start, start + width) for width in WIDTHS for start in range(len(months) - width + 1)]
    runs = [(row == i) & (column >= a) & (column < b) for i in range(len(media)) for a, b in spans]
    names = [(str(medium), int(months[a]), int(months[b - 1])) for medium in media for a, b in spans]
    filled = n.ravel() > 0
    return _Cells(
        n.ravel()[filled], converted.ravel()[filled], design[filled].astype(float), np.zeros(design.shape[1]),
        np.array(runs, float)[:, filled], names, media, months, filled,
    )  # fmt: skip


def _large(cells: _Cells, expected: Array) -> _Cells:
    """The cells with those runs only in which enough second orders are expected."""
    enough = cells.runs @ expected >= MIN_CONVERTED
    names = [name for name, kept in zip(cells.names, enough, strict=True) if kept]
    return replace(cells, runs=cells.runs[enough], names=names)


def _with_months(cells: _Cells) -> _Cells:
    """The cells with the months' variance: what their differences have beyond chance, once the media are allowed for."""
    media = len(cells.media)
    own = replace(cells, design=cells.design[:, :media], penalty=cells.penalty[:media])
    expected = cells.n * expit(own.design @ _fit(own)[1])
    month = cells.design[:, media:]
    weight = month.T @ (expected * (1 - expected / cells.n))
    gap, seen = month.T @ (cells.converted - expected), weight > 0
    spread = (gap[seen] ** 2 / weight[seen]).sum() - (seen.sum() - 1)
    scale = weight.sum() - (weight @ weight) / max(weight.sum(), 1e-12)
    variance = max(spread / scale if scale > 0 else 0.0, LEAST)
    return replace(cells, penalty=np.concatenate([np.zeros(media), np.full(month.shape[1], 1 / variance)]))


def _fit(cells: _Cells, run: Array | None = None) -> tuple[float, Array]:
    """Logistic regression by cells, with a step of a run's own if there is one: penalised log-likelihood, coefficients."""
    step_of = [] if run is None else [run[:, None]]
    design, penalty = np.column_stack([cells.design, *step_of]), np.append(cells.penalty, np.zeros(len(step_of)))
    n, converted = cells.n, cells.converted
    start = np.log((converted.sum() + 0.5) / (n.sum() - converted.sum() + 0.5))
    beta = np.where(np.arange(len(penalty)) < len(cells.media), start, 0.0)
    for _ in range(30):
        share = expit(design @ beta)
        information = (design.T * (n * share * (1 - share))) @ design + np.diag(penalty)
        step = np.linalg.pinv(information, rcond=1e-10) @ (design.T @ (converted - n * share) - penalty * beta)
        beta = beta + step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < 1e-8:
            break
    share = expit(design @ beta)
    fit = (xlogy(converted, share) + xlogy(n - converted, 1 - share)).sum()
    return float(fit - penalty @ beta**2 / 2), beta


def _scores(cells: _Cells, expected: Array) -> tuple[Array, Array]:
    """Standardised scores of the runs (negative: shortfall) and draws of their maximum where nothing is wrong."""
    weight = expected * (1 - expected / cells.n)
    weighted = cells.design * weight[:, None]
    inverse = np.linalg.pinv(cells.design.T @ weighted + np.diag(cells.penalty), rcond=1e-10)
    shared = cells.runs @ weighted
    covariance = (cells.runs * weight) @ cells.runs.T - shared @ inverse @ shared.T
    error = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
    values, vectors = np.linalg.eigh(covariance / np.outer(error, error))
    draws = np.random.default_rng(SEED).standard_normal((DRAWS, len(values)))
    maxima = (draws @ (vectors * np.sqrt(np.maximum(values, 0.0))).T).max(axis=1)
    return cells.runs @ (cells.converted - expected) / error, maxima


def _clearest(cells: _Cells, scores: Array, null: float) -> tuple[int, float]:
    """The run with the largest likelihood ratio among those with the lowest scores, and its signed root."""
    lowest = [int(i) for i in np.argsort(scores, kind="stable")[:REFITTED] if scores[i] < 0]
    ratios = [_fit(cells, cells.runs[i])[0] - null for i in lowest]
    if not ratios:
        return -1, 0.0
    place = int(np.argmax(ratios))
    return lowest[place], float(np.sqrt(2 * max(ratios[place], 0.0)))


def _described(cells: _Cells, best: int, root: float, test: tuple[float, float, float]) -> BadMonths:
    critical, p, level = test
    inside = cells.runs[best] > 0
    # the regression with a step of the run's own says what the run would be without it
    beta = _fit(cells, cells.runs[best])[1][:-1]
    normal = float(cells.n[inside] @ expit(cells.design[inside] @ beta) / cells.n[inside].sum())
    n = int(cells.n[inside].sum())
    rate = proportion(float(cells.converted[inside].sum()), n)
    gap, half = rate.value - normal, abs(rate.value - normal) * critical / root
    difference = Estimate(gap, gap - half, gap + half, n, level=level)
    missing = Estimate(-gap * n, -(gap + half) * n, -(gap - half) * n, n, level=level)
    medium, first, last = cells.names[best]
    course = _course(cells, medium)
    return BadMonths(medium, month_label(first), month_label(last), rate, normal, difference, missing, p, course)


def _course(cells: _Cells, medium: str) -> Course:
    own = np.array([name == medium for name in cells.media])
    shape = (len(cells.media), len(cells.months))
    tables = np.zeros((2, *shape))
    tables[:, cells.filled.reshape(shape)] = cells.converted, cells.n
    converted, n = (np.stack([table[own].sum(axis=0), table[~own].sum(axis=0)]) for table in tables)
    return Course(tuple(month_label(int(month)) for month in cells.months), n, converted)


def _nothing(n: int, why: str) -> BadMonths:
    none = unknown(n, why)
    return BadMonths("", "", "", none, np.nan, none, none, np.nan, Course((), np.zeros((2, 0)), np.zeros((2, 0))), why)
