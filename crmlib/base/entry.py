"""Quality of the first product: second purchases and sales within 180 days, shrunk towards the mean of all products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv

from crmlib.intervals import Estimate, difference, mean, mean_difference, proportion, times, unknown

Array = NDArray[np.float64]
SMALLEST = 20  # customers with the first product, at least
DRAWS, SEED = 4000, 20240131
MOVED = 0.10  # share of the other entrants that the yen assume to enter by the best product


@dataclass(frozen=True)
class EntryProduct:
    """Customers by first product.

    Args:
        product: Its id.
        n: Customers whose first purchase held it, with 180 days behind them.
        raw: Share with a second purchase within 180 days.
        shrunk: The same shrunk towards all products (posterior mean and 95 % interval).
        amount: Sales per customer within 180 days, major units.
        best: Probability that no other product's true rate is higher.
    """

    product: str
    n: int
    raw: Estimate
    shrunk: Estimate
    amount: Estimate
    best: float


@dataclass(frozen=True)
class EntryQuality:
    """All first products, the best first.

    Args:
        products: By shrunk rate.
        gap: Best product's F2 within 180 days minus that of all others; its interval holds for the choice of the best.
        yen: Sales a year (major units) if a tenth of the others' new customers entered by the best product.
        why: Text key of why nothing can be said, "" otherwise.
    """

    products: tuple[EntryProduct, ...]
    gap: Estimate
    yen: Estimate
    why: str


def entry_quality(
    entries: pd.DataFrame, ranking: Sequence[str], skip: Sequence[str], setting: tuple[int, int, float]
) -> EntryQuality:
    """Which first product brings better customers.

    Customers whose first purchase held a product of `skip` (subscriptions renew by contract) are left out. Shrinkage: the products'
    true rates as a beta distribution whose variance is estimated by moments (DerSimonian & Laird 1986); a product's
    posterior is beta again. Without evidence of differences all products get the common rate.

    Args:
        entries: entry (set of products), n, again, amount (minor units), squares; as `summaries.base_products.entries`.
        ranking: Products by bit.
        skip: Products left out.
        setting: Minor units per major unit; new customers this year; confidence level of the gap for one product.
    """
    scale, newcomers, level = setting
    mask = sum(2**bit for bit, name in enumerate(ranking) if name in skip)
    known = entries[(entries["entry"].to_numpy(np.int64) & mask) == 0]
    sets = known["entry"].to_numpy(np.int64)
    columns = ["n", "again", "amount", "squares"]
    total, everybody = known[columns].sum(), entries["n"].sum()
    found = {}
    for bit, name in enumerate(ranking):
        inside = known[(sets >> bit) & 1 == 1][columns].sum()
        if name not in skip and inside["n"] >= SMALLEST:
            found[name] = inside
    if len(found) < 2:
        nothing = unknown(int(total["n"]), "one_product")
        return EntryQuality((), nothing, nothing, "one_product")
    rows = _rows(found, scale)
    best = found[rows[0].product]
    rest = total - best
    share = float(rest["n"] / everybody) if everybody else 0.0
    gap = _gap(best, rest, 1 - (1 - level) / len(found))
    return EntryQuality(rows, gap, _yen(best, rest, share * newcomers * MOVED / scale), "")


def _rows(found: dict[str, pd.Series], scale: int) -> tuple[EntryProduct, ...]:
    n, k = (np.array([one[name] for one in found.values()], float) for name in ("n", "again"))
    a, b = _posterior(k, n)
    low, high = (betaincinv(a, b, share) for share in (0.025, 0.975))
    draws = np.random.default_rng(SEED).beta(a, b, (DRAWS, len(a)))
    first = np.bincount(draws.argmax(axis=1), minlength=len(a)) / DRAWS
    rows = [
        EntryProduct(
            name, int(one["n"]), proportion(float(one["again"]), int(one["n"])),
            Estimate(float(a[p] / (a[p] + b[p])), float(low[p]), float(high[p]), int(one["n"])), _mean(one, scale), float(first[p]),
        )
        for p, (name, one) in enumerate(found.items())
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.shrunk.value, -row.n, row.product)))


def _posterior(k: Array, n: Array) -> tuple[Array, Array]:
    """Parameters of each product's beta posterior."""
    mean = np.clip(k.sum() / n.sum(), 1e-6, 1 - 1e-6)
    weight = n / (mean * (1 - mean))
    spread = float(weight @ (k / n - mean) ** 2) - (len(n) - 1)
    between = max(spread / (weight.sum() - weight @ weight / weight.sum()), 0.0)
    strength = min(mean * (1 - mean) / between - 1, 1e9) if between > 0 else 1e9
    strength = max(strength, 1e-3)
    return mean * strength + k, (1 - mean) * strength + n - k


def _mean(one: pd.Series, scale: int) -> Estimate:
    return mean(int(one["n"]), float(one["amount"]) / scale, float(one["squares"]) / scale**2)


def _gap(best: pd.Series, rest: pd.Series, level: float) -> Estimate:
    rates = [proportion(float(one["again"]), int(one["n"]), level) for one in (best, rest)]
    return difference(*rates)


def _yen(best: pd.Series, rest: pd.Series, moved: float) -> Estimate:
    if not rest["n"]:
        return unknown(int(best["n"]), "one_product")
    return times(mean_difference(_mean(best, 1), _mean(rest, 1)), moved)
