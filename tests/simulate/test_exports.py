"""The exports open as their real counterparts would."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from crmlib import config_file
from crmlib.home import CLIENT_DATA
from crmlib.simulate import SimulationOptions, Truth, simulate, truth_path
from tests.simulate.conftest import written

Client = tuple[Path, Truth]
OTHER = (
    "products",
    "contacts",
    "campaigns",
    "interactions",
    "subscriptions",
    "leads",
    "tier_history",
    "costs",
    "monthly_sales",
    "referrals",
)


def read(folder: Path, pattern: str, encoding: str = "cp932") -> list[list[str]]:
    (path,) = (folder / "raw").glob(pattern)
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def orders(clean: Client) -> list[list[str]]:
    return read(clean[0], "order_*.csv")


def test_order_file_has_the_70_columns_of_ec_cube_with_shipping_twice(orders: list[list[str]]) -> None:
    header = orders[0]
    assert len(header) == 70
    assert [place for place, name in enumerate(header) if name == "送料"] == [23, 65]
    assert header[:3] == ["注文ID", "注文番号", "会員ID"]
    assert header[31] == "受注日"
    assert header[47] == "明細区分(名称)"
    assert {len(row) for row in orders} == {70}


def test_order_file_is_cp932_with_lf_and_quotes_only_where_needed(clean: Client) -> None:
    (path,) = (clean[0] / "raw").glob("order_*.csv")
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    for word in ("㈱", "髙", "﨑"):
        assert word.encode("cp932") in raw
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("shift_jis")
    assert b',"2022-' in raw


def test_item_rows_add_up_to_the_order_total(orders: list[list[str]]) -> None:
    totals: dict[str, int] = {}
    sums: dict[str, int] = defaultdict(int)
    for row in orders[1:]:
        price, quantity, rate, kind = int(row[42]), int(row[43]), int(row[44]), row[47]
        tax = (price * rate + 50) // 100 if kind == "商品" else 0
        sums[row[0]] += (price + tax) * quantity
        assert totals.setdefault(row[0], int(row[26])) == int(row[26])
        assert int(row[25]) == int(row[26]) == int(row[21]) + int(row[23]) - int(row[22])
    assert totals == sums


def test_shipping_discount_and_points_are_item_rows(orders: list[list[str]]) -> None:
    kinds = {row[47] for row in orders[1:]}
    assert kinds == {"商品", "送料", "割引", "ポイント"}
    assert all(int(row[42]) < 0 for row in orders[1:] if row[47] in {"割引", "ポイント"})
    assert all(row[42] == "550" and not row[34] for row in orders[1:] if row[47] == "送料")


def test_guests_cancels_returns_and_free_samples_are_there(orders: list[list[str]]) -> None:
    guests = [row for row in orders[1:] if not row[2]]
    assert guests
    assert all(row[3] for row in guests)
    assert {"注文取消し", "返品", "発送済み"} <= {row[28] for row in orders[1:]}
    assert any(row[26] == "0" for row in orders[1:])


def test_persons_cannot_exist(clean: Client) -> None:
    header, *rows = read(clean[0], "customer_*.csv")
    at = {name: header.index(name) for name in ("会員ID", "郵便番号", "メールアドレス", "TEL", "ショップ用メモ欄")}
    assert len(header) == 27
    assert all(row[at["郵便番号"]].startswith("000") and len(row[at["郵便番号"]]) == 7 for row in rows)
    assert all(row[at["TEL"]].startswith("000-") for row in rows)
    assert all(row[at["メールアドレス"]].split("@")[1] in {"example.jp", "example.com"} for row in rows)
    assert len({row[at["会員ID"]] for row in rows}) == len(rows)
    assert {row[at["ショップ用メモ欄"]] for row in rows} >= {"検索広告", "紹介"}


def test_duplicate_ids_share_name_and_telephone(clean: Client) -> None:
    header, *rows = read(clean[0], "customer_*.csv")
    by_id = {row[0]: row for row in rows}
    pairs = clean[1].lists["duplicate_ids"]
    assert pairs
    for one, other in pairs:
        first, second = by_id[str(one)], by_id[str(other)]
        assert first[1:5] == second[1:5]
        assert first[header.index("TEL")] == second[header.index("TEL")]
        assert first[header.index("メールアドレス")] != second[header.index("メールアドレス")]
        assert first[header.index("住所1")] != second[header.index("住所1")]


@pytest.mark.parametrize("name", OTHER)
def test_other_tables_are_whole(clean: Client, name: str) -> None:
    header, *rows = read(clean[0], f"{name}.csv")
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    if name in clean[1].tables:
        assert len(rows) == clean[1].tables[name]["rows"]


def test_interactions_are_japanese_and_the_pump_is_named(clean: Client) -> None:
    header, *rows = read(clean[0], "interactions.csv")
    texts = [row[header.index("text")] for row in rows]
    assert all(text.endswith("。") for text in texts)
    assert any("ポンプ" in text for text in texts)
    assert not any("{" in text for text in texts)


def test_holdout_has_no_cost(clean: Client) -> None:
    header, *rows = read(clean[0], "contacts.csv")
    arm, cost = header.index("arm"), header.index("cost")
    assert {row[cost] for row in rows if row[arm] == "control"} == {"0"}
    assert all(int(row[cost]) > 0 for row in rows if row[arm] == "treated")


def test_plain_layout_adds_up(plain_client: Client) -> None:
    orders = read(plain_client[0], "orders.csv", "utf-8")
    lines = read(plain_client[0], "order_lines.csv", "utf-8")
    sums: dict[str, int] = defaultdict(int)
    for row in lines[1:]:
        price, quantity, rate = int(row[3]), int(row[4]), int(row[5])
        sums[row[0]] += (price + (price * rate + 50) // 100) * quantity
    for row in orders[1:-1]:
        if row[0] in sums:
            assert int(row[5]) == sums[row[0]]
            expected = sums[row[0]] + int(row[6]) - int(row[7]) - int(row[8])
            assert row[3] == str(expected) or not row[3].isdigit() or int(row[3]) in {expected, expected + 100}


@pytest.mark.parametrize("layout", ["eccube4", "plain"])
def test_client_yaml_is_accepted(layout: str, tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    simulate(folder, SimulationOptions(30, layout=layout))
    client = config_file.load(folder)
    assert client.currency == "JPY"
    assert client.as_of.isoformat() == "2025-03-31"
    assert client.guest_orders == "accept"
    assert client.tiers is not None
    assert client.tiers.thresholds == (0, 30_000, 100_000)


def test_truth_is_beside_never_inside(clean: Client) -> None:
    assert truth_path(clean[0]) == clean[0].parent / "acme.truth.json"
    assert not list(clean[0].rglob("*truth*"))
    entry = written(clean[0])["planted"]["good_product.f2_180d"]
    assert set(entry) == {
        "definition",
        "value",
        "neutral",
        "problem",
        "n",
        "unit",
        "sampling_error",
        "planted",
        "detectable",
    }


@pytest.mark.parametrize("customers", [1, 2, 7])
def test_tiny_clients_are_whole(customers: int, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    truth = simulate(folder, SimulationOptions(customers, seed=3))
    assert truth.tables["customers"]["rows"] >= customers
    assert len(read(folder, "customer_*.csv")) >= customers + 1


def test_committed_sample_is_what_its_command_makes(tmp_path: Path) -> None:
    """crmlib simulate sample --customers 2700 --seed 1 --dirt 0.2 (docs/simulator.md)."""
    simulate(tmp_path / "sample", SimulationOptions(2700, seed=1, dirt=0.2))
    made = {
        path.relative_to(tmp_path / "sample"): path.read_bytes()
        for path in (tmp_path / "sample").rglob("*")
        if path.is_file() and path.name != "client.schema.json"
    }
    committed = {name: (CLIENT_DATA / "sample" / name).read_bytes() for name in made}
    assert [str(name) for name in made if made[name] != committed[name]] == []
    assert sum(map(len, committed.values())) <= 5_000_000
