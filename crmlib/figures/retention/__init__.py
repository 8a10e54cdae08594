"""Retention as pictures and tables: one function per exhibit, called as ``f(result, words=words)``."""

from crmlib.figures.retention.curve import f2
from crmlib.figures.retention.definitions import continuation_table, definitions_table
from crmlib.figures.retention.groups import groups, groups_table
from crmlib.figures.retention.hazard import f2_hazard
from crmlib.figures.retention.heatmap import cohort
from crmlib.figures.retention.leak import leak, leak_table
from crmlib.figures.retention.months import bad_months, bad_months_table
from crmlib.figures.retention.needs import needs_table, next_need
from crmlib.figures.retention.steps import steps, steps_table
from crmlib.figures.retention.subscription import model_table, projection, subscription, subscription_table
from crmlib.figures.retention.tables import f2_days_table, f2_table, trend_table

__all__ = [
    "bad_months",
    "bad_months_table",
    "cohort",
    "continuation_table",
    "definitions_table",
    "f2",
    "f2_days_table",
    "f2_hazard",
    "f2_table",
    "groups",
    "groups_table",
    "leak",
    "leak_table",
    "model_table",
    "needs_table",
    "next_need",
    "projection",
    "steps",
    "steps_table",
    "subscription",
    "subscription_table",
    "trend_table",
]
