"""What is known of a campaign, a version and an outcome once it has been estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crmlib.lift.audit import Audit
from crmlib.lift.estimate import LiftEstimate
from crmlib.lift.money import Yield


@dataclass(frozen=True)
class OutcomeLift:
    """One outcome of one version.

    Args:
        estimate: Effect with interval; money in major units.
        mde: Smallest true effect that these numbers find with 80 % power.
        needed: Customers in both arms at which the effect worth having (or the one estimated) would be found; 0 unknown.
        worth: Smallest effect of interest; of money, the one that pays for the contact (0 where cost or margin is unknown).
        q: False-discovery rate over all campaigns.
        verdict: works, does_not or cannot_tell.
        grade: Evidence grade.
    """

    estimate: LiftEstimate
    mde: float
    needed: int
    worth: float
    q: float
    verdict: str
    grade: str


@dataclass(frozen=True)
class VersionLift:
    """A version of a campaign against its holdout, or against customers who were alike.

    Args:
        version: As the client names it ("" where there is only one).
        key: The version in ledger keys.
        held_out: Whether a holdout was drawn.
        treated: Customers contacted.
        control: Customers of the comparison.
        outcomes: By name: purchase, orders, spend, margin, visit, kept, complaint, stop.
        money: In major units.
        audit: Of a comparison without a holdout; None with one.
    """

    version: str
    key: str
    held_out: bool
    treated: int
    control: int
    outcomes: Mapping[str, OutcomeLift]
    money: Yield
    audit: Audit | None


@dataclass(frozen=True)
class CampaignLift:
    """A campaign.

    Args:
        campaign: The client's id.
        key: The campaign in ledger keys.
        name: As the client's list names it.
        channel: Of its contacts.
        purpose: Of its contacts.
        first_sent: ISO day of the first contact.
        versions: One per version that was sent.
        srm_p: p-value that the arms' sizes are those that were planned; NaN where no share was planned.
        balance: Standardised difference of each covariate between contacted and held out.
        balance_p: p-value that these differences are an accident (Bonferroni).
        same_day: Contacted customers with a purchase on the day of the contact, which counts neither way.
    """

    campaign: str
    key: str
    name: str
    channel: str
    purpose: str
    first_sent: str
    versions: tuple[VersionLift, ...]
    srm_p: float
    balance: Mapping[str, float]
    balance_p: float
    same_day: int
