"""A version against its holdout, wave by wave (issue by issue), and the waves put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlib.intervals import LEVEL, Estimate, unknown, z
from crmlib.lift.arms import Arm, total
from crmlib.lift.estimate import FEWEST, LiftEstimate, best
from crmlib.lift.verdicts import two_sided

NAMES = ("purchase", "orders", "spend", "visit", "kept", "kept_spend", "complaint", "stop")
PARTS = ("n", "x", "xx", "y", "yy", "xy")
OWN_WAVE = 5 * FEWEST  # customers an arm of a wave needs for a comparison of its own
Pair = tuple[Arm, Arm]


def held_out(rows: pd.DataFrame, version: str, waves: Sequence[int]) -> tuple[dict[str, LiftEstimate], int]:
    """Effects of a version on each outcome, and the size of its holdout.

    Args:
        rows: Arms of one campaign (or of one level of a dimension in it).
        version: Which version.
        waves: The waves in which a holdout was drawn.
    """
    found = {name: pooled(pairs(rows, version, waves, name)) for name in NAMES if f"{name}_n" in rows}
    size = sum(control.n for _, control in pairs(rows, version, waves, "purchase"))
    return {name: effect for name, effect in found.items() if _was_measured(rows, name)}, size


def _was_measured(rows: pd.DataFrame, name: str) -> bool:
    """Visits, complaints and stops are outcomes only where the client has logged any."""
    return name not in ("visit", "complaint", "stop") or bool(rows[f"{name}_y"].sum() > 0)


def pairs(rows: pd.DataFrame, version: str, waves: Sequence[int], outcome: str) -> list[Pair]:
    """Contacted and held out in each wave; a holdout labelled with the version is that version's own."""
    made = []
    sums = [f"{outcome}_{part}" for part in PARTS if f"{outcome}_{part}" in rows]  # the rest of a wide row costs time
    rows = rows[["wave", "arm", "version", *sums]]
    for wave in waves:
        inside = rows[rows["wave"] == wave]
        treated = inside[(inside["arm"] == "treated") & (inside["version"] == version)]
        control = inside[inside["arm"] == "control"]
        own = control[control["version"] == version]
        sides = (treated, own if len(own) else control)
        made.append(tuple(total([Arm.of_sums(row, outcome) for row in side.to_dict("records")]) for side in sides))
    return made  # type: ignore[return-value]


def pooled(found: list[Pair], level: float = LEVEL) -> LiftEstimate:
    """All waves together: the mean of the waves' effects, weighted by the contacted, where each wave can stand alone.

    Otherwise the arms are added up first, which is right as long as the waves' holdout shares are alike.
    """
    found = [pair for pair in found if pair[0].n]
    if len(found) <= 1 or min(min(t.n, c.n) for t, c in found) < OWN_WAVE:
        return best(total([t for t, _ in found]), total([c for _, c in found]), level)
    return averaged([best(t, c, level) for t, c in found], [t.n for t, _ in found], level)


def averaged(effects: Sequence[LiftEstimate], weights: Sequence[float], level: float = LEVEL) -> LiftEstimate:
    """Weighted mean of independent effects.

    Args:
        effects: Of groups that share no customer's outcome.
        weights: Of each, above 0; they are brought to a sum of 1. Groups without an effect are left out.
        level: Confidence level.
    """
    known = [(effect, weight) for effect, weight in zip(effects, weights, strict=True) if not effect.ate.why]
    n = sum(effect.n for effect in effects)
    if not known:
        nothing = unknown(n, effects[0].ate.why if effects else "no_arm")
        return LiftEstimate(nothing, nothing, nothing, np.nan, np.nan, np.nan, np.nan, "regression")
    share = np.array([weight for _, weight in known], float)
    share = share / share.sum()
    parts = np.array([[e.ate.value, e.se, e.treated, e.control, e.naive.value] for e, _ in known])
    value, treated, control, naive = (float(share @ parts[:, column]) for column in (0, 2, 3, 4))
    se = float(np.sqrt((share**2 * parts[:, 1] ** 2).sum()))
    spread = np.sqrt(
        sum(w**2 * ((e.naive.upper - e.naive.value) / z(level)) ** 2 for w, (e, _) in zip(share, known, strict=True))
    )
    p = two_sided(abs(value) / se) if se > 0 else float("nan")
    ate = _normal(value, se, n, level)
    rel = _relative(value, se, control, n)
    return LiftEstimate(ate, rel, _normal(naive, float(spread), n, level), treated, control, p, se, "regression")


def _normal(value: float, se: float, n: int, level: float) -> Estimate:
    half = z(level) * se
    return Estimate(value, value - half, value + half, n, level=level)


def _relative(value: float, se: float, control: float, n: int) -> Estimate:
    """Relative effect with the control's mean taken as known: its error is small beside that of the effect."""
    if not control > 0:
        return unknown(n, "no_base")
    return _normal(value / control, se / control, n, LEVEL)
