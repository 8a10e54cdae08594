"""What the store holds, month by month: the figures that the client lays beside its own books."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

STALE_DAYS = 31  # the last purchase lies further than this before as_of: the export probably ends too early


@dataclass(frozen=True)
class MonthlySales:
    """Sales of each calendar month from the first purchase to as_of; months without a purchase are 0.

    Attributes:
        months: Labels, 1997-01.
        amounts: Major units.
        rows: Used rows.
        first: Day of the first purchase.
        last: Day of the last one.
        as_of: Last day that is looked at.
        customers: Distinct customers, guests left out.
        orders: Distinct order ids; 0 where the source has none.
        guest_rows: Rows without a customer.
    """

    months: tuple[str, ...]
    amounts: np.ndarray
    rows: np.ndarray
    first: dt.date
    last: dt.date
    as_of: dt.date
    customers: int
    orders: int
    guest_rows: int

    @property
    def partial(self) -> bool:
        """Whether the last month is not over on as_of."""
        return self.as_of.day < calendar.monthrange(self.as_of.year, self.as_of.month)[1]

    @property
    def empty(self) -> int:
        """Months without a used row."""
        return int((self.rows == 0).sum())

    @property
    def state(self) -> str:
        """Stale (the data end long before as_of), gaps (a month without a row) or steady."""
        if (self.as_of - self.last).days > STALE_DAYS:
            return "stale"
        return "gaps" if self.empty else "steady"

    def by_year(self) -> Mapping[str, tuple[float, int]]:
        """Amount and rows of each calendar year."""
        years = np.array([month[:4] for month in self.months])
        return {
            str(year): (float(self.amounts[years == year].sum()), int(self.rows[years == year].sum()))
            for year in np.unique(years)
        }


def monthly_sales(months: pd.DataFrame, overview: pd.DataFrame, as_of: dt.date, scale: int) -> MonthlySales:
    """Complete the counted months and put them in major units.

    Args:
        months: `summaries.orders.sales_by_month`: month (year * 12 + month - 1), rows, amount (minor units).
        overview: `summaries.orders.overview`, one row.
        as_of: Last day that is looked at.
        scale: Minor units per major unit.
    """
    whole = overview.iloc[0]
    span = np.arange(months["month"].min(), as_of.year * 12 + as_of.month)
    counted = months.set_index("month").reindex(span, fill_value=0)
    return MonthlySales(
        months=tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in span.tolist()),
        amounts=counted["amount"].to_numpy() / scale,
        rows=counted["rows"].to_numpy(),
        first=pd.Timestamp(whole["first"]).date(),
        last=pd.Timestamp(whole["last"]).date(),
        as_of=as_of,
        customers=int(whole["customers"]),
        orders=int(whole["orders"]),
        guest_rows=int(whole["guest_rows"]),
    )
