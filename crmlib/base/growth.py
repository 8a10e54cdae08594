"""Why sales changed from last year to this: new, kept, lost and returned customers; how often, how much; price and mix."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from crmlib.base import shapley
from crmlib.intervals import LEVEL, Estimate, normal

STATUSES = ("new", "back", "kept", "lost")
PARTS = ("new", "back", "kept_frequency", "kept_value", "lost", "guests", "other")
COLUMNS = ("orders_last", "orders_this", "amount_last", "amount_this")


@dataclass(frozen=True)
class Status:
    """Customers of one status in the two years; amounts in minor units."""

    customers: int
    orders_last: int
    orders_this: int
    amount_last: int
    amount_this: int

    @property
    def change(self) -> int:
        """This year's sales less last year's."""
        return self.amount_this - self.amount_last


@dataclass(frozen=True)
class Growth:
    """The change in sales and its parts, in minor units.

    Args:
        sales_last: All sales of last year, guests included.
        sales_this: The same of this year.
        statuses: new, back, kept, lost.
        parts: The seven `PARTS`; they add up to the change exactly.
        spread: Standard error of parts and of "kept" (customers as a Poisson sample); NaN for guests and other.
        factors: customers, frequency, value of all customers together and outside (guests and other): adds up exactly.
        paired: Change of kept customers' own order values x their orders, with its standard error.
        why: Text key of why there is nothing to compare, "" otherwise.
    """

    sales_last: int
    sales_this: int
    statuses: Mapping[str, Status]
    parts: Mapping[str, int]
    spread: Mapping[str, float]
    factors: Mapping[str, int]
    paired: tuple[float, float]
    why: str

    @property
    def change(self) -> int:
        """This year's sales less last year's."""
        return self.sales_this - self.sales_last

    def part(self, name: str, scale: int) -> Estimate:
        """One part (or "kept") in major units with its interval; n is the number of customers behind it."""
        value = self.statuses["kept"].change if name == "kept" else self.parts[name]
        status = self.statuses.get(name.partition("_")[0])
        n = status.customers if status else 0
        low, high = normal(value / scale, self.spread[name] / scale)
        return Estimate(value / scale, float(low), float(high), n, level=LEVEL)


def decompose(groups: pd.DataFrame, totals: pd.DataFrame, *, covered: bool = True) -> Growth:
    """Divide the change in sales.

    A customer who bought in one year only counts with the whole amount. The change of kept customers is divided between
    frequency (orders per customer) and order value, each at the mean of the other over the two years.

    Args:
        groups: status, n, orders and amounts of the two years and sums of their products, as `summaries.base.growth`.
        totals: One row: sales_last, sales_this, guests_last, guests_this.
        covered: Whether the data reach back over the whole of last year; otherwise the comparison is not made.

    Source:
        The symmetric (Shapley) decomposition, see `shapley.shares`. Standard errors: customers as a Poisson sample, so that
        the variance of a sum is the sum of squares; the kept parts by the delta method.
    """
    row = totals.iloc[0]
    statuses = {name: _status(groups, name) for name in STATUSES}
    change = int(row["sales_this"]) - int(row["sales_last"])
    guests = int(row["guests_this"]) - int(row["guests_last"])
    bought = {name: status.change for name, status in statuses.items()}
    frequency, value = _kept(statuses["kept"])
    parts = {
        "new": bought["new"], "back": bought["back"], "kept_frequency": frequency, "kept_value": value,
        "lost": bought["lost"], "guests": guests, "other": change - guests - sum(bought.values()),
    }  # fmt: skip
    why = "" if covered else "short"
    if not statuses["kept"].customers + statuses["lost"].customers:
        why = "no_last_year"
    return Growth(
        int(row["sales_last"]), int(row["sales_this"]), statuses, parts, _spread(groups, statuses["kept"]),
        _factors(statuses, change), _paired(groups), why,
    )  # fmt: skip


def _status(groups: pd.DataFrame, name: str) -> Status:
    rows = groups[groups["status"] == name]
    return Status(*(int(rows[column].sum()) for column in ("n", *COLUMNS)))


def _kept(kept: Status) -> tuple[int, int]:
    if not kept.customers:
        return 0, 0
    orders = kept.orders_last, kept.orders_this
    values = Fraction(kept.amount_last, orders[0]), Fraction(kept.amount_this, orders[1])
    first, second = shapley.whole(shapley.shares(lambda on: orders[on[0]] * values[on[1]], 2), kept.change)
    return first, second


def _factors(statuses: Mapping[str, Status], change: int) -> dict[str, int]:
    """Customers x orders per customer x order value, over all customers of each year."""
    buyers = [sum(statuses[name].customers for name in year) for year in (("kept", "lost"), ("kept", "new", "back"))]
    orders = [sum(getattr(one, f"orders_{year}") for one in statuses.values()) for year in ("last", "this")]
    amounts = [sum(getattr(one, f"amount_{year}") for one in statuses.values()) for year in ("last", "this")]
    moved = amounts[1] - amounts[0]
    if not all(buyers):
        return {"customers": moved, "frequency": 0, "value": 0, "outside": change - moved}
    rates = [Fraction(orders[year], buyers[year]) for year in (0, 1)]
    values = [Fraction(amounts[year], orders[year]) for year in (0, 1)]
    parts = shapley.shares(lambda on: buyers[on[0]] * rates[on[1]] * values[on[2]], 3)
    found = shapley.whole(parts, moved)
    return dict(zip(("customers", "frequency", "value"), found, strict=True)) | {"outside": change - moved}


def _products(groups: pd.DataFrame, status: str) -> dict[str, float]:
    rows = groups[groups["status"] == status]
    return {name: float(rows[name].sum()) for name in groups.columns if "." in name}


def _spread(groups: pd.DataFrame, kept: Status) -> dict[str, float]:
    both = _products(groups, "kept")
    spread = {name: math.sqrt(_products(groups, name)["amount_this.amount_this"]) for name in ("new", "back")}
    spread["lost"] = math.sqrt(_products(groups, "lost")["amount_last.amount_last"])
    spread["kept"] = _deviation(both, {"amount_this": 1.0, "amount_last": -1.0})
    frequency, value = _slopes(kept)
    spread |= {"kept_frequency": _deviation(both, frequency), "kept_value": _deviation(both, value)}
    return spread | {"guests": math.nan, "other": math.nan}


def _deviation(products: Mapping[str, float], slope: Mapping[str, float]) -> float:
    """Root of the sum over customers of (slope . columns)^2."""
    square = 0.0
    for place, a in enumerate(COLUMNS):
        for b in COLUMNS[place:]:
            square += (1 if a == b else 2) * slope.get(a, 0.0) * slope.get(b, 0.0) * products[f"{a}.{b}"]
    return math.sqrt(max(square, 0.0))


def _slopes(kept: Status) -> tuple[dict[str, float], dict[str, float]]:
    """Derivatives of the frequency part and of the value part with respect to the four sums."""
    if not kept.customers:
        return {}, {}
    last, this = kept.amount_last / kept.orders_last, kept.amount_this / kept.orders_this
    more, level = (kept.orders_this - kept.orders_last) / 2, (last + this) / 2
    frequency = {
        "orders_last": -level - more * last / kept.orders_last, "orders_this": level - more * this / kept.orders_this,
        "amount_last": more / kept.orders_last, "amount_this": more / kept.orders_this,
    }  # fmt: skip
    total = {"amount_last": -1.0, "amount_this": 1.0}
    return frequency, {name: total.get(name, 0.0) - frequency[name] for name in COLUMNS}


def _paired(groups: pd.DataFrame) -> tuple[float, float]:
    return float(groups["value_effect"].sum()), float(np.sqrt(groups["value_effect_squared"].sum()))
