"""Control charts: a key figure by month, its limits, and whether and when its level changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from crmlib.base.calendar import month_label, month_number
from crmlib.intervals import Estimate

Array = NDArray[np.float64]
SIGMAS = 3.0
MONTHS = 8  # shortest series that is tested
EDGE = 3  # months on each side of a change, at least
SMALLEST = 20  # cases a month, at least: fewer are left blank
DRAWS, SEED = 20_000, 20240131
NEAR = 1  # months between a change and an event that may explain it


@dataclass(frozen=True)
class Event:
    """An entry of the client's calendar: a competitor, product trouble, a price."""

    date: dt.date
    ja: str
    en: str


@dataclass(frozen=True)
class Change:
    """A change of level.

    Args:
        month: First month of the new level (year * 12 + month - 1).
        before: Level before it.
        after: Level from it on.
        gap: after - before; its interval holds for every possible month of change at once.
        p: Chance of so large a split in a series without a change.
        events: Entries of the calendar within a month of it.
    """

    month: int
    before: float
    after: float
    gap: Estimate
    p: float
    events: tuple[Event, ...]

    @property
    def label(self) -> str:
        """The month as 2024-05."""
        return month_label(self.month)


@dataclass(frozen=True, eq=False)
class ControlChart:
    """One key figure by month.

    Args:
        months: year * 12 + month - 1, without gaps.
        values: The figure, NaN where there are too few cases.
        n: Cases.
        centre: Mean over all cases.
        low: Lower control limit by month.
        high: Upper control limit by month.
        outside: Months beyond a limit.
        spread: How much more the months differ than chance within them explains (Laney's sigma z, at least 1).
        change: The likeliest change of level; None when the series is too short.
        significant: Whether it is one at the level asked for.
        why: Text key of why there is no chart, "" otherwise.
    """

    months: tuple[int, ...]
    values: Array
    n: NDArray[np.int64]
    centre: float
    low: Array
    high: Array
    outside: tuple[int, ...]
    spread: float
    change: Change | None
    significant: bool
    why: str


def of_shares(months: Sequence[int], hits: Sequence[int], n: Sequence[int], setting: Setting) -> ControlChart:
    """p'-chart of a share.

    Args:
        months: year * 12 + month - 1.
        hits: Cases with the property.
        n: Cases.
        setting: Level and calendar.

    Source:
        Laney (2002), Quality Engineering 14, 531-537: the limits of a p-chart widened by the moving range of the z-scores.
    """
    size, k = np.asarray(n, np.int64), np.asarray(hits, float)
    enough = size >= SMALLEST
    values = np.divide(k, size, out=np.full(size.shape, np.nan), where=enough)
    centre = float(k[enough].sum() / size[enough].sum()) if enough.any() else np.nan
    errors = np.sqrt(np.divide(centre * (1 - centre), size, out=np.full(size.shape, np.nan), where=enough))
    chart = _chart(np.asarray(months), values, errors, size, setting)
    return _within(chart, 0.0, 1.0)


def of_means(months: Sequence[int], sums: tuple[Array, Array], n: Sequence[int], setting: Setting) -> ControlChart:
    """Chart of a mean, limits from the spread within all months.

    Args:
        months: year * 12 + month - 1.
        sums: Sum of the values and sum of their squares by month.
        n: Cases.
        setting: Level and calendar.
    """
    size = np.asarray(n, np.int64)
    enough = size >= SMALLEST
    values = np.divide(sums[0], size, out=np.full(size.shape, np.nan), where=enough)
    within = (sums[1] - np.where(enough, size * values**2, 0.0))[enough].sum()
    variance = max(float(within), 0.0) / max(int(size[enough].sum()) - int(enough.sum()), 1)
    errors = np.sqrt(np.divide(variance, size, out=np.full(size.shape, np.nan), where=enough))
    return _within(_chart(np.asarray(months), values, errors, size, setting), 0.0, np.inf)


