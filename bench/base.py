"""Ten million order lines: every count of the base and of retention, against one reading of the same columns by DuckDB.

The yardstick is what any analysis by customer begins with: read the columns of the order lines and group them once by customer
(first and last day, how many orders and days bought on, pieces, sales). A grouping that counts nothing distinct, and so tells no
number of orders, is printed as well: against that alone the counts take far longer, since they sort. Each contender runs in a process of its own from the same Parquet files;
imports are not counted.
"""

import datetime as dt
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench._measure import in_a_process, peak_mb, report_at_most

ORDERS, CUSTOMERS, DAYS, PRODUCTS = 4_000_000, 1_000_000, 1_095, 500
TODAY = dt.date(2024, 12, 31)
MODULE = "bench.base"
YARDSTICK = """
    SELECT count(*), sum(sales) FROM (
        SELECT customer_id, min(order_date) AS first, max(order_date) AS last, {what} order_date) AS days,
               {what} order_id) AS orders, max(product_id) AS product, sum(quantity) AS pieces, sum(amount) AS sales
        FROM '{path}' WHERE order_date <= DATE '{today}' GROUP BY customer_id)
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        lines = int(in_a_process(MODULE, "write", folder)["lines"])
        found = {name: in_a_process(MODULE, name, folder) for name in ("grouped", "plain", "base", "retention")}
    for name, figures in found.items():
        print(f"{name:<12}{figures['seconds']:7.2f} s{figures['peak_mb']:8.0f} MB   {lines:,} order lines")
    whole = found["base"]["seconds"] + found["retention"]["seconds"]
    missed = report_at_most(
        "base and retention counts over one grouping by customer", whole / found["grouped"]["seconds"], 4
    )
    print(f"{'(over a grouping that counts nothing distinct)':<62}{whole / found['plain']['seconds']:9.2g}")
    peak = max(found[name]["peak_mb"] for name in ("base", "retention"))
    return missed + report_at_most("peak memory, GB", peak / 1000, 4)


def write(folder: str) -> dict[str, float]:
    """Orders and their lines as a store holds them: heavy and light buyers, popular and rare products."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    draw = np.random.default_rng(0)
    popularity = draw.gamma(0.6, size=CUSTOMERS)
    who = draw.integers(-(2**63), 2**63 - 1, CUSTOMERS)[
        np.searchsorted(np.cumsum(popularity), draw.random(ORDERS) * popularity.sum())
    ]
    day = (np.datetime64(TODAY) - draw.integers(0, DAYS, ORDERS).astype("timedelta64[D]")).astype("datetime64[D]")
    order = np.repeat(np.arange(ORDERS), draw.integers(1, 5, ORDERS))
    amount = draw.integers(100, 8_000, order.size)
    number = pa.array(np.arange(ORDERS)).cast(pa.string())
    blank = pa.nulls(ORDERS, pa.string())
    store = Path(folder) / "store"
    store.mkdir()
    orders = {
        "order_id": number, "customer_id": who, "order_date": pa.array(day, pa.date32()),
        "amount": np.bincount(order, amount, ORDERS).astype(np.int64), "payment_method": blank, "channel": blank,
    }  # fmt: skip
    product = (draw.zipf(1.4, order.size) % PRODUCTS).astype(str)
    lines = {
        "order_id": number.take(pa.array(order)), "customer_id": who[order], "order_date": pa.array(day[order], pa.date32()),
        "product_id": pa.array(product), "quantity": draw.integers(1, 4, order.size), "amount": amount,
    }  # fmt: skip
    pq.write_table(pa.table(orders), store / "orders.parquet")
    pq.write_table(pa.table(lines), store / "order_lines.parquet")
    return {"lines": order.size}


def yardstick(folder: str, counted: str) -> None:
    import duckdb

    engine = duckdb.connect()
    engine.execute(
        YARDSTICK.format(what=counted, path=Path(folder) / "store" / "order_lines.parquet", today=TODAY)
    ).fetchall()


def base(folder: str) -> None:
    """Every count of the notebook `base`, in its order."""
    from crmlib import base as diagnostic
    from crmlib import summaries
    from crmlib.summaries import base as counts
    from crmlib.summaries import base_products as goods
    from crmlib.summaries import base_series as series
    from crmlib.summaries import orders

    store, starts = summaries.open_store(folder), diagnostic.year_starts(TODAY)
    occasions = orders.occasions(orders.purchases(store.orders, TODAY)).cache()
    profile = counts.profile(occasions, starts).cache()
    evenings = diagnostic.evenings(TODAY)
    stays = counts.stays(occasions, evenings, diagnostic.Cuts().days_and_amount).cache()
    sold = goods.products(store.order_lines, starts, TODAY).to_pandas()
    baskets = goods.baskets(store.order_lines, profile, list(sold["product_id"])).cache()
    for table in (
        counts.standing(profile, TODAY), counts.growth(profile, starts), counts.year_sales(store.orders, starts, TODAY),
        counts.repurchase(occasions, diagnostic.repurchase_ends(TODAY)), counts.outcomes(profile, TODAY),
        counts.stay_counts(stays), counts.switches(stays), series.entrants(profile, (3, 20_000)), series.order_values(occasions),
        series.cohort_years(occasions, starts[::-1]), series.gaps(occasions, TODAY), goods.ownership(baskets),
        goods.steps(baskets), goods.entries(baskets, profile, TODAY - dt.timedelta(days=180)),
    ):  # fmt: skip
        table.to_pandas()


def retention(folder: str) -> None:
    """Every count of the notebook `retention` from the same occasions, which the base has made: making them is not counted twice."""
    from crmlib.summaries import entry
    from crmlib.summaries import retention as counts

    store, occasions = _prepared(folder)
    newcomers = entry.newcomers(store, occasions, TODAY).cache()
    for table in (
        counts.cohort_sizes(occasions), counts.cohort_activity(occasions), counts.gaps(occasions, TODAY), counts.steps(occasions, TODAY),
        counts.years(occasions, TODAY), counts.first_year(occasions, TODAY), *(entry.grouped(newcomers, name) for name in entry.DIMENSIONS),
    ):  # fmt: skip
        table.to_pandas()


_made: dict[str, tuple] = {}


def _prepared(folder: str) -> tuple:
    from crmlib import summaries
    from crmlib.summaries import orders

    if folder not in _made:
        store = summaries.open_store(folder)
        _made[folder] = store, orders.occasions(orders.purchases(store.orders, TODAY)).cache()
    return _made[folder]


def _contend(name: str, folder: str) -> None:
    from crmlib import base as _loaded  # noqa: F401 (imports are not timed)
    from crmlib.summaries import base as _counts  # noqa: F401

    if name == "retention":
        _prepared(folder)
    work = {
        "grouped": lambda: yardstick(folder, "count(DISTINCT"),
        "plain": lambda: yardstick(folder, "max("),
        "base": lambda: base(folder),
        "retention": lambda: retention(folder),
    }[name]
    start = time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        print(json.dumps(write(sys.argv[2])))
    else:
        _contend(sys.argv[1], sys.argv[2])
