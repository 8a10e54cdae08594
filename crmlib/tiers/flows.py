"""Every review of a long calendar: those who changed, as the engine saw them, and those who stayed, by subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from crmlib.tiers.migration import LEFT, Migration, migration

KEYS = ["review", "before", "after"]
SUMS = ["customers", "amount_before", "amount_after"]


def flows(changes: pd.DataFrame, tiers: Sequence[str], reviews: Sequence[date]) -> Migration:
    """Transition counts of every review from the changes alone.

    Args:
        changes: As `summaries.tiers_flows.changes` returns them: review 0 is the opening stock.
        tiers: Names, low to high.
        reviews: Their dates.

    Returns:
        The same as counting every customer at every review; without `square_after`.
    """
    return migration(with_stayers(changes, len(tiers), len(reviews)), tiers, reviews)


def by_review(counts: pd.DataFrame, tiers: Sequence[str], reviews: Sequence[date], *, followed: bool) -> Migration:
    """Moves from each review to the next.

    Args:
        counts: Changes alone, or all moves.
        tiers: Names, low to high.
        reviews: Their dates.
        followed: Whether `counts` holds changes alone.
    """
    return flows(counts, tiers, reviews) if followed else migration(counts, tiers, reviews)


def with_stayers(changes: pd.DataFrame, tiers: int, reviews: int) -> pd.DataFrame:
    """Adds to the changes those of each tier in whom nothing changed: the stock less those seen changing."""
    stock = np.zeros((2, tiers))  # customers, amount
    rows = []
    for review in range(reviews):
        seen = changes[changes["review"] == review]
        for tier in range(tiers):
            mine = seen[seen["before"] == tier]
            rest = stock[:, tier] - [mine["customers"].sum(), mine["amount_before"].sum()]
            rows.append((review, tier, tier, rest[0], rest[1], rest[1]))
        stock += _net(seen, tiers)
    stayers = pd.DataFrame(rows, columns=KEYS + SUMS)
    moved = changes[(changes["before"] != LEFT) | (changes["after"] != LEFT)]
    return pd.concat([moved, stayers]).groupby(KEYS, as_index=False)[SUMS].sum()


def _net(seen: pd.DataFrame, tiers: int) -> np.ndarray:
    into = seen.groupby("after")[["customers", "amount_after"]].sum().reindex(range(tiers), fill_value=0)
    out = seen.groupby("before")[["customers", "amount_before"]].sum().reindex(range(tiers), fill_value=0)
    return np.asarray(into.to_numpy(float).T - out.to_numpy(float).T)
