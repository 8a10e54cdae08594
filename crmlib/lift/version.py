"""One version: effects on each outcome, smallest visible effect, verdict, money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from crmlib import intervals
from crmlib.intervals import unknown
from crmlib.lift import audit, power, verdicts
from crmlib.lift.combine import held_out
from crmlib.lift.estimate import LiftEstimate
from crmlib.lift.money import Economy, Yield, cost_of, money, scaled
from crmlib.lift.results import OutcomeLift, VersionLift

MONEY, HARMS = ("spend", "margin", "kept_spend"), ("complaint", "stop")


def version_lift(
    rows: pd.DataFrame, cells: pd.DataFrame, version: tuple[str, str], known: tuple[Economy, float, bool]
) -> VersionLift:
    """A version against its holdout; without one, against customers who were alike.

    Args:
        rows: The campaign's arms.
        cells: Its cells.
        version: The version and its key.
        known: Margin and currency; budget of the version (NaN when unknown); whether the draw passed its checks.
    """
    economy, budget, honest = known
    treated = rows[(rows["arm"] == "treated") & (rows["version"] == version[0])]
    drawn = treated["wave"].isin(waves_with_holdout(rows))
    has_holdout = bool(drawn.any())
    grade, examined, control = ("A" if honest else "C"), None, 0
    if has_holdout:
        effects, control = held_out(rows, version[0], list(treated.loc[drawn, "wave"]))
    else:
        examined, effects, control = audit.examined(cells, version[0])
    effects = _in_money(effects, economy)
    return _priced(treated, effects, (version, has_holdout, grade, control, examined), (economy, budget))


def _in_money(effects: dict[str, LiftEstimate], economy: Economy) -> dict[str, LiftEstimate]:
    """Money in major units, and margin from spend."""
    made = dict(effects)
    for name in ("spend", "kept_spend"):
        if name in made:
            made[name] = times(made[name], 1 / economy.scale)
    if "spend" in made:
        made["margin"] = times(made["spend"], economy.margin_rate, "no_margin")
    return made


def times(effect: LiftEstimate, factor: float, why: str = "") -> LiftEstimate:
    """The effect in another unit; unknown for the reason given where the factor is."""
    if not np.isfinite(factor):
        nothing = unknown(effect.n, why)
        return replace(effect, ate=nothing, naive=nothing, treated=np.nan, control=np.nan, se=np.nan)
    return replace(
        effect, ate=scaled(effect.ate, factor), naive=scaled(effect.naive, factor), treated=effect.treated * factor,
        control=effect.control * factor, se=effect.se * factor,
    )  # fmt: skip


def _priced(
    treated: pd.DataFrame, effects: dict[str, LiftEstimate],
    facts: tuple[tuple[str, str], bool, str, int, audit.Audit | None], prices: tuple[Economy, float],
) -> VersionLift:  # fmt: skip
    (version, label), has_holdout, grade, control, examined = facts
    economy, budget = prices
    units, contacts, costless = (int(treated[name].sum()) for name in ("units", "contacts", "costless"))
    cost = cost_of(float(treated["cost"].sum()) / economy.scale, contacts, costless, budget)
    bought, spent = float(treated["orders_y"].sum()), float(treated["spend_y"].sum()) / economy.scale
    per_order = spent / bought * economy.margin_rate if bought else float("nan")
    response = float(treated["purchase_y"].sum()) / units if units else 0.0
    nothing = unknown(0, "no_arm")
    margin, orders = (effects[name].ate if name in effects else nothing for name in ("margin", "orders"))
    priced = money(margin, orders, (units, response, cost), per_order)
    outcomes = {
        name: OutcomeLift(
            effect, power.smallest_visible(effect.se) if np.isfinite(effect.se) else np.nan, 0,
            _worth(name, priced, economy), np.nan, verdicts.CANNOT_TELL, examined.of(name) if examined else grade,
        )
        for name, effect in effects.items()
    }  # fmt: skip
    return VersionLift(version, label, has_holdout, units, control, outcomes, priced, examined)


def _worth(outcome: str, priced: Yield, economy: Economy) -> float:
    """Smallest effect of interest: for money, what pays for the contact (0 where unknown); for shares and counts, a set one."""
    if outcome not in MONEY:
        return economy.smallest
    per_unit = 1.0 if outcome == "margin" else economy.margin_rate
    worth = priced.cost_each / per_unit
    return float(worth) if np.isfinite(worth) else 0.0


def waves_with_holdout(rows: pd.DataFrame) -> Sequence[int]:
    """Waves with a control that was drawn: `pool` adds controls, without a contact, where there is none."""
    drawn = rows[(rows["arm"] == "control") & (rows["contacts"] > 0)]
    return list(drawn["wave"].unique())


def judged(one: OutcomeLift, q: float, *, harm: bool = False) -> OutcomeLift:
    """The outcome with its verdict; only a draw (A) or a comparison that passed its audit (B) may say works or does not.

    Args:
        one: The outcome as estimated.
        q: False-discovery rate.
        harm: Whether less of the outcome is better (complaints, stop requests).
    """
    ate = one.estimate.ate
    good = intervals.times(ate, -1) if harm else ate
    said = verdicts.verdict(good, one.worth, q) if one.grade in "AB" else verdicts.CANNOT_TELL
    target = max(abs(ate.value) if np.isfinite(ate.value) else 0.0, one.worth)
    needed = power.needed(one.estimate.n, one.estimate.se, target) if said == verdicts.CANNOT_TELL else 0
    return replace(one, q=q, verdict=said, needed=needed)
