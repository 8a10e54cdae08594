"""Campaign lift: what a contact really caused, in points and in yen, and how sure one can be."""

from crmlib.lift.arms import Arm
from crmlib.lift.campaign import programme, unmatched
from crmlib.lift.checks import anytime, false_discovery, imbalance, sample_ratio
from crmlib.lift.design import Prices, TestDesign, draw, plan
from crmlib.lift.dose import DoseResponse, by_dose
from crmlib.lift.estimate import LiftEstimate, cuped, difference, regression
from crmlib.lift.frame import ObservedLift, arms, by_group, compare, difference_in_differences, observed
from crmlib.lift.frames import compared, overview
from crmlib.lift.money import Economy, Yield
from crmlib.lift.offers import ItemsResponse, by_items, by_payment
from crmlib.lift.phone import PhoneLift, calls
from crmlib.lift.results import CampaignLift, OutcomeLift, VersionLift
from crmlib.lift.segments import Responders, SegmentLift, by_segment, not_worth_contacting
from crmlib.lift.studies import Counts, Study, study
from crmlib.lift.uplift import Profit, Qini, profit, qini
from crmlib.lift.versions import Contrast, Issue, chronicle, contrasts

__all__ = [
    "Arm",
    "CampaignLift",
    "Contrast",
    "Counts",
    "DoseResponse",
    "Economy",
    "Issue",
    "ItemsResponse",
    "LiftEstimate",
    "ObservedLift",
    "OutcomeLift",
    "PhoneLift",
    "Prices",
    "Profit",
    "Qini",
    "Responders",
    "SegmentLift",
    "Study",
    "TestDesign",
    "VersionLift",
    "Yield",
    "anytime",
    "arms",
    "by_dose",
    "by_group",
    "by_items",
    "by_payment",
    "by_segment",
    "calls",
    "chronicle",
    "compare",
    "compared",
    "contrasts",
    "cuped",
    "difference",
    "difference_in_differences",
    "draw",
    "false_discovery",
    "imbalance",
    "not_worth_contacting",
    "observed",
    "overview",
    "plan",
    "profit",
    "programme",
    "qini",
    "regression",
    "sample_ratio",
    "study",
    "unmatched",
]  # fmt: skip
