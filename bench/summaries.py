"""Ten million order rows to (frequency, recency, T, repeat amount) patterns, against lifetimes and pandas.

The time is from the file to the frame, imports not counted. The sum by customer and day that intake makes once, of the orders
which it holds, is timed by itself and added to ours. Each contender runs in a process of its own from the same Parquet file, so that its peak memory is its own.
"""

import datetime as dt
import json
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench._measure import in_a_process, in_turn, peak_mb, report, seconds

Contender = Callable[[str], pd.DataFrame]
ROWS, CUSTOMERS, DAYS = 10_000_000, 1_000_000, 730
AS_OF = dt.date(2024, 12, 31)
CONTENDERS = ("crmlib", "pandas", "lifetimes")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store" / "orders.parquet"
        path.parent.mkdir()
        in_a_process("bench.summaries", "write", str(path))
        days = in_a_process("bench.summaries", "sum_days", str(path))
        found = {name: in_a_process("bench.summaries", name, str(path)) for name in CONTENDERS}
    print(f"orders by customer and day, by intake: {days['seconds']:.2f} s")
    found["crmlib"]["seconds"] += days["seconds"]
    for name, figures in found.items():
        print(
            f"{name:<10}{figures['seconds']:7.2f} s{figures['peak_mb']:8.0f} MB   {figures['customers']:,.0f} customers"
        )
    sums = {(figures["customers"], figures["purchases"], figures["amount"]) for figures in found.values()}
    if len(sums) > 1:
        sys.exit(f"bench: the contenders do not agree: {found}")
    ours, missed = found["crmlib"], 0
    for name, speed in (("lifetimes", 5.5), ("pandas", 2.3)):
        missed += report(f"10M order rows to patterns, against {name}", found[name]["seconds"] / ours["seconds"], speed)
        missed += report(f"peak memory of {name} over ours", found[name]["peak_mb"] / ours["peak_mb"], 2)
    return missed


def write(path: str) -> None:
    """Orders as a store holds them: by customer and day, text ids, dates, integer minor units; heavy and light buyers."""
    draw = np.random.default_rng(0)
    popularity = draw.gamma(0.6, size=CUSTOMERS)
    who = np.searchsorted(np.cumsum(popularity), draw.random(ROWS) * popularity.sum())
    day = np.datetime64(AS_OF) - draw.integers(0, DAYS, ROWS).astype("timedelta64[D]")
    level = 10 / draw.gamma(4.0, size=CUSTOMERS)  # customers differ in what they spend
    import pyarrow as pa
    import pyarrow.parquet as pq

    name, amount = draw.integers(-(2**63), 2**63 - 1, CUSTOMERS)[who], level[who] * draw.integers(100, 2_000, ROWS)
    place = np.lexsort((day, name))
    columns = {
        "order_id": pa.array(np.arange(ROWS)).cast(pa.string()).take(pa.array(place)),
        "customer_id": pa.array(name[place]),
        "order_date": pa.array(day[place], pa.date32()),
        "amount": pa.array(amount[place].astype(np.int64)),
    }
    pq.write_table(pa.table(columns), path)


def crmlib() -> Contender:
    from crmlib.summaries import ltv

    def work(path: str) -> pd.DataFrame:
        return ltv.values(purchases(path), AS_OF).to_pandas()

    return work


def purchases(path: str) -> Any:
    """The purchase occasions of a store, by the path of its orders."""
    from crmlib import summaries
    from crmlib.summaries import orders

    return orders.purchases(summaries.open_store(Path(path).parents[1]).days, AS_OF)


def sum_days(path: str) -> dict[str, float]:
    """Write the sums by customer and day beside the orders, as intake does; the time of the summing, of orders in memory."""
    import pyarrow.parquet as pq

    from crmlib.intake import days
    from crmlib.schema import DAYS

    held = pq.read_table(path, columns=list(days.COLUMNS))
    (timing,) = in_turn((lambda: days.of(held), 1), rounds=2)
    pq.write_table(timing.result, Path(path).with_name(f"{DAYS}.parquet"), compression="zstd")
    return {"seconds": timing.seconds, "cpu": timing.cpu}


def pandas() -> Contender:
    """The same in pandas, as an analyst writes it."""

    def work(path: str) -> pd.DataFrame:
        frame = pd.read_parquet(path, columns=["customer_id", "order_date", "amount"])
        frame["order_date"] = pd.to_datetime(frame["order_date"])
        days = frame.groupby(["customer_id", "order_date"], as_index=False)["amount"].sum()
        each = days.groupby("customer_id").agg(
            first=("order_date", "min"), last=("order_date", "max"), n=("order_date", "size"), total=("amount", "sum"),
            start=("amount", "first"),
        )  # fmt: skip
        history = {
            "frequency": each["n"] - 1,
            "recency": (each["last"] - each["first"]).dt.days,
            "T": (pd.Timestamp(AS_OF) - each["first"]).dt.days,
            "amount": each["total"] - each["start"],
        }
        return pd.DataFrame(history).groupby(list(history)).size().rename("weight").reset_index()

    return work


def lifetimes() -> Contender:
    """lifetimes' summary function: one row per customer; grouping them is not counted against it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.utils import summary_data_from_transaction_data

    def work(path: str) -> pd.DataFrame:
        frame = pd.read_parquet(path, columns=["customer_id", "order_date", "amount"])
        each = summary_data_from_transaction_data(
            frame, "customer_id", "order_date", "amount", observation_period_end=AS_OF
        )
        return each.assign(amount=each["monetary_value"] * each["frequency"], weight=1)

    return work


def _contend(name: str, path: str) -> None:
    work: Contender = globals()[name]()  # imports are not timed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifetimes on pandas 3
        time, found = seconds(lambda: work(path))
    w = found["weight"]
    figures = {
        "seconds": time,
        "peak_mb": peak_mb(),
        "customers": float(w.sum()),
        "purchases": float((w * found["frequency"]).sum()),
        "amount": round(float((w * found["amount"]).sum())),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2])
        print("{}")
    elif sys.argv[1] == "sum_days":
        print(json.dumps(sum_days(sys.argv[2])))
    else:
        _contend(sys.argv[1], sys.argv[2])
