"""Intake: a client's exports into normalised tables, every row accounted for."""

from crmlib.intake.doctor import refreshed, run
from crmlib.intake.report import Balance, FileReport, IntakeReport, load, summary

__all__ = ["Balance", "FileReport", "IntakeReport", "load", "refreshed", "run", "summary"]
