"""Ten million order lines: every count of the base and of retention, against one reading of the same columns by DuckDB.

The counts read ten columns: customer, day, product, quantity and amount of the order lines; customer, day, amount, payment and
channel of their orders. The yardstick reads these once and groups each table once by customer, in three ways:

- plain: one aggregate that costs nothing beyond the grouping for each column (first and last day, the largest word, sums);
- days: the same, and on how many days the customer bought, which is the least that a reduction of orders must tell;
- orders: the same, and how many orders the lines belong to (which reads the order ids as well).

The target is held to the second: without the days a grouping does not know who bought twice. The ratios to the others are
printed beside it. The result is kept as a table, so that no column can be left out. The counts include the reduction of the
orders, once, and what intake makes of them (`intake.days`). Each contender runs in a process of its own from the same Parquet
files, written in the order in which intake writes a store; imports are not counted, compiling the queries is. They run in
turn, three times, and the fastest run of each counts.
"""

import datetime as dt
import functools
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
WORDS = {"payment_method": ("card", "cod", "transfer", "store", None), "channel": ("web", "phone", "shop")}
LINES_ONCE = """
    CREATE TABLE lines_by_customer AS
    SELECT customer_id, min(order_date) AS first, max(order_date) AS last, count(*) AS n, {counted} max(product_id) AS product,
           sum(quantity) AS pieces, sum(amount) AS sales
    FROM '{store}/order_lines.parquet' WHERE order_date <= DATE '{today}' GROUP BY customer_id
"""
ORDERS_ONCE = """
    CREATE TABLE orders_by_customer AS
    SELECT customer_id, min(order_date) AS first, max(order_date) AS last, count(*) AS n, {counted} sum(amount) AS sales,
           max(payment_method) AS payment, max(channel) AS channel
    FROM '{store}/orders.parquet' WHERE order_date <= DATE '{today}' GROUP BY customer_id
"""
BOUGHT_ON, NUMBERED = "count(DISTINCT order_date) AS days,", "count(DISTINCT order_id) AS orders,"
YARDSTICKS = {
    "plain": ("", ""),
    "days": (BOUGHT_ON, BOUGHT_ON),
    "orders": (BOUGHT_ON + NUMBERED, BOUGHT_ON),
}  # counted in the lines, in the orders
CONTENDERS, ROUNDS = (*YARDSTICKS, "base", "retention"), 3


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        lines = int(in_a_process(MODULE, "write", folder)["lines"])
        days = in_a_process("bench.summaries", "sum_days", f"{folder}/store/orders.parquet")
        rounds = [{name: in_a_process(MODULE, name, folder) for name in CONTENDERS} for _ in range(ROUNDS)]
    found = {name: min((one[name] for one in rounds), key=lambda figures: figures["seconds"]) for name in CONTENDERS}
    print(f"orders by customer and day, by intake: {days['seconds']:.2f} s")
    for unit in days:
        found["base"][unit] += days[unit]
    for name, figures in found.items():
        print(
            f"{name:<12}{figures['seconds']:7.2f} s{figures['cpu']:7.2f} s of CPU{figures['peak_mb']:8.0f} MB   {lines:,} order lines"
        )
    for unit in ("seconds", "cpu"):
        whole = found["base"][unit] + found["retention"][unit]
        ratios = ", ".join(f"{name} {whole / found[name][unit]:.1f}" for name in YARDSTICKS)
        print(f"counts over one grouping by customer, {unit}: {ratios}")
    whole = found["base"]["seconds"] + found["retention"]["seconds"]
    missed = report_at_most(
        "base and retention counts over one grouping by customer", whole / found["days"]["seconds"], 4
    )
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
    place = np.lexsort((day, who))  # a store is sorted by customer and day
    who, day = who[place], day[place]
    order = np.repeat(np.arange(ORDERS), draw.integers(1, 5, ORDERS))
    amount = draw.integers(100, 8_000, order.size)
    number = pa.array(draw.permutation(ORDERS)).cast(pa.string())
    store = Path(folder) / "store"
    store.mkdir()
    orders = {
        "order_id": number, "customer_id": who, "order_date": pa.array(day, pa.date32()),
        "amount": np.bincount(order, amount, ORDERS).astype(np.int64),
        **{name: pa.array(words).take(pa.array(draw.integers(0, len(words), ORDERS))) for name, words in WORDS.items()},
    }  # fmt: skip
    product = (draw.zipf(1.4, order.size) % PRODUCTS).astype(str)
    lines = {
        "order_id": number.take(pa.array(order)), "customer_id": who[order], "order_date": pa.array(day[order], pa.date32()),
        "product_id": pa.array(product), "quantity": draw.integers(1, 4, order.size), "amount": amount,
    }  # fmt: skip
    pq.write_table(pa.table(orders), store / "orders.parquet", compression="zstd")
    pq.write_table(pa.table(lines), store / "order_lines.parquet", compression="zstd")
    return {"lines": order.size}


