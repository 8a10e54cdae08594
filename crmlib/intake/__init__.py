"""Intake: a client's exports into normalised tables, every row accounted for."""

from crmlib.intake.bridge import load as load_money
from crmlib.intake.bridge import of as money_bridge
from crmlib.intake.doctor import refreshed, run
from crmlib.intake.identify import load as load_candidates
from crmlib.intake.passport import Passport, margin_rate, merge_effect
from crmlib.intake.printed import summary
from crmlib.intake.questions import Oddities
from crmlib.intake.questions import questions as ask
from crmlib.intake.report import Balance, FileReport, IntakeReport, load
from crmlib.intake.sales import MonthlySales, monthly_sales
from crmlib.intake.scorecard import scorecard as score_records
from crmlib.intake.tie_out import of as compare_books

__all__ = [
    "Balance", "FileReport", "IntakeReport", "MonthlySales", "Oddities", "Passport", "ask", "compare_books", "load",
    "load_candidates", "load_money", "margin_rate", "merge_effect", "money_bridge", "monthly_sales", "refreshed", "run",
    "score_records", "summary",
]  # fmt: skip
