"""The review calendar of a programme, resolved to dates and whole amounts.

Time is counted in review months: year * 12 + month - 1, and one more from the day after the review day on, so that a
purchase on the day of a review belongs to that review.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crmlib.programme.rules import STEPS, YEAR, Tiers

MOST_REVIEWS = 37  # three years of monthly reviews, both ends included


@dataclass(frozen=True)
class Programme:
    """Rules with their review dates, amounts in minor units.

    Args:
        rules: What client.yaml says.
        reviews: Review dates, oldest first.
        thresholds: Amount from which each tier begins, minor units.
        keep: Amount that keeps each tier, minor units.
        fiscal_year_start: Month (1-12).
    """

    rules: Tiers
    reviews: tuple[dt.date, ...]
    thresholds: tuple[int, ...]
    keep: tuple[int, ...]
    fiscal_year_start: int = 4

    @property
    def months(self) -> tuple[int, ...]:
        """The review month of each review."""
        return tuple(month_number(day) for day in self.reviews)

    @property
    def remembers(self) -> bool:
        """Whether a tier depends on the tier before, and not on the amount alone."""
        rules = self.rules
        return self.keep != self.thresholds or bool(rules.grace_reviews) or rules.up + rules.down != "at_once" * 2

    def at(self, reviews: Sequence[dt.date]) -> Programme:
        """The same rules at other reviews."""
        return replace(self, reviews=tuple(reviews))


def resolved(rules: Tiers, reviews: Sequence[dt.date], scale: int = 1, fiscal_year_start: int = 4) -> Programme:
    """Rules with review dates, amounts in minor units.

    Args:
        rules: The programme of client.yaml, amounts in major units.
        reviews: Review dates.
        scale: Minor units per major unit.
        fiscal_year_start: Month (1-12).
    """
    thresholds = tuple(amount * scale for amount in rules.thresholds)
    keep = tuple(amount * scale for amount in rules.keep) or thresholds
    return Programme(rules, tuple(sorted(set(reviews))), thresholds, keep, fiscal_year_start)


def month_number(day: dt.date, review_day: int = 31) -> int:
    """The review month that a day belongs to.

    Example:
        >>> month_number(dt.date(2024, 3, 21), review_day=20) - month_number(dt.date(2024, 3, 20), review_day=20)
        1
    """
    return day.year * YEAR + day.month - 1 + (day.day > review_day)


def review_date(month: int, review_day: int = 31) -> dt.date:
    """The last day of a review month.

    Example:
        >>> review_date(2024 * 12 + 1).isoformat(), review_date(2023 * 12 + 1, 30).isoformat()
        ('2024-02-29', '2023-02-28')
    """
    year, zero_based = divmod(month, YEAR)
    last = calendar.monthrange(year, zero_based + 1)[1]
    return dt.date(year, zero_based + 1, min(review_day, last))


def review_months(rules: Tiers, fiscal_year_start: int) -> tuple[int, ...]:
    """Calendar months (1-12) that hold a review: those of client.yaml, or the ends of the fiscal year's parts."""
    if rules.review_months:
        return rules.review_months
    step = STEPS[rules.review]
    return tuple(sorted((fiscal_year_start - 2 + step * part) % YEAR + 1 for part in range(1, YEAR // step + 1)))


def calendar_of(rules: Tiers, first: dt.date, as_of: dt.date, fiscal_year_start: int = 4) -> tuple[dt.date, ...]:
    """Review dates whose whole 12 months lie in the data, the latest `MOST_REVIEWS`.

    Args:
        rules: The programme.
        first: First day of the data; its review month counts as whole.
        as_of: Last day of the data; a review on it has taken place.
        fiscal_year_start: Month (1-12).
    """
    held = set(review_months(rules, fiscal_year_start))
    start = month_number(first, rules.review_day) + YEAR - 1
    months = range(start, month_number(as_of, rules.review_day) + 1)
    days = [review_date(month, rules.review_day) for month in months if month % YEAR + 1 in held]
    return tuple(day for day in days if day <= as_of)[-MOST_REVIEWS:]


def next_review(rules: Tiers, as_of: dt.date, fiscal_year_start: int = 4) -> dt.date:
    """The first review after `as_of`."""
    held = set(review_months(rules, fiscal_year_start))
    start = month_number(as_of, rules.review_day)
    days = [
        review_date(month, rules.review_day) for month in range(start, start + YEAR + 1) if month % YEAR + 1 in held
    ]
    return next(day for day in days if day > as_of)


def yearly(reviews: Sequence[dt.date], most: int = 4) -> tuple[dt.date, ...]:
    """The last review and those a whole number of years before it, oldest first, at most `most`."""
    months = {month_number(day): day for day in reviews}
    if not months:
        return ()
    last = max(months)
    found = [months[last - YEAR * back] for back in range(most) if last - YEAR * back in months]
    return tuple(sorted(found))
