"""The fall from one tier to a lower one that has changed most clearly against the year before, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.intervals import Estimate, difference, proportion, unknown
from crmlib.tiers.change import CellChange, Change
from crmlib.tiers.migration import Migration

LEVEL = 0.95  # for all falls together


@dataclass(frozen=True)
class Fall:
    """One kind of fall, last year against the year before.

    Args:
        before: Tier from which they fell.
        after: Tier to which they fell.
        earlier: Share of that tier's customers who fell so in the year before.
        later: The same in the last year.
        difference: later - earlier, with an interval that holds for all falls that were tested.
        cost: Spend of the last year that is missing because of the difference, minor units; negative where fewer fell.
        why: Text key of why nothing was compared, "" otherwise.
    """

    before: int
    after: int
    earlier: Estimate
    later: Estimate
    difference: Estimate
    cost: Estimate
    why: str = ""


def clearest_fall(moved: Migration, found: Change) -> Fall:
    """The tested cell below the diagonal with the smallest p-value.

    Args:
        moved: Yearly migration.
        found: Its change (`tiers.change`).
    """
    cells = [cell for cell in found.cells if cell.after < cell.before]
    if not cells:
        nothing = unknown(found.whole.n, found.why or "too_few")
        return Fall(-1, -1, nothing, nothing, nothing, nothing, nothing.why)
    cell = min(cells, key=lambda one: one.p)
    level = 1 - (1 - LEVEL) / len(cells)
    shares = [_share(moved, cell, period, level) for period in (-2, -1)]
    gap = difference(shares[1], shares[0])
    gap = Estimate(gap.value, gap.lower, gap.upper, gap.n, level=LEVEL)
    return Fall(cell.before, cell.after, cell.earlier, cell.later, gap, _cost(moved, cell, gap))


def _share(moved: Migration, cell: CellChange, period: int, level: float) -> Estimate:
    row = moved.counts(period)[cell.before]
    return proportion(float(row[cell.after]), int(row.sum()), level)


def _cost(moved: Migration, cell: CellChange, gap: Estimate) -> Estimate:
    """Customers who fell beyond the share of before x what they spend less than the others of their tier."""
    count, spent = moved.counts()[cell.before], moved.amount_after[-1, cell.before]
    others = np.arange(count.size) != cell.after
    if not count[cell.after] or not count[others].sum():
        return unknown(gap.n, "too_few")
    less = spent[others].sum() / count[others].sum() - spent[cell.after] / count[cell.after]
    each = float(count.sum() * less)
    low, high = sorted((gap.lower * each, gap.upper * each))
    return Estimate(gap.value * each, low, high, gap.n, level=gap.level)
