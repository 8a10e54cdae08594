"""Lifetime value as pictures and tables: one function per exhibit, called as ``f(result, words=words)``."""

from crmlib.figures.ltv.alive import alive
from crmlib.figures.ltv.calibration import calibration
from crmlib.figures.ltv.clv import clv
from crmlib.figures.ltv.entry import cell_table, entry
from crmlib.figures.ltv.pages import Page, pages
from crmlib.figures.ltv.pareto import pareto
from crmlib.figures.ltv.payback import media_table, payback
from crmlib.figures.ltv.race import contenders, decile_table
from crmlib.figures.ltv.sheet import lever_table, sheet
from crmlib.figures.ltv.tables import clv_table, parameter_table, protect_table, race_table, verdict_table
from crmlib.figures.ltv.tracking import tracking

__all__ = [
    "Page", "alive", "calibration", "cell_table", "clv", "clv_table", "contenders", "decile_table", "entry", "lever_table",
    "media_table", "pages", "parameter_table", "pareto", "payback", "protect_table", "race_table", "sheet", "tracking",
    "verdict_table",
]  # fmt: skip
