"""Migration between tiers: who moved where from one review to another, in customers and money, with intervals."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv

from crmlib.intervals import LEVEL, Estimate, unknown, z

Array = NDArray[np.float64]
SMALL_GROUP = 5  # rates of fewer customers are not shown
NEW, LEFT = -1, -2  # codes of the summaries
PRIOR = 0.5  # Jeffreys' prior: half a customer in each cell of a row


@dataclass(frozen=True)
class Migration:
    """From x to by period, where a period lies between two reviews that follow each other.

    Rows are the tiers low to high, then new, then back (left before, and in again); columns are the tiers, then left.

    Args:
        tiers: Names, low to high.
        reviews: Review dates, one more than there are periods.
        customers: Shape (periods, tiers + 2, tiers + 1).
        amount_before: What the customers of the cell had at the review before, minor units, same shape.
        amount_after: What they have at the later review, minor units, same shape.
        square_after: Sum of squares of amount_after, same shape.
        why: Text key of why there is nothing, "" otherwise.
    """

    tiers: tuple[str, ...]
    reviews: tuple[date, ...]
    customers: Array
    amount_before: Array
    amount_after: Array
    square_after: Array
    why: str = ""

    @property
    def periods(self) -> int:
        """Number of periods."""
        return self.customers.shape[0]

    def counts(self, period: int = -1) -> Array:
        """From the tiers (rows) to the tiers and left (columns)."""
        return np.asarray(self.customers[period, : len(self.tiers)])

    def entries(self, period: int = -1) -> Array:
        """Who came in: new and back (rows) to the tiers."""
        return np.asarray(self.customers[period, len(self.tiers) :, : len(self.tiers)])

    def opening(self, period: int = -1) -> Array:
        """Customers of each tier at the review before."""
        return np.asarray(self.counts(period).sum(axis=1))

    def closing(self, period: int = -1) -> Array:
        """Customers of each tier at the later review."""
        return np.asarray(self.customers[period, :, : len(self.tiers)].sum(axis=0))

    def rates(self, period: int = -1) -> Array:
        """Shares of each tier's customers by where they went; every row with customers sums to 1, others are NaN."""
        counts = self.counts(period)
        size = counts.sum(axis=1, keepdims=True)
        return np.divide(counts, size, out=np.full_like(counts, np.nan), where=size > 0)

    def rate(self, before: int, after: int, period: int = -1) -> Estimate:
        """One cell with its interval from the row's Dirichlet posterior (the cell's margin is a Beta)."""
        row = self.counts(period)[before]
        n = int(row.sum())
        if n < SMALL_GROUP:
            return unknown(n, "small_group")
        lower, upper = dirichlet(row)
        return Estimate(row[after] / n, float(lower[after]), float(upper[after]), n)


@dataclass(frozen=True)
class Balance:
    """How each tier's stock changed over a period; opening + came - went (+ grown) = closing.

    Args:
        opening: Customers at the review before, shape (tiers,).
        came: From other tiers, new or back.
        went: To other tiers or left.
        closing: Customers at the later review.
        money_opening: Amount of the opening stock, minor units.
        money_came: Amount after of those who came.
        money_went: Amount before of those who went.
        money_grown: Change of amount of those who stayed.
        money_closing: Amount of the closing stock.
    """

    opening: Array
    came: Array
    went: Array
    closing: Array
    money_opening: Array
    money_came: Array
    money_went: Array
    money_grown: Array
    money_closing: Array


def migration(transitions: pd.DataFrame, tiers: Sequence[str], reviews: Sequence[date]) -> Migration:
    """The transition counts of a client.

    Args:
        transitions: review, before, after, customers, amount_before, amount_after, square_after (optional), as
            `summaries.tiers.transitions` returns them; review 1 is the first with a review before.
        tiers: Names, low to high.
        reviews: Their dates.
    """
    size, periods = len(tiers), max(len(reviews) - 1, 0)
    shape = (periods, size + 2, size + 1)
    inside = transitions[transitions["review"].between(1, periods)]
    before = inside["before"].replace({NEW: size, LEFT: size + 1}).to_numpy(np.int64)
    place = (inside["review"].to_numpy(np.int64) - 1, before, inside["after"].replace({LEFT: size}).to_numpy(np.int64))
    measures = {}
    for name in ("customers", "amount_before", "amount_after", "square_after"):
        cells = np.zeros(shape)
        if name in inside:
            np.add.at(cells, place, inside[name].to_numpy(float))
        measures[name] = cells
    measures["customers"][:, size:, size] = 0  # outside before and after: nobody's move
    found = measures["customers"][:, :size].sum()
    why = "one_review" if periods < 1 else "" if found >= SMALL_GROUP else "too_few"
    return Migration(tuple(tiers), tuple(reviews), **measures, why=why)


