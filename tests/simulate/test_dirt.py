"""Dirt: what truth.json counts is what stands in the files, kind by kind."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from crmlib.simulate import SimulationOptions, Truth, simulate
from crmlib.simulate.export.dirt import KINDS
from tests.simulate.conftest import written
from tests.simulate.test_exports import read

Client = tuple[Path, Truth]
NORMAL = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?")
# What each kind looks like: which of (customer, date, amount), and the pattern. Written by hand, not from the simulator.
LOOKS = {
    "amount_full_width": (2, r"[０-９]+"),
    "amount_yen": (2, r"\d{1,3}(,\d{3})*円"),
    "amount_word": (2, "未定"),
    "amount_fraction": (2, r"\d+\.5"),
    "date_slashes": (1, r"\d{4}/\d{1,2}/\d{1,2}"),
    "date_kanji": (1, r"\d{4}年\d{1,2}月\d{1,2}日"),
    "date_era": (1, r"令和\d年\d{1,2}月\d{1,2}日"),
    "date_blank": (1, ""),
    "date_impossible": (1, r"\d{4}-02-30"),
    "id_full_width": (0, r"[０-９]+"),
    "id_damaged": (0, r"\d\.\d\dE\+\d\d"),
}


def fields(client: Client) -> list[tuple[str, str, str, str, str]]:
    """Order number, customer, date, amount, mark of a test order, of each row but the total row."""
    if (client[0] / "raw" / "orders.csv").exists():
        rows = read(client[0], "orders.csv", "utf-8")[1:-1]
        return [(row[0], row[1], row[2], row[3], row[12]) for row in rows]
    rows = read(client[0], "order_*.csv")[1:-1]
    return [(row[1], row[2], row[31], row[26], row[3]) for row in rows]


@pytest.fixture(params=["dirty", "plain_client"])
def client(request: pytest.FixtureRequest) -> Client:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("kind", LOOKS)
def test_rows_and_orders_of_each_kind(client: Client, kind: str) -> None:
    place, pattern = LOOKS[kind]
    hit = [
        row for row in fields(client) if re.fullmatch(pattern, row[1 + place]) and (row[1] or kind.startswith("date"))
    ]
    hit = [row for row in hit if row[4] != "テスト"]
    entry = client[1].dirt[kind]
    assert entry["rows"] == len(hit) > 0
    assert entry["orders"] == len({row[0] for row in hit})


def test_yen_of_repaired_amounts(client: Client) -> None:
    for kind, clean in (("amount_full_width", str), ("amount_yen", lambda text: text.rstrip("円").replace(",", ""))):
        hit = {row[0]: row[3] for row in fields(client) if re.fullmatch(LOOKS[kind][1], row[3])}
        assert client[1].dirt[kind]["yen"] == sum(int(clean(text)) for text in hit.values())


def test_copies(client: Client) -> None:
    rows = fields(client)
    tests = [row for row in rows if row[4] == "テスト"]
    assert client[1].dirt["copy_test"]["rows"] == len(tests) > 0
    totals = Counter((row[0], row[3]) for row in rows if row[4] != "テスト")
    numbers = Counter(order for order, _ in totals)
    conflicts = [order for order, count in numbers.items() if count == 2]
    assert client[1].dirt["copy_conflict"]["orders"] == len(conflicts) > 0
    per_order = 1 if (client[0] / "raw" / "orders.csv").exists() else None
    copied = {row[0] for row in rows if totals[row[0], row[3]] > 1} if per_order else set()
    if per_order:
        assert client[1].dirt["copy_exact"]["orders"] == len(copied) > 0


def test_exact_copies_of_ec_cube_rows(dirty: Client) -> None:
    rows = Counter(tuple(row) for row in read(dirty[0], "order_*.csv"))
    assert dirty[1].dirt["copy_exact"]["rows"] == sum(count - 1 for count in rows.values()) > 0


def test_total_row_and_late_orders(client: Client) -> None:
    late = [row for row in fields(client) if row[2][:10] > "2025-03-31" and NORMAL.fullmatch(row[2])]
    assert client[1].dirt["after_as_of"]["rows"] == len(late) > 0
    plain = (client[0] / "raw" / "orders.csv").exists()
    last = read(client[0], "orders.csv", "utf-8")[-1] if plain else read(client[0], "order_*.csv")[-1]
    assert last[0] == "合計"
    assert client[1].dirt["total_row"]["yen"] == int(last[3 if plain else 26])


def test_all_rows_are_counted(client: Client) -> None:
    assert client[1].tables["orders"]["rows"] == len(fields(client)) + 1


def test_clean_client_has_none(clean: Client) -> None:
    counted = written(clean[0])["dirt"]
    assert set(counted) == {kind.name for kind in KINDS} | {"after_as_of", "total_row"}
    assert {(entry["rows"], entry["yen"]) for entry in counted.values()} == {(0, 0)}


def test_dirt_leaves_the_client_as_it_is(tmp_path: Path) -> None:
    made = [
        simulate(tmp_path / f"d{place}", SimulationOptions(400, dirt=dirt)) for place, dirt in enumerate((0.0, 1.0))
    ]
    assert made[0].planted == made[1].planted
    assert made[0].tables["orders"]["valid_yen"] == made[1].tables["orders"]["valid_yen"]
