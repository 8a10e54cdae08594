"""Who responds: the effect of a randomised version in each group of customers, with shrinkage and an interaction test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate
from crmlib.lift import checks
from crmlib.lift.combine import pairs, pooled
from crmlib.lift.estimate import LiftEstimate
from crmlib.lift.money import scaled
from crmlib.lift.shrink import shrunken

SMALL_GROUP = 5  # below, no value is shown


@dataclass(frozen=True)
class SegmentLift:
    """The effect in one group.

    Args:
        level: The group (a band's number, a class, the client's own word).
        n: Customers in both arms.
        effect: As estimated in the group alone.
        shrunken: Drawn towards the mean of the groups as far as chance explains the difference.
        se: Standard error of `effect`.
        response: Share (or mean) of the contacted, whatever the cause.
    """

    level: str
    n: int
    effect: Estimate
    shrunken: Estimate
    se: float
    response: float


@dataclass(frozen=True)
class Responders:
    """The groups of one dimension for one version and outcome.

    Args:
        campaign: The client's id.
        version: The version.
        dimension: segment, frequency, recency, cpm, stage, rank or payment.
        outcome: Which outcome.
        groups: In the order of their levels.
        p: Interaction test: p-value that all groups have the same effect; NaN for fewer than two.
        q: False-discovery rate over all dimensions, versions and campaigns of the table.
    """

    campaign: str
    version: str
    dimension: str
    outcome: str
    groups: tuple[SegmentLift, ...]
    p: float
    q: float = float("nan")


def by_segment(segments: pd.DataFrame, outcome: str = "purchase", scale: float = 1.0) -> tuple[Responders, ...]:
    """Effects by group for every version that was drawn against a holdout, and every dimension with two groups or more.

    Args:
        segments: As `summaries.lift.segments` counts them.
        outcome: Which outcome.
        scale: Minor units per major unit for a money outcome.

    Returns:
        The clearest interaction first.
    """
    found = [
        one
        for (campaign, dimension), rows in segments.groupby(["campaign", "dimension"], sort=True)
        for version in versions_drawn(rows)
        if len((one := responders(rows, (str(campaign), version, str(dimension)), outcome, scale)).groups) > 1
    ]
    q = checks.false_discovery([one.p for one in found])
    dated = [Responders(*_but_q(one), q=float(value)) for one, value in zip(found, q, strict=True)]
    return tuple(
        sorted(dated, key=lambda one: (np.nan_to_num(one.p, nan=2.0), one.campaign, one.version, one.dimension))
    )


def _but_q(one: Responders) -> tuple[str, str, str, str, tuple[SegmentLift, ...], float]:
    return one.campaign, one.version, one.dimension, one.outcome, one.groups, one.p


def waves_drawn(rows: pd.DataFrame) -> list[int]:
    """Waves that have a contacted customer and one who was held out; those who were merely not contacted have no row in the log."""
    sides = rows[rows["contacts"] > 0].groupby("wave")["arm"].agg(set)
    return [int(str(wave)) for wave, found in sides.items() if {"treated", "control"} <= found]


def versions_drawn(rows: pd.DataFrame) -> list[str]:
    """Versions that were sent."""
    return sorted(set(rows.loc[rows["arm"] == "treated", "version"]))


def responders(
    rows: pd.DataFrame, name: tuple[str, str, str], outcome: str = "purchase", scale: float = 1.0
) -> Responders:
    """Effects by level of one dimension.

    Args:
        rows: Arms by level: columns level, wave, arm, version and the outcome's sums.
        name: Campaign, version, dimension.
        outcome: Which outcome.
        scale: Minor units per major unit for a money outcome.
    """
    levels = sorted(set(rows["level"]), key=in_order)
    effects = [_effect(rows[rows["level"] == level], name[1], outcome) for level in levels]
    seen = [place for place, effect in enumerate(effects) if effect.n >= SMALL_GROUP]
    ates = [scaled(effects[place].ate, 1 / scale) for place in seen]
    errors = [effects[place].se / scale for place in seen]
    drawn = shrunken(ates, errors)
    groups = tuple(
        SegmentLift(
            levels[place], effects[place].n, ate, drawn.effects[k], errors[k], effects[place].naive.value / scale
        )
        for k, (place, ate) in enumerate(zip(seen, ates, strict=True))
    )
    return Responders(*name, outcome, groups, drawn.p)


def in_order(level: str) -> tuple[float, str]:
    """Bands by their number, words by the alphabet, behind them."""
    return (float(level), "") if level.isdigit() else (np.inf, level)


def _effect(rows: pd.DataFrame, version: str, outcome: str) -> LiftEstimate:
    return pooled(pairs(rows, version, waves_drawn(rows), outcome))


def not_worth_contacting(found: Responders, worth: float) -> Sequence[SegmentLift]:
    """Groups in which an effect that pays for the contact is excluded: whom to leave out next time."""
    return [group for group in found.groups if not group.shrunken.why and group.shrunken.upper < max(worth, 0.0)]
