"""Counts for lifetime value: purchase histories, how customers began, what they cost, and ranks year by year."""

from crmlib.summaries.ltv.acquisition import costs, trials
from crmlib.summaries.ltv.entry import cumulative, entries, with_margin
from crmlib.summaries.ltv.histories import (
    amounts,
    by_customer,
    by_segment,
    daily,
    first_day,
    gaps,
    holdout,
    patterns,
    values,
    with_contract,
    without_contract,
)
from crmlib.summaries.ltv.ranks import rank_years, year_sales

__all__ = [
    "amounts", "by_customer", "by_segment", "costs", "cumulative", "daily", "entries", "first_day", "gaps", "holdout",
    "patterns", "rank_years", "trials", "values", "with_contract", "with_margin",
    "without_contract", "year_sales",
]  # fmt: skip
