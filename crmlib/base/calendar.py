"""Years and months counted back from as_of."""

from __future__ import annotations

import calendar
import datetime as dt

DAY = dt.timedelta(days=1)
MONTHS = 12  # over which classes and repurchase are followed back


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or that month's last day where there is none; a month's end stays one.

    Example:
        >>> months_before(dt.date(2025, 3, 31), 1), months_before(dt.date(2025, 2, 28), 12)
        (datetime.date(2025, 2, 28), datetime.date(2024, 2, 29))
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    is_end = (day + DAY).day == 1
    return dt.date(year, month + 1, last if is_end else min(day.day, last))


def year_starts(as_of: dt.date, years: int = 2) -> tuple[dt.date, ...]:
    """First days of the last `years` years that end on as_of, the earliest first.

    Example:
        >>> [str(day) for day in year_starts(dt.date(2025, 3, 31))]
        ['2023-04-01', '2024-04-01']
    """
    return tuple(months_before(as_of, 12 * back) + DAY for back in range(years, 0, -1))


def evenings(as_of: dt.date, months: int = MONTHS) -> list[dt.date]:
    """As_of and the same evening of each of `months` earlier months, the earliest first."""
    return [months_before(as_of, back) for back in range(months, -1, -1)]


def repurchase_ends(as_of: dt.date, months: int = MONTHS) -> list[tuple[dt.date, dt.date, dt.date]]:
    """For each evening: that evening, one year and two years before it."""
    return [(end, months_before(end, 12), months_before(end, 24)) for end in evenings(as_of, months)]


def month_label(month: int) -> str:
    """A month counted as year * 12 + month - 1, as 2025-03.

    Example:
        >>> month_label(2025 * 12 + 2)
        '2025-03'
    """
    return f"{month // 12}-{month % 12 + 1:02d}"


def last_whole_month(day: dt.date) -> int:
    """The last month that is over by the evening of a day, as year * 12 + month - 1."""
    return month_number(day + DAY) - 1


def month_number(day: dt.date) -> int:
    """A day's month as year * 12 + month - 1."""
    return day.year * 12 + day.month - 1
