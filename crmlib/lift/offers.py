"""The shape of an offer: how many items were offered, and how the customer pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate, unknown, z
from crmlib.lift.results import CampaignLift
from crmlib.lift.segments import Responders
from crmlib.lift.shrink import Shrunken, shrunken
from crmlib.lift.verdicts import two_sided

FEWEST = 3  # different numbers of items that a slope needs


@dataclass(frozen=True)
class ItemsResponse:
    """Effect of campaigns by the number of items that they offered.

    Args:
        items: Number of items, one entry per version.
        names: Campaign and version.
        effects: Effect on purchases.
        responses: Share of the contacted who bought, whatever the cause.
        slope: Change of the effect per item more; unknown with fewer than three different numbers.
        p: p-value of no slope.
        grade: D: campaigns differ in more than the number of items; A only where one campaign drew lots for it.
    """

    items: tuple[int, ...]
    names: tuple[tuple[str, str], ...]
    effects: tuple[Estimate, ...]
    responses: tuple[float, ...]
    slope: Estimate
    p: float
    grade: str = "D"


def by_items(campaigns: Sequence[CampaignLift], listed: pd.DataFrame, outcome: str = "purchase") -> ItemsResponse:
    """Compare campaigns by the number of items offered.

    Args:
        campaigns: As `campaign.programme` returns them.
        listed: The client's list with campaign and items; campaigns without a number are left out.
        outcome: Which outcome.

    Source:
        Iyengar & Lepper (2000) for the question; the line is weighted by the inverse variances of the effects.
    """
    numbers = dict(zip(listed["campaign"], listed["items"], strict=True)) if len(listed) else {}
    rows = [
        (int(numbers[one.campaign]), (one.campaign, version.version), version.outcomes[outcome].estimate)
        for one in campaigns
        if pd.notna(numbers.get(one.campaign))
        for version in one.versions
        if outcome in version.outcomes and not version.outcomes[outcome].estimate.ate.why
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    effects = tuple(row[2].ate for row in rows)
    slope, p = _line([row[0] for row in rows], effects, [row[2].se for row in rows])
    responses = tuple(row[2].naive.value for row in rows)
    return ItemsResponse(tuple(row[0] for row in rows), tuple(row[1] for row in rows), effects, responses, slope, p)


def _line(items: Sequence[int], effects: Sequence[Estimate], errors: Sequence[float]) -> tuple[Estimate, float]:
    n = sum(effect.n for effect in effects)
    if len(set(items)) < FEWEST:
        return unknown(n, "few_offers"), float("nan")
    x, y, w = np.array(items, float), np.array([effect.value for effect in effects]), np.array(errors, float) ** -2
    centre = (w * x).sum() / w.sum()
    spread = (w * (x - centre) ** 2).sum()
    slope = float((w * (x - centre) * y).sum() / spread)
    misfit = (w * (y - (w * y).sum() / w.sum() - slope * (x - centre)) ** 2).sum() / max(len(items) - 2, 1)
    error = float(np.sqrt(max(misfit, 1.0) / spread))  # campaigns that scatter more than chance widen it
    return Estimate(slope, slope - z() * error, slope + z() * error, n), two_sided(slope / error)


def by_payment(found: Sequence[Responders]) -> dict[str, Estimate] | None:
    """Effect by payment method over all campaigns with a holdout; None where fewer than two methods are known.

    Args:
        found: As `segments.by_segment` returns them; the dimension payment is used.
    """
    return _over_campaigns([one for one in found if one.dimension == "payment"])[0]


def payment_test(found: Sequence[Responders]) -> float:
    """p-value that the effect is the same whatever the payment method; NaN where fewer than two are known."""
    return _over_campaigns([one for one in found if one.dimension == "payment"])[1].p


def _over_campaigns(found: Sequence[Responders]) -> tuple[dict[str, Estimate] | None, Shrunken]:
    """Each level's effects over campaigns, weighted by their precision (the same customers may appear in several)."""
    levels = sorted(
        {group.level for one in found for group in one.groups if not group.effect.why and group.level != "none"}
    )
    made: dict[str, Estimate] = {}
    errors = []
    for level in levels:
        parts = [group for one in found for group in one.groups if group.level == level and not group.effect.why]
        weight = np.array([part.se for part in parts]) ** -2.0
        value, error = (
            float((weight * [part.effect.value for part in parts]).sum() / weight.sum()),
            float(weight.sum() ** -0.5),
        )
        made[level] = Estimate(value, value - z() * error, value + z() * error, sum(part.n for part in parts))
        errors.append(error)
    return (made if len(made) > 1 else None), shrunken(list(made.values()), errors)
