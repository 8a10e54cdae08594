"""When each customer is likely to need each product again: his own rhythm, drawn to the product's where little is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from crmlib.retention.cohort import SMALL_GROUP

SOON = 30  # days ahead that count as due
LEAST_WEIGHT = 1.0  # a single gap of one's own never counts more than the product's
SILENT = 2.0  # times the expected gap after which nobody speaks of a rhythm any more
STATES = ("due", "overdue", "later", "silent")
COLUMNS = ("product_id", "gaps", "gap", "weight", "customers", "due", "overdue", "silent", "later")


@dataclass(frozen=True, eq=False)
class Rhythms:
    """The rhythm of each product.

    Args:
        products: One row per product with at least five gaps, most gaps first: product_id, gaps (how many), gap (mean days
            between purchases), weight (K: the product's mean counts as much as so many gaps of the customer's own).
        left_out: Products with fewer gaps, whose rhythm is that of all products together.
        overall: Mean gap of all products.
    """

    products: pd.DataFrame
    left_out: int
    overall: float


def rhythms(counts: pd.DataFrame) -> Rhythms:
    """Mean gap of each product and how much a customer's own gaps count against it.

    Args:
        counts: product_id, gaps (of a pair of customer and product), days (their sum), n (pairs), squares (the sum over these
            pairs of their gaps squared).

    Source:
        Buhlmann & Straub (1970): K = variance within customers / variance between their means, by moments; unbiased
        estimators as in Klugman, Panjer & Willmot, Loss Models, section 19.5.
    """
    seen = counts[counts["gaps"] > 0]
    rows = [_rhythm(str(product), part) for product, part in seen.groupby("product_id", sort=True)]
    table = pd.DataFrame(rows, columns=["product_id", "gaps", "gap", "weight"])
    kept = table[table["gaps"] >= SMALL_GROUP].sort_values(["gaps", "product_id"], ascending=[False, True])
    total = float((seen["n"] * seen["gaps"]).sum())
    overall = float((seen["n"] * seen["days"]).sum()) / total if total else np.nan
    return Rhythms(kept.reset_index(drop=True), int((counts.groupby("product_id").size().size) - len(kept)), overall)


def next_need(pairs: pd.DataFrame, rhythm: Rhythms, as_of: date) -> pd.DataFrame:
    """The day on which each customer is expected to buy each product again.

    The gap expected is Z x own mean gap + (1 - Z) x the product's, Z = gaps / (gaps + K). It is the rhythm of customers who
    came back; it does not say whether this one will.

    Args:
        pairs: customer_id, product_id, gaps, days, since (days from the last purchase of the product to as_of).
        rhythm: Of the products; a product without one takes the overall mean gap.
        as_of: Last day of the data.

    Returns:
        customer_id (pseudonym), product_id, expected (date), days (from as_of; negative: past), gap (days expected), own_gaps,
        state: due (within 30 days), overdue, later, or silent (twice the gap has passed); sorted by state in this order, then by day.
    """
    known = pairs.merge(rhythm.products[["product_id", "gap", "weight"]], "left", "product_id")
    mean = known["gap"].fillna(rhythm.overall).to_numpy(float)
    own = known["days"].to_numpy(float) / np.maximum(known["gaps"].to_numpy(float), 1)
    credibility = (known["gaps"] / (known["gaps"] + known["weight"].fillna(np.inf))).fillna(0.0).to_numpy(float)
    gap = credibility * own + (1 - credibility) * mean
    usable = np.isfinite(gap)
    known, gap = known[usable], np.maximum(np.rint(gap[usable]), 1).astype(np.int64)
    days = gap - known["since"].to_numpy(np.int64)
    state = np.select([days < -(SILENT - 1) * gap, days < 0, days <= SOON], ["silent", "overdue", "due"], "later")
    table = pd.DataFrame({
        "customer_id": known["customer_id"].to_numpy(), "product_id": known["product_id"].to_numpy(),
        "expected": np.datetime64(as_of) + days.astype("timedelta64[D]"), "days": days, "gap": gap,
        "own_gaps": known["gaps"].to_numpy(), "state": state,
    })  # fmt: skip
    urgency = table["state"].map({name: place for place, name in enumerate(STATES)})
    order = table.assign(urgency=urgency).sort_values(["urgency", "days", "product_id", "customer_id"], kind="stable")
    return order.drop(columns="urgency").reset_index(drop=True)


def by_product(needs: pd.DataFrame, rhythm: Rhythms) -> pd.DataFrame:
    """How many customers are due, overdue, silent or later, by product.

    Returns:
        product_id, gaps, gap, weight, customers, due, overdue, silent, later; most gaps first. Products without a rhythm of
        their own are left out.
    """
    states = needs.pivot_table("customer_id", "product_id", "state", "count", fill_value=0)
    states = states.reindex(columns=["due", "overdue", "silent", "later"], fill_value=0)
    table = rhythm.products.merge(states.assign(customers=states.sum(axis=1)).reset_index(), "left", "product_id")
    return table.fillna(dict.fromkeys(COLUMNS[4:], 0))[list(COLUMNS)]


def _rhythm(product: str, part: pd.DataFrame) -> tuple[str, int, float, float]:
    n, m, total = (part[name].to_numpy(float) for name in ("n", "gaps", "days"))
    gaps, customers = float((n * m).sum()), float(n.sum())
    mean = float((n * total).sum()) / gaps
    within = float(part["squares"].sum() - (n * total**2 / m).sum())
    free = gaps - customers
    if free <= 0 or customers < 2:
        return product, int(gaps), mean, np.inf
    variance = max(within / free, 0.0)
    scale = gaps - float((n * m**2).sum()) / gaps
    between = (
        (float((n * m * (total / m - mean) ** 2).sum()) - (customers - 1) * variance) / scale if scale > 0 else 0.0
    )
    return product, int(gaps), mean, max(variance / between, LEAST_WEIGHT) if between > 0 else np.inf
