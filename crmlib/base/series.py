"""The three control charts of the base, from counts by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from crmlib.base import control, family
from crmlib.base.calendar import last_whole_month, month_number
from crmlib.base.control import ControlChart, Event

F2_DAYS, LOYAL_DAYS = 90, 365
BURN_IN = 3  # months: in the first ones of the data old customers pass for new
SHOWN = 36  # months


def charts(
    entrants: pd.DataFrame,
    values: pd.DataFrame,
    days: tuple[dt.date | None, dt.date],
    events: Sequence[Event],
    scale: int,
) -> Mapping[str, ControlChart]:
    """F2, loyal share and order value by month, each tested for a change of level.

    F2 and loyal share go by the month of acquisition and count what happens within a fixed time of the first purchase: a share of
    all customers would rise with the age of the base alone. Order values are those of first purchases, because repeat orders
    change with the age of the base as well.

    Args:
        entrants: month, n, again, loyal; as `summaries.base_series.entrants`.
        values: month, repeat, n, amount, squares; as `summaries.base_series.order_values`.
        days: Day of the first purchase of all (None without any), and as_of.
        events: The client's calendar.
        scale: Minor units per major unit.
    """
    first, as_of = days
    if first is None:
        return dict.fromkeys(("f2", "loyal", "value"), control.nothing("no_customers"))
    setting = control.Setting(family.LEVEL, tuple(events))
    rows = {name: _from(table, first) for name, table in (("new", entrants), ("value", values[values["repeat"] == 0]))}
    found = {}
    for name, hits, wait in (("f2", "again", F2_DAYS), ("loyal", "loyal", LOYAL_DAYS)):
        known = _until(rows["new"], as_of - dt.timedelta(days=wait))
        found[name] = control.of_shares(known.index.tolist(), known[hits].tolist(), known["n"].tolist(), setting)
    orders = _until(rows["value"], as_of)
    sums = orders["amount"].to_numpy(float) / scale, orders["squares"].to_numpy(float) / scale**2
    found["value"] = control.of_means(orders.index.tolist(), sums, orders["n"].tolist(), setting)
    return found


def _from(table: pd.DataFrame, first: dt.date) -> pd.DataFrame:
    """Whole months from the first that may be judged; months without anybody have zeros."""
    indexed = table.set_index("month").sort_index()
    start = month_number(first) + (0 if first.day == 1 else 1)
    if len(indexed) and indexed.index[-1] - start >= 4 * BURN_IN:
        start += BURN_IN
    end = int(indexed.index[-1]) if len(indexed) else start - 1
    start = max(start, end - SHOWN - LOYAL_DAYS // 30)
    return indexed.reindex(np.arange(start, end + 1), fill_value=0)


def _until(table: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    return table[table.index <= last_whole_month(day)].tail(SHOWN)
