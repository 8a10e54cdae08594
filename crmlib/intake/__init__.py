"""Intake: a client's exports into normalised tables, every row accounted for."""

from crmlib.intake.doctor import refreshed, run
from crmlib.intake.printed import summary
from crmlib.intake.report import Balance, FileReport, IntakeReport, load
from crmlib.intake.sales import MonthlySales, monthly_sales

__all__ = [
    "Balance",
    "FileReport",
    "IntakeReport",
    "MonthlySales",
    "load",
    "monthly_sales",
    "refreshed",
    "run",
    "summary",
]
