"""Arm statistics of 100 campaigns over ten million orders and ten million contacts: one pass per table, against pandas.

What leaves is the same: n, sums, sums of squares and products with the spend of the year before, of purchases, purchase days and spend
within 30 days of the contact, by campaign, arm and version. The time is from the files to the frame, imports not counted.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from bench._measure import in_a_process, peak_mb, report, report_at_most, seconds

ORDERS, CONTACTS, CUSTOMERS, CAMPAIGNS = 10_000_000, 10_000_000, 1_000_000, 100
START, DAYS, WINDOW, YEAR = np.datetime64("2023-01-01"), 730, 30, 365
AS_OF = pd.Timestamp("2024-12-31").date()
CONTENDERS = ("crmlib", "pandas")
COMPARED = ["purchase_n", "purchase_y", "orders_yy", "spend_y", "spend_yy", "spend_xy", "spend_xx"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").mkdir()
        in_a_process("bench.lift", "write", folder)
        found = {name: in_a_process("bench.lift", name, folder) for name in CONTENDERS}
    for name, figures in found.items():
        print(f"{name:<10}{figures['seconds']:7.2f} s{figures['peak_mb']:8.0f} MB   {figures['arms']:,.0f} arms")
    ours, other = (found[name] for name in CONTENDERS)
    if not np.allclose([ours[k] for k in COMPARED], [other[k] for k in COMPARED], rtol=1e-9):
        sys.exit(f"bench: the contenders do not agree: {found}")
    missed = report_at_most("100 campaigns, 10M orders, 10M contacts to arms, seconds", ours["seconds"], 60)
    missed += report("the same, against pandas", other["seconds"] / ours["seconds"], 1.5)
    return missed + report("peak memory of pandas over ours", other["peak_mb"] / ours["peak_mb"], 2)


def write(folder: str) -> None:
    """A store with orders of heavy and light buyers, and contacts of customers drawn to two versions and a holdout."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    draw = np.random.default_rng(0)
    names = pa.array(draw.integers(-(2**63), 2**63 - 1, CUSTOMERS))
    popularity = np.cumsum(draw.gamma(0.6, size=CUSTOMERS))
    buyer = np.searchsorted(popularity, draw.random(ORDERS) * popularity[-1])
    text = pa.nulls(ORDERS, pa.string())
    orders = {
        "order_id": pa.array(np.arange(ORDERS)).cast(pa.string()), "customer_id": names.take(pa.array(buyer)),
        "order_date": pa.array(START + draw.integers(0, DAYS, ORDERS).astype("timedelta64[D]"), pa.date32()),
        "amount": pa.array(draw.integers(100, 20_000, ORDERS)), "payment_method": text, "channel": text,
    }  # fmt: skip
    campaign, arm = draw.integers(0, CAMPAIGNS, CONTACTS), draw.integers(0, 3, CONTACTS)
    blank = pa.nulls(CONTACTS, pa.string())
    contacts = {
        "customer_id": names.take(pa.array(draw.integers(0, CUSTOMERS, CONTACTS))), "lead_id": blank,
        "campaign_id": pa.array(np.array([f"c{k}" for k in range(CAMPAIGNS)], object)[campaign]), "channel": blank,
        "version": pa.array(np.array(["none", "A", "B"], object)[arm]), "step": blank, "purpose": blank, "segment": blank,
        "arm": pa.array(np.array(["control", "treated", "treated"], object)[arm]),
        "sent_date": pa.array(START + (200 + 4 * campaign).astype("timedelta64[D]"), pa.date32()),
        "cost": pa.array(np.where(arm > 0, 150, 0)),
    }  # fmt: skip
    pq.write_table(pa.table(orders), Path(folder) / "store" / "orders.parquet")
    pq.write_table(pa.table(contacts), Path(folder) / "store" / "contacts.parquet")


def crmlib() -> Callable[[str], pd.DataFrame]:
    from crmlib import summaries
    from crmlib.summaries import lift, orders

    def work(folder: str) -> pd.DataFrame:
        store = summaries.open_store(folder)
        units = lift.units(lift.log(store.contacts, AS_OF, WINDOW), WINDOW)
        known = lift.outcomes(units, orders.purchases(store.days, AS_OF), WINDOW)
        return lift.arms(known, lift.PLAIN).to_pandas()

    return work


def pandas() -> Callable[[str], pd.DataFrame]:
    """The same in pandas, campaign by campaign, because all pairs at once do not fit into memory."""

    def work(folder: str) -> pd.DataFrame:
        orders = pd.read_parquet(
            Path(folder) / "store" / "orders.parquet", columns=["customer_id", "order_date", "amount"]
        )
        contacts = pd.read_parquet(Path(folder) / "store" / "contacts.parquet")
        for frame, name in ((orders, "order_date"), (contacts, "sent_date")):
            frame[name] = pd.to_datetime(frame[name])
        days = orders.groupby(["customer_id", "order_date"], as_index=False)["amount"].sum()
        parts = [_campaign(rows, days) for _, rows in contacts.groupby("campaign_id")]
        return pd.concat(parts, ignore_index=True)

    return work


def _campaign(rows: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    each = rows.groupby("customer_id").agg(
        campaign=("campaign_id", "first"),
        version=("version", "min"),
        last=("version", "max"),
        sent=("sent_date", "min"),
    )
    each = each[each["version"] == each["last"]].reset_index()
    near = days[days["customer_id"].isin(each["customer_id"])].merge(each[["customer_id", "sent"]], on="customer_id")
    day = (near["order_date"] - near["sent"]).dt.days
    after, before = near[day.between(1, WINDOW)], near[day.between(-YEAR, -1)]
    each = each.set_index("customer_id")
    each["orders"] = after.groupby("customer_id").size()
    each["spend"] = after.groupby("customer_id")["amount"].sum()
    each["x"] = before.groupby("customer_id")["amount"].sum()
    each = each.fillna({"orders": 0, "spend": 0, "x": 0})
    each = each.assign(
        purchase_y=each["orders"] > 0, orders_yy=each["orders"] ** 2, spend_y=each["spend"], spend_yy=each["spend"] ** 2
    )
    each = each.assign(spend_xy=each["spend"] * each["x"], spend_xx=each["x"] ** 2, purchase_n=1)
    return each.groupby(["campaign", "version"])[COMPARED].sum().reset_index()


def _contend(name: str, folder: str) -> None:
    work = globals()[name]()  # imports are not timed
    time, found = seconds(lambda: work(folder))
    print(
        json.dumps(
            {"seconds": time, "peak_mb": peak_mb(), "arms": len(found)} | {k: float(found[k].sum()) for k in COMPARED}
        )
    )


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2])
        print("{}")
    else:
        _contend(sys.argv[1], sys.argv[2])
