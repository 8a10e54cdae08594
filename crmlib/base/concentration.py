"""How concentrated sales are: deciles, Lorenz curve, Gini; and what stands behind the mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, normal, proportion, unknown, z

Array = NDArray[np.float64]
DECILES = 10
SMALL_GROUP = 5
DRAWS = 400  # bootstrap samples
DIGITS = 3  # significant digits to which amounts are rounded for the bootstrap alone
SEED = 20240131
CURVE_POINTS = 101


@dataclass(frozen=True, eq=False)
class Concentration:
    """Concentration of sales over customers.

    Args:
        customers: How many.
        deciles: Share of sales of each tenth of the customers, the biggest first.
        top: Share of sales of the best 20 %.
        gini: Gini coefficient, 0 (all alike) to nearly 1.
        lorenz: Share of sales of the smallest 0, 1, ... 100 % of the customers.
        why: Text key of why nothing can be said, "" otherwise.
    """

    customers: int
    deciles: tuple[Estimate, ...]
    top: Estimate
    gini: Estimate
    lorenz: Array
    why: str


@dataclass(frozen=True)
class Typical:
    """Mode, median and mean of what customers have spent (major units), and how often they have bought.

    Args:
        median: Amount of the middle customer, interval from the order statistics.
        mean: Mean amount.
        below_mean: Share of the customers who spent less than the mean.
        mode_from: Lower edge of the commonest class of amounts.
        mode_to: Its upper edge (not part of it).
        mode_share: Share of the customers in it.
        purchases: The commonest number of purchases.
        purchases_share: Share of the customers with it.
        edges: Edges of the classes of the distribution, the last one open.
        counts: Customers in each.
        why: Text key of why nothing can be said.
    """

    median: Estimate
    mean: Estimate
    below_mean: Estimate
    mode_from: float
    mode_to: float
    mode_share: float
    purchases: int
    purchases_share: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    why: str


def concentration(standing: pd.DataFrame) -> Concentration:
    """Deciles, Lorenz curve and Gini of the amounts of all customers.

    Customers of one amount are one cell with a weight; a cell that straddles a boundary is divided in proportion, so that the
    order of equal customers does not matter. Intervals: bootstrap with Poisson weights on the cells (amounts rounded to three
    digits for that alone), 400 draws, 2.5th and 97.5th percentile.

    Args:
        standing: amount, n (customers).

    Source:
        Gini as twice the area between the Lorenz polygon and the diagonal; with single customers this is
        sum((2i - n - 1) x_i) / (n sum x). Poisson weights: Hanley & MacGibbon (2006), Computer Methods and Programs in
        Biomedicine 83, 57-62.
    """
    amounts, n = _cells(standing["amount"].to_numpy(np.int64), standing["n"].to_numpy(np.int64))
    total = int(n.sum())
    if total < SMALL_GROUP or (n @ amounts) <= 0:
        nothing = unknown(total, "too_few" if total < SMALL_GROUP else "no_sales")
        return Concentration(total, (nothing,) * DECILES, nothing, nothing, np.full(CURVE_POINTS, np.nan), nothing.why)
    curve, found = _lorenz(amounts, n[None, :]), _measures(amounts, n[None, :])[0]
    low, high = np.percentile(_draws(amounts, n), [2.5, 97.5], axis=0)
    low, high = np.minimum(low, found), np.maximum(high, found)
    each = [Estimate(float(v), float(a), float(b), total) for v, a, b in zip(found, low, high, strict=True)]
    return Concentration(total, tuple(each[:DECILES]), each[DECILES], each[DECILES + 1], curve[0], "")


def _cells(amounts: NDArray[np.int64], n: NDArray[np.int64]) -> tuple[Array, Array]:
    """Distinct amounts, rising, with their customers."""
    values, where = np.unique(amounts, return_inverse=True)
    return values.astype(float), np.bincount(where, n, values.size).astype(float)


def _sums(amounts: Array, n: Array) -> tuple[Array, Array]:
    """Cumulative shares of customers and of sales, from the smallest, beginning with 0; one row per weighting."""
    zero = np.zeros((n.shape[0], 1))
    people, money = (np.hstack([zero, np.cumsum(part, axis=1)]) for part in (n, n * amounts))
    return people / people[:, -1:], money / money[:, -1:]


def _lorenz(amounts: Array, n: Array) -> Array:
    grid = np.linspace(0, 1, CURVE_POINTS)
    return np.array([np.interp(grid, *pair) for pair in zip(*_sums(amounts, n), strict=True)])


def _measures(amounts: Array, n: Array) -> Array:
    """Ten decile shares, the share of the best fifth, Gini; one row per weighting."""
    people, money = _sums(amounts, n)
    grid = np.linspace(0, 1, DECILES + 1)
    points = np.array([np.interp(grid, *pair) for pair in zip(people, money, strict=True)])
    deciles = np.diff(points, axis=1)[:, ::-1]
    area = ((money[:, 1:] + money[:, :-1]) * np.diff(people, axis=1)).sum(axis=1)
    return np.column_stack([deciles, deciles[:, :2].sum(axis=1), 1 - area])


def _draws(amounts: Array, n: Array) -> Array:
    """The measures under Poisson weights; a cell of c customers is drawn Poisson(c) times."""
    size = np.maximum(10.0 ** (np.floor(np.log10(np.maximum(np.abs(amounts), 1))) - DIGITS + 1), 1.0)
    coarse, where = np.unique(np.round(amounts / size) * size, return_inverse=True)
    weights = np.bincount(where, n, coarse.size)
    mean = np.bincount(where, n * amounts, coarse.size) / weights
    drawn = np.random.default_rng(SEED).poisson(weights, (DRAWS, coarse.size)).astype(float)
    return _measures(mean, drawn[(drawn @ mean) > 0])


def typical(standing: pd.DataFrame, scale: int) -> Typical:
    """Mode, median, mean and distribution.

    The commonest class is looked for among classes of 1, 2 or 5 times a power of ten, about a tenth of the median wide: single
    prices hide in a mix of products.

    Args:
        standing: frequency (repeat occasions), amount (minor units), n (customers).
        scale: Minor units per major unit.

    Source:
        Interval of the median: order statistics at n/2 -+ z sqrt(n)/2 (Conover 1999, section 3.2).
    """
    amounts, n = _cells(standing["amount"].to_numpy(np.int64), standing["n"].to_numpy(np.int64))
    total = int(n.sum())
    if total < SMALL_GROUP:
        nothing = unknown(total, "too_few")
        return Typical(nothing, nothing, nothing, np.nan, np.nan, np.nan, 0, np.nan, (), (), "too_few")
    amounts, order = amounts / scale, np.cumsum(n)
    half = z() * np.sqrt(total) / 2
    middle = [_ranked(amounts, order, total / 2 + shift) for shift in (0, -half, half)]
    if total % 2 == 0:
        middle[0] = (_ranked(amounts, order, total / 2) + _ranked(amounts, order, total / 2 + 1)) / 2
    mean = float(n @ amounts) / total
    error = float(np.sqrt(n @ (amounts - mean) ** 2 / max(total - 1, 1) / total))
    low, high = normal(mean, error)
    edges, counts = _classes(amounts, n, middle[0])
    top = int(np.argmax(counts[:-1]))
    often = np.bincount(standing["frequency"].to_numpy(np.int64), standing["n"].to_numpy(float))
    below = float(n[amounts < mean].sum())
    return Typical(
        Estimate(middle[0], middle[1], middle[2], total), Estimate(mean, float(low), float(high), total),
        _share(below, total), edges[top], edges[top + 1], counts[top] / total,
        int(np.argmax(often)) + 1, float(often.max() / total), tuple(edges), tuple(counts), "",
    )  # fmt: skip


def _share(part: float, total: int) -> Estimate:
    return proportion(part, total)


def _ranked(amounts: Array, order: Array, rank: float) -> float:
    place = np.searchsorted(order, min(max(np.ceil(rank), 1), order[-1]))
    return float(amounts[place])


def _classes(amounts: Array, n: Array, median: float) -> tuple[list[float], list[int]]:
    """Classes of a round width from 0, and an open one above 40 of them or nearly all customers."""
    width = _round(max(median, 1e-9) / 10)
    last = int(np.clip(np.floor(_ranked(amounts, np.cumsum(n), 0.97 * n.sum()) / width) + 1, 1, 40))
    place = np.clip(np.floor(amounts / width).astype(int), 0, last)
    counts = np.bincount(place, n, last + 1).astype(int)
    return [round(width * step, 10) for step in range(last + 1)], counts.tolist()


def _round(width: float) -> float:
    """1, 2 or 5 times a power of ten, not below a hundredth: the nearest one upwards."""
    power = 10.0 ** np.floor(np.log10(max(width, 0.01)))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= width - 1e-12))
