"""Every campaign and version: effect on each outcome, checks of the draw, verdict, money, grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from crmlib.lift import checks, verdicts
from crmlib.lift.arms import Arm, total
from crmlib.lift.money import Economy
from crmlib.lift.names import keys
from crmlib.lift.results import CampaignLift
from crmlib.lift.version import HARMS, judged, version_lift, waves_with_holdout

BROKEN = 0.001  # p of the balance below which the arms were not drawn at random
BALANCED_ON = ("before", "before_orders", "tenure")


def programme(
    arms: pd.DataFrame, cells: pd.DataFrame, listed: pd.DataFrame, economy: Economy
) -> tuple[CampaignLift, ...]:
    """All campaigns, oldest first.

    Args:
        arms: As `summaries.lift.arms` counts them.
        cells: As `summaries.lift.cells` counts them; looked at only where nobody was held out.
        listed: The client's list of campaigns (`summaries.lift.described`); may be empty.
        economy: Margin and currency.

    Returns:
        Each campaign with its versions; false discoveries are counted over all of them, one outcome at a time.
    """
    named = keys(arms["campaign"])
    facts: Mapping[Any, Any] = listed.set_index("campaign").to_dict("index") if len(listed) else {}
    found = [
        _campaign(rows, cells[cells["campaign"] == name], facts.get(name, {}), (named[str(name)], economy))
        for name, rows in arms.groupby("campaign", sort=True)
    ]
    found = [one for one in found if one.versions]
    return _with_verdicts(tuple(sorted(found, key=lambda one: (one.first_sent, one.campaign))))


def _campaign(
    rows: pd.DataFrame, cells: pd.DataFrame, facts: Mapping[Any, Any], known: tuple[str, Economy]
) -> CampaignLift:
    treated = rows[rows["arm"] == "treated"]
    drawn = rows[rows["wave"].isin(waves_with_holdout(rows))]
    balance, balance_p = _balance(drawn)
    planned = _number(facts.get("holdout_share"))
    name, labels = str(rows["campaign"].iloc[0]), keys(treated["version"])
    srm = _sample_ratio(drawn, planned) if len(drawn) else float("nan")
    honest = not (srm < checks.SRM_ALARM or balance_p < BROKEN)
    budget = _number(facts.get("budget")) / treated["version"].nunique() if len(treated) else np.nan
    versions = tuple(
        version_lift(rows, cells, (version, labels[version]), (known[1], budget, honest)) for version in sorted(labels)
    )
    return CampaignLift(
        name, known[0], str(facts.get("name") or name), str(rows["channel"].iloc[0]), str(rows["purpose"].iloc[0]),
        str(pd.Timestamp(rows["first_sent"].min()).date()), versions, srm, balance, balance_p,
        int(treated["same_day"].sum()) if "same_day" in treated else 0,
    )  # fmt: skip


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value == value else float("nan")  # noqa: PLR0124


def _sample_ratio(drawn: pd.DataFrame, planned: float) -> float:
    if not 0 < planned < 1:
        return float("nan")
    counts = [int(drawn.loc[drawn["arm"] == arm, "units"].sum()) for arm in ("control", "treated")]
    return checks.sample_ratio(counts, (planned, 1 - planned))


def _balance(drawn: pd.DataFrame) -> tuple[dict[str, float], float]:
    """Differences before the contact, wave by wave, averaged; the p-value of the clearest of them."""
    gaps, scores = {}, []
    for name in BALANCED_ON:
        sides = [_covariate(drawn[drawn["arm"] == arm], name) for arm in ("treated", "control")]
        if min(side.n for side in sides) > 1:
            gaps[name] = checks.imbalance(*sides)
            error = np.sqrt(1 / sides[0].n + 1 / sides[1].n)
            scores.append(abs(gaps[name]) / error if not np.isnan(gaps[name]) else 0.0)
    worst = max(scores, default=0.0)
    return gaps, min(1.0, len(scores) * verdicts.two_sided(worst)) if scores else float("nan")


def _covariate(rows: pd.DataFrame, name: str) -> Arm:
    parts = []
    for row in rows.to_dict("records"):
        if name == "before":
            whole = Arm.of_sums(row, "purchase")
            parts.append(Arm(whole.n, whole.mean_x, whole.var_x))
        else:
            parts.append(Arm.of_sums(row, name))
    return total(parts)


def _with_verdicts(campaigns: tuple[CampaignLift, ...]) -> tuple[CampaignLift, ...]:
    """Verdicts need the false-discovery rate over all campaigns of the same outcome."""
    places = [(c, v) for c, one in enumerate(campaigns) for v in range(len(one.versions))]
    made = {place: dict(campaigns[place[0]].versions[place[1]].outcomes) for place in places}
    for outcome in sorted({name for outcomes in made.values() for name in outcomes}):
        having = [place for place in places if outcome in made[place]]
        sound = [made[place][outcome].grade in "AB" for place in having]  # the others are not said to work anyway
        q = checks.false_discovery(
            [made[place][outcome].estimate.p if good else np.nan for place, good in zip(having, sound, strict=True)]
        )
        for place, value in zip(having, q, strict=True):
            made[place][outcome] = judged(made[place][outcome], float(value), harm=outcome in HARMS)
    return tuple(
        replace(one, versions=tuple(replace(v, outcomes=made[c, i]) for i, v in enumerate(one.versions)))
        for c, one in enumerate(campaigns)
    )


def unmatched(arms: pd.DataFrame) -> tuple[str, ...]:
    """Campaigns of which every contacted customer was left out, or that only have a holdout: an arm without customers."""
    sides = arms[arms["contacts"] > 0].groupby("campaign")["arm"].agg(set)
    return tuple(sorted(str(name) for name, found in sides.items() if "treated" not in found))
