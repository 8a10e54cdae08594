"""What the mix and the sales of the tiers will be if migration goes on as it did, with bands, and a trial on the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crmlib.intervals import LEVEL, Estimate, unknown
from crmlib.tiers.migration import PRIOR, SMALL_GROUP, Migration

Array = NDArray[np.float64]
DRAWS, SEED = 4000, 20_250_401
HORIZON = 3  # years


@dataclass(frozen=True)
class Forecast:
    """Customers, mix and sales of each tier, year by year, if the last period's migration goes on.

    Args:
        tiers: Names, low to high.
        customers: By year (1, 2, ...): one estimate a tier.
        share: The same as shares of all in the programme.
        sales: By year: sales of the twelve months up to then, minor units.
        steady: The mix towards which migration alone tends (who leaves is replaced by the usual newcomers).
        entries: New and returning customers a year that are assumed, with their band.
        why: Text key of why there is no forecast, "" otherwise.
    """

    tiers: tuple[str, ...]
    customers: Mapping[int, tuple[Estimate, ...]]
    share: Mapping[int, tuple[Estimate, ...]]
    sales: Mapping[int, Estimate]
    steady: tuple[Estimate, ...]
    entries: Estimate
    why: str = ""


@dataclass(frozen=True)
class Trial:
    """The last review forecast from the one before it, beside what came.

    Args:
        forecast: One estimate a tier, customers.
        actual: What came, customers.
        sales: Forecast sales.
        actual_sales: What came, minor units.
        held: Tiers whose actual number lies within the band.
        why: Text key of why there is no trial, "" otherwise.
    """

    forecast: tuple[Estimate, ...]
    actual: tuple[float, ...]
    sales: Estimate
    actual_sales: float
    held: int
    why: str = ""


@dataclass(frozen=True)
class _Model:
    """Drawn parameters, one row a draw: shares (draws, tiers, tiers + 1), newcomers and where they enter, mean amounts."""

    rates: Array
    entries: Array
    entering: Array
    means: Array


def forecast(moved: Migration, horizon: int = HORIZON, period: int = -1) -> Forecast:
    """Mix and sales from the stock that closes a period.

    The band holds what is not known of the rates (Dirichlet posterior), of the number of newcomers (as it moved between the
    last two periods; from one period alone as a Poisson number), of the mean amounts, and chance itself.
    It does not hold a change of the rates: they are assumed to stay.

    Args:
        moved: Migration whose periods are years.
        horizon: Years ahead.
        period: Period from which the rates are taken.
    """
    size, n = len(moved.tiers), int(moved.closing(period).sum()) if moved.periods else 0
    if moved.why or n < SMALL_GROUP:
        nothing = unknown(n, moved.why or "too_few")
        blank = dict.fromkeys(range(1, horizon + 1), (nothing,) * size)
        flat = dict.fromkeys(blank, nothing)
        return Forecast(moved.tiers, blank, blank, flat, (nothing,) * size, nothing, nothing.why)
    draw = np.random.default_rng(SEED)
    model = _drawn(moved, period, draw)
    stock = np.broadcast_to(moved.closing(period), (DRAWS, size)).astype(np.int64)
    customers, share, sales = {}, {}, {}
    for year in range(1, horizon + 1):
        stock = _next(stock, model, draw)
        whole = np.maximum(stock.sum(axis=1, keepdims=True), 1)
        customers[year], share[year] = (_estimates(part, n) for part in (stock.astype(float), stock / whole))
        sales[year] = _estimates((stock * model.means).sum(axis=1, keepdims=True), n)[0]
    return Forecast(
        moved.tiers, customers, share, sales, _steady(model, n), _estimates(model.entries[:, None], n)[0]
    )  # fmt: skip


def trial(moved: Migration) -> Trial:
    """The last period forecast from the one before it (the newcomers as well), beside what came."""
    nothing = unknown(0, "one_period")
    if moved.periods < 2 or moved.why:
        return Trial((), (), nothing, np.nan, 0, moved.why or "one_period")
    guess = forecast(moved, 1, -2)
    actual = tuple(float(n) for n in moved.closing())
    held = sum(e.lower <= n <= e.upper for e, n in zip(guess.customers.get(1, ()), actual, strict=False))
    money = float(moved.amount_after[-1, :, : len(moved.tiers)].sum())
    return Trial(guess.customers[1], actual, guess.sales[1], money, held, guess.why)


def _drawn(moved: Migration, period: int, draw: np.random.Generator) -> _Model:
    counts, entries = moved.counts(period), moved.entries(period).sum(axis=0)
    rates = np.stack([_shares(row, draw) for row in counts], axis=1)
    return _Model(
        rates, _newcomers(moved, period, draw), draw.dirichlet(entries + PRIOR, DRAWS), _means(moved, period, draw)
    )


def _shares(row: Array, draw: np.random.Generator) -> Array:
    """Posterior draws of a row; where nobody has left at all, the programme is taken to keep everybody."""
    prior = np.append(np.full(row.size - 1, PRIOR), PRIOR if row[-1] else 0.0)
    drawn = draw.gamma(row + prior, size=(DRAWS, row.size))
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _newcomers(moved: Migration, period: int, draw: np.random.Generator) -> Array:
    last = moved.entries(period).sum()
    before = moved.entries(period - 1).sum() if moved.periods + period >= 1 else 0.0
    if not last:
        return np.zeros(DRAWS)
    spread = abs(np.log(last / before)) if before else 0.0
    return np.asarray(draw.gamma(last, size=DRAWS) * np.exp(spread * draw.standard_normal(DRAWS)))


def _means(moved: Migration, period: int, draw: np.random.Generator) -> Array:
    size = len(moved.tiers)
    number = np.maximum(moved.closing(period), 1)
    total, square = (table[period, :, :size].sum(axis=0) for table in (moved.amount_after, moved.square_after))
    mean = total / number
    error = np.sqrt(np.maximum(square / number - mean**2, 0) / number)
    return np.asarray(np.maximum(mean + error * draw.standard_normal((DRAWS, size)), 0))


def _next(stock: NDArray[np.int64], model: _Model, draw: np.random.Generator) -> NDArray[np.int64]:
    moved = draw.multinomial(stock, model.rates)[:, :, :-1].sum(axis=1)
    return np.asarray(moved + draw.multinomial(draw.poisson(model.entries), model.entering), np.int64)


def _steady(model: _Model, n: int) -> tuple[Estimate, ...]:
    """Stationary shares of the chain in which each leaver is replaced by a newcomer."""
    closed = model.rates[:, :, :-1] + model.rates[:, :, -1:] * model.entering[:, None, :]
    size = closed.shape[1]
    system = np.concatenate([closed.transpose(0, 2, 1) - np.eye(size), np.ones((DRAWS, 1, size))], axis=1)
    shares = np.linalg.pinv(system)[:, :, -1]
    return _estimates(shares, n)


def _estimates(drawn: Array, n: int) -> tuple[Estimate, ...]:
    value = drawn.mean(axis=0)
    lower, upper = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return tuple(Estimate(float(v), float(a), float(b), n) for v, a, b in zip(value, lower, upper, strict=True))
