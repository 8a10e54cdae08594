"""Response by the number of contacts: described, not caused. Who is contacted more often differs, and calling ends with a success."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate, proportion
from crmlib.lift.patterns import check
from crmlib.lift.verdicts import two_sided

GRADE = "D"


@dataclass(frozen=True)
class DoseResponse:
    """Share with a response by number of contacts.

    Args:
        dose: Number of contacts, rising; the last is "so many and more".
        rate: Share with a response, Wilson interval, by dose.
        like: The same at equal purchases before the contacts; equal to `rate` where these are not known.
        trend_p: Two-sided p-value that the share does not rise or fall with the dose.
        slope: Change of the share per contact, least squares.
        grade: D: nobody drew lots for the number of contacts.
    """

    dose: tuple[int, ...]
    rate: tuple[Estimate, ...]
    like: tuple[float, ...]
    trend_p: float
    slope: float
    grade: str = GRADE


def by_dose(counts: pd.DataFrame) -> DoseResponse:
    """From counts.

    Args:
        counts: dose, n, bought; several rows per dose differ in `before` (purchases before) where that is known.

    Source:
        Cochran (1954) and Armitage (1955) for the trend. The bank's published rates by call are a test.
    """
    each = counts.groupby("dose")[["n", "bought"]].sum().sort_index()
    rates = tuple(proportion(float(k), int(n)) for n, k in zip(each["n"], each["bought"], strict=True))
    n, k = each["n"].to_numpy(float), each["bought"].to_numpy(float)
    x = each.index.to_numpy(float)
    slope, p = _trend(x, n, k)
    return DoseResponse(tuple(int(one) for one in each.index), rates, _at_equal_mix(counts), p, slope)


def of_units(frame: pd.DataFrame, dose: str, outcome: str, most: int = 6) -> DoseResponse:
    """From a table with one row per customer (or call history).

    Args:
        frame: One row per customer.
        dose: Column with the number of contacts, 1 and more.
        outcome: Column of 0 and 1.
        most: Doses from here on are one group.

    Raises:
        DataError: a column is missing or empty in places.
    """
    check(frame, outcome, outcome, [dose])
    grouped = pd.DataFrame({"dose": frame[dose].clip(upper=most), "bought": frame[outcome].astype(int), "n": 1})
    return by_dose(grouped.groupby("dose", as_index=False).sum())


def _trend(x: np.ndarray, n: np.ndarray, k: np.ndarray) -> tuple[float, float]:
    whole = n.sum()
    if x.size < 2 or not 0 < k.sum() < whole:
        return float("nan"), float("nan")
    share = k.sum() / whole
    centre = (n * x).sum() / whole
    spread = (n * (x - centre) ** 2).sum()
    slope = float(((x - centre) * k).sum() / spread)
    return slope, two_sided(slope / np.sqrt(share * (1 - share) / spread))


def _at_equal_mix(counts: pd.DataFrame) -> tuple[float, ...]:
    """Shares at the mix of purchases before that all doses together have; groups that a dose lacks are left out of it."""
    if "before" not in counts:
        each = counts.groupby("dose")[["n", "bought"]].sum().sort_index()
        return tuple((each["bought"] / each["n"]).astype(float))
    mix = counts.groupby("before")["n"].sum()
    found = []
    for _, rows in counts.groupby("dose", sort=True):
        inside = rows[rows["n"] > 0].set_index("before")
        weight = mix.reindex(inside.index)
        found.append(float((inside["bought"] / inside["n"] * weight).sum() / weight.sum()))
    return tuple(found)
