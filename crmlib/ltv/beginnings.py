"""From the counts of how customers began to the comparison of products and media: one call for the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crmlib.ltv import acquisition, curve, entry
from crmlib.ltv.study import Beginnings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

SUBSCRIPTION = "subscription"


def beginnings(
    sales: pd.DataFrame, margin: pd.DataFrame, media: tuple[pd.DataFrame, pd.DataFrame], products: pd.DataFrame, scale: int
) -> Beginnings:  # fmt: skip
    """Compare how customers began, by margin where it is known and by sales otherwise.

    Customers who began with a subscription are left out of the comparisons: their product, price and rhythm come with the
    contract, and they are judged by its continuation.

    Args:
        sales: `summaries.ltv.cumulative` of amounts.
        margin: the same of margins; all missing where no rate is known.
        media: costs and trials by medium.
        products: product_id, name.
        scale: minor units per major unit of the currency.
    """
    known = bool(margin["total_1"].sum() > 0)
    frame = margin if known else sales
    single = frame[frame["offer"] != SUBSCRIPTION]
    costs, trials = media
    by_medium = {**curve.curves(margin, scale, ["medium"]), **curve.curves(margin, scale)} if known else {}
    whole = frame.select_dtypes("number").sum()
    earned, sold = (float(f[f["total_1"].notna()]["total_1"].sum()) for f in (margin, sales))
    return Beginnings(
        "margin" if known else "sales",
        entry.compare(curve.curves(single, scale, ["product"])),
        entry.compare(curve.curves(single, scale, ["product", "medium", "offer"])),
        acquisition.by_medium(costs, trials, by_medium, scale),
        curve.curves(frame, scale, ["cohort"]),
        curve.curves(frame, scale)["all"],
        (float(whole.get("first_money", 0.0)) / scale, float(whole.get("n_12", 0.0))),
        _names(products),
        earned / sold if known and sold > 0 else float(np.nan),
    )


def _names(products: pd.DataFrame) -> Mapping[str, str]:
    known = products.dropna(subset=["product_id"])
    return {
        str(i): str(name) if isinstance(name, str) else str(i)
        for i, name in zip(known["product_id"], known["name"], strict=True)
    }
