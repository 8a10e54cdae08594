"""How customers move between CPM classes from month to month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.base import cpm

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Movement:
    """Classes over time.

    Args:
        ends: The evenings, the earliest first.
        customers: Evening x class of `cpm.CLASSES`.
        flows: Month x class before (last row: no customer yet) x class after.
    """

    ends: tuple[dt.date, ...]
    customers: Ints
    flows: Ints

    @property
    def year(self) -> Ints:
        """Change of each class from the first evening to the last."""
        return self.customers[-1] - self.customers[0]

    def moved(self, month: int) -> float:
        """Share of a month's customers that ended it in another class; NaN when there were none."""
        old = self.flows[month][: len(cpm.CLASSES)]
        return float(1 - np.trace(old) / old.sum()) if old.sum() else float("nan")


def movement(stays: pd.DataFrame, switches: pd.DataFrame, ends: Sequence[dt.date]) -> Movement:
    """Classes by evening and flows by month.

    Who bought between two evenings moves as `switches` says; of all others one stay tells both states.

    Args:
        stays: enter, leave, lapse, bits, n; as `summaries.base.stay_counts`.
        switches: end, before, lapsed, after, gone, n; as `summaries.base.switches`, of the same evenings.
        ends: These evenings.
    """
    size, last = len(cpm.CLASSES), len(ends)
    customers, flows = np.zeros((last, size), np.int64), np.zeros((last - 1, size + 1, size), np.int64)
    enter, leave, lapse, bits, n = (stays[name].to_numpy(np.int64) for name in ("enter", "leave", "lapse", "bits", "n"))
    for evening in range(last):
        here = (enter <= evening) & (leave > evening)
        code = _codes(bits, lapse <= evening)
        np.add.at(customers[evening], code[here], n[here])
        both = here & (enter < evening)
        if evening:
            np.add.at(flows[evening - 1], (_codes(bits, lapse < evening)[both], code[both]), n[both])
    end, before, after, count = (switches[name].to_numpy(np.int64) for name in ("end", "before", "after", "n"))
    old = np.where(before < 0, size, _codes(before, switches["lapsed"].to_numpy(bool)))
    np.add.at(flows, (end - 1, old, _codes(after, switches["gone"].to_numpy(bool))), count)
    return Movement(tuple(ends), customers, flows)


def _codes(bits: Ints, lapsed: NDArray[np.bool_]) -> Ints:
    return cpm.of_state(np.where(bits < 0, 0, bits), lapsed)
