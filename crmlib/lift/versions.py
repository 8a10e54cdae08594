"""Version against version: the direct contrast, whether the better one differs by customer, and the chronicle over time.

A later version is sent to other customers in another season. Each version is set against the holdout of its own wave, which takes the
season out, group by group of customers; then both are weighted to one and the same mix of groups, which takes the mix out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib import intervals
from crmlib.intervals import Estimate
from crmlib.lift import power, verdicts
from crmlib.lift.arms import Arm, total
from crmlib.lift.combine import averaged, pairs, pooled
from crmlib.lift.estimate import LiftEstimate, best
from crmlib.lift.names import keys
from crmlib.lift.segments import in_order, versions_drawn, waves_drawn
from crmlib.lift.shrink import shrunken

Facts = tuple[LiftEstimate, float, dict[str, Estimate], float, bool, tuple[float, float], tuple[int, int], str, str]
SAME_BUDGET = 0.05  # two versions cost the same when their costs per customer differ by no more than this share


@dataclass(frozen=True)
class Contrast:
    """The later version minus the earlier one (by date, then by name).

    Args:
        campaign: The client's id.
        key: Campaign, and both versions, in ledger keys: ``B_vs_A``.
        pair: The two versions, (new, old).
        effect: Difference of their effects at the same mix of customers.
        mde: Smallest difference that these numbers find with 80 % power.
        groups: Difference by group of customers, level -> estimate.
        interaction_p: p-value that the difference is the same in all groups; NaN for fewer than two.
        same_budget: Whether both cost the same per customer: then the difference is that of the offers.
        cost: Cost per customer of each, minor units.
        sent: Customers to whom each was sent.
        verdict: Whether the new one is better by more than the smallest effect of interest.
        dimension: Which groups.
    """

    campaign: str
    key: str
    pair: tuple[str, str]
    effect: LiftEstimate
    mde: float
    groups: dict[str, Estimate]
    interaction_p: float
    same_budget: bool
    cost: tuple[float, float]
    sent: tuple[int, int]
    verdict: str
    dimension: str


@dataclass(frozen=True)
class Issue:
    """One version in one wave: a line of the chronicle (a magazine's issue).

    Args:
        campaign: The client's id.
        version: The version.
        sent: ISO day of its first contact.
        treated: Customers contacted.
        control: Customers held out.
        response: Share of the contacted who bought.
        season: Share of the held out who bought: what the season does without the contact.
        effect: Contacted minus held out.
        same_mix: The same at the mix of customers of all issues; equal to `effect` where there are no groups.
    """

    campaign: str
    version: str
    sent: str
    treated: int
    control: int
    response: float
    season: float
    effect: Estimate
    same_mix: Estimate


def contrasts(
    arms: pd.DataFrame, segments: pd.DataFrame, outcome: str = "purchase", smallest: float = 0.01
) -> tuple[Contrast, ...]:
    """Every pair of versions of each campaign with a holdout, or drawn against each other in one wave.

    Args:
        arms: As `summaries.lift.arms` counts them.
        segments: As `summaries.lift.segments` counts them.
        outcome: Which outcome.
        smallest: Smallest effect of interest.
    """
    made = []
    named = keys(arms["campaign"])
    for campaign, rows in arms.groupby("campaign", sort=True):
        inside = segments[segments["campaign"] == campaign]
        labels, order = keys(versions_drawn(rows)), _by_date(rows)
        for k, new in enumerate(order):
            for old in order[:k]:
                one = _contrast(rows, _grouped(inside), (new, old), (outcome, smallest))
                if one is not None:
                    name = f"{labels[new]}_vs_{labels[old]}"
                    made.append(Contrast(str(campaign), f"{named[str(campaign)]}.{name}", (new, old), *one))
    return tuple(made)


def _by_date(rows: pd.DataFrame) -> list[str]:
    """Versions by their first wave, then by name."""
    first = rows[rows["arm"] == "treated"].groupby("version")["wave"].min()
    return [version for _, version in sorted((int(wave), str(version)) for version, wave in first.items())]


def _grouped(segments: pd.DataFrame) -> pd.DataFrame:
    """The client's own segments where there are two or more, else the bands of purchases before."""
    own = segments[segments["dimension"] == "segment"]
    return own if len(set(own["level"])) > 1 else segments[segments["dimension"] == "frequency"]


def _contrast(rows: pd.DataFrame, groups: pd.DataFrame, pair: tuple[str, str], what: tuple[str, float]) -> Facts | None:
    outcome, smallest = what
    found = {
        level: _between(groups[groups["level"] == level], pair, outcome)
        for level in sorted(set(groups["level"]), key=in_order)
    }
    found = {level: effect for level, effect in found.items() if effect is not None and not effect.ate.why}
    whole = _between(rows, pair, outcome)
    if len(found) > 1:
        mix = [
            float(groups.loc[(groups["level"] == level) & groups["version"].isin(pair), f"{outcome}_n"].sum())
            for level in found
        ]
        whole = averaged([effect for effect in found.values() if effect], mix)
    if whole is None or whole.ate.why:
        return None
    test = shrunken(
        [effect.ate for effect in found.values() if effect], [effect.se for effect in found.values() if effect]
    )
    sent = _sent(rows, pair[0]), _sent(rows, pair[1])
    cost = _cost(rows, pair[0]), _cost(rows, pair[1])
    same = bool(abs(cost[0] - cost[1]) <= SAME_BUDGET * max(cost)) and max(cost) > 0
    said = verdicts.verdict(whole.ate, smallest)
    dimension = str(groups["dimension"].iloc[0]) if len(found) > 1 else ""
    levels = {level: effect.ate for level, effect in found.items() if effect}
    return whole, power.smallest_visible(whole.se), levels, test.p, same, cost, sent, said, dimension


def _between(rows: pd.DataFrame, pair: tuple[str, str], outcome: str) -> LiftEstimate | None:
    """Directly where both were drawn in the same waves; else the difference of what each does against its own holdout."""
    treated = rows[rows["arm"] == "treated"]
    waves = [set(treated.loc[treated["version"] == version, "wave"]) for version in pair]
    drawn = set(waves_drawn(rows))
    if waves[0] == waves[1] and waves[0] & drawn:
        new_arm, old_arm = (_arm(treated[treated["version"] == version], outcome) for version in pair)
        return best(new_arm, old_arm)
    if not all(one & drawn for one in waves):
        return None
    new, old = (
        pooled(pairs(rows, version, sorted(one & drawn), outcome)) for version, one in zip(pair, waves, strict=True)
    )
    return _minus(new, old)


def _arm(rows: pd.DataFrame, outcome: str) -> Arm:
    return total([Arm.of_sums(row, outcome) for row in rows.to_dict("records")])


def _minus(new: LiftEstimate, old: LiftEstimate) -> LiftEstimate | None:
    """Difference of two effects on different customers."""
    if new.ate.why or old.ate.why:
        return None
    turned = LiftEstimate(
        intervals.times(old.ate, -1),
        old.rel,
        intervals.times(old.naive, -1),
        -old.treated,
        -old.control,
        old.p,
        old.se,
        old.method,
    )
    half = averaged([new, turned], [1, 1])
    double = {name: getattr(half.ate, name) * 2 for name in ("value", "lower", "upper")}
    ate = Estimate(**double, n=new.n + old.n, level=new.ate.level)
    return LiftEstimate(ate, new.rel, new.naive, new.treated, old.treated, half.p, 2 * half.se, "difference")


def _sent(rows: pd.DataFrame, version: str) -> int:
    return int(rows.loc[(rows["arm"] == "treated") & (rows["version"] == version), "units"].sum())


def _cost(rows: pd.DataFrame, version: str) -> float:
    units = _sent(rows, version)
    sent = rows[(rows["arm"] == "treated") & (rows["version"] == version)]
    return float(sent["cost"].sum()) / units if units else 0.0


def chronicle(arms: pd.DataFrame, segments: pd.DataFrame, outcome: str = "purchase") -> tuple[Issue, ...]:
    """Versions and issues in the order in which they were sent, each against the holdout of its own wave.

    Args:
        arms: As `summaries.lift.arms` counts them.
        segments: As `summaries.lift.segments` counts them; the client's own segments, or the bands of purchases before.
        outcome: Which outcome.
    """
    made = []
    for campaign, rows in arms.groupby("campaign", sort=True):
        groups = _grouped(segments[segments["campaign"] == campaign])
        mix = groups[groups["arm"] == "treated"].groupby("level")[f"{outcome}_n"].sum()
        treated = rows[(rows["arm"] == "treated") & rows["wave"].isin(waves_drawn(rows))]
        for (version, wave), sent in treated.groupby(["version", "wave"], sort=True):
            made.append(
                _issue(rows, groups[groups["wave"] == wave], (str(version), int(str(wave)), sent), (outcome, mix))
            )
    return tuple(sorted(made, key=lambda one: (one.sent, one.campaign, one.version)))


def _issue(
    rows: pd.DataFrame, groups: pd.DataFrame, sent: tuple[str, int, pd.DataFrame], what: tuple[str, pd.Series]
) -> Issue:
    version, wave, treated = sent
    outcome, mix = what
    ((one, other),) = pairs(rows, version, [wave], outcome)
    effect = best(one, other)
    parts, weights = _by_level(groups, version, wave, what)
    same_mix = averaged(parts, weights).ate if len(parts) == int((mix > 0).sum()) and parts else effect.ate
    day = str(pd.Timestamp(treated["first_sent"].min()).date())
    return Issue(
        str(rows["campaign"].iloc[0]), version, day, one.n, other.n, one.mean, other.mean, effect.ate,
        same_mix if not same_mix.why else effect.ate,
    )  # fmt: skip


def _by_level(
    groups: pd.DataFrame, version: str, wave: int, what: tuple[str, pd.Series]
) -> tuple[Sequence[LiftEstimate], Sequence[float]]:
    outcome, mix = what
    found = [
        (best(*pairs(groups[groups["level"] == level], version, [wave], outcome)[0]), float(weight))
        for level, weight in mix.items()
        if weight > 0
    ]
    known = [(effect, weight) for effect, weight in found if not effect.ate.why and np.isfinite(effect.se)]
    return [effect for effect, _ in known], [weight for _, weight in known]
