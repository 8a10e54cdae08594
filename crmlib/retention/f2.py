"""F2: how many new customers buy a second time, by when, and whether that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crmlib.intervals import LEVEL, Estimate, difference, first_at_or_below, proportion, unknown
from crmlib.retention.cohort import SMALL_GROUP, month_label
from crmlib.retention.hazard import WeeklyHazard, weekly_hazard
from crmlib.retention.kaplan_meier import KaplanMeier, kaplan_meier

Counts = NDArray[np.int64]
WINDOWS = (90, 180, 365)  # days within which a second purchase counts
STEPS = (2, 3, 4, 5, 6)  # the purchase waited for
OBSERVED = 0.05  # of the customers: the curve is not read where fewer have been observed so long
QUANTILES: Mapping[str, float] = {"median": 0.5, "p75": 0.75, "p90": 0.9}


@dataclass(frozen=True)
class SecondPurchase:
    """Conversion from the first to the second purchase (F2).

    Args:
        curve: Kaplan-Meier by day since the first purchase.
        matured: By window: share converted within it, of the customers observed at least as long.
        curve_at: By window: the same share from the curve, which uses every customer.
        naive: Bought twice ever, of all customers: too low, young customers count as lost.
        quantiles: Day by which half, 75 % and 90 % of all new customers have bought again.
        half_of_converters: Day by which half of those have bought again who do so up to the last window.
        hazard: Share of the remaining who buy again, by week.
        why: Text key of why nothing can be said, "" otherwise.
    """

    curve: KaplanMeier
    matured: Mapping[int, Estimate]
    curve_at: Mapping[int, Estimate]
    naive: Estimate
    quantiles: Mapping[str, Estimate]
    half_of_converters: Estimate
    hazard: WeeklyHazard
    why: str

    @property
    def last_window(self) -> int:
        """The longest window that is observable, 0 when none is."""
        return max((days for days, share in self.curve_at.items() if not share.why), default=0)


@dataclass(frozen=True)
class F2Trend:
    """Earlier against later acquisition months, over one window that both have completed.

    Args:
        window: Days.
        earlier: Share converted within the window, first half of the matured months.
        later: The same of the second half.
        difference: later - earlier.
        first_later: Label of the month with which the later half begins, "" when there are no two halves.
    """

    window: int
    earlier: Estimate
    later: Estimate
    difference: Estimate
    first_later: str


def f2(gaps: pd.DataFrame) -> SecondPurchase:
    """F2 by matured customers, by Kaplan-Meier and naively; days to F2; hazard by week.

    Args:
        gaps: One row per pattern: observed (days from the first purchase to as_of), days (to the second purchase,
            or observed), event (True for a second purchase), n (customers).

    Returns:
        Shares in [0, 1], times in days since the first purchase. The curve is read only as far as at least
        five customers and 5 % of all have been observed: beyond, single customers make the steps.
    """
    n, event = gaps["n"].to_numpy(np.int64), gaps["event"].to_numpy(bool)
    curve = curve_of(gaps)
    curve_at = {window: curve.converted(window) for window in WINDOWS}
    return SecondPurchase(
        curve=curve,
        matured={window: _matured(gaps, window) for window in WINDOWS},
        curve_at=curve_at,
        naive=_share(int(n[event].sum()), int(n.sum()), "too_few"),
        quantiles={name: curve.quantile(share) for name, share in QUANTILES.items()},
        half_of_converters=_half(curve, curve_at),
        hazard=weekly_hazard(curve),
        why=_why(curve, curve_at),
    )


def ladder(steps: pd.DataFrame) -> dict[int, SecondPurchase]:
    """F2, F3, ... F6: the conversion to the n-th purchase of those who made the one before, each as `f2` computes it.

    Args:
        steps: step (2, 3, ...: the purchase waited for), observed, days, event, n.
    """
    empty = steps.iloc[:0]
    return {n: f2(steps[steps["step"] == n] if len(steps) else empty) for n in STEPS}


def f2_trend(gaps: pd.DataFrame, level: float = LEVEL) -> F2Trend:
    """F2 of the earlier half of the matured acquisition months against the later half.

    The window is the longest for which two whole months are matured; the months are cut where the two halves'
    numbers of customers are most alike.

    Args:
        gaps: As for `f2`, with cohort (month of the first purchase, year * 12 + month - 1).
        level: Of the difference's interval.
    """
    youngest = gaps.groupby("cohort")["observed"].min()
    for window in sorted(WINDOWS, reverse=True):
        months = np.sort(youngest.index[youngest >= window].to_numpy())
        if len(months) >= 2:
            return _halves(gaps[gaps["cohort"].isin(months)], window, level)
    nothing = unknown(int(gaps["n"].sum()), "one_cohort")
    return F2Trend(max(WINDOWS), nothing, nothing, nothing, "")


def _halves(gaps: pd.DataFrame, window: int, level: float) -> F2Trend:
    sizes = gaps.groupby("cohort")["n"].sum()
    before = sizes.cumsum().to_numpy()[:-1]
    cut = int(sizes.index[1 + int(np.argmin(np.abs(2 * before - sizes.sum())))])
    halves = gaps[gaps["cohort"] < cut], gaps[gaps["cohort"] >= cut]
    earlier, later = (_matured(half, window) for half in halves)
    wide = [_matured(half, window, level) for half in halves]
    return F2Trend(window, earlier, later, difference(wide[1], wide[0]), month_label(cut))


def _matured(gaps: pd.DataFrame, window: int, level: float = LEVEL) -> Estimate:
    old = gaps[gaps["observed"] >= window]
    converted = old["event"].astype(bool) & (old["days"] <= window)
    return _share(int(old.loc[converted, "n"].sum()), int(old["n"].sum()), "too_young", level)


def _share(converted: int, n: int, why: str, level: float = LEVEL) -> Estimate:
    return proportion(converted, n, level) if n >= SMALL_GROUP else unknown(n, why)


def curve_of(gaps: pd.DataFrame) -> KaplanMeier:
    """Time to the second purchase of some customers, read as far as enough of them have been observed."""
    n = gaps["n"].to_numpy(np.int64)
    return kaplan_meier(gaps["days"], gaps["event"], n, reading_horizon(gaps["observed"], n))


def reading_horizon(observed: ArrayLike, n: Counts) -> int:
    """Last day for which enough customers have been observed; -1 when there are too few at all.

    Args:
        observed: Days, in any order.
        n: Customers observed so long.
    """
    days = np.asarray(observed, np.int64)
    order = np.argsort(-days, kind="stable")
    enough = np.flatnonzero(n[order].cumsum() >= max(SMALL_GROUP, OBSERVED * n.sum()))
    return int(days[order][enough[0]]) if enough.size else -1


def _half(curve: KaplanMeier, curve_at: Mapping[int, Estimate]) -> Estimate:
    reached = [share.value for share in curve_at.values() if not share.why]
    if not reached or max(reached) <= 0:
        return unknown(curve.n, "no_repeat" if reached else "too_young")
    return Estimate(first_at_or_below(curve.survival, 1 - max(reached) / 2), np.nan, np.nan, curve.n)


def _why(curve: KaplanMeier, curve_at: Mapping[int, Estimate]) -> str:
    if curve.n < SMALL_GROUP:
        return "too_few" if curve.n else "no_customers"
    if all(share.why for share in curve_at.values()):
        return "too_young"
    return "" if curve.events.sum() else "no_repeat"
