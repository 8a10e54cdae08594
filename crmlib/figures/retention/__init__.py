"""Retention as pictures and tables: one function per exhibit, called as ``f(result, words=words)``."""

from crmlib.figures.retention.curve import f2
from crmlib.figures.retention.hazard import f2_hazard
from crmlib.figures.retention.heatmap import cohort
from crmlib.figures.retention.tables import f2_days_table, f2_table, trend_table

__all__ = ["cohort", "f2", "f2_days_table", "f2_hazard", "f2_table", "trend_table"]