@dataclass(frozen=True)
class Setting:
    """How a series is judged.

    Args:
        level: Confidence of the test for a change, e.g. 0.998 where several figures are tested.
        events: The client's calendar.
    """

    level: float
    events: tuple[Event, ...] = ()


def _chart(
    months: NDArray[np.int64], values: Array, errors: Array, n: NDArray[np.int64], setting: Setting
) -> ControlChart:
    known = np.isfinite(values) & np.isfinite(errors)
    if known.sum() < 2 or not (errors[known] > 0).all():
        blank = np.full(values.shape, np.nan)
        return ControlChart(tuple(map(int, months)), values, n, np.nan, blank, blank, (), 1.0, None, False, "too_short")
    weight = 1 / errors[known] ** 2
    centre = float(weight @ values[known] / weight.sum())
    scores = (values[known] - centre) / errors[known]
    spread = max(float(np.abs(np.diff(scores)).mean() / 1.128), 1.0)
    low, high = centre - SIGMAS * spread * errors, centre + SIGMAS * spread * errors
    beyond = known & ((values < low) | (values > high))
    change = _change(months[known], values[known], spread * errors[known], setting)
    found = change is not None and change.p < 1 - setting.level
    labels = tuple(int(month) for month in months[beyond])
    return ControlChart(tuple(map(int, months)), values, n, centre, low, high, labels, spread, change, found, "")


def _within(chart: ControlChart, floor: float, ceiling: float) -> ControlChart:
    return replace(chart, low=np.clip(chart.low, floor, ceiling), high=np.clip(chart.high, floor, ceiling))


def _change(months: NDArray[np.int64], values: Array, errors: Array, setting: Setting) -> Change | None:
    """The split of the series with the largest standardised difference.

    The null distribution of the largest one is simulated with this series' own errors, seeded, so that months with few cases weigh
    as little as they should; the interval of the difference uses the same quantile, and so holds for all splits at once.

    Source:
        Maximally selected statistic for one change in normal means with known variances: Hawkins (1977), Journal of the
        American Statistical Association 72, 180-186; the distribution by simulation instead of his recursion.
    """
    if len(values) < MONTHS:
        return None
    splits = np.arange(EDGE, len(values) - EDGE + 1)
    weight = 1 / errors**2
    gaps, widths = _gaps(values[None, :], weight, splits)
    scores = np.abs(gaps[0]) / widths
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, len(values))) * errors
    null = (np.abs(_gaps(noise, weight, splits)[0]) / widths).max(axis=1)
    best = int(np.argmax(scores))
    critical = float(np.quantile(null, setting.level))
    p = float((1 + (null >= scores[best]).sum()) / (1 + DRAWS))
    gap, width = float(gaps[0, best]), float(widths[best])
    split = int(splits[best])
    before, after = (
        float(weight[part] @ values[part] / weight[part].sum()) for part in (slice(split), slice(split, None))
    )
    reach = Estimate(gap, gap - critical * width, gap + critical * width, len(values), level=setting.level)
    month = int(months[split])
    near = tuple(event for event in setting.events if abs(month_number(event.date) - month) <= NEAR)
    return Change(month, before, after, reach, p, near)


def _gaps(values: Array, weight: Array, splits: NDArray[np.int64]) -> tuple[Array, Array]:
    """Difference of the weighted means after and before each split, and its standard error."""
    mass, sums = np.cumsum(weight), np.cumsum(values * weight, axis=1)
    left, right = mass[splits - 1], mass[-1] - mass[splits - 1]
    before = sums[:, splits - 1] / left
    after = (sums[:, -1:] - sums[:, splits - 1]) / right
    return after - before, np.sqrt(1 / left + 1 / right)


def nothing(why: str) -> ControlChart:
    """A chart that cannot be drawn."""
    empty = np.zeros(0)
    return ControlChart((), empty, np.zeros(0, np.int64), np.nan, empty, empty, (), 1.0, None, False, why)
