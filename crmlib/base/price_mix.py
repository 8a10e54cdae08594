"""Price and mix: the change in sales by pieces sold, the mix of products, prices, and what is no order line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.base import shapley


@dataclass(frozen=True)
class PriceMix:
    """The change in sales, in minor units.

    Args:
        parts: volume (pieces), mix (which products), price, outside (shipping, discounts, points: what the lines
            do not hold); they add up to the change exactly.
        pieces: Pieces of last year and of this year.
        why: Text key of why there is nothing, "" otherwise.
    """

    parts: Mapping[str, int]
    pieces: tuple[int, int]
    why: str


def price_mix(products: pd.DataFrame, change: int) -> PriceMix:
    """Divide the change in sales by volume, mix and price.

    A product sold in one year only has no price in the other: its own price of the other year stands in, so that it counts
    as mix and never as price.

    Args:
        products: product_id, pieces_last, pieces_this, amount_last, amount_this (minor units).
        change: Change in all sales, minor units.
    """
    sold = products[(products["pieces_last"] > 0) | (products["pieces_this"] > 0)].sort_values("product_id")
    pieces = [sold[f"pieces_{year}"].to_numpy(float).clip(min=0) for year in ("last", "this")]
    amounts = [sold[f"amount_{year}"].to_numpy(float) for year in ("last", "this")]
    totals = [float(one.sum()) for one in pieces]
    if min(totals, default=0) <= 0:
        return PriceMix({}, (int(sum(totals[:1])), int(sum(totals[1:]))), "no_lines")
    own = [np.divide(a, p, out=np.full(p.shape, np.nan), where=p > 0) for a, p in zip(amounts, pieces, strict=True)]
    prices = [np.where(np.isnan(own[year]), own[1 - year], own[year]) for year in (0, 1)]
    mixes = [pieces[year] / totals[year] for year in (0, 1)]
    parts = shapley.shares(lambda on: float(totals[on[0]] * (mixes[on[1]] @ prices[on[2]])), 3)
    moved = round(float(sum(parts)))
    found = dict(zip(("volume", "mix", "price"), shapley.whole(parts, moved), strict=True))
    return PriceMix(found | {"outside": change - moved}, (int(totals[0]), int(totals[1])), "")
