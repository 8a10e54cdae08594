"""Products: who owns which, what is bought next, which first product brings better customers, the long tail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from crmlib.intervals import Estimate, difference, false_discovery, proportion

Ints = NDArray[np.int64]
FALSE = 0.05  # of the pairs shown as real may be chance
SUPPORT = 20  # customers who bought the pair, at least
PAIRS = 3  # ownership tables shown
TAIL = 0.8  # share of sales made by the head
SMALL_GROUP = 5


@dataclass(frozen=True)
class Ownership:
    """Who owns two products. `message` keys say what each segment should hear."""

    first: str
    second: str
    only_first: int
    only_second: int
    both: int
    neither: int

    @property
    def messages(self) -> dict[str, str]:
        """What each segment should hear, as a text key: the missing product, or thanks for both."""
        return {"only_first": "offer_second", "only_second": "offer_first", "both": "thank_both"}


@dataclass(frozen=True)
class NextProduct:
    """A pair of products in a customer's first and second purchase.

    Args:
        product: In the first purchase.
        following: In the second, and not in the first.
        n: Customers with the first product who came again (and did not own the second).
        bought: Of these, who bought it.
        rate: bought / n.
        lift: Difference to the rate after other first products.
        q: Benjamini-Hochberg: share of chance among the pairs up to this one.
    """

    product: str
    following: str
    n: int
    bought: int
    rate: Estimate
    lift: Estimate
    q: float

    @property
    def real(self) -> bool:
        """Whether the pair is shown as bought more often than after others."""
        return self.q <= FALSE and self.lift.value > 0


@dataclass(frozen=True)
class LongTail:
    """Sales by product.

    Args:
        products: How many were sold this year.
        head: How many of the best make 80 % of this year's sales.
        idle: How many were sold last year and not this year.
        tail_share: Share of this year's sales of the worse half of the products.
    """

    products: int
    head: int
    idle: int
    tail_share: float


def ownership(owned: pd.DataFrame, ranking: Sequence[str], skip: Sequence[str] = ()) -> list[Ownership]:
    """Segments of the three pairs of the most bought products.

    Args:
        owned: owned (sets of products as integers), n.
        ranking: Products by bit.
        skip: Products left out.
    """
    sets, n = owned["owned"].to_numpy(np.int64), owned["n"].to_numpy(np.int64)
    has = {name: (sets >> bit) & 1 == 1 for bit, name in enumerate(ranking) if name not in skip}
    top = sorted(has, key=lambda name: (-int(n[has[name]].sum()), name))[:PAIRS]
    found = []
    for place, first in enumerate(top):
        for second in top[place + 1 :]:
            a, b = has[first], has[second]
            counts = [int(n[chosen].sum()) for chosen in (a & ~b, b & ~a, a & b, ~a & ~b)]
            found.append(Ownership(first, second, *counts))
    return found


def next_products(steps: pd.DataFrame, ranking: Sequence[str], skip: Sequence[str] = ()) -> list[NextProduct]:
    """Which product follows which, the surest pairs first.

    Only the step from the first purchase to the second: each customer counts once, so that the tests are independent of who
    buys often. Customers with a product of `skip` (subscriptions renew by contract) in either purchase are left out.

    Args:
        steps: entry, second (sets of products as integers), n.
        ranking: Products by bit.
        skip: Products left out.
    """
    either = steps["entry"].to_numpy(np.int64) | steps["second"].to_numpy(np.int64)
    known = steps[(either & _mask(ranking, skip)) == 0]
    entry, second = (known[name].to_numpy(np.int64) for name in ("entry", "second"))
    n = known["n"].to_numpy(np.int64)
    bits = [bit for bit, name in enumerate(ranking) if name not in skip]
    pairs = [
        _pair((ranking[a], ranking[b]), ((entry >> a) & 1 == 1, (second >> b) & 1 == 1, (entry >> b) & 1 == 0), n)
        for a in bits
        for b in bits
        if a != b
    ]
    tested = [pair for pair in pairs if pair[0].bought >= SUPPORT]
    q = false_discovery([p for _, p in tested])
    found = [replace(pair, q=float(value)) for (pair, _), value in zip(tested, q, strict=True)]
    return sorted(found, key=lambda pair: (pair.q, -pair.lift.value, pair.product, pair.following))


def _mask(ranking: Sequence[str], names: Sequence[str]) -> int:
    return sum(2**bit for bit, name in enumerate(ranking) if name in names)


def _pair(
    names: tuple[str, str], chosen: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]], n: Ints
) -> tuple[NextProduct, float]:
    has, follows, free = chosen
    sizes = [int(n[free & side].sum()) for side in (has, ~has)]
    bought = [int(n[free & side & follows].sum()) for side in (has, ~has)]
    rates = [proportion(k, size) for k, size in zip(bought, sizes, strict=True)]
    pair = NextProduct(*names, sizes[0], bought[0], rates[0], difference(rates[0], rates[1]), np.nan)
    return pair, _two_sided(bought, sizes)


def _two_sided(bought: Sequence[int], sizes: Sequence[int]) -> float:
    """p-value of two proportions being equal (pooled score test); NaN where there is nothing to compare."""
    total = sum(bought) / max(sum(sizes), 1)
    if min(sizes) == 0 or total in (0, 1):
        return np.nan
    error = np.sqrt(total * (1 - total) * sum(1 / size for size in sizes))
    return float(2 * ndtr(-abs(bought[0] / sizes[0] - bought[1] / sizes[1]) / error))


def long_tail(products: pd.DataFrame) -> LongTail:
    """How many products carry the sales.

    Args:
        products: amount_last, amount_this (minor units) by product.
    """
    this = np.sort(products["amount_this"].to_numpy(float))[::-1]
    sold = this[this > 0]
    idle = int(((products["amount_last"] > 0) & (products["amount_this"] <= 0)).sum())
    if not sold.size:
        return LongTail(0, 0, idle, float("nan"))
    share = np.cumsum(sold) / sold.sum()
    head = int(np.searchsorted(share, TAIL - 1e-12)) + 1
    half = sold.size - sold.size // 2
    return LongTail(sold.size, head, idle, float(1 - share[half - 1]))
