"""The same estimates from a plain table with one row per customer: for data that never went through a client's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd

from crmlib.errors import DataError, Problem, did_you_mean
from crmlib.intervals import LEVEL, Estimate, unknown
from crmlib.lift import audit, sensitivity, verdicts
from crmlib.lift.arms import Arm
from crmlib.lift.estimate import LiftEstimate, best, difference
from crmlib.lift.observed import Adjusted, adjusted
from crmlib.lift.patterns import of_units
from crmlib.lift.segments import SMALL_GROUP, Responders, SegmentLift, in_order
from crmlib.lift.shrink import shrunken


class Options(TypedDict, total=False):
    """What may be said of a comparison without a draw (see `observed`)."""

    placebo: str
    estimand: str
    worth: float


@dataclass(frozen=True)
class ObservedLift:
    """An effect without a draw, with its audit.

    Args:
        found: Doubly robust estimate, plain difference, overlap and balance.
        placebo: The same comparison on an outcome that the contact cannot have changed; unknown where none was given.
        grade: B, C or D by rule.
        verdict: works, does_not or cannot_tell; only grade B may say one of the first two.
        e_value: Risk ratio that an unseen cause needs to explain the effect away (0/1 outcomes; NaN otherwise).
        robustness: Share of unexplained variance that an unseen cause must explain of both contact and outcome.
    """

    found: Adjusted
    placebo: Estimate
    grade: str
    verdict: str
    e_value: float
    robustness: float


def arms(frame: pd.DataFrame, outcome: str, arm: str, covariate: str = "") -> dict[str, Arm]:
    """Statistics of each arm.

    Args:
        frame: One row per customer.
        outcome: Column of numbers or booleans.
        arm: Column that says to which arm the customer was drawn.
        covariate: Column measured before the contact (pre-period spend); none when empty.

    Raises:
        DataError: a column is missing, or empty in places.
    """
    wanted = [outcome, arm, *([covariate] if covariate else [])]
    _complete(frame, wanted)
    return {
        str(name): Arm.of(rows[outcome].to_numpy(float), rows[covariate].to_numpy(float) if covariate else None)
        for name, rows in frame.groupby(arm, sort=True)
    }


def compare(frame: pd.DataFrame, outcome: str, arm: str, control: str, covariate: str = "") -> dict[str, LiftEstimate]:
    """Each arm against the control (intention to treat).

    Args:
        frame: One row per customer.
        outcome: Column of numbers or booleans.
        arm: Column that says to which arm the customer was drawn.
        control: Which arm was held out.
        covariate: Column measured before the contact; with one, the effect is regression-adjusted (Lin).

    Returns:
        Arm -> effect.

    Raises:
        DataError: a column is missing or empty in places, or there is no such arm.
    """
    found = arms(frame, outcome, arm, covariate)
    if control not in found:
        raise DataError(Problem(f"there is no arm '{control}' in '{arm}'", hint=did_you_mean(control, list(found))))
    estimator = best if covariate else difference
    return {name: estimator(one, found[control]) for name, one in found.items() if name != control}


def by_group(frame: pd.DataFrame, outcome: str, arm: str, pair: tuple[str, str], group: str) -> Responders:
    """The effect of one arm in each group, with shrinkage and an interaction test.

    Args:
        frame: One row per customer.
        outcome: Column of numbers or booleans.
        arm: Column of the arms.
        pair: The arm that was contacted and the one that was held out.
        group: Column of groups known before the contact.

    Raises:
        DataError: a column is missing, or empty in places.
    """
    _complete(frame, [outcome, arm, group])
    found: dict[str, LiftEstimate] = {}
    for level, rows in frame.groupby(frame[group].astype(str)):
        if len(rows) >= SMALL_GROUP:
            one, other = (Arm.of(rows.loc[rows[arm] == name, outcome].to_numpy(float)) for name in pair)
            found[str(level)] = difference(one, other)
    levels = sorted(found, key=in_order)
    drawn = shrunken([found[level].ate for level in levels], [found[level].se for level in levels])
    groups = tuple(
        SegmentLift(
            level, found[level].n, found[level].ate, drawn.effects[k], found[level].se, found[level].naive.value
        )
        for k, level in enumerate(levels)
    )
    return Responders("", pair[0], group, outcome, groups, drawn.p)


def observed(
    frame: pd.DataFrame, outcome: str, treatment: str, covariates: Sequence[str], **options: Unpack[Options]
) -> ObservedLift:
    """Nobody was held out: a doubly robust comparison with its audit and grade.

    Args:
        frame: One row per customer.
        outcome: Column of numbers or booleans.
        treatment: Column of 0 and 1: contacted or not.
        covariates: Columns known before the contact.
        options: ``placebo``: column of an outcome from before the contact that is not among the covariates; without one the grade
            is C at most. ``estimand``: ``att`` (effect on the contacted, the default) or ``ate`` (on all). ``worth``: smallest effect
            of interest, 0 when left out.

    Raises:
        DataError: a covariate that is measured after the contact (by name), a column that is missing or empty in places.
    """
    placebo, estimand, worth = options.get("placebo", ""), options.get("estimand", "att"), options.get("worth", 0.0)
    found = adjusted(of_units(frame, outcome, treatment, covariates), estimand)
    before = unknown(len(frame), "no_history")
    if placebo:
        before = adjusted(of_units(frame, placebo, treatment, covariates), estimand).effect
    given = audit.grade(found, before)
    said = verdicts.verdict(found.effect, worth) if given == "B" else verdicts.CANNOT_TELL
    binary = set(np.unique(frame[outcome].to_numpy(float))) <= {0.0, 1.0}
    e_value = sensitivity.e_value(found.effect, found.control, limit=True) if binary else float("nan")
    known = not found.effect.why
    strength = (
        sensitivity.robustness(found.effect.value, found.se, found.effect.n - len(covariates) - 2) if known else np.nan
    )
    return ObservedLift(found, before, given, said, e_value, strength)


def difference_in_differences(
    frame: pd.DataFrame, after: str, before: str, treatment: str, level: float = LEVEL
) -> LiftEstimate:
    """Change of the contacted minus change of the others.

    Args:
        frame: One row per customer.
        after: Column of the outcome after the contact.
        before: The same over as long a time before it.
        treatment: Column of 0 and 1.
        level: Confidence level.

    Returns:
        The effect if both groups would have moved alike; run it on two periods before the contact to see whether they did.

    Raises:
        DataError: a column is missing, or empty in places.

    Source:
        Ashenfelter & Card (1985). Checked against statsmodels' OLS with robust errors on the differences.
    """
    _complete(frame, [after, before, treatment])
    change = frame[after].to_numpy(float) - frame[before].to_numpy(float)
    contacted = frame[treatment].to_numpy(float) > 0
    return difference(Arm.of(change[contacted]), Arm.of(change[~contacted]), level)


def _complete(frame: pd.DataFrame, names: Sequence[str]) -> None:
    known = [str(column) for column in frame.columns]
    problems = [
        Problem(f"there is no column '{name}'", hint=did_you_mean(name, known)) for name in names if name not in frame
    ]
    if not problems:
        holes = {name: int(frame[name].isna().sum()) for name in names}
        problems = [Problem(f"{count} rows of '{name}' are empty", name) for name, count in holes.items() if count]
    if problems:
        raise DataError(problems)
