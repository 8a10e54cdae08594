"""Business mode: does the business live from new customers, from old ones, or from both?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from crmlib.base.calendar import DAY, months_before
from crmlib.intervals import Estimate, proportion, unknown

LOW, HIGH = 0.40, 0.60
SMALL_GROUP = 5


@dataclass(frozen=True)
class BusinessMode:
    """12-month repurchase and what it says.

    Args:
        rate: Share of the buyers of the year before who bought again within the year.
        name: acquisition (below 40 %), hybrid (40 to 60 %), retention (above 60 %), "" when unknown.
        lowest: The mode at the lower end of the interval.
        highest: The mode at its upper end.
        series: The rate at earlier month ends, the earliest first; the last is `rate`.
        ends: Their days.
        per_point: Sales of this year (major units) that one more point of repurchase would have brought.
    """

    rate: Estimate
    name: str
    lowest: str
    highest: str
    series: tuple[Estimate, ...]
    ends: tuple[dt.date, ...]
    per_point: float


def mode_of(rate: float) -> str:
    """The mode of a rate; 40 % and 60 % themselves are hybrid.

    Source:
        Hillstrom's business modes by annual repurchase rate.

    Example:
        >>> mode_of(0.399), mode_of(0.40), mode_of(0.60), mode_of(0.61)
        ('acquisition', 'hybrid', 'hybrid', 'retention')
    """
    return "acquisition" if rate < LOW else "retention" if rate > HIGH else "hybrid"


def business_mode(
    repurchase: pd.DataFrame, ends: Sequence[dt.date], first_day: dt.date | None, kept: tuple[float, int]
) -> BusinessMode:
    """The mode today and over the months for which two whole years are known.

    Args:
        repurchase: enter, leave, again, n; as `summaries.base.repurchase`.
        ends: The ends of its years, the earliest first.
        first_day: Day of the very first purchase: a point whose two years begin before it is not shown.
        kept: This year's sales of the customers who came again (major units), and how many they are.
    """
    series = tuple(_rate(repurchase, place) for place in range(len(ends)))
    known = [place for place, end in enumerate(ends) if first_day and _two_years_before(end) >= first_day]
    shown = known if known and known[-1] == len(ends) - 1 else [len(ends) - 1]
    rate = series[-1] if series else unknown(0, "no_last_year")
    names = ["" if rate.why else mode_of(value) for value in (rate.value, rate.lower, rate.upper)]
    worth = kept[0] / kept[1] if kept[1] else float("nan")
    picked = [place for place in shown if place >= 0]
    shown_series, shown_ends = tuple(series[p] for p in picked), tuple(ends[p] for p in picked)
    return BusinessMode(rate, names[0], names[1], names[2], shown_series, shown_ends, worth * rate.n / 100)


def _rate(repurchase: pd.DataFrame, place: int) -> Estimate:
    counted = repurchase[(repurchase["enter"] <= place) & (repurchase["leave"] > place)]
    buyers, again = int(counted["n"].sum()), int(counted["n"][counted["again"] <= place].sum())
    return proportion(again, buyers) if buyers >= SMALL_GROUP else unknown(buyers, "no_last_year")


def _two_years_before(end: dt.date) -> dt.date:
    return months_before(end, 24) + DAY
