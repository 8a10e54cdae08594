"""What levers add to the customer balance sheet: the chain of ranks with points taken from those who would lapse.

Gains of a chain are neither proportional to the points nor do they add up, so they are computed on a grid of steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from crmlib.newton import FloatArray

YEARS = 5
LAPSED, ONCE, RANKS_FROM = 0, 1, 2
ROWS: Mapping[str, slice] = {"f2": slice(ONCE, ONCE + 1), "retention": slice(RANKS_FROM, None)}
STEPS: Mapping[str, int] = {"f2": 6, "retention": 5}  # whole points up to which the grid reaches


def kept(moves: FloatArray, lever: str, points: float) -> FloatArray:
    """Moves with points taken from those who would lapse, spread as those who stay are.

    Args:
        moves: Chance of each next state (last axis) by state; axes before are draws.
        lever: f2 or retention.
        points: Share of the customers of a state; no more than lapse.
    """
    rows, moved = ROWS[lever], moves.copy()
    lapse = moves[..., rows, LAPSED]
    staying = 1 - lapse
    taken = np.where(staying > 0, np.minimum(points, lapse), 0.0)
    moved[..., rows, :] *= ((staying + taken) / np.where(staying > 0, staying, 1.0))[..., None]
    moved[..., rows, LAPSED] = lapse - taken
    return moved


def grid(today: FloatArray, draws: Sequence[tuple[FloatArray, FloatArray]]) -> dict[tuple[int, int], FloatArray]:
    """Added to the sales of five years by points of F2 and of retention pulled together.

    Args:
        today: Customers by state.
        draws: Moves and mean sales by cell, one pair per draw.

    Returns:
        (points of F2, points of retention) -> gain in each draw; without (0, 0), which adds nothing.
    """
    moves, value = (np.array(parts) for parts in zip(*draws, strict=True))
    whole = _total(today, moves, value)
    pulled = {f2: kept(moves, "f2", f2 / 100) for f2 in range(STEPS["f2"] + 1)}
    return {
        (f2, points): _total(today, kept(pulled[f2], "retention", points / 100), value) - whole
        for f2 in pulled
        for points in range(STEPS["retention"] + 1)
        if f2 or points
    }


def _total(today: FloatArray, moves: FloatArray, value: FloatArray) -> FloatArray:
    """Sales of the five years in each draw."""
    sales = (moves * value).sum(axis=-1)
    people, found = np.broadcast_to(today, sales.shape), np.zeros(len(sales))
    for _ in range(YEARS):
        found += (people * sales).sum(axis=-1)
        people = (people[:, None, :] @ moves)[:, 0, :]
    return found
