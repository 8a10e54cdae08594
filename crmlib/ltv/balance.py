"""The customer balance sheet: five years of today's customers without a single new one, by rank, with bands and levers.

Ranks move as a Markov chain whose yearly transitions are counted over the last two years; a customer of a rank buys in the
next year what customers of that rank bought, by the rank they moved to. While the history is so short that nobody has been
seen a year after lapsing, nobody is taken to come back: the years are then a lower bound. Bands: transitions are drawn from a Dirichlet on
the counts and mean sales from their normal errors; they carry what two years of counting leave open, not a change of
the market. As a check, last year's sales of the customers of a year ago are forecast from the year before alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import Estimate, proportion, unknown, z
from crmlib.ltv import levers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    import pandas as pd

    from crmlib.newton import FloatArray

    class Tiers(Protocol):
        """What is asked of a programme (`config.Client.tiers`)."""

        @property
        def order(self) -> Sequence[str]:
            """Names, lowest first."""

        @property
        def thresholds(self) -> Sequence[int]:
            """Sales from which each begins, major units."""


DRAWS, SEED = 500, 20_250_101
YEARS, LAPSED, ONCE, RANKS_FROM = levers.YEARS, levers.LAPSED, levers.ONCE, levers.RANKS_FROM
F2_POINTS, RETENTION_POINTS, ORDER_VALUE = 0.03, 0.02, 0.05
LEVERS = ("f2", "retention", "order_value")
ENOUGH = 30  # customers with a year behind them
LOW, HIGH = 0.5, 1.5  # of the mean yearly sales of active customers: where the ranks begin without a programme


@dataclass(frozen=True, eq=False)
class Rank:
    """One state: customers today, share with a purchase in the next year, and sales per customer in it (major units)."""

    state: int
    customers: int
    retention: Estimate
    value: Estimate


@dataclass(frozen=True, eq=False)
class BalanceSheet:
    """Five years without acquisition. `why` is "" or the reason why there is none.

    `sales`: of each year; `active`: customers with a purchase in each year; `multiple`: five years' sales over those of the last
    year; `levers`: what each would add to the five years; `grid`: points of F2 and of retention pulled together; `backtest`: forecast of the last year over actual - 1.
    """

    current: float
    ranks: tuple[Rank, ...]
    sales: tuple[Estimate, ...]
    active: tuple[Estimate, ...]
    multiple: Estimate
    levers: dict[str, Estimate]
    backtest: float
    names: tuple[str, ...] = ()  # of the ranks, from the lowest, where the client has a programme
    why: str = ""
    grid: Mapping[tuple[int, int], Estimate] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Chain:
    """Transition counts, by state how many were seen in it before, mean next-year sales by cell and errors, customers today."""

    counts: FloatArray
    seen: FloatArray
    mean: FloatArray
    error: FloatArray
    today: FloatArray


def thresholds(customers: int, amount: int, tiers: Tiers | None = None, scale: int = 1) -> list[int]:
    """Yearly sales (minor units) from which each rank begins: the client's own, or half and one and a half times the mean.

    Args:
        customers: with a purchase in the year.
        amount: their sales, minor units.
        tiers: the client's programme, with thresholds in major units.
        scale: minor units per major unit of the currency.

    Example:
        >>> thresholds(10, 205_000)
        [0, 10000, 31000]
    """
    if tiers is not None and tiers.thresholds:
        return [0, *(threshold * scale for threshold in tiers.thresholds[1:])]
    mean = amount / customers if customers else 0.0
    return [0, *(max(int(_two_digits(mean * share)), place + 1) for place, share in enumerate((LOW, HIGH)))]


def rank_names(tiers: Tiers | None) -> tuple[str, ...]:
    """The client's names of the ranks, lowest first; none without a programme."""
    return tuple(tiers.order) if tiers is not None and tiers.thresholds else ()


def project(frame: pd.DataFrame, current: float, scale: int, names: tuple[str, ...] = ()) -> BalanceSheet:
    """The balance sheet.

    Args:
        frame: years_back, state, next_state, n, amount, square (`summaries.ltv.rank_years`).
        current: sales of the year to as_of, major units.
        scale: minor units per major unit of the currency.
        names: of the ranks, where the client has a programme.
    """
    moved = frame[frame["years_back"] > 0]
    n = int(moved["n"].sum())
    if n < ENOUGH or current <= 0:
        none = unknown(n, "ltv.short_history")
        blank = (none,) * YEARS
        return BalanceSheet(current, (), blank, blank, none, dict.fromkeys(LEVERS, none), float("nan"), names, none.why)
    chain = _chain(frame, moved, scale)
    draws = [_centre(chain), *_draws(chain)]
    paths = np.array([_path(chain.today, *draw) for draw in draws])  # (draw, sales or active, year)
    whole = paths[:, 0].sum(axis=1)
    gains = {
        name: _estimate(np.array([_path(chain.today, *_pulled(name, *draw))[0].sum() for draw in draws]) - whole, n)
        for name in LEVERS
    }
    sales, active = (tuple(_estimate(paths[:, row, year], n) for year in range(YEARS)) for row in (0, 1))
    multiple = _estimate(whole / current, n)
    grid = {points: _estimate(gain, n) for points, gain in levers.grid(chain.today, draws).items()}
    return BalanceSheet(current, _ranks(chain), sales, active, multiple, gains, _backtest(moved), names, grid=grid)


