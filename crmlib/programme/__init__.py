"""The membership programme: its rules as configuration, its review calendar, and which tiers a client can be shown in."""

from crmlib.programme.calendar import (
    Programme,
    calendar_of,
    month_number,
    next_review,
    resolved,
    review_date,
    review_months,
    yearly,
)
from crmlib.programme.rules import YEAR, Tiers

__all__ = [
    "YEAR",
    "Programme",
    "Tiers",
    "calendar_of",
    "month_number",
    "next_review",
    "resolved",
    "review_date",
    "review_months",
    "yearly",
]
