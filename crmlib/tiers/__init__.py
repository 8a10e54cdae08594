"""Tiers: migration between them, its change, forecast and causes; programme design; whether a threshold works."""

from crmlib.tiers.change import Change, change, order
from crmlib.tiers.design import Plan, ShareScenario, Spend, Terms, benefits_of, plan, share_scenarios, spend, step_of
from crmlib.tiers.drivers import Drivers, drivers
from crmlib.tiers.flows import flows
from crmlib.tiers.forecast import Forecast, Trial, forecast, trial
from crmlib.tiers.migration import Balance, Migration, balance, migration, up_and_down, up_down_ratio
from crmlib.tiers.study import Design, Near, Study, designed, study
from crmlib.tiers.threshold import Threshold, threshold, thresholds

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
    "balance",
    "benefits_of",
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
    "threshold",
    "thresholds",
    "trial",
    "up_and_down",
    "up_down_ratio",
]
