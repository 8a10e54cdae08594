"""CPM: ten classes by tenure, repeats, amount and silence; other published rule sets; what the cuts decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, proportion
from crmlib.schema import CPM_AMOUNT, CPM_LAPSE, CPM_SETTLED, CPM_YOUNG

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LEVELS = ("first", "toddler", "steady", "trend", "excellent")
STATUSES = ("active", "lapsed")
CLASSES = tuple(f"{status}_{level}" for status in STATUSES for level in LEVELS)
NUDGE = 0.2  # by which each cut is moved to see what it decides


@dataclass(frozen=True)
class Cuts:
    """Where the classes meet. Each cut belongs to the upper class: exactly 240 days is lapsed, exactly 70,000 is rich.

    Args:
        lapse: Days since the last purchase from which a customer has lapsed.
        young: Days of tenure (first to last purchase) from which repeaters are no longer toddlers.
        settled: Days of tenure from which rich repeaters are excellent instead of a passing trend.
        amount: Sum of all purchases from which a customer is rich, minor units.

    Source:
        LTV-Lab help, "CPM集計とは" (read): 240, 90, 210 days, 70,000 yen. There "70,000 or less" and "70,000 or more" meet, and a
        tenure below 90 days with 70,000 yen has no class: here intervals are half-open and tenure decides first.
    """

    lapse: int = CPM_LAPSE
    young: int = CPM_YOUNG
    settled: int = CPM_SETTLED
    amount: int = CPM_AMOUNT

    @property
    def days_and_amount(self) -> tuple[int, int, int, int]:
        """As `summaries.base.stays` takes them."""
        return self.lapse, self.young, self.settled, self.amount


@dataclass(frozen=True)
class Portfolio:
    """Customers by class.

    Args:
        cuts: Where the classes meet.
        customers: By class of `CLASSES`.
        amount: Sum of all purchases by class, major units.
        year: Sales of this year by class, major units.
    """

    cuts: Cuts
    customers: Mapping[str, int]
    amount: Mapping[str, float]
    year: Mapping[str, float]

    def share(self, name: str) -> Estimate:
        """Share of a class of all customers."""
        return proportion(self.customers[name], sum(self.customers.values()))


@dataclass(frozen=True)
class Sensitivity:
    """Share of customers that change class when one cut moves, and under other rules.

    Args:
        lower: By cut: 20 % lower.
        upper: By cut: 20 % higher.
        suggested: With the cuts that the data suggest.
        suggestion: These cuts.
    """

    lower: Mapping[str, float]
    upper: Mapping[str, float]
    suggested: float
    suggestion: Cuts


def codes(standing: pd.DataFrame, cuts: Cuts) -> Ints:
    """Index in `CLASSES` of each row.

    Args:
        standing: frequency (repeat occasions), tenure, days_since (days), amount (minor units).
        cuts: Where the classes meet.
    """
    tenure, amount = standing["tenure"].to_numpy(), standing["amount"].to_numpy()
    terms = (standing["frequency"].to_numpy() > 0, tenure >= cuts.young, tenure >= cuts.settled, amount >= cuts.amount)
    return _level(*terms) + len(LEVELS) * (standing["days_since"].to_numpy() >= cuts.lapse)


def of_state(bits: Ints, lapsed: NDArray[np.bool_]) -> Ints:
    """Index in `CLASSES` from four bits (repeat, young reached, settled reached, rich) and whether the customer has lapsed."""
    return _level(*(((bits >> place) & 1) == 1 for place in range(4))) + len(LEVELS) * lapsed


def _level(repeat: Flags, young: Flags, settled: Flags, rich: Flags) -> Ints:
    return np.select([~repeat, ~young, ~rich, ~settled], [0, 1, 2, 3], 4)


def portfolio(standing: pd.DataFrame, cuts: Cuts, scale: int) -> Portfolio:
    """Customers, their sales so far and this year's by class."""
    code, n = codes(standing, cuts), standing["n"].to_numpy(float)
    size = np.bincount(code, n, len(CLASSES))
    sums = [np.bincount(code, n * standing[name], len(CLASSES)) / scale for name in ("amount", "amount_this")]
    return Portfolio(cuts, *({k: kind(v) for k, v in zip(CLASSES, part, strict=True)} for kind, part in zip(
        (int, float, float), (size, *sums), strict=True)))  # fmt: skip


def reclassified(standing: pd.DataFrame, one: Cuts, other: Cuts) -> float:
    """Share of the customers whose class differs between two sets of cuts; NaN without customers."""
    n = standing["n"].to_numpy(float)
    moved = codes(standing, one) != codes(standing, other)
    return float(n[moved].sum() / n.sum()) if n.sum() else float("nan")


def sensitivity(standing: pd.DataFrame, cuts: Cuts, suggestion: Cuts) -> Sensitivity:
    """How many customers owe their class to where a cut happens to lie."""
    names = ("lapse", "young", "settled", "amount")

    def moved(factor: float) -> dict[str, float]:
        return {
            name: reclassified(standing, cuts, replace(cuts, **{name: round(getattr(cuts, name) * factor)}))
            for name in names
        }

    return Sensitivity(moved(1 - NUDGE), moved(1 + NUDGE), reclassified(standing, cuts, suggestion), suggestion)


def _kozuchi(standing: pd.DataFrame, cuts: Cuts) -> Ints:
    """Ranks by number of purchases and amount while active; one class for all who lapsed.

    Source:
        uchideno-kozuchi support, CPM概要 and CPMパラメータ設定 (read): four ranks (初回・トライアル, よちよち, コツコツ, 優良), a
        fifth on request, set by purchases, stay, silence and amount. Two purchases, three, and three with the amount are ours.
    """
    bought, rich = standing["frequency"].to_numpy() + 1, standing["amount"].to_numpy() >= cuts.amount
    rank = np.select([bought < 2, bought < 3, ~rich], [0, 1, 2], 3)
    return np.where(standing["days_since"].to_numpy() >= cuts.lapse, 4, rank)


def _rakuraku(standing: pd.DataFrame, cuts: Cuts) -> Ints:
    return codes(standing, cuts) % len(LEVELS)


# Other published rule sets: their ranks are published, their numbers are each user's own; LTV-Lab's stand in.
Rule = Callable[[pd.DataFrame, Cuts], Ints]
RULES: Mapping[str, tuple[tuple[str, ...], Rule]] = {
    "ltv_lab": (CLASSES, codes),
    "kozuchi": (("active_first", "active_toddler", "active_steady", "active_excellent", "lapsed"), _kozuchi),
    "rakuraku": (LEVELS, _rakuraku),
}


def by_rule(standing: pd.DataFrame, rule: str, cuts: Cuts) -> dict[str, int]:
    """Customers by rank under a published rule set ("ltv_lab", "kozuchi", "rakuraku").

    Source:
        rakuraku CPM version 1 (read): six stages, the first of them prospects with free samples only, who are no customers
        here and are counted apart; no stage tells active from lapsed.
    """
    ranks, code = RULES[rule]
    size = np.bincount(code(standing, cuts), standing["n"].to_numpy(float), len(ranks))
    return {name: int(count) for name, count in zip(ranks, size, strict=True)}
