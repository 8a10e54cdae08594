"""Charts and tables of the tier pages."""

from crmlib.figures.tiers.forecast import forecast
from crmlib.figures.tiers.line import line
from crmlib.figures.tiers.migration import migration
from crmlib.figures.tiers.names import labels, names, variants
from crmlib.figures.tiers.scenario import scenarios
from crmlib.figures.tiers.tables import driver_table, line_table, scenario_table, stock_table

__all__ = [
    "driver_table",
    "forecast",
    "labels",
    "line",
    "line_table",
    "migration",
    "names",
    "scenario_table",
    "scenarios",
    "stock_table",
    "variants",
]
