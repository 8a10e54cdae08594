"""Customers that look alike as one row: features, who of them was contacted, and the sums of what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.errors import DataError, Problem

Array = NDArray[np.float64]
FOLDS = 5
BINS, FEW_LEVELS = 8, 10
RARE = 5  # customers a level must have to get a column of its own
# What is only known once the contact has been made, so that comparing at equal values of it compares outcomes with outcomes.
AFTER_THE_CONTACT = frozenset({
    "duration", "call_duration", "call_seconds", "talk_time", "response", "responded", "opened", "clicked", "visit", "conversion",
    "call_result", "poutcome_now", "subsequent_spend",
})  # fmt: skip


@dataclass(frozen=True)
class Patterns:
    """Rows of customers that are alike.

    Args:
        features: (m, p), the first column ones.
        treated: Whether the row's customers were contacted, (m,).
        fold: 0 to FOLDS - 1; a customer's fold does not depend on what he did.
        n: Customers in the row.
        y: Sum of their outcome.
        yy: Sum of its squares.
        names: Of the columns of `features`.
    """

    features: Array
    treated: NDArray[np.bool_]
    fold: NDArray[np.int64]
    n: Array
    y: Array
    yy: Array
    names: tuple[str, ...]

    def where(self, chosen: NDArray[np.bool_]) -> Patterns:
        """Some of the rows."""
        return Patterns(
            self.features[chosen], self.treated[chosen], self.fold[chosen], self.n[chosen], self.y[chosen], self.yy[chosen],
            self.names,
        )  # fmt: skip


def of_units(
    frame: pd.DataFrame, outcome: str, treatment: str, covariates: Sequence[str], *, seed: int = 0
) -> Patterns:
    """From a table with one row per customer.

    Args:
        frame: One row per customer.
        outcome: Column of numbers or booleans.
        treatment: Column of 0 and 1 (or booleans).
        covariates: Columns measured before the contact: numbers (cut at eighths, with a slope), words, booleans.
        seed: Of the folds.

    Raises:
        DataError: a covariate that is measured after the contact, a column that is missing or not finite.
    """
    check(frame, outcome, treatment, covariates)
    y = frame[outcome].to_numpy(float)
    features, names = columns(frame, covariates)
    fold = np.random.default_rng(seed).permutation(len(frame)) % FOLDS
    return Patterns(features, frame[treatment].to_numpy(float) > 0, fold, np.ones(len(frame)), y, y * y, names)


def check(frame: pd.DataFrame, outcome: str, treatment: str, covariates: Sequence[str]) -> None:
    """Refuse what would make a comparison meaningless.

    Raises:
        DataError: every problem at once.
    """
    leaks = [name for name in covariates if name.lower() in AFTER_THE_CONTACT or name in (outcome, treatment)]
    problems = [
        Problem(
            f"'{name}' is measured after the contact and cannot be a covariate: it carries the outcome", name,
            "something known before the contact", "Leave it out; nothing that the contact itself brings about may be held equal.",
        )
        for name in leaks
    ]  # fmt: skip
    wanted = (outcome, treatment, *covariates)
    problems += [Problem(f"there is no column '{name}'", name) for name in wanted if name not in frame]
    if not problems:
        holes = [name for name in wanted if frame[name].isna().any()]
        problems += [Problem(f"{int(frame[name].isna().sum())} rows of '{name}' are empty", name) for name in holes]
        if not holes and not set(np.unique(frame[treatment].to_numpy(float))) <= {0.0, 1.0}:
            problems.append(Problem(f"'{treatment}' holds something other than 0 and 1", treatment))
    if problems:
        raise DataError(problems)


def columns(frame: pd.DataFrame, covariates: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """Features of covariates: a column for each level or bin (but the first), and a slope for numbers with many values."""
    made: dict[str, Array] = {"one": np.ones(len(frame))}
    for name in covariates:
        made |= _numeric(name, frame[name]) if _is_long(frame[name]) else _levels(name, frame[name])
    return np.column_stack(list(made.values())), tuple(made)


def _is_long(values: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(values.dtype)) and values.nunique() > FEW_LEVELS


def _levels(name: str, values: pd.Series) -> dict[str, Array]:
    levels, code = np.unique(values.astype(str).to_numpy(), return_inverse=True)
    common = np.flatnonzero(np.bincount(code) >= RARE)[1:]
    return {f"{name}={levels[k]}": (code == k).astype(float) for k in common}


def _numeric(name: str, values: pd.Series) -> dict[str, Array]:
    x = values.to_numpy(float)
    cuts = np.unique(np.quantile(x, np.arange(1, BINS) / BINS))
    place = np.searchsorted(cuts, x, side="right")
    made = {f"{name}#{k}": (place == k).astype(float) for k in range(1, cuts.size + 1) if (place == k).sum() >= RARE}
    rank = np.clip((x - x.mean()) / (x.std() or 1.0), -4, 4)
    return {name: rank, f"{name}^2": rank * rank, **made}


def of_cells(cells: pd.DataFrame, outcome: str, covariates: Sequence[str]) -> Patterns:
    """From the cells that the engine counted.

    Args:
        cells: Rows of `summaries.lift.cells` of one comparison (one campaign's contacted and the others).
        outcome: Its columns ``<outcome>_{n,y,yy}`` are used; rows without anybody are dropped.
        covariates: Columns of levels.
    """
    used = cells[cells[f"{outcome}_n"] > 0]
    n, y, yy = (used[f"{outcome}_{part}"].to_numpy(float) for part in ("n", "y", "yy"))
    features, names = cell_features(used, covariates, n)
    treated = (used["arm"] == "treated").to_numpy()
    return Patterns(features, treated, used["fold"].to_numpy(np.int64), n, y, yy, names)


def cell_features(cells: pd.DataFrame, covariates: Sequence[str], n: Array) -> tuple[Array, tuple[str, ...]]:
    """A column for each level (but the first) that enough customers have."""
    made: dict[str, Array] = {"one": np.ones(len(cells))}
    for name in covariates:
        levels, code = np.unique(cells[name].astype(str).to_numpy(), return_inverse=True)
        common = np.flatnonzero(np.bincount(code, n, levels.size) >= RARE)[1:]
        made |= {f"{name}={levels[k]}": (code == k).astype(float) for k in common}
    return np.column_stack(list(made.values())), tuple(made)
