"""Five ways to look at the base: one year, two years, one cohort over time, cohort against cohort, everybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmlib.base.calendar import last_whole_month
from crmlib.base.growth import Growth
from crmlib.intervals import Estimate, mean, mean_difference, proportion, times, unknown

SMALL_GROUP = 5
WINDOW = 90  # days over which cohorts are compared: both have completed them


@dataclass(frozen=True)
class Setting:
    """as_of, customers in all, minor units per major unit, confidence level of the comparison of cohorts."""

    as_of: dt.date
    customers: int
    scale: int
    level: float


@dataclass(frozen=True)
class Year:
    """Key figures of the registered customers of one year; money in major units.

    Args:
        customers: Buyers of the year.
        sales: Their sales.
        frequency: Orders per buyer.
        value: Sales per order.
        new_share: New customers of all buyers.
    """

    customers: int
    sales: float
    frequency: float
    value: float
    new_share: Estimate


@dataclass(frozen=True)
class Cohort:
    """Customers who were new in one year, over the years after; money in major units.

    Args:
        size: How many.
        active: Buyers of each year, the year of acquisition first.
        sales: Their sales in these years.
    """

    size: int
    active: tuple[int, ...]
    sales: tuple[float, ...]


@dataclass(frozen=True)
class Lenses:
    """All five.

    Args:
        this: One year.
        last: The year before, for two.
        cohort: Customers new last year, over last year and this.
        earlier: Sales per new customer within 90 days (major units), of those new in the year before the later ones.
        later: The same of the latest year of new customers with 90 days behind them.
        difference: later - earlier.
        yen: The difference x the new customers of a year, major units.
        customers: Everybody who ever bought.
        active: Share of them who bought this year.
        per_customer: All sales per customer, major units.
    """

    this: Year
    last: Year
    cohort: Cohort
    earlier: Estimate
    later: Estimate
    difference: Estimate
    yen: Estimate
    customers: int
    active: Estimate
    per_customer: float


def lenses(growth: Growth, cohorts: pd.DataFrame, entrants: pd.DataFrame, setting: Setting) -> Lenses:
    """Key figures through each lens.

    Args:
        growth: The two years.
        cohorts: cohort, year, customers, orders, amount; as `summaries.base_series.cohort_years`.
        entrants: month, n, amount_90, amount_90_squared; as `summaries.base_series.entrants`.
        setting: Of this client.
    """
    customers, scale = setting.customers, setting.scale
    this, last = (_year(growth, year, scale) for year in ("this", "last"))
    rows = cohorts[cohorts["cohort"] == 1].set_index("year")
    years = [year for year in (1, 0) if year in rows.index]
    cohort = Cohort(
        int(rows["customers"].get(1, 0)), tuple(int(rows["customers"][y]) for y in years),
        tuple(float(rows["amount"][y]) / scale for y in years),
    )  # fmt: skip
    earlier, later = _halves(entrants, setting)
    difference = mean_difference(later, earlier)
    n = growth.statuses["new"].customers
    yen = times(difference, n)
    spent = float(cohorts["amount"].sum()) / scale
    active = proportion(this.customers, customers) if customers >= SMALL_GROUP else unknown(customers, "too_few")
    per_customer = spent / customers if customers else np.nan
    return Lenses(this, last, cohort, earlier, later, difference, yen, customers, active, per_customer)


def _year(growth: Growth, year: str, scale: int) -> Year:
    bought = [one for name, one in growth.statuses.items() if name != ("lost" if year == "this" else "new")]
    buyers = [one for one in bought if getattr(one, f"orders_{year}")]
    customers = sum(one.customers for one in buyers)
    orders, amount = (sum(getattr(one, f"{name}_{year}") for one in buyers) for name in ("orders", "amount"))
    new = growth.statuses["new"].customers if year == "this" else 0
    share = proportion(new, customers) if year == "this" and customers >= SMALL_GROUP else unknown(customers, "too_few")
    frequency = orders / customers if customers else np.nan
    return Year(customers, amount / scale, frequency, amount / orders / scale if orders else np.nan, share)


def _halves(entrants: pd.DataFrame, setting: Setting) -> tuple[Estimate, Estimate]:
    """New customers of the last twelve months with 90 days behind them, and of the twelve before; whole months."""
    last = last_whole_month(setting.as_of - dt.timedelta(days=WINDOW))
    parts = [(last - 24, last - 12), (last - 12, last)]
    known = len(entrants) > 0 and int(entrants["month"].min()) <= parts[0][0] + 1
    found = [entrants[(entrants["month"] > low) & (entrants["month"] <= high)] for low, high in parts]
    earlier, later = (_mean(rows, setting, known=known) for rows in found)
    return earlier, later


def _mean(rows: pd.DataFrame, setting: Setting, *, known: bool) -> Estimate:
    n = int(rows["n"].sum())
    if not known or n < SMALL_GROUP:
        return unknown(n, "short")
    total, squares = (float(rows[name].sum()) for name in ("amount_90", "amount_90_squared"))
    found, scale = mean(n, total, squares, setting.level), setting.scale
    return replace(found, value=found.value / scale, lower=found.lower / scale, upper=found.upper / scale)
