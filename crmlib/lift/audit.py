"""The audit of a comparison without a holdout, and the grade that follows from it by rule.

B: overlap, balance after weighting, and a placebo outcome (the same comparison on purchases of a period that ended a year
before the contact) whose whole interval is smaller than half the effect. C: adjusted, but one of these fails or cannot be seen.
D: for most of the contacted there is nobody to compare with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate, unknown
from crmlib.lift import sensitivity
from crmlib.lift.checks import IMBALANCED
from crmlib.lift.estimate import LiftEstimate
from crmlib.lift.money import scaled
from crmlib.lift.observed import Adjusted, adjusted
from crmlib.lift.patterns import of_cells
from crmlib.lift.verdicts import two_sided

ALIKE = ("frequency", "yearly", "recency", "rank", "subscriber")
SHORT, LONG = ("purchase", "orders", "spend", "visit"), ("kept", "kept_spend", "complaint", "stop")
ENOUGH_OVERLAP, NO_OVERLAP, ENOUGH_PEERS = 0.95, 0.5, 30
HALF = 0.5  # of the effect: a bias below it cannot turn the sign


@dataclass(frozen=True)
class Audit:
    """What speaks for and against a comparison without a holdout.

    Args:
        grade: B, C or D for the outcomes within the window.
        long_grade: The same for the outcomes within 180 days.
        effects: Doubly robust estimates by outcome, with overlap, balance and the plain difference.
        placebo: The comparison on purchases of as many days, a year before; unknown without such a history.
        long_placebo: The same for 180 days.
        spend_placebo: The spend of those 180 days, minor units.
        did: Difference-in-differences of purchase days, 180 days after against 180 before.
        did_trend: The same one half-year earlier: 0 if both groups moved alike before the contact.
        e_value: Of the 180-day retention (of the purchase where that is unknown), for the limit nearer to zero.
    """

    grade: str
    long_grade: str
    effects: Mapping[str, Adjusted]
    placebo: Estimate
    long_placebo: Estimate
    spend_placebo: Estimate
    did: Estimate
    did_trend: Estimate
    e_value: float

    def of(self, outcome: str) -> str:
        """The grade of an outcome."""
        return self.long_grade if outcome in LONG else self.grade


def examined(cells: pd.DataFrame, version: str) -> tuple[Audit, dict[str, LiftEstimate], int]:
    """A version against customers who were alike but not contacted.

    Args:
        cells: One campaign's cells.
        version: Which version; other versions' customers are left out.

    Returns:
        The audit, the effects by outcome, and the number of customers in the comparison.
    """
    rows = cells[(cells["arm"] == "control") | (cells["version"] == version)]
    names = [name for name in (*SHORT, *LONG) if _was_measured(rows, name)]
    found = {name: compared(rows, name) for name in names}
    placebo, long_placebo, spend_placebo = (_before(rows, name) for name in ("prior", "prior_kept", "prior_kept_spend"))
    grades = [
        grade(found[name], other) if name in found else "D"
        for name, other in (("purchase", placebo), ("kept", long_placebo))
    ]
    did, trend = (compared(rows, name).naive for name in ("change", "trend"))
    judged = found["kept"] if "kept" in found and not found["kept"].effect.why else found["purchase"]
    strength = sensitivity.e_value(judged.effect, judged.control, limit=True)
    peers = int(rows.loc[rows["arm"] == "control", "units"].sum())
    effects = {name: lifted(one) for name, one in found.items()}
    before = (placebo, long_placebo, spend_placebo)
    return Audit(grades[0], grades[1], found, *before, did, trend, strength), effects, peers


def _was_measured(rows: pd.DataFrame, name: str) -> bool:
    return f"{name}_n" in rows and (
        name in ("purchase", "orders", "spend", "kept", "kept_spend") or rows[f"{name}_y"].sum() > 0
    )


def compared(rows: pd.DataFrame, outcome: str) -> Adjusted:
    """The doubly robust effect on those who were contacted."""
    return adjusted(of_cells(rows, outcome, ALIKE))


def _before(rows: pd.DataFrame, outcome: str) -> Estimate:
    """The placebo outcome; without purchases in its period there is no history to look at."""
    if not rows[f"{outcome}_y"].sum() > 0:
        return unknown(int(rows[f"{outcome}_n"].sum()), "no_history")
    return compared(rows, outcome).effect


def grade(effect: Adjusted, placebo: Estimate) -> str:
    """B, C or D by the printed rule.

    Args:
        effect: The comparison.
        placebo: The same comparison on an outcome that the contact cannot have changed.
    """
    if effect.effect.why or effect.comparable < ENOUGH_PEERS or effect.overlap < NO_OVERLAP:
        return "D"
    sound = effect.overlap >= ENOUGH_OVERLAP and effect.imbalance <= IMBALANCED
    return "B" if sound and passed(effect.effect, placebo) else "C"


def passed(effect: Estimate, placebo: Estimate) -> bool:
    """Whether the placebo's whole interval lies within half of the effect: a bias of that kind would have been seen."""
    if placebo.why or effect.why:
        return False
    return _reach(placebo) < HALF * abs(effect.value)


def with_bias(effect: Estimate, placebo: Estimate) -> Estimate:
    """The effect with an interval that also holds every bias which the placebo leaves open; as it is without a placebo.

    Args:
        effect: The comparison, with its sampling interval.
        placebo: The same comparison on an outcome that the contact cannot have changed, in the same unit.

    Source:
        Rambachan & Roth (2023), Review of Economic Studies 90, 2555-2591: bounds with a bias at most as large as the one
        that the time before shows (relative magnitudes, M = 1), here as large as its interval allows.
    """
    if effect.why or placebo.why:
        return effect
    reach = _reach(placebo)
    return replace(effect, lower=effect.lower - reach, upper=effect.upper + reach)


def _reach(placebo: Estimate) -> float:
    """The largest bias that the placebo leaves open, whatever its sign."""
    return max(abs(placebo.lower), abs(placebo.upper))


def lifted(one: Adjusted) -> LiftEstimate:
    """The doubly robust estimate in the form of any other effect; naive is the plain difference."""
    if one.effect.why:
        return LiftEstimate(one.effect, one.effect, one.naive, np.nan, np.nan, np.nan, np.nan, "doubly_robust")
    p = two_sided(one.effect.value / one.se)
    rel = scaled(one.effect, 1 / one.control) if one.control > 0 else unknown(one.effect.n, "no_base")
    treated = one.control + one.effect.value
    return LiftEstimate(one.effect, rel, one.naive, treated, one.control, p, one.se, "doubly_robust")