def dirichlet(row: Array, level: float = LEVEL) -> tuple[Array, Array]:
    """Equal-tailed intervals of a row's shares.

    The posterior of multinomial shares under Dirichlet(1/2, ..., 1/2) is Dirichlet(n + 1/2); each share's margin is
    Beta(n_j + 1/2, N - n_j + (k - 1) / 2). An empty cell's lower limit is 0, a full one's upper limit 1.

    Args:
        row: Counts, shape (k,).
        level: Credible level of each cell.

    Source:
        Gelman et al., Bayesian Data Analysis, 3rd ed., section 3.4; coverage tested on simulated customers.
    """
    counts = np.asarray(row, float)
    total, mine = counts.sum() + PRIOR * counts.size, counts + PRIOR
    low, high = (betaincinv(mine, total - mine, share) for share in ((1 - level) / 2, (1 + level) / 2))
    return np.where(counts == 0, 0.0, low), np.where(counts == counts.sum(), 1.0, high)


def balance(moved: Migration, period: int = -1) -> Balance:
    """Opening and closing stock of each tier with what lies between."""
    size = len(moved.tiers)
    stays = np.eye(size + 2, size + 1, dtype=bool)
    number, before, after = (table[period] for table in (moved.customers, moved.amount_before, moved.amount_after))

    def came(table: Array) -> Array:
        return np.asarray(np.where(stays, 0, table)[:, :size].sum(axis=0))

    def went(table: Array) -> Array:
        return np.asarray(np.where(stays, 0, table)[:size].sum(axis=1))

    grown = np.diagonal(after - before)[:size]
    return Balance(
        moved.opening(period), came(number), went(number), moved.closing(period),
        before[:size].sum(axis=1), came(after), went(before), np.asarray(grown), after[:, :size].sum(axis=0),
    )  # fmt: skip


def up_and_down(counts: Array) -> tuple[float, float, float]:
    """Customers who rose, who fell to a lower tier, and who left; counts as `Migration.counts`."""
    size = counts.shape[0]
    inside = counts[:, :size]
    return float(np.triu(inside, 1).sum()), float(np.tril(inside, -1).sum()), float(counts[:, size].sum())


def up_down_ratio(counts: Array) -> Estimate:
    """Customers who rose for each one who fell to a lower tier (leaving apart).

    Given how many moved, who rose is a binomial count, so the log of the odds has a variance of 1/up + 1/down.
    """
    up, down, _ = up_and_down(counts)
    if min(up, down) < SMALL_GROUP:
        return unknown(int(up + down), "too_few_moves")
    half = z() * np.sqrt(1 / up + 1 / down)
    ratio = up / down
    return Estimate(ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half)), int(up + down))


def balanced(moved: Migration) -> bool:
    """Whether stock and flows of every period add up, in customers and in money, and each stock is the next one's opening."""
    sums = [balance(moved, period) for period in range(moved.periods)]
    whole = all(
        np.array_equal(b.opening + b.came - b.went, b.closing)
        and np.allclose(b.money_opening + b.money_came - b.money_went + b.money_grown, b.money_closing)
        for b in sums
    )
    return whole and all(np.array_equal(a.closing, b.opening) for a, b in itertools.pairwise(sums))


def whole_rows(moved: Migration) -> bool:
    """Whether the shares of every tier with customers add up to 1 in every period."""
    rows = [moved.rates(period).sum(axis=1) for period in range(moved.periods)]
    return all(np.allclose(row[~np.isnan(row)], 1) for row in rows)


def table(moved: Migration, period: int = -1) -> pd.DataFrame:
    """Shares of a period, tiers down, tiers and left across."""
    shares = moved.rates(period) if moved.periods else np.full((len(moved.tiers), len(moved.tiers) + 1), np.nan)
    return pd.DataFrame(shares, index=list(moved.tiers), columns=[*moved.tiers, "left"]).round(3)
