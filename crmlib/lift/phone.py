"""Calls: what they sell in the window, what they do to staying, and the yen that are left of a call once both are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crmlib.intervals import Estimate, unknown
from crmlib.lift import power
from crmlib.lift.audit import HALF, with_bias
from crmlib.lift.money import Economy, scaled
from crmlib.lift.results import CampaignLift, OutcomeLift, VersionLift

CALLS = frozenset({"phone", "call", "tel", "telephone", "outbound", "outbound_call"})


@dataclass(frozen=True)
class PhoneLift:
    """What the calls of a campaign did.

    Args:
        campaign: The client's id.
        key: The campaign in ledger keys.
        name: As the client names it.
        purpose: selling, service, ...
        calls: Customers called.
        others: Customers they are compared with.
        retention: Share who buys within 180 days: effect, plain difference (naive), verdict, grade.
        complaint: The same for complaints within 180 days; None where none are logged.
        stop: The same for stop requests; None where none are logged.
        response_yen: Yen per call as reported: margin of the buyers in the window less the cost of the call.
        yen: Yen per call once harm is counted: effect on the margin of 180 days less the cost; where nobody was held out, the
            interval holds the bias that the placebo leaves open.
        placebo: The same comparison on purchases of 180 days, a year before.
        calls_needed: Calls at which these data would tell; 0 when they do, or when it is unknown.
        e_value: Risk ratio that an unseen cause needs to explain the effect on retention away.
    """

    campaign: str
    key: str
    name: str
    purpose: str
    calls: int
    others: int
    retention: OutcomeLift
    complaint: OutcomeLift | None
    stop: OutcomeLift | None
    response_yen: float
    yen: Estimate
    placebo: Estimate
    calls_needed: int
    e_value: float


def calls(campaigns: Sequence[CampaignLift], economy: Economy) -> tuple[PhoneLift, ...]:
    """The campaigns made by phone, the largest first.

    Args:
        campaigns: As `campaign.programme` returns them.
        economy: Margin and currency.
    """
    made = [
        _phone(one, version, economy)
        for one in campaigns
        if one.channel.lower() in CALLS
        for version in one.versions[:1]
        if "kept" in version.outcomes
    ]
    return tuple(sorted(made, key=lambda one: (-one.calls, one.campaign)))


def _phone(one: CampaignLift, version: VersionLift, economy: Economy) -> PhoneLift:
    outcomes, money = version.outcomes, version.money
    retention = outcomes["kept"]
    margin = outcomes["kept_spend"].estimate.ate
    if version.audit:
        margin = with_bias(margin, scaled(version.audit.spend_placebo, 1 / economy.scale))
    rate = economy.margin_rate
    yen = scaled(margin, rate, -money.cost_each) if np.isfinite(rate) else unknown(margin.n, "no_margin")
    sold = outcomes["spend"].estimate.treated if version.held_out else _response(version)
    placebo = version.audit.long_placebo if version.audit else unknown(0, "held_out")
    strength = version.audit.e_value if version.audit else float("nan")
    return PhoneLift(
        one.campaign, one.key, one.name, one.purpose, version.treated, version.control, retention, outcomes.get("complaint"),
        outcomes.get("stop"), sold * rate - money.cost_each, yen, placebo, calls_needed(retention, placebo, version.treated), strength,
    )  # fmt: skip


def _response(version: VersionLift) -> float:
    """Mean spend of the called in the window."""
    return version.outcomes["spend"].estimate.treated


def calls_needed(retention: OutcomeLift, placebo: Estimate, made: int) -> int:
    """Calls at which both the effect and a bias of half its size would be seen, at the same mix.

    Args:
        retention: The outcome with its verdict.
        placebo: The placebo outcome; unknown where somebody was held out.
        made: Calls so far.
    """
    effect = retention.estimate.ate
    if retention.verdict != "cannot_tell" or effect.why:
        return 0
    size = max(abs(effect.value), retention.worth)
    times = (power.smallest_visible(retention.estimate.se) / size) ** 2
    if not placebo.why:
        # shift and width both shrink with more calls, if nothing is behind the shift
        reach = max(abs(placebo.lower), abs(placebo.upper))
        times = max(times, (reach / (HALF * size)) ** 2)
    return max(int(np.ceil(made * times)), made + 1)
