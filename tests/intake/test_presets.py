"""A small export in each known format, made from its headers, with the traps that each has; recognised by header alone."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crmlib import config_file, intake, workspace
from crmlib.errors import DataError
from crmlib.intake import mapping

YAML = """
name: {{ja: 試験, en: Test}}
currency: JPY
as_of: 2025-12-31
{extra}
sources:
  - {{table: {table}, files: raw/export.csv}}
{more}
"""
SOME_ORDERS = "  - {table: orders, files: raw/orders.csv}"


@dataclass(frozen=True)
class Export:
    """Rows of an export, cells by header ("送料#2" is the second of two), and what must come out of it."""

    preset: str
    rows: list[dict[str, str]]
    store: list[tuple]
    lines: list[tuple] = field(default_factory=list)
    excluded: dict[str, int] = field(default_factory=dict)
    encoding: str = "cp932"
    delimiter: str = ","
    end: str = "\n"
    extra: str = ""
    without: tuple[str, ...] = ()  # columns that this shop has taken out

    @property
    def table(self) -> str:
        return config_file.presets()[self.preset]["table"]

    def content(self) -> bytes:
        headers = [name for name in config_file.presets()[self.preset]["headers"] if name not in self.without]
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.end)
        writer.writerow(headers)
        seen = [f"{name}#{headers[:i].count(name) + 1}" for i, name in enumerate(headers)]
        writer.writerows([row.get(seen[i], row.get(name, "")) for i, name in enumerate(headers)] for row in self.rows)
        return out.getvalue().encode(self.encoding)


def ec4(number: str, total: str, kind: str, **cells: str) -> dict[str, str]:
    order = {
        "注文ID": number,
        "注文番号": number,
        "会員ID": "0007",
        "支払合計": total,
        "明細区分(名称)": kind,
        "個数": "1",
    }
    fixed = {
        "対応状況(名称)": "発送済み",
        "支払方法(名称)": "代金引換",
        "受注日": "2025-03-05 12:00:00",
        "小計": "2160",
    }
    return order | fixed | {"送料#1": "550", "送料#2": "550", "お名前(姓)": "山田"} | cells


def rms(number: str, **cells: str) -> dict[str, str]:
    who = {
        "注文者姓": "髙橋",
        "注文者名": "花子",
        "注文者電話番号1": "03",
        "注文者電話番号2": "1234",
        "注文者電話番号3": "5678",
    }
    money = {"合計金額": "3300", "請求金額": "0", "ポイント利用額": "3300", "送料合計": "300", "商品合計金額": "3000"}
    return (
        {"注文番号": number, "ステータス": "500", "注文日時": "2025-03-05 23:59:59", "支払方法名": "クレジットカード"}
        | who
        | money
        | cells
    )


def shop(name: str, **cells: str) -> dict[str, str]:
    item = {"Lineitem sku": "A-1", "Lineitem quantity": "1", "Lineitem price": "1000.00"}
    return {"Name": name, "Email": "Hanako@Example.com", "Created at": "2025-03-05 23:30:00 +0000"} | item | cells


PAID = {"Financial Status": "paid", "Total": "2500.00", "Subtotal": "2000.00", "Shipping": "500.00", "Taxes": "0.00"}
COLORME = {
    "売上ID": "12342345", "受注日": "2025/03/05", "購入者 顧客ID": "23453456", "総合計金額": "2386", "送料合計": "600",
    "購入商品 商品ID": "56786789", "購入商品 販売個数": "2", "購入商品 小計": "1786", "発送状態#1": "発送済", "発送状態#2": "未発送",
    "商品の合計金額(税込)": "1786",
}  # fmt: skip
NEXT = {
    "店舗伝票番号": "0001", "受注日": "2025/03/05 10:00:00", "受注名": "山田 花子", "受注電話番号": "03-1234-5678",
    "受注住所１": "東京都", "合計金額": "1500", "商品計": "1000", "発送料": "500", "商品コード": "a1", "商品価格": "1000", "受注数量": "１",
    "消費税率（%）": "10",
}  # fmt: skip
AMAZON = {
    "order-id": "503-1", "order-item-id": "11", "purchase-date": "2025-03-05T20:00:00+00:00", "buyer-email": "x1@marketplace.amazon.co.jp",
    "sku": "S1", "quantity-purchased": "2", "currency": "JPY", "item-price": "2000", "sales-channel": "Amazon.co.jp",
}  # fmt: skip
BASE = {
    "注文ID": "ABC", "注文日時": "2025-03-05 10:00:00", "メールアドレス(請求先)": "a@example.com", "合計金額": "3500", "送料": "500",
    "価格": "1500", "数量": "2", "発送状況": "発送済み", "商品ID": "77", "支払い方法": "クレジットカード決済",
}  # fmt: skip

EXPORTS = [
    Export(
        "eccube4_order",
        [
            ec4("1", "2710", "商品", 商品ID="3", 価格="1000", 個数="2", 税率="8"),
            ec4("1", "2710", "送料", 価格="550", 税率="10"),
            ec4("2", "1000", "商品", 商品ID="4", 価格="926", 税率="8"),
            ec4("3", "900", "商品", 商品ID="4", 価格="833", 税率="8", **{"対応状況(名称)": "注文取消し"}),
        ],
        store=[("1", "2025-03-05", 2710), ("2", "2025-03-05", 1000)],
        lines=[("1", "3", 2, 2160), ("2", "4", 1, 1000)],
        excluded={"cancelled": 1, "order_total_repeated": 1},
        without=("お届け希望日", "会社名"),
    ),
    Export(
        "eccube2_order",
        [
            {"注文番号": "9", "会員ID": "1", "注文日時": "2025-03-05 10:11:12.345678", "お支払い合計": "5,500", "対応状況": "発送済み"},
            {"注文番号": "10", "会員ID": "1", "注文日時": "2025-03-06 10:11:12", "お支払い合計": "500", "対応状況": "3"},
        ],
        store=[("9", "2025-03-05", 5500)],
        excluded={"cancelled": 1},
        end="\r\n",
    ),
    Export(
        "eccube2_customer",
        [{"会員ID": "007", "お名前(姓)": "﨑山", "TEL1": "03", "TEL2": "1234", "TEL3": "5678", "誕生日": "1964-01-23 00:00:00", "登録日": "2025-01-02 03:04:05"}],
        store=[("2025-01-02", 1)],
        end="\r\n",
    ),
    Export(
        "eccube4_customer",
        [{"会員ID": "7", "お名前(姓)": "﨑山", "登録日": "2025-01-02 03:04:05"}, {"会員ID": "8", "誕生日": "0000-00-00", "登録日": ""}],
        store=[("2025-01-02", None), (None, None)],
    ),
    Export(
        "rakuten_rms_order",
        [
            rms("100-1", 商品管理番号="x1", 個数="1", 単価="1000"),
            rms("100-1", 商品管理番号="x2", 個数="2", 単価="1000"),
            rms("100-2", 商品管理番号="x1", 個数="1", 単価="3000", ステータス="900"),
        ],
        store=[("100-1", "2025-03-05", 3300)],  # paid in points: still a sale of 3,300
        lines=[("100-1", "x1", 1, 1000), ("100-1", "x2", 2, 2000)],
        excluded={"cancelled": 1, "order_total_repeated": 1},
    ),
    Export(
        "next_engine_order",
        [NEXT, NEXT | {"商品コード": "a2", "商品価格": "500"}, NEXT | {"店舗伝票番号": "0002", "受注数量": "3"}],
        store=[("0001", "2025-03-05", 1500), ("0002", "2025-03-05", 1500)],
        lines=[("0001", "a1", 1, 1000), ("0001", "a2", 1, 500), ("0002", "a1", 3, 3000)],
        excluded={"order_total_repeated": 1},
        end="\r\n",
    ),
    Export(
        "base_order",
        [BASE, BASE | {"商品ID": "", "商品名": "商品オプション「箱」", "価格": "0"}, BASE | {"注文ID": "ABD", "発送状況": "キャンセル"}],
        store=[("ABC", "2025-03-05", 3500)],
        lines=[("ABC", "77", 2, 3000)],
        excluded={"cancelled": 1, "order_total_repeated": 1},
        encoding="utf-8",
    ),
    Export(
        "shopify_orders",
        [
            shop("#1001", **PAID),
            shop("#1001", **{"Lineitem sku": "A-2", "Created at": "2025-03-05 23:30:09 +0000", "Email": "hanako@example.com"}),
            shop("#1002", **(PAID | {"Cancelled at": "2025-03-06 00:00:00 +0000"})),
            shop("#1002", **{"Lineitem sku": "A-2"}),
            shop("#1003", **(PAID | {"Financial Status": "refunded", "Refunded Amount": "2500.00"})),
            shop("#1003", **{"Lineitem sku": "A-2"}),
        ],
        store=[("#1001", "2025-03-06", 2500)],  # half past eleven in London is the next day in Tokyo
        lines=[("#1001", "A-1", 1, 1000), ("#1001", "A-2", 1, 1000)],
        excluded={"cancelled_order": 2, "order_total_repeated": 2, "returned": 1},
        encoding="utf-8",
    ),
    Export(
        "shopify_customers",
        [{"Customer ID": "'7001", "Email": "Hanako@example.com", "Phone": "'+81312345678"}],
        store=[(None, None)],
        encoding="utf-8-sig",
    ),
    Export(
        "shopify_customers_old",
        [{"First Name": "花子", "Email": "hanako@example.com"}],
        store=[(None, None)],
        encoding="utf-8",
    ),
    Export(
        "amazon_orders",
        [AMAZON, AMAZON | {"order-item-id": "12", "sku": "S2", "item-price": "500"}, AMAZON],
        store=[("503-1", "2025-03-06", 500), ("503-1", "2025-03-06", 2000)],
        lines=[("503-1", "S1", 2, 2000), ("503-1", "S2", 2, 500)],
        excluded={"exact_duplicate": 1},
        delimiter="\t",
    ),
    Export(
        "colorme_order",
        [COLORME, COLORME | {"売上詳細ID": "2", "購入商品 商品ID": "9", "購入商品 販売個数": "1", "購入商品 小計": "0"}, COLORME | {"売上ID": "12342346", "購入者 顧客ID": ""}],
        store=[("12342345", "2025-03-05", 2386), ("12342346", "2025-03-05", 2386)],
        lines=[("12342345", "56786789", 2, 1786), ("12342345", "9", 1, 0), ("12342346", "56786789", 2, 1786)],
        excluded={"order_total_repeated": 1},
        extra="guest_orders: accept",
    ),
    Export(
        "ecforce_order",
        [
            {"受注番号": "r1", "顧客番号": "c1", "受注日": "2025/03/05 10:00", "支払い合計": "3980", "対応状況": "出荷済み", "購入商品（商品名）": "化粧水, 【共通】初回挨拶状"},
            {"受注番号": "r2", "顧客番号": "c1", "受注日": "2025/03/05 10:00", "支払い合計": "3980", "対応状況": "決済NG"},
        ],
        store=[("r1", "2025-03-05", 3980)],
        excluded={"cancelled": 1},
        encoding="utf-8-sig",
        without=("LINE ID", "会員ランク名", "停止理由"),
    ),
]  # fmt: skip


def made(tmp_path: Path, export: Export) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "export.csv").write_bytes(export.content())
    (tmp_path / "raw" / "orders.csv").write_text("customer_id,order_date,amount\n7,2025-03-05,100\n", "utf-8")
    more = SOME_ORDERS if export.table == "customers" else ""
    (tmp_path / "client.yaml").write_text(YAML.format(table=export.table, extra=export.extra, more=more), "utf-8")
    return tmp_path


@pytest.mark.parametrize("export", [one for one in EXPORTS if one.table == "orders"], ids=lambda one: one.preset)
def test_an_export_of_orders(export: Export, tmp_path: Path) -> None:
    folder = made(tmp_path, export)
    done = intake.run(workspace.load(folder))
    assert done.files[0].preset == export.preset
    assert (done.orders.rows_quarantined, done.orders.exclusions) == (0, export.excluded)
    orders = pq.read_table(folder / "store" / "orders.parquet").to_pylist()
    assert sorted((row["order_id"], str(row["order_date"]), row["amount"]) for row in orders) == export.store
    if export.lines:
        lines = pq.read_table(folder / "store" / "order_lines.parquet").to_pylist()
        found = sorted((row["order_id"], row["product_id"], row["quantity"], row["amount"]) for row in lines)
        assert found == export.lines
    assert (folder / "store" / "order_lines.parquet").exists() == bool(export.lines)


@pytest.mark.parametrize("export", [one for one in EXPORTS if one.table == "customers"], ids=lambda one: one.preset)
def test_an_export_of_customers(export: Export, tmp_path: Path) -> None:
    folder = made(tmp_path, export)
    done = intake.run(workspace.load(folder))
    assert done.files[0].preset == export.preset
    found = pq.read_table(folder / "store" / "customers.parquet").to_pylist()
    days = [(row["registered"] and str(row["registered"]), row["birth_month"]) for row in found]
    assert sorted(days, key=str) == sorted(export.store, key=str)
    assert set(found[0]) == {"customer_id", "registered", "medium", "birth_month", "no_contact"}


def test_every_preset_has_an_export() -> None:
    assert sorted(export.preset for export in EXPORTS) == config_file.preset_names()


@pytest.mark.parametrize("name", config_file.preset_names())
def test_a_preset_knows_its_own_headers_and_no_other(name: str) -> None:
    preset = config_file.presets()[name]
    assert mapping.known_export("", [preset["headers"]]) == name
    assert mapping.known_export("", [list(reversed(preset["headers"]))]) == name
    assert mapping.known_export("", [["a", "b", "c"]]) is None


def test_an_export_without_buyers_is_no_preset(tmp_path: Path) -> None:
    """Amazon's report of all orders names nobody: the message says what is missing."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "export.csv").write_text(
        "amazon-order-id\tpurchase-date\titem-price\n1\t2025-03-05\t5\n", "utf-8"
    )
    (tmp_path / "client.yaml").write_text(YAML.format(table="orders", extra="", more=""), "utf-8")
    with pytest.raises(DataError, match="customer_id must be mapped to a column of the client's file"):
        intake.run(workspace.load(tmp_path))
