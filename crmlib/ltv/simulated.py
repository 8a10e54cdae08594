"""Customers whose parameters are known: what recovery tests and benchmarks are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from crmlib.ltv.patterns import IntArray
    from crmlib.newton import FloatArray


def bg_nbd_customers(
    parameters: tuple[float, float, float, float], T: IntArray, seed: int, k: int = 1, first_chance: int = 0
) -> tuple[IntArray, IntArray, IntArray]:
    """Customers who buy and leave as BG/NBD says, seen by the day: several purchases on one day are one occasion.

    Args:
        parameters: (r, alpha in weeks, a, b).
        T: days of observation, one per customer.
        seed: the same seed gives the same customers.
        k: stages between purchases; above 1 the customers are regular.
        first_chance: 1 where a customer may leave after the first purchase too (MBG/NBD, MBG/CNBD-k).

    Returns:
        frequency, recency, T (days), one per customer.
    """
    r, alpha, a, b = parameters
    draw = np.random.default_rng(seed)
    rate, leave = draw.gamma(r, 1 / (alpha * DAYS_PER_WEEK), len(T)), draw.beta(a, b, len(T))
    frequency, recency, now = np.zeros(len(T), np.int64), np.zeros(len(T), np.int64), np.zeros(len(T))
    active = np.flatnonzero(draw.random(len(T)) >= leave * first_chance)
    while len(active):
        now[active] += draw.gamma(k, 1 / rate[active])
        active = active[now[active] <= T[active]]
        day = np.floor(now[active]).astype(np.int64)
        frequency[active] += day > recency[active]
        recency[active] = day
        active = active[draw.random(len(active)) >= leave[active]]
    return frequency, recency, np.asarray(T, np.int64)


def pareto_nbd_customers(
    parameters: tuple[float, float, float, float], T: IntArray, seed: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Customers who buy and leave as Pareto/NBD (r, alpha, s, beta; weeks) says; as `bg_nbd_customers`."""
    r, alpha, s, beta = parameters
    draw, size = np.random.default_rng(seed), len(T)
    rate, death = draw.gamma(r, 1 / (alpha * DAYS_PER_WEEK), size), draw.gamma(s, 1 / (beta * DAYS_PER_WEEK), size)
    ends = np.minimum(draw.exponential(1 / death), T)
    frequency, recency, now = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size)
    active = np.arange(size)
    while len(active):
        now[active] += draw.exponential(1 / rate[active])
        active = active[now[active] <= ends[active]]
        day = np.floor(now[active]).astype(np.int64)
        frequency[active] += day > recency[active]
        recency[active] = day
    return frequency, recency, np.asarray(T, np.int64)


def gamma_gamma_totals(parameters: tuple[float, float, float], frequency: IntArray, seed: int) -> FloatArray:
    """Total of the repeat purchases of each customer, as Gamma-Gamma (p, q, v) says."""
    p, q, v = parameters
    draw = np.random.default_rng(seed)
    return np.asarray(draw.gamma(p * frequency) / draw.gamma(q, 1 / v, len(frequency)))
