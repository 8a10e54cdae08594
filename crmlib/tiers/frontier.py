"""Cost against what is covered: the lines to which no others cover more spend for less cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmlib.tiers.design import GRID, Plan, Spend, Terms, grid, plan
from crmlib.tiers.threshold import Threshold


def frontier(spent: Spend, terms: Terms, works: Mapping[int, Threshold]) -> tuple[Plan, ...]:
    """Of all pairs of multiples of the two highest lines, those to which no other covers more spend for less cost."""
    if len(terms.thresholds) < 3:
        plans = list(grid(spent, terms, works))
    else:
        low, second, top = terms.thresholds[:-2], terms.thresholds[-2], terms.thresholds[-1]
        pairs = [(round(second * a), round(top * b), a, b) for a in GRID for b in GRID]
        plans = [
            plan(f"grid_{round(100 * a)}_{round(100 * b)}", (*low, one, two), spent, terms, works)
            for one, two, a, b in pairs
            if low[-1] < one < two
        ]
    return undominated(plans)


def undominated(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """Plans in order of cost, each covering more than all that cost less."""
    kept: list[Plan] = []
    for one in sorted(plans, key=lambda p: (p.cost, -p.covered)):
        if not kept or one.covered > kept[-1].covered + 1e-12:
            kept.append(one)
    return tuple(kept)
