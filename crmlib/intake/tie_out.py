"""The tie-out: the client's own monthly figures beside what the export gives, month by month, to the last unit."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.intake.fates import EXCLUDED, QUARANTINED, USED

GATE = 0.005  # of the client's own figure
TIED, BEYOND, ABSENT = "tied", "beyond", "absent"
COLUMNS = ("gross", "cancels", "returns", "net")


@dataclass(frozen=True)
class TieOut:
    """Books against data over the months that both hold; all money in minor units, differences are books minus data.

    Attributes:
        months: First days of the months compared.
        books: The client's gross, cancels, returns and net, one entry per month; null where the client has no such figure.
        data: The same from the export: orders by their day; cancels and returns by the day of their order.
        aside: Readable money of the rows set aside, by month: it is missing in the data.
        only_books: Months that only the books hold; only_data: months with orders that the books lack.
    """

    months: tuple[dt.date, ...]
    books: pd.DataFrame
    data: pd.DataFrame
    aside: np.ndarray
    only_books: tuple[dt.date, ...] = ()
    only_data: tuple[dt.date, ...] = ()

    def difference(self, name: str = "net") -> np.ndarray:
        """Books minus data of one figure by month; 0 where the books have no such figure."""
        return (self.books[name].fillna(self.data[name]) - self.data[name]).to_numpy(np.int64)

    @property
    def late_cancels(self) -> int | None:
        """Money of the cancels that the books deduct in the month after the order's; None where lateness explains nothing.

        What the books have not deducted by the end of a month must be no less than nothing and no more than that
        month's cancels; then it was booked in the next month, and the sum over the months is the money booked late.
        """
        if not len(self.months) or self.books["cancels"].isna().any():
            return None
        open_at_end = -np.cumsum(self.difference("cancels"))
        fits = (open_at_end >= 0) & (open_at_end <= self.data["cancels"].to_numpy(np.int64))
        return int(open_at_end.sum()) if fits.all() else None

    @property
    def unexplained(self) -> np.ndarray:
        """What remains of the net difference when late cancels and rows set aside are taken out, by month."""
        dated = self.difference("cancels") if self.late_cancels is not None else 0
        left = self.difference() + dated
        aside = np.clip(self.aside, np.minimum(left, 0), np.maximum(left, 0))
        return left - aside

    @property
    def share(self) -> float:
        """The difference of all months together as a share of the books; NaN without any."""
        whole = int(self.books["net"].sum())
        return float(self.difference().sum()) / whole if whole else float("nan")

    @property
    def shares(self) -> np.ndarray:
        """The net difference of each month as a share of its books."""
        net = self.books["net"].to_numpy(float)
        return np.divide(self.difference(), net, out=np.full(len(net), np.nan), where=net != 0)

    @property
    def gaps(self) -> np.ndarray:
        """The months whose unexplained difference is beyond the gate."""
        return np.abs(self.unexplained) > GATE * np.abs(self.books["net"].to_numpy(float))

    @property
    def verdict(self) -> str:
        """tied, beyond the gate (in total, or in a month without an explanation), or absent."""
        if not len(self.months):
            return ABSENT
        total = abs(self.difference().sum()) > GATE * abs(self.books["net"].sum())
        return BEYOND if total or self.gaps.any() else TIED


def of(money: pd.DataFrame, books: pd.DataFrame, as_of: dt.date) -> TieOut:
    """Lay the books beside the data.

    Args:
        money: `bridge.load`: month, fate, code, amount.
        books: store/monthly_sales: month, gross_sales, cancels, returns, net_sales; no rows where the client sent none.
        as_of: Last day that is looked at; a month that is not over is left out.
    """
    data = _data(money)
    figures = _books(books)
    last = (
        as_of
        if as_of.day == calendar.monthrange(as_of.year, as_of.month)[1]
        else as_of.replace(day=1) - dt.timedelta(1)
    )
    seen, told = (sorted(month for month in frame.index if month <= last) for frame in (data, figures))
    span = [month for month in told if seen and seen[0] <= month <= seen[-1]]
    outside = tuple(month for month in told if month not in span)
    unbooked = tuple(month for month in seen if told and month not in figures.index)
    data, figures = data.reindex(span, fill_value=0), figures.reindex(span)
    return TieOut(tuple(span), figures, data[list(COLUMNS)], data["aside"].to_numpy(np.int64), outside, unbooked)


def _data(money: pd.DataFrame) -> pd.DataFrame:
    """Gross, cancels, returns, net and what is set aside, by the month of the order."""
    dated = money[money["month"].notna()]
    month = pd.to_datetime(dated["month"]).dt.date
    amount = dated["amount"].fillna(0).astype("int64")
    fate, code = dated["fate"], dated["code"]
    parts = {
        "net": fate == USED,
        "cancels": (fate == EXCLUDED) & (code == "cancelled"),
        "returns": (fate == EXCLUDED) & (code == "returned"),
        "aside": fate == QUARANTINED,
    }
    sums = pd.DataFrame({name: amount.where(mask, 0).groupby(month).sum() for name, mask in parts.items()})
    sums["gross"] = sums["net"] + sums["cancels"] + sums["returns"]
    return sums[(sums[["gross", "aside"]] != 0).any(axis=1)]


def _books(books: pd.DataFrame) -> pd.DataFrame:
    figures = books.rename(columns={"gross_sales": "gross", "net_sales": "net"})
    figures = figures.assign(month=pd.to_datetime(figures["month"]).dt.date).set_index("month").sort_index()
    known = figures[list(COLUMNS)].apply(pd.to_numeric)
    net = known["gross"] - known["cancels"].fillna(0) - known["returns"].fillna(0)
    return known.assign(net=known["net"].fillna(net)).dropna(subset=["net"])


def worst(found: TieOut, most: int) -> Sequence[int]:
    """Places of the months with the largest unexplained differences, in the order of the calendar."""
    size = np.abs(found.unexplained)
    chosen = np.argsort(-size, kind="stable")[:most]
    return sorted(int(place) for place in chosen if size[place] > 0)
