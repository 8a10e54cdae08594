"""Lifetime value as pictures and tables: one function per exhibit, called as ``f(result, words=words)``."""

from crmlib.figures.ltv.alive import alive
from crmlib.figures.ltv.calibration import calibration
from crmlib.figures.ltv.clv import clv
from crmlib.figures.ltv.pareto import pareto
from crmlib.figures.ltv.tables import clv_table, group_table, parameter_table, race_table, verdict_table
from crmlib.figures.ltv.tracking import tracking

__all__ = [
    "alive", "calibration", "clv", "clv_table", "group_table", "parameter_table", "pareto", "race_table", "tracking",
    "verdict_table",
]  # fmt: skip
