"""Retention: cohorts and the second purchase. Arithmetic on counts only."""

from crmlib.retention.cohort import CohortRetention, HomogeneityTest, by_cohort, by_quarter, fit_to_page, homogeneity
from crmlib.retention.f2 import F2Trend, SecondPurchase, f2, f2_trend
from crmlib.retention.hazard import WeeklyHazard, weekly_hazard
from crmlib.retention.kaplan_meier import KaplanMeier, kaplan_meier

__all__ = [
    "CohortRetention",
    "F2Trend",
    "HomogeneityTest",
    "KaplanMeier",
    "SecondPurchase",
    "WeeklyHazard",
    "by_cohort",
    "by_quarter",
    "f2",
    "f2_trend",
    "fit_to_page",
    "homogeneity",
    "kaplan_meier",
    "weekly_hazard",
]
