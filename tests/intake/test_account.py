"""The money account, the bridge and the tie-out of a simulated client: everything that was planted, to the yen."""

import json

import pandas as pd
import pytest

from crmlib import config_file, intake
from crmlib.intake import bridge, tie_out
from crmlib.intake.account import COMPONENTS
from crmlib.simulate import SimulationOptions, simulate, truth_path


def simulated(folder, **options):
    simulate(folder, SimulationOptions(1500, seed=4, **options))
    truth = json.loads(truth_path(folder).read_text("utf-8"))
    client = config_file.load(folder)
    report = intake.run(client)
    books = pd.read_parquet(folder / "store" / "monthly_sales.parquet")
    money = bridge.load(folder)
    return (
        report,
        money,
        tie_out.of(money, books, client.as_of),
        {name: one["value"] for name, one in truth["planted"].items()},
    )


@pytest.fixture(scope="module", params=["eccube4", "plain"])
def clean(request, tmp_path_factory):
    return simulated(tmp_path_factory.mktemp(request.param) / "acme", layout=request.param)


@pytest.fixture(scope="module", params=["eccube4", "plain"])
def dirty(request, tmp_path_factory):
    return simulated(tmp_path_factory.mktemp(request.param) / "acme", layout=request.param, dirt=0.5)


def test_the_account_holds_what_the_row_ledger_holds(dirty):
    report, money, _, _ = dirty
    assert int(money["amount"].sum()) == report.orders.amount_read
    used = money[money["fate"] == "used"]
    assert int(used["amount"].sum()) == report.orders.amount_used
    assert int(used["rows"].sum()) == report.orders.rows_used
    aside = money[money["fate"] == "quarantined"]["rows"].sum()
    repeated = money[money["code"] == "order_total_repeated"]["rows"].sum()
    assert report.orders.rows_quarantined - aside <= repeated  # an order's other rows count as its total again


def test_the_parts_explain_the_amounts_in_every_month(dirty):
    _, money, _, _ = dirty
    found = bridge.of(money, 0.45)
    assert found.checked is True
    assert (
        found["margin"]
        == found["orders"] - found.parts["shipping"] - found.parts["tax"] - (found.parts["fee"] or 0) + found["cost"]
    )
    assert {name: found.states[name] for name in ("discount", "points", "shipping", "tax")} == {
        "discount": "already", "points": "already", "shipping": "deducted", "tax": "deducted",
    }  # fmt: skip
    assert set(COMPONENTS) <= set(money.columns)


def test_late_cancels_and_gaps_are_found_to_the_yen(clean):
    _, _, found, truth = clean
    assert found.late_cancels == truth["late_cancels.yen"] > 0
    planted = {name.split(".")[1]: yen for name, yen in truth.items() if name.startswith("books_gap.")}
    gaps = {month.isoformat()[:7]: int(yen) for month, yen in zip(found.months, found.unexplained, strict=True) if yen}
    assert gaps == planted
    assert found.verdict == "beyond"


def test_dirt_hides_neither(dirty):
    _, _, found, truth = dirty
    assert found.late_cancels == truth["late_cancels.yen"]
    planted = {name.split(".")[1]: yen for name, yen in truth.items() if name.startswith("books_gap.")}
    left = dict(zip((month.isoformat()[:7] for month in found.months), found.unexplained.tolist(), strict=True))
    assert all(left[month] > 0 for month in planted)


def test_where_nothing_is_planted_the_books_tie(tmp_path):
    _, _, found, _ = simulated(tmp_path / "acme", null=True)
    assert (found.verdict, found.share, found.late_cancels) == ("tied", 0.0, 0)
