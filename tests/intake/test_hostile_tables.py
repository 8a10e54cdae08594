"""Hostile files of the other tables: rows used, set aside and excluded, and what stands in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.intake.conftest import Make
from tests.intake.hostile import GOOD, HEAD, MORE, sheet, workbook, zipped

COLUMNS = {
    "customers": "{customer_id: 会員ID, registered: 登録日, medium: 媒体, birth_month: 生年月日}",
    "products": "{product_id: 品番, name: 商品名, margin_rate: 粗利率, subscription: 定期}",
    "contacts": "{customer_id: 会員ID, sent_date: 発送日, arm: 群, cost: 費用}",
    "interactions": "{customer_id: 会員ID, interaction_date: 日付, kind: 種別, text: 内容}",
    "subscriptions": "{subscription_id: 申込番号, customer_id: 会員ID, event: 状態, event_date: 日付}",
    "costs": "{month: 月, medium: 媒体, cost: 費用}",
    "monthly_sales": "{month: 月, net_sales: 売上}",
    "referrals": "{customer_id: 会員ID, referrer_id: 紹介者}",
    "tier_history": "{customer_id: 会員ID, review_date: 判定日, tier: ランク}",
    "order_lines": "{order_id: 注文番号, product_id: 品番, quantity: 数量, amount: 金額}",
}
HEADERS = {name: ",".join(part.split(": ")[1] for part in said[1:-1].split(", ")) for name, said in COLUMNS.items()}
ARMS = "values: {arm: {treated: 送付, control: 対照}}"
EVENTS = "values: {event: {start: 申込, ship: 出荷, cancel: 解約}}"


@dataclass(frozen=True)
class Table:
    """A file of one table, and what must come of it: rows by fate, money, and some columns of the store."""

    name: str
    table: str
    content: str | bytes
    used: int
    quarantined: dict[str, int] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    store: Mapping[str, list[Any]] = field(default_factory=dict)
    source: str = ""


def rows(table: str, *lines: str) -> str:
    return "\n".join([HEADERS[table], *lines]) + "\n"


TABLES = [
    Table("customers as they come", "customers", rows("customers", "0001,令和5年4月1日,WEB,1980/2/29", "0002,2023/05/01,,").encode("cp932"), 2, store={"birth_month": [2, None]}),
    Table("one customer twice, alike", "customers", rows("customers", "1,2023-04-01,WEB,", "1,2023/4/1,WEB,"), 1, excluded={"exact_duplicate": 1}),
    Table("one customer twice, unlike", "customers", rows("customers", "1,2023-04-01,WEB,", "1,2023-05-01,TV,", "2,2023-05-01,TV,"), 1, {"conflicting_duplicate": 2}),
    Table("customers below a title, above a total", "customers", "会員一覧\n" + rows("customers", "1,2023-04-01,WEB,", "合計,,,", "※社外秘"), 1, excluded={"preamble": 1, "total_row": 1, "footer": 1}),
    Table("a customer without a number", "customers", rows("customers", ",2023-04-01,WEB,", "2,2023-04-01,WEB,"), 1, {"blank_customer_id": 1}),
    Table("customers damaged by a sheet", "customers", rows("customers", "1.23E+10,2023-04-01,WEB,", "2,2023-04-01,WEB,"), 1, {"damaged_id": 1}),
    Table("registered after as_of", "customers", rows("customers", "1,2025-04-01,WEB,", "2,2023-04-01,WEB,"), 1, excluded={"after_as_of": 1}),
    Table("products with shares and flags", "products", rows("products", "P1,青汁,45%,○", "P2,=1+1,0.4,"), 2, store={"margin_rate": [0.45, 0.4], "name": ["青汁", "=1+1"]}),
    Table("a margin of 4,500 %", "products", rows("products", "P1,a,4500%,", "P2,b,x,", "P3,c,0.5,"), 1, {"bad_share": 2}),
    Table("contacts with words explained", "contacts", rows("contacts", "1,2024-01-05,送付,¥100", "2,2024-01-05,対照,0"), 2, store={"arm": ["treated", "control"], "cost": [100, 0]}, source=ARMS),
    Table("a contact on 30 February", "contacts", rows("contacts", "1,2024-02-30,送付,100", "2,2024-01-05,対照,0"), 1, {"impossible_date": 1}, source=ARMS),
    Table("two equal contacts are copies", "contacts", rows("contacts", "1,2024-01-05,送付,100", "1,2024-01-05,送付,100"), 1, excluded={"exact_duplicate": 1}, source=ARMS),
    Table("months in kanji, compact and as days", "costs", rows("costs", '2024年1月,WEB,"1,000"', "202402,WEB,2000", "2024-03-01,WEB,△5"), 3, store={"cost": [1000, 2000, -5]}),
    Table("a month twice, unlike", "costs", rows("costs", "2024-01,WEB,1", "2024/1,WEB,2", "2024-02,WEB,3"), 1, {"conflicting_duplicate": 2}),
    Table("monthly sales in a workbook with title and total", "monthly_sales", workbook(lambda b: sheet(b, ("月", "売上"), ("2024-01", 1000), ("2024-02", 2000), ("合計", 3000), head=("売上実績",))), 2, excluded={"preamble": 1, "total_row": 1}),
    Table("subscriptions in an archive", "subscriptions", zipped({"定期.csv": rows("subscriptions", "S1,1,申込,2024-01-05", "S1,1,解約,2024-02-05", "S2,,申込,2024-01-05")}), 2, {"blank_customer_id": 1}, source=EVENTS),
    Table("referrals, one without a referrer", "referrals", rows("referrals", "2,1", "3,"), 1, {"blank_cell": 1}),
    Table("order lines", "order_lines", rows("order_lines", "A1,P1,2,600", "A1,P2,1,400", "A2,P1,x,2000"), 2, {"bad_quantity": 1}),
    Table("lines of an order that nobody knows", "order_lines", rows("order_lines", "A1,P1,1,1000", "X9,P1,1,5"), 1, {"unknown_order": 1}),
    Table("voices with markup and escapes", "interactions", rows("interactions", '1,2024-01-05,complaint,"<script>\x1b[2J{{7*7}}"', "1,2024-01-06,praise,=1+1"), 2),
    Table("tiers in UTF-16", "tier_history", rows("tier_history", "1,2024-01-01,ゴールド", "2,2024-01-01,シルバー").encode("utf-16"), 2, store={"tier": ["ゴールド", "シルバー"]}),
    Table("a ragged row", "tier_history", rows("tier_history", "1,2024-01-01", "2,2024-01-01,シルバー"), 1, {"ragged_row": 1}),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case.name)
def test_other_tables_to_the_row(case: Table, make: Make) -> None:
    name = {b"PK": "x.zip"}.get(case.content[:2], "x.csv") if isinstance(case.content, bytes) else "x.csv"
    folder = make({"orders.csv": HEAD + GOOD + MORE, name: case.content}, extra="accept_quarantined: true")
    text = (folder.path / "client.yaml").read_text("utf-8").replace("raw/*", "raw/orders.csv")
    more = f'  - table: {case.table}\n    files: "raw/x.*"\n    columns: {COLUMNS[case.table]}\n    {case.source}\n'
    (folder.path / "client.yaml").write_text(text + more, "utf-8")
    found = folder.run()
    one = next(file.balance for file in found.files if file.table == case.table)
    assert (one.rows_used, one.reasons, one.exclusions) == (case.used, case.quarantined, case.excluded)
    assert one.rows_read == one.rows_used + one.rows_quarantined + one.rows_excluded
    assert one.amount_read == one.amount_used + one.amount_quarantined + one.amount_excluded
    stored = pq.read_table(Path(folder.path) / "store" / f"{case.table}.parquet")
    assert stored.num_rows == case.used
    assert {column: sorted(stored.column(column).to_pylist(), key=str) for column in case.store} == {
        column: sorted(values, key=str) for column, values in case.store.items()
    }
