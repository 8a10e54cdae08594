"""Where the future value sits: by decile of customers, and by probability alive x value while active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from crmlib.ltv.value import CustomerValue
    from crmlib.newton import FloatArray

DECILES = 10
SMALL_GROUP = 5
ALIVE_HIGH, ALIVE_LOW = 0.7, 0.3
# BG/NBD lets a customer leave only after a repeat purchase: who bought once is "alive" by construction, so stands apart
ALIVE_GROUPS = ("once", "high", "middle", "low")
VALUE_GROUPS = ("top", "upper", "rest")
VALUE_SHARES = (0.2, 0.5)  # the top 20 % of customers by value while active, the next 30 %, the other half


@dataclass(frozen=True, eq=False)
class AliveByValue:
    """Customers and their 12-month value (major units) by probability alive (rows) and value while active (columns).

    `at_risk`: per row, what would be lost if the customers turned out to have left, sum of (1 - P) * value while active.
    """

    customers: FloatArray
    value: FloatArray
    at_risk: FloatArray

    @property
    def share(self) -> FloatArray:
        """Share of all value per cell; NaN where fewer than five customers are (nobody holds 0)."""
        return self._shown(self.value / self.value.sum(), self.customers)

    @property
    def rows(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Customers, value and value at risk per row; money is NaN where fewer than five customers are."""
        customers = self.customers.sum(axis=1)
        return customers, self._shown(self.value.sum(axis=1), customers), self._shown(self.at_risk, customers)

    @staticmethod
    def _shown(money: FloatArray, customers: FloatArray) -> FloatArray:
        return np.where((customers > 0) & (customers < SMALL_GROUP), np.nan, money)


def by_decile(value: CustomerValue) -> FloatArray:
    """Share of the 12-month value held by each tenth of the customers, the most valuable first; NaN if unknown.

    A history that straddles a boundary is split in proportion, so the shares do not depend on the order of ties.
    """
    w, clv = value.histories.weight, value.clv
    if value.why:
        return np.full(DECILES, np.nan)
    order = np.argsort(-clv, kind="stable")
    customers = np.r_[0.0, np.cumsum(w[order])] / w.sum()
    worth = np.r_[0.0, np.cumsum((w * clv)[order])] / (w @ clv)
    return np.diff(np.interp(np.linspace(0, 1, DECILES + 1), customers, worth))


def alive_by_value(value: CustomerValue) -> AliveByValue:
    """Cross table of probability alive and value while active; all NaN where the value is unknown."""
    shape = (len(ALIVE_GROUPS), len(VALUE_GROUPS))
    if value.why:
        blank = np.full(shape, np.nan)
        return AliveByValue(blank, blank, blank[:, 0])
    w, x, alive = value.histories.weight, value.histories.frequency, value.alive
    active = value.clv / np.maximum(alive, np.finfo(float).tiny)
    row = np.select([x == 0, alive >= ALIVE_HIGH, alive >= ALIVE_LOW], [0, 1, 2], 3)
    cell = row * len(VALUE_GROUPS) + _value_group(active, w)
    customers, worth = (np.bincount(cell, v, shape[0] * shape[1]).reshape(shape) for v in (w, w * value.clv))
    lost = np.bincount(row, w * (1 - alive) * active, shape[0])
    return AliveByValue(customers, worth, lost)


def _value_group(active: FloatArray, w: FloatArray) -> FloatArray:
    """0, 1, 2 by the share of customers whose value while active is higher; customers with equal values stay together."""
    levels, where = np.unique(-active, return_inverse=True)
    size = np.bincount(where, w, len(levels))
    above = (np.cumsum(size) - size) / w.sum()
    return np.searchsorted(VALUE_SHARES, above[where], side="right")
