"""A simulated client through the intake: every kind of dirt to the row and the yen, every table as it was made."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import ibis
import pandas as pd
import pyarrow.parquet as pq
import pytest

from crmlib import intake, schema, summaries, workspace
from crmlib.intake import IntakeReport, pseudonym
from crmlib.simulate import SimulationOptions, Truth, simulate
from crmlib.summaries import orders
from tests import simulated

CUSTOMERS = 3_000
# Kind of dirt -> what the intake calls it: what became of it, our column, code. Copies on top; conflicts both ways.
CALLED = {
    "amount_full_width": ("repaired", "amount", "full_width"),
    "amount_yen": ("repaired", "amount", "currency_sign"),
    "amount_word": ("quarantined", "amount", "bad_amount"),
    "amount_fraction": ("quarantined", "amount", "fraction_of_minor_unit"),
    "date_slashes": ("repaired", "order_date", "date_slashes"),
    "date_kanji": ("repaired", "order_date", "date_kanji"),
    "date_era": ("repaired", "order_date", "date_era"),
    "date_blank": ("quarantined", "order_date", "blank_order_date"),
    "date_impossible": ("quarantined", "order_date", "impossible_date"),
    "id_full_width": ("repaired", "customer_id", "full_width"),
    "id_damaged": ("quarantined", "customer_id", "damaged_id"),
    "copy_exact": ("excluded", "", "exact_duplicate"),
    "copy_conflict": ("quarantined", "", ""),
    "copy_test": ("excluded", "", "test_orders"),
    "after_as_of": ("excluded", "order_date", "after_as_of"),
}
UNREADABLE = ("amount_word", "amount_fraction")  # their yen stand nowhere in the file
# What the store in memory does not have, or names otherwise: EC-CUBE's words for payment, dates of those with two ids.
LEFT_OUT = {
    "eccube4": {"orders": ("payment_method",), "customers": ("registered", "birth_month"), "interactions": ("text",)},
    "plain": {"customers": ("registered", "birth_month"), "interactions": ("text",)},
}
CONFLICTS = ("conflicting_total", "conflicting_duplicate")


@pytest.fixture(scope="module", params=["eccube4", "plain"])
def dirty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, IntakeReport, Path]:
    folder = tmp_path_factory.mktemp(request.param) / "acme"
    truth = simulate(folder, SimulationOptions(CUSTOMERS, seed=3, dirt=1.0, layout=request.param))
    return truth, intake.run(workspace.load(folder)), folder


def details(report: IntakeReport, kind: str) -> tuple[int, int, int]:
    """Rows, orders and yen that the intake has for a kind of dirt."""
    what, column, code = CALLED[kind]
    codes = (code,) if code else CONFLICTS
    hit = [d for d in report.details if d.table == "orders" and d.what == what and d.code in codes]
    hit = [d for d in hit if not column or d.column == column]
    return sum(d.rows for d in hit), sum(d.orders for d in hit), sum(d.amount for d in hit)


@pytest.mark.parametrize("kind", CALLED)
def test_every_kind_of_dirt_to_the_row_and_the_yen(dirty: tuple[Truth, IntakeReport, Path], kind: str) -> None:
    truth = dirty[0].dirt[kind]
    rows, orders, yen = truth["rows"], truth["orders"], truth["yen"]
    if kind == "copy_conflict":  # the copies and the originals, whose total is 100 yen less
        rows, yen = 2 * rows, 2 * yen - 100 * orders
    expected = (rows, orders, 0 if kind in UNREADABLE else yen)
    assert details(dirty[1], kind) == expected
    assert rows > 0


def test_unreadable_money_and_the_total_row_are_counted(dirty: tuple[Truth, IntakeReport, Path]) -> None:
    truth, report, _ = dirty
    assert report.orders.rows_amount_unreadable >= sum(truth.dirt[kind]["rows"] for kind in UNREADABLE)
    assert report.orders.exclusions["total_row"] == truth.dirt["total_row"]["rows"] == 1
    total = next(one for one in report.details if one.code == "total_row")
    assert (total.rows, total.orders, total.amount) == (1, 0, truth.dirt["total_row"]["yen"])


def test_what_is_left_is_what_was_valid(dirty: tuple[Truth, IntakeReport, Path]) -> None:
    truth, report, _ = dirty
    gone = ("amount_word", "amount_fraction", "date_blank", "date_impossible", "id_damaged", "copy_conflict")
    lost = {kind: truth.dirt[kind] for kind in gone}
    orders = sum(entry["orders"] for entry in lost.values())
    yen = sum(entry["yen"] for entry in lost.values()) - 100 * lost["copy_conflict"]["orders"]
    assert report.orders.rows_used == truth.tables["orders"]["valid_orders"] - orders
    assert report.orders.amount_used == truth.tables["orders"]["valid_yen"] - yen


def test_all_rows_of_all_files_are_accounted_for(dirty: tuple[Truth, IntakeReport, Path]) -> None:
    truth, report, folder = dirty
    read = {entry.table: entry.balance.rows_read for entry in report.files}
    assert {name: read[name] for name in truth.tables} == {name: size["rows"] for name, size in truth.tables.items()}
    assert {path.stem for path in (folder / "store").iterdir()} >= set(schema.STORE)
    for name, balance in report.tables.items():
        assert pq.read_metadata(folder / "store" / f"{name}.parquet").num_rows == balance.rows_used
        assert name in ("orders", "order_lines") or balance.rows_used == balance.rows_read


def test_orders_by_day_are_those_of_the_engine(dirty: tuple[Truth, IntakeReport, Path]) -> None:
    held = summaries.open_store(dirty[2])
    assert held.summed is not None
    written = held.days.to_pandas()
    keys = ["customer_id", "order_date"]
    summed = orders.days(held.orders)
    pd.testing.assert_frame_equal(written[[*keys, "amount"]], summed.order_by(keys).to_pandas())
    for as_of in (dt.date(2100, 1, 1), written["order_date"].quantile(0.6).date()):
        one, other = (orders.occasions(orders.purchases(days, as_of)).order_by(keys) for days in (held.days, summed))
        assert "ROW_NUMBER" not in ibis.to_sql(one)  # numbered by intake, and the same by the engine
        pd.testing.assert_frame_equal(one.to_pandas(), other.to_pandas(), check_dtype=False)
        one, other = (
            orders.customers(orders.purchases(days, as_of)).order_by("customer_id") for days in (held.days, summed)
        )
        pd.testing.assert_frame_equal(one.to_pandas(), other.to_pandas(), check_dtype=False)
    every = orders.occasions(orders.purchases(held.days, dt.date(2100, 1, 1), "purchase"))
    assert "ROW_NUMBER" in ibis.to_sql(every)  # where a day of nothing is a purchase, the numbers are others
    named = held.orders.to_pandas().dropna(subset=["customer_id"])
    assert written["amount"].sum() == named["amount"].sum()


@pytest.mark.parametrize("layout", ["eccube4", "plain"])
def test_the_store_is_what_was_made(tmp_path: Path, layout: str) -> None:
    """Table by table, value by value, against the store that is made in memory without any file."""
    folder = tmp_path / "acme"
    simulate(folder, SimulationOptions(1_000, seed=4, layout=layout))
    intake.run(workspace.load(folder))
    made, secret = simulated.store(1_000, seed=4), pseudonym.key(folder)
    for name in sorted(made.store.present):
        expected = getattr(made.store, name).to_pyarrow().to_pylist()
        found = pq.read_table(folder / "store" / f"{name}.parquet").to_pylist()
        names = [column for column in schema.STORE[name] if column not in LEFT_OUT[layout].get(name, ())]
        assert _rows(found, names) == _rows([_hidden(row, secret) for row in expected], names), name
    shutil.rmtree(folder)


def _hidden(row: dict, secret: bytes) -> dict:
    people = {key for key in ("customer_id", "referrer_id") if row.get(key) is not None}
    return row | {key: pseudonym.of([str(row[key])], secret)[0] for key in people}


def _rows(rows: list[dict], names: list[str]) -> list[str]:
    return sorted(str([row[name] for name in names]) for row in rows)
