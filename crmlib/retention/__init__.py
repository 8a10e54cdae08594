"""Retention: cohorts, the second purchase and those after it, subscriptions, definitions. Arithmetic on counts only."""

from crmlib.retention.alarms import EACH, SCAN
from crmlib.retention.cohort import CohortRetention, HomogeneityTest, by_cohort, by_quarter, fit_to_page, homogeneity
from crmlib.retention.competing import CumulativeIncidence, aalen_johansen
from crmlib.retention.continuation import Continuation, Projection, Wavering, continuation, project, wavering
from crmlib.retention.definitions import Definition, by_definition
from crmlib.retention.f2 import F2Trend, SecondPurchase, curve_of, f2, f2_trend, ladder
from crmlib.retention.groups import Group, GroupedF2, adjusted, by_group
from crmlib.retention.hazard import WeeklyHazard, weekly_hazard
from crmlib.retention.kaplan_meier import KaplanMeier, kaplan_meier
from crmlib.retention.leak import Leak, locate
from crmlib.retention.log_rank import LogRank, log_rank
from crmlib.retention.next_need import Rhythms, by_product, next_need, rhythms
from crmlib.retention.results import Details, Entries, Subscriptions, Worth, entries, subscribed, worth
from crmlib.retention.scan import BadMonths, bad_months
from crmlib.retention.tally import Tally

__all__ = [
    "EACH",
    "SCAN",
    "BadMonths",
    "CohortRetention",
    "Continuation",
    "CumulativeIncidence",
    "Definition",
    "Details",
    "Entries",
    "F2Trend",
    "Group",
    "GroupedF2",
    "HomogeneityTest",
    "KaplanMeier",
    "Leak",
    "LogRank",
    "Projection",
    "Rhythms",
    "SecondPurchase",
    "Subscriptions",
    "Tally",
    "Wavering",
    "WeeklyHazard",
    "Worth",
    "aalen_johansen",
    "adjusted",
    "bad_months",
    "by_cohort",
    "by_definition",
    "by_group",
    "by_product",
    "by_quarter",
    "continuation",
    "curve_of",
    "entries",
    "f2",
    "f2_trend",
    "fit_to_page",
    "homogeneity",
    "kaplan_meier",
    "ladder",
    "locate",
    "log_rank",
    "next_need",
    "project",
    "rhythms",
    "subscribed",
    "wavering",
    "weekly_hazard",
    "worth",
]
