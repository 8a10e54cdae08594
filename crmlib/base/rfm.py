"""RFM: five scores each of recency, frequency and amount, by published presets or by quantiles; ranks A to E."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
RANKS = ("A", "B", "C", "D", "E")
RANK_FROM = (13, 10, 8, 5)  # sum of the three scores from which a rank is A, B, C, D


@dataclass(frozen=True)
class RfmRules:
    """Days since the last purchase up to which R is 5, 4, 3, 2; purchases and amounts (minor units) from which F and M are 2, 3, 4, 5."""

    recency: tuple[int, int, int, int]
    frequency: tuple[int, int, int, int]
    amount: tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Rfm:
    """Customers by scores.

    Args:
        rules: The limits used.
        grid: Customers by R (rows, 5 to 1) and F (columns, 1 to 5).
        ranks: Customers by rank A to E of the sum of the three scores.
        sales: Share of all sales by rank.
    """

    rules: RfmRules
    grid: Ints
    ranks: Mapping[str, int]
    sales: Mapping[str, float]


# uchideno-kozuchi support, おすすめのRFM値設計 (read): R5 <= 30 days, R1 >= 366 (one product) or >= 731 (many products); F5 >= 12 or
# >= 5, F1 <= 1; M1 <= 5,000, M5 >= 20,001 yen. What lies between is not published: halves and even steps are ours.
PRESETS: Mapping[str, RfmRules] = {
    "single": RfmRules((30, 90, 180, 365), (2, 4, 8, 12), (5_001, 10_001, 15_001, 20_001)),
    "varied": RfmRules((30, 180, 365, 730), (2, 3, 4, 5), (5_001, 10_001, 15_001, 20_001)),
}


def quantile_rules(standing: pd.DataFrame) -> RfmRules:
    """Limits at the fifths of the customers; equal customers stay together, so groups may be uneven or empty."""
    n = standing["n"].to_numpy(float)
    fifths = np.arange(1, 5) / 5

    def limits(values: Ints) -> tuple[int, int, int, int]:
        order = np.argsort(values, kind="stable")
        sums = np.cumsum(n[order])
        place = np.searchsorted(sums, fifths * sums[-1], side="left")
        a, b, c, d = (int(values[order][p]) for p in place)
        return a, b, c, d

    times, amounts = limits(standing["frequency"].to_numpy(np.int64) + 1), limits(standing["amount"].to_numpy(np.int64))
    upper = [tuple(limit + 1 for limit in part) for part in (times, amounts)]  # a score begins above its fifth
    return RfmRules(limits(standing["days_since"].to_numpy(np.int64)), *upper)  # type: ignore[arg-type]


def scores(standing: pd.DataFrame, rules: RfmRules) -> tuple[Ints, Ints, Ints]:
    """R, F and M from 1 to 5 for each row.

    Example:
        >>> one = pd.DataFrame({"days_since": [30, 366], "frequency": [11, 0], "amount": [20001, 5000]})
        >>> [part.tolist() for part in scores(one, PRESETS["single"])]
        [[5, 1], [5, 1], [5, 1]]
    """
    r = 5 - np.searchsorted(rules.recency, standing["days_since"].to_numpy(np.int64), side="left")
    f = 1 + np.searchsorted(rules.frequency, standing["frequency"].to_numpy(np.int64) + 1, side="right")
    m = 1 + np.searchsorted(rules.amount, standing["amount"].to_numpy(np.int64), side="right")
    return r, f, m


def rfm(standing: pd.DataFrame, rules: RfmRules) -> Rfm:
    """Customers by R x F and by rank.

    Args:
        standing: days_since, frequency (repeats), amount (minor units), n.
        rules: A preset (its amounts are yen) or `quantile_rules`.
    """
    n, (r, f, m) = standing["n"].to_numpy(np.int64), scores(standing, rules)
    grid = np.zeros((5, 5), np.int64)
    np.add.at(grid, (5 - r, f - 1), n)
    rank = np.digitize(-(r + f + m), [-limit + 0.5 for limit in RANK_FROM])
    money = n * standing["amount"].to_numpy(float)
    size, sales = np.bincount(rank, n, 5), np.bincount(rank, money, 5)
    share = sales / sales.sum() if sales.sum() > 0 else np.full(5, np.nan)
    counts = {name: int(count) for name, count in zip(RANKS, size, strict=True)}
    return Rfm(rules, grid, counts, dict(zip(RANKS, map(float, share), strict=True)))