def yardstick(folder: str, counted: tuple[str, str]) -> None:
    import duckdb

    engine = duckdb.connect()
    for grouping, what in zip((LINES_ONCE, ORDERS_ONCE), counted, strict=True):
        engine.execute(grouping.format(counted=what, store=Path(folder) / "store", today=TODAY))


def base(folder: str) -> None:
    """Every count of the notebook `base`, in its order."""
    from crmlib import base as diagnostic
    from crmlib import summaries
    from crmlib.summaries import base as counts
    from crmlib.summaries import base_products as goods
    from crmlib.summaries import base_series as series
    from crmlib.summaries import orders

    store, starts = summaries.open_store(folder), diagnostic.year_starts(TODAY)
    occasions = orders.occasions(orders.purchases(store.days, TODAY)).cache()
    profile = counts.profile(occasions, starts).cache()
    evenings = diagnostic.evenings(TODAY)
    stays = counts.stays(occasions, evenings, diagnostic.Cuts().days_and_amount).cache()
    sold = goods.products(store.order_lines, starts, TODAY).to_pandas()
    baskets = goods.baskets(store.order_lines, profile, list(sold["product_id"])).cache()
    for table in (
        counts.standing(profile, TODAY), counts.growth(profile, starts), counts.year_sales(store.orders, starts, TODAY),
        counts.repurchase(occasions, diagnostic.repurchase_ends(TODAY)), counts.outcomes(profile, TODAY),
        counts.without_purchase(store.orders, profile, TODAY).as_table(), goods.names(store.products),
        goods.contracts(store.products, store.subscriptions), counts.stay_counts(stays), counts.switches(stays), series.entrants(profile, (3, 20_000)), series.order_values(occasions),
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
        counts.years(occasions, TODAY),
        *(entry.grouped(newcomers, name) for name in entry.DIMENSIONS),
    ):  # fmt: skip
        table.to_pandas()


_made: dict[str, tuple] = {}


def _prepared(folder: str) -> tuple:
    from crmlib import summaries
    from crmlib.summaries import orders

    if folder not in _made:
        store = summaries.open_store(folder)
        _made[folder] = store, orders.occasions(orders.purchases(store.days, TODAY)).cache()
    return _made[folder]


def _contend(name: str, folder: str) -> None:
    from crmlib.run import preload as _preloaded  # noqa: F401 (imports are not timed: a run's kernels have these)
    from crmlib.summaries import base_products, base_series, entry  # noqa: F401
    from crmlib.summaries import retention as _counts  # noqa: F401

    if name == "retention":
        _prepared(folder)
    work = {
        **{one: functools.partial(yardstick, folder, counted) for one, counted in YARDSTICKS.items()},
        "base": functools.partial(base, folder),
        "retention": functools.partial(retention, folder),
    }[name]
    start, cpu = time.perf_counter(), time.process_time()
    work()
    print(json.dumps({"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        print(json.dumps(write(sys.argv[2])))
    else:
        _contend(sys.argv[1], sys.argv[2])
