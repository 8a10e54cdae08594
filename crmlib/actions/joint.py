"""The joint counterfactual: what several stakes come to together, when they touch the same customers.

A stake of Y yen on customers who are worth W together is a chance p = Y / W of winning (or losing) each one's worth. Stakes of
one lever on one customer win the same money: the largest chance counts. Different levers act one after the other on what is
left: a customer is won with the chance 1 - (1 - p1)(1 - p2)... . The total is the sum over customers of worth times that
chance. It equals the plain sum where no two stakes touch one customer, and is never more.

Source: the formula is that of independent causes (noisy-or; Pearl 1988, Probabilistic Reasoning in Intelligent Systems, 4.3),
written from the definition; checked by brute force on customers one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.actions.stakes import Stake
from crmlib.intervals import LEVEL, Estimate, unknown, z

Array = NDArray[np.float64]
DRAWS, SEED = 2000, 20240131


@dataclass(frozen=True)
class Total:
    """What the counted stakes come to.

    Args:
        together: Without overlap, with interval.
        naive: Plain sum of the same stakes.
        stakes: Ids of the findings that are counted.
        unplaced: Ids of those that are decided but touch no customer with any worth; they are not counted.
        customers: Customers touched by one or more.
        scale: Factor on the customers' worth, 1 unless a stake is more than its customers are worth.
    """

    together: Estimate
    naive: float
    stakes: tuple[str, ...]
    unplaced: tuple[str, ...]
    customers: int
    scale: float

    @property
    def overlap(self) -> float:
        """What the plain sum counts twice."""
        return max(self.naive - self.together.value, 0.0)


def joint(stakes: Sequence[Stake], cells: pd.DataFrame) -> Total:
    """The overlap-free total of the stakes that count.

    The interval is that of draws of every stake from its own interval, once independent of one another and once all with the
    same error (the stakes come from the same customers, so the truth lies between): the wider end of both on each side.

    Args:
        stakes: All of one basis; those that are open are left out.
        cells: One boolean column per finding id, n, worth (major units), as `summaries.actions.cells` counts them.
    """
    wanted = [stake for stake in stakes if stake.counted]
    worth = cells["worth"].to_numpy(float)
    reach = {stake.finding: float(worth[cells[stake.finding].to_numpy(bool)].sum()) for stake in wanted}
    inside = [stake for stake in wanted if reach[stake.finding] > 0]
    placed = sorted(inside, key=lambda one: (-one.size.value, reach[one.finding], one.lever))  # whatever their names
    lost = tuple(stake.finding for stake in wanted if not reach[stake.finding] > 0)
    if not placed:
        return Total(unknown(0, "actions.nothing_decided"), 0.0, (), lost, 0, 1.0)
    touched = np.stack([cells[stake.finding].to_numpy(bool) for stake in placed], axis=1)
    full = np.array([reach[stake.finding] for stake in placed])
    sizes = np.array([stake.size.value for stake in placed])
    scale = max(1.0, float((sizes / full).max()))
    levers = [stake.lever for stake in placed]
    found = _together(sizes[None, :] / (full * scale), touched, levers, worth * scale)
    customers = int(cells["n"].to_numpy()[touched.any(axis=1)].sum())
    draws = [_together(chances / (full * scale), touched, levers, worth * scale) for chances in _drawn(placed)]
    lower, upper = (np.quantile(draws, q, axis=1) for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    together = Estimate(float(found[0]), float(lower.min()), float(upper.max()), customers)
    return Total(together, float(sizes.sum()), tuple(stake.finding for stake in placed), lost, customers, scale)


def _together(chances: Array, touched: NDArray[np.bool_], levers: Sequence[str], worth: Array) -> Array:
    """Total for each row of chances, shape (rows, stakes); those above 1 are 1."""
    p = np.minimum(chances, 1.0)
    total = np.zeros(len(p))
    groups = [[place for place, lever in enumerate(levers) if lever == name] for name in sorted(set(levers))]
    for flags, weight in zip(touched, worth, strict=True):
        kept = np.ones(len(p))
        for group in groups:
            inside = [place for place in group if flags[place]]
            if inside:
                kept *= 1 - p[:, inside].max(axis=1)
        total += weight * (1 - kept)
    return total


def _drawn(stakes: Sequence[Stake]) -> tuple[Array, Array]:
    """Sizes drawn from the stakes' own intervals: independent, and with one error for all; none below 0."""
    sizes = [stake.size for stake in stakes]
    rng = np.random.default_rng(SEED)
    own, common = rng.standard_normal((DRAWS, len(stakes))), rng.standard_normal((DRAWS, 1))
    value = np.array([size.value for size in sizes])
    up, down = (
        np.array([abs(getattr(size, end) - size.value) / z(size.level) for size in sizes]) for end in ("upper", "lower")
    )
    first, second = (
        np.maximum(value + error * np.where(error > 0, up, down), 0.0) for error in (own, common + 0 * own)
    )
    return first, second
