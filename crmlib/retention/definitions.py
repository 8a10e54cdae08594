"""The definition explorer: the same data under each published definition, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, proportion, unknown
from crmlib.retention.cohort import SMALL_GROUP
from crmlib.retention.continuation import Continuation
from crmlib.retention.f2 import SecondPurchase

HEADLINE = ("f2.km_365", "continuation.shipment_2")  # one of each family
WINDOWS = (30, 90, 365)


@dataclass(frozen=True)
class Definition:
    """One published definition.

    Args:
        id: Text key below ``definition.retention.by_definition.``; ledger key below ``retention.definition.``.
        value: Share, or mean.
        family: f2, year or continuation.
        headline: Whether it is the one that the other pages use.
    """

    id: str
    value: Estimate
    family: str

    @property
    def headline(self) -> bool:
        """Whether the other pages use this one."""
        return self.id in HEADLINE


def by_definition(
    gaps: pd.DataFrame, years: Mapping[str, int], second: SecondPurchase, continued: Continuation
) -> tuple[Definition, ...]:
    """All definitions of F2, of the active base by year, and of continuation.

    Args:
        gaps: As for `f2`.
        years: As `summaries.retention.years` counts them, one number each.
        second: F2 by Kaplan-Meier and matured.
        continued: Subscriptions by application; without any, their definitions are NaN.
    """
    rows = {**_f2(gaps, years, second), **_years(years), **_continuation(continued)}
    return tuple(Definition(name, value, name.split(".", maxsplit=1)[0]) for name, value in rows.items())


def _f2(gaps: pd.DataFrame, years: Mapping[str, int], second: SecondPurchase) -> dict[str, Estimate]:
    n, event = gaps["n"], gaps["event"].astype(bool)
    everybody = int(n.sum())

    def within(days: int) -> Estimate:
        return _share(int(n[event & (gaps["days"] <= days)].sum()), everybody)

    new, second_last = years["new_last"], years["second_last"]
    ratio = Estimate(second_last / new, np.nan, np.nan, new) if new >= SMALL_GROUP else unknown(new, "too_few")
    return {
        **{f"f2.within_{days}": within(days) for days in WINDOWS},
        "f2.ever": _share(int(n[event].sum()), everybody),
        **{f"f2.matured_{days}": share for days, share in second.matured.items()},
        **{f"f2.km_{days}": share for days, share in second.curve_at.items()},
        "f2.last_year": _share(years["new_repeated"], new),
        "f2.year_ratio": ratio,
    }


def _years(years: Mapping[str, int]) -> dict[str, Estimate]:
    return {
        "year.active": _share(years["active_last"], years["known"]),
        "year.kept": _share(years["kept"], years["active_prior"]),
        "year.back": _share(years["back"], years["lapsed_prior"]),
    }


def _continuation(continued: Continuation) -> dict[str, Estimate]:
    n = continued.exposure.contracts
    if continued.why:
        none = unknown(n, continued.why)
        return {
            f"continuation.{name}": none
            for name in ("twice", "ratio_2", "ratio_6", "mean_of_longest", "shipment_2", "shipment_6")
        }
    reached = continued.ratio
    longest = int(np.flatnonzero(reached > 0).max()) + 1
    mean = float(reached.sum())  # of shipments: 1 + the chances to make 1, 2, ... renewals
    return {
        "continuation.twice": _share(round(float(reached[1]) * n), n) if len(reached) > 1 else unknown(n, "too_young"),
        **{f"continuation.ratio_{k}": _counted(reached, k, n) for k in (2, 6)},
        "continuation.mean_of_longest": Estimate(mean / longest, np.nan, np.nan, n),
        **{f"continuation.shipment_{k}": continued.share(k - 1) for k in (2, 6)},
    }


def _counted(reached: NDArray[np.float64], shipment: int, n: int) -> Estimate:
    return _share(round(float(reached[shipment - 1]) * n), n) if len(reached) >= shipment else unknown(n, "too_young")


def _share(part: int, whole: int) -> Estimate:
    return proportion(part, whole) if whole >= SMALL_GROUP else unknown(whole, "too_few")
