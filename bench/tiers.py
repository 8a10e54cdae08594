"""24 monthly snapshots and their transition counts: a million customers, ten million lines, in one pass inside the engine.

Against pandas as an analyst writes it: monthly sums, a rolling window, a cross table per month.
"""

import datetime as dt
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from bench._measure import in_a_process, peak_mb, report, report_at_most, seconds

ROWS, CUSTOMERS, DAYS, MONTHS = 10_000_000, 1_000_000, 1_096, 24
AS_OF = dt.date(2024, 12, 31)
LINES = (0, 30_000, 100_000)
LIMIT = 25.0  # seconds on two cores


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store" / "orders.parquet"
        path.parent.mkdir()
        in_a_process("bench.tiers", "write", str(path))
        found = {name: in_a_process("bench.tiers", name, str(path)) for name in ("crmlib", "pandas")}
    for name, figures in found.items():
        print(f"{name:<10}{figures['seconds']:7.2f} s{figures['peak_mb']:8.0f} MB   {figures['moves']:,.0f} moves")
    if found["crmlib"]["moves"] != found["pandas"]["moves"]:
        sys.exit(f"bench: the contenders do not agree: {found}")
    missed = report_at_most("24 monthly snapshots and their transitions, seconds", found["crmlib"]["seconds"], LIMIT)
    return missed + report("the same against pandas", found["pandas"]["seconds"] / found["crmlib"]["seconds"], 2)


def write(path: str) -> None:
    from bench import summaries

    summaries.DAYS = DAYS
    summaries.write(path)


def crmlib(path: str) -> pd.DataFrame:
    from crmlib import programme, summaries, tiers
    from crmlib.summaries import orders, tiers_flows

    store = summaries.open_store(Path(path).parents[1])
    rules = programme.Tiers(order=("a", "b", "c"), thresholds=LINES)
    reviews = programme.calendar_of(rules, dt.date(2022, 1, 1), AS_OF, 1)[-MONTHS:]
    bought = orders.purchases(store.days, AS_OF)
    changes = tiers_flows.changes(bought, programme.resolved(rules, reviews)).to_pandas()
    moved = tiers.flows(changes, rules.order, reviews)
    if not tiers.balanced(moved):
        sys.exit("bench: stock and flow do not balance")
    return pd.DataFrame({"n": moved.customers[:, :3].reshape(-1)})


def pandas(path: str) -> pd.DataFrame:
    frame = pd.read_parquet(path, columns=["customer_id", "order_date", "amount"])
    day = pd.to_datetime(frame["order_date"])
    frame["month"] = day.dt.year * 12 + day.dt.month - 1
    monthly = frame.groupby(["customer_id", "month"])["amount"].sum().unstack(fill_value=0)
    last = AS_OF.year * 12 + AS_OF.month - 1
    total = monthly.reindex(columns=range(last - MONTHS - 11, last + 1), fill_value=0).to_numpy().cumsum(axis=1)
    counts = []
    for month in range(13, MONTHS + 12):
        before, after = total[:, month - 1] - total[:, month - 13], total[:, month] - total[:, month - 12]
        was, now = (np.where(s > 0, np.searchsorted(LINES, s, side="right") - 1, 3) for s in (before, after))
        counts.append(np.bincount(4 * was[was < 3] + now[was < 3], minlength=12))
    return pd.DataFrame({"n": np.concatenate(counts)})


def _contend(name: str, path: str) -> None:
    import json

    work = {"write": write, "crmlib": crmlib, "pandas": pandas}[name]
    time, found = seconds(lambda: work(path))
    figures = {"seconds": time, "peak_mb": peak_mb(), "moves": 0 if found is None else int(found["n"].sum())}
    print(json.dumps(figures))


if __name__ == "__main__":
    _contend(sys.argv[1], sys.argv[2])
