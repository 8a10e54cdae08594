"""Cuts that a client's own data suggest: when silence means leaving, when a repeater has settled, who is rich."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.base.cpm import Cuts

Array = NDArray[np.float64]
LAPSED = 0.9  # of the repurchases that come at all have come by the day of lapsing
RICH = 0.8  # of all sales are made with the customers above the amount
WEEK = 7
SMOOTH = 4  # weeks over which the hazard is averaged
OBSERVED = 0.05  # of the gaps must still be under observation where the curve is read


@dataclass(frozen=True)
class Suggestion:
    """Suggested cuts.

    Args:
        cuts: With the published cut where the data suggest none.
        found: Which of lapse, young, settled, amount came from the data.
    """

    cuts: Cuts
    found: tuple[str, ...]


def suggest(gaps: pd.DataFrame, standing: pd.DataFrame, published: Cuts) -> Suggestion:
    """Cuts from the gaps between purchases and from the Lorenz curve.

    Lapse: the day by which 90 % of those repurchases have come that come while enough gaps are observed (Kaplan-Meier).
    Young: the day since the first purchase on which the hazard of the second has halved from its peak. Settled: as
    many days later as the hazard of later purchases takes to halve. Amount: 80 % of sales come from customers above it.

    Args:
        gaps: repeat, days, event, n; as `summaries.base_series.gaps`.
        standing: amount (minor units), n.
        published: What stands where the data say nothing.
    """
    first, later = (gaps[gaps["repeat"] == kind] for kind in (0, 1))
    young, further = halving(first), halving(later)
    values = {
        "lapse": lapse_day(gaps),
        "young": young,
        "settled": young + further if young and further else 0,
        "amount": rich_amount(standing),
    }
    found = tuple(name for name, value in values.items() if value > 0)
    kept = {name: value if name in found else getattr(published, name) for name, value in values.items()}
    kept["settled"] = max(kept["settled"], kept["young"])
    return Suggestion(Cuts(**kept), found)


def _hazard(gaps: pd.DataFrame) -> tuple[Array, Array]:
    """Events and gaps at risk by day, as far as enough gaps are observed."""
    days, n = gaps["days"].to_numpy(np.int64), gaps["n"].to_numpy(float)
    if not n.sum():
        return np.zeros(0), np.zeros(0)
    size = int(days.max()) + 1
    events = np.bincount(days[gaps["event"].to_numpy(bool)], n[gaps["event"].to_numpy(bool)], size)
    risk = n.sum() - np.concatenate([[0.0], np.cumsum(np.bincount(days, n, size))[:-1]])
    far = int((risk >= OBSERVED * n.sum()).sum())
    return events[:far].astype(float), risk[:far].astype(float)


def lapse_day(gaps: pd.DataFrame) -> int:
    """Day by which 90 % of the observable repurchases have come; 0 when there are none."""
    events, risk = _hazard(gaps)
    if not events.sum():
        return 0
    come = 1 - np.cumprod(1 - events / risk)
    return int(np.flatnonzero(come >= LAPSED * come[-1] - 1e-12)[0])


def halving(gaps: pd.DataFrame) -> int:
    """Day (end of a week) from which the weekly hazard lies below half of its peak; 0 when it never does.

    A mean over four weeks, weighted by those at risk, so that a single quiet week does not decide.
    """
    events, risk = _hazard(gaps)
    weeks = len(events) // WEEK
    if weeks <= SMOOTH or not events.sum():
        return 0
    parts = [one[: weeks * WEEK].reshape(weeks, WEEK).sum(axis=1) for one in (events, risk)]
    window = np.ones(SMOOTH)
    rate = np.convolve(parts[0], window, "valid") / np.convolve(parts[1], window, "valid")
    peak = int(np.argmax(rate))
    below = np.flatnonzero(rate[peak:] < rate[peak] / 2)
    return int((peak + below[0] + SMOOTH) * WEEK) if below.size else 0


def rich_amount(standing: pd.DataFrame) -> int:
    """The amount (minor units) above which, with it, the customers make 80 % of sales; 0 without sales."""
    ordered = standing.sort_values("amount", ascending=False)
    sums = (ordered["amount"] * ordered["n"]).cumsum().to_numpy(float)
    if not sums.size or sums[-1] <= 0:
        return 0
    return int(ordered["amount"].to_numpy()[np.searchsorted(sums, RICH * sums[-1])])
