"""What each page speaks of: the contrast, the groups, the calls, the loss, and in which words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crmlib.intervals import Estimate
from crmlib.lift.matching import Matching, matching
from crmlib.lift.money import scaled
from crmlib.lift.phone import PhoneLift
from crmlib.lift.results import CampaignLift, VersionLift
from crmlib.lift.segments import Responders, SegmentLift, not_worth_contacting
from crmlib.lift.studies import Sorted, Study
from crmlib.lift.versions import Contrast

SIZE = 0.05  # of the tests that pages quote
SHOWN_GROUPS, SHOWN_CAMPAIGNS = 8, 11


def campaigns_page(study: Study) -> str:
    """Which words fit the campaigns page."""
    if not study.campaigns:
        return "absent"
    if study.headline is None:
        return "unmeasured"
    _, version = study.headline
    if version.outcomes["purchase"].verdict == "works":
        return "pays" if not version.money.net.why and version.money.net.lower > 0 else "works"
    return "none" if any(each.held_out for _, each in study.pairs) else "observed"


def shown(study: Study) -> list[tuple[CampaignLift, VersionLift]]:
    """Versions with an effect on purchases, the best evidence first, then by effect, as many as fit a page."""
    found = [
        (one, version)
        for one, version in study.pairs
        if "purchase" in version.outcomes and not version.outcomes["purchase"].estimate.ate.why
    ]
    found.sort(key=_order)
    return found[:SHOWN_CAMPAIGNS]


def _order(pair: tuple[CampaignLift, VersionLift]) -> tuple[str, float, str, str]:
    outcome = pair[1].outcomes["purchase"]
    return outcome.grade, -outcome.estimate.ate.value, pair[0].campaign, pair[1].version


def contrast(study: Study) -> Contrast | None:
    """The contrast that differs most clearly by group; without groups, or without such a difference, the clearest one."""
    if not study.contrasts:
        return None
    first = min(study.contrasts, key=lambda one: np.nan_to_num(one.interaction_p, nan=2.0))
    if first.interaction_p < SIZE / len(study.contrasts):
        return first
    return min(study.contrasts, key=lambda one: one.effect.p)


def clearest(study: Study) -> Contrast | None:
    """The contrast that differs most clearly over all customers."""
    known = [one for one in study.contrasts if np.isfinite(one.effect.p)]
    return min(known, key=lambda one: one.effect.p, default=None)


def matched(study: Study) -> Matching | None:
    """Where two versions differ most clearly by group of customers."""
    return matching(study.contrasts, study.spent, study.economy)


def versions_page(study: Study) -> str:
    """Which words fit the versions page: `turned` when each version is better in some group."""
    one = contrast(study)
    if one is None:
        return "absent"
    if one.interaction_p < SIZE / len(study.contrasts):
        signs = {bool(effect.value > 0) for effect in one.groups.values()}
        return "turned" if len(signs) > 1 else "differs"
    return overall(study, one)


def overall(study: Study, one: Contrast) -> str:
    """Whether the newer version is better over all customers; so many contrasts, so much clearer must the one shown be."""
    if not one.effect.p < SIZE / len(study.contrasts):
        return "open"
    return "better" if one.effect.ate.value > 0 else "worse"


def responders(study: Study) -> Responders | None:
    """The dimension that separates customers most clearly, of all versions with a holdout."""
    found = [one for one in study.responders if np.isfinite(one.p)]
    return found[0] if found else None


def responders_page(study: Study) -> str:
    """Which words fit the page of who responds: `groups` when the groups differ but the order of single customers is not proven."""
    one = responders(study)
    if one is None:
        return "absent"
    if not one.q < SIZE:
        return "alike"
    order = scored(study)
    return "found" if order is not None and order.proven else "groups"


def groups(found: Responders) -> list[SegmentLift]:
    """The groups that the page shows: the largest, in their order."""
    known = [group for group in found.groups if not group.effect.why]
    largest = sorted(known, key=lambda group: -group.n)[:SHOWN_GROUPS]
    return [group for group in known if group in largest]


def leave_out(study: Study, found: Responders) -> Sequence[SegmentLift]:
    """Groups of the page in which an effect that pays for the contact is excluded."""
    return not_worth_contacting(found, pays(study, found.campaign, found.version))


def pays(study: Study, campaign: str, version: str) -> float:
    """The effect on purchases that pays for a contact of this version; 0 where cost or margin is unknown."""
    money = next((each.money for one, each in study.pairs if (one.campaign, each.version) == (campaign, version)), None)
    worth = money.cost_each / money.margin_per_order if money and money.margin_per_order > 0 else np.nan
    return float(worth) if np.isfinite(worth) else 0.0


def call(study: Study) -> PhoneLift | None:
    """The calls that the page speaks of: a decided one before an open one, selling before others, then the largest."""
    known = [one for one in study.calls if not one.retention.estimate.ate.why]
    return max(known, key=lambda one: (one.retention.verdict != "cannot_tell", one.calls, one.campaign), default=None)


def calls_page(study: Study) -> str:
    """Which words fit the page of calls."""
    one = call(study)
    if one is None:
        return "absent"
    if one.retention.verdict == "cannot_tell":
        return "open"
    ate = one.retention.estimate.ate
    return "harm" if ate.upper < 0 else "fine" if ate.lower > 0 else "even"


def total_yen(one: PhoneLift) -> Estimate:
    """Yen of all calls of a campaign, harm counted."""
    return scaled(one.yen, one.calls)


def scored(study: Study) -> Sorted | None:
    """The score of the campaign that the page of who responds speaks of."""
    found = responders(study)
    named = {one.campaign: one.key for one in study.campaigns}
    return study.sorted.get(named.get(found.campaign, "")) if found else None


def losses(study: Study) -> list[tuple[CampaignLift, VersionLift]]:
    """Versions that lose money for certain: the whole interval of the net yield is below zero, on sound evidence; worst first."""
    found = [
        (one, version)
        for one, version in study.pairs
        if not version.money.net.why and version.money.net.upper < 0 and version.outcomes["margin"].grade in "AB"
    ]
    return sorted(found, key=lambda pair: (pair[1].money.net.value, pair[0].campaign, pair[1].version))


def design_page(study: Study) -> str:
    """Which words fit the page of the next test."""
    if study.design is None:
        return "absent"
    if not np.isfinite(study.design.worth):
        return "unpriced"
    return "enough" if study.design.enough else "short"


def title(one: CampaignLift, version: VersionLift) -> str:
    """How a version is called on a page: the campaign's name, and the version's where the campaign has several."""
    several = len(one.versions) > 1
    return f"{one.name} {version.version}".strip() if several else one.name