def _chain(frame: pd.DataFrame, moved: pd.DataFrame, scale: int) -> _Chain:
    """Transition counts, and by cell the mean of the next year's sales with its standard error."""
    size = int(max(frame["state"].max(), moved["next_state"].max(), RANKS_FROM)) + 1
    row, column = moved["state"].to_numpy(int), moved["next_state"].to_numpy(int)
    counts, amount, square = np.zeros((3, size, size))
    for target, name, unit in ((counts, "n", 1), (amount, "amount", scale), (square, "square", scale**2)):
        np.add.at(target, (row, column), moved[name].to_numpy(float) / unit)
    n = np.maximum(counts, 1)
    mean = amount / n
    error = np.sqrt(np.maximum(square / n - mean**2, 0) / np.maximum(n - 1, 1))
    now = frame[frame["years_back"] == 0]
    today = np.bincount(now["state"].to_numpy(int), now["n"].to_numpy(float), size)
    seen = counts.sum(axis=1)
    counts[seen == 0] = counts.sum(axis=0)  # a state nobody was in before moves as all customers did ...
    if not seen[LAPSED]:
        counts[LAPSED] = (
            np.eye(size)[LAPSED] * seen.sum()
        )  # ... but a return that nobody has seen yet is not counted on
    return _Chain(counts, seen, mean, error, today)


def _centre(chain: _Chain) -> tuple[FloatArray, FloatArray]:
    return chain.counts / chain.counts.sum(axis=1, keepdims=True), chain.mean


def _draws(chain: _Chain) -> list[tuple[FloatArray, FloatArray]]:
    draw = np.random.default_rng(SEED)
    moves = draw.standard_gamma(chain.counts, (DRAWS, *chain.counts.shape))
    moves /= moves.sum(axis=2, keepdims=True)
    value = np.maximum(chain.mean + chain.error * draw.standard_normal(moves.shape), 0)
    return list(zip(moves, value, strict=True))


def _path(today: FloatArray, moves: FloatArray, value: FloatArray) -> FloatArray:
    """Sales and active customers of each of the five years, shape (2, years)."""
    sales = (moves * value).sum(axis=1)
    found, people = np.zeros((2, YEARS)), today
    for year in range(YEARS):
        found[0, year] = people @ sales
        people = people @ moves
        found[1, year] = people[LAPSED + 1 :].sum()
    return found


def _pulled(lever: str, moves: FloatArray, value: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The chain with one lever pulled."""
    if lever == "order_value":
        return moves, value * (1 + ORDER_VALUE)
    return levers.kept(moves, lever, F2_POINTS if lever == "f2" else RETENTION_POINTS), value


def _ranks(chain: _Chain) -> tuple[Rank, ...]:
    moves, value = _centre(chain)
    ranks = []
    for state, people in enumerate(chain.today):
        seen = int(chain.seen[state])
        if not seen:
            ranks.append(Rank(state, int(people), *[unknown(0, "ltv.short_history")] * 2))
            continue
        worth = float(moves[state] @ value[state])
        spread = moves[state] @ (value[state] ** 2 + chain.error[state] ** 2 * chain.counts[state]) - worth**2
        half = z() * float(np.sqrt(max(spread, 0) / max(seen - 1, 1)))
        kept = proportion(seen - chain.counts[state, LAPSED], seen)
        ranks.append(Rank(state, int(people), kept, Estimate(worth, max(worth - half, 0), worth + half, seen)))
    return tuple(ranks)


def _backtest(moved: pd.DataFrame) -> float:
    """Last year's sales of the customers of a year ago, forecast from the year before, over the actual, - 1."""
    latest, before = moved[moved["years_back"] == 1], moved[moved["years_back"] == 2]
    if before["n"].sum() < ENOUGH or latest["amount"].sum() <= 0:
        return float("nan")
    people, then = (part.groupby("state")[["n", "amount"]].sum() for part in (latest, before))
    rate = (then["amount"] / then["n"]).reindex(people.index)
    pooled = then["amount"].sum() / then["n"].sum()
    return float((people["n"] * rate.fillna(pooled)).sum() / latest["amount"].sum() - 1)


def _estimate(values: FloatArray, n: int) -> Estimate:
    """The first value with the 95 % band of the others."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Estimate(float(values[0]), float(low), float(high), n)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
