"""Customers whose parameters are known: what recovery tests and benchmarks are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from crmlib.ltv.patterns import IntArray
    from crmlib.newton import FloatArray


def bg_nbd_customers(
    parameters: tuple[float, float, float, float], T: IntArray, seed: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Customers who buy and leave as BG/NBD says, seen by the day: several purchases on one day are one occasion.

    Args:
        parameters: (r, alpha in weeks, a, b).
        T: days of observation, one per customer.
        seed: the same seed gives the same customers.

    Returns:
        frequency, recency, T (days), one per customer.
    """
    r, alpha, a, b = parameters
    draw = np.random.default_rng(seed)
    rate, leave = draw.gamma(r, 1 / (alpha * DAYS_PER_WEEK), len(T)), draw.beta(a, b, len(T))
    frequency, recency, now = np.zeros(len(T), np.int64), np.zeros(len(T), np.int64), np.zeros(len(T))
    active = np.arange(len(T))
    while len(active):
        now[active] += draw.exponential(1 / rate[active])
        active = active[now[active] <= T[active]]
        day = np.floor(now[active]).astype(np.int64)
        frequency[active] += day > recency[active]
        recency[active] = day
        active = active[draw.random(len(active)) >= leave[active]]
    return frequency, recency, np.asarray(T, np.int64)


def gamma_gamma_totals(parameters: tuple[float, float, float], frequency: IntArray, seed: int) -> FloatArray:
    """Total of the repeat purchases of each customer, as Gamma-Gamma (p, q, v) says."""
    p, q, v = parameters
    draw = np.random.default_rng(seed)
    return np.asarray(draw.gamma(p * frequency) / draw.gamma(q, 1 / v, len(frequency)))
