"""Tiers: migration between them, its change, forecast and causes; programme design; whether a threshold works."""

from crmlib.tiers.change import Change, change, order
from crmlib.tiers.design import (
    Plan,
    ShareScenario,
    Spend,
    Terms,
    benefits_of,
    plan,
    share_scenarios,
    spend,
    step_of,
    terms,
)
from crmlib.tiers.drivers import Drivers, drivers
from crmlib.tiers.flows import by_review, flows
from crmlib.tiers.forecast import Forecast, Trial, forecast, trial
from crmlib.tiers.migration import (
    Balance,
    Migration,
    balance,
    balanced,
    migration,
    table,
    up_and_down,
    up_down_ratio,
    whole_rows,
)
from crmlib.tiers.study import Design, Near, Study, designed, study
from crmlib.tiers.threshold import Threshold, threshold, thresholds
from crmlib.tiers.what_if import WhatIf

__all__ = [
    "Balance",
    "Change",
    "Design",
    "Drivers",
    "Forecast",
    "Migration",
    "Near",
    "Plan",
    "ShareScenario",
    "Spend",
    "Study",
    "Terms",
    "Threshold",
    "Trial",
    "WhatIf",
    "balance",
    "balanced",
    "benefits_of",
    "by_review",
    "change",
    "designed",
    "drivers",
    "flows",
    "forecast",
    "migration",
    "order",
    "plan",
    "share_scenarios",
    "spend",
    "step_of",
    "study",
    "table",
    "terms",
    "threshold",
    "thresholds",
    "trial",
    "up_and_down",
    "up_down_ratio",
    "whole_rows",
]
