"""The sliders' numbers are the ledger's; without them there is no slider."""

from __future__ import annotations

import pytest

from crmlib.deck import what_if
from crmlib.ltv import balance, levers
from crmlib.numbers.model import Ledger, Number
from crmlib.text import Words


def ledger(**without: bool) -> Ledger:
    """A ledger with every lever: gains of 100 a point of F2 and 10 a point of retention."""
    made = {
        f"{what_if.GRID}{f2}.{kept}": Number(100.0 * f2 + 10 * kept, "money", 1.0, 999.0, 0.95, 50)
        for f2 in range(7)
        for kept in range(6)
        if f2 or kept
    }
    made["ltv.bs.lever.order_value"] = Number(500.0, "money", 400.0, 600.0, 0.95, 50)
    made["retention.worth.points"] = Number(0.03, "points")
    made["retention.worth.points_yen"] = Number(300.0, "money", 270.0, 330.0, 0.95, 50)
    made["base.loyal.point"] = Number(70.0, "money", 60.0, 80.0, 0.95, 50)
    return Ledger((), "JPY", {key: number for key, number in made.items() if key not in without})


def test_the_gains_are_the_ledger_s() -> None:
    made = what_if.sliders(ledger(), Words("en"))
    assert made["data"]["grid"][3][2] == (320.0, 1.0, 999.0)
    assert made["data"]["grid"][0][0] == (0.0, 0.0, 0.0)
    assert made["data"]["one"]["order_value"] == (100.0, 80.0, 120.0)
    assert made["data"]["one"]["new_f2"] == pytest.approx((100.0, 90.0, 110.0))
    assert made["data"]["one"]["loyal"] == (70.0, 60.0, 80.0)
    assert {s["name"]: (s["start"], s["reach"]) for s in made["sliders"]} == {
        "f2": (3, 6), "retention": (2, 5), "order_value": (5, 10), "loyal": (1, 3),
    }  # fmt: skip


def test_they_start_at_what_the_page_prints() -> None:
    printed = {"f2": balance.F2_POINTS, "retention": balance.RETENTION_POINTS, "order_value": balance.ORDER_VALUE}
    assert {name: what_if.START[name] / 100 for name in printed} == pytest.approx(printed)
    assert all(what_if.START[name] <= reach for name, reach in {**levers.STEPS, **what_if.REACH}.items())


@pytest.mark.parametrize("missing", [f"{what_if.GRID}4.4", "ltv.bs.lever.order_value"])
def test_no_sliders_where_the_balance_sheet_is_not_whole(missing: str) -> None:
    assert what_if.sliders(ledger(**{missing: True}), Words("ja")) == {}


def test_no_sliders_without_a_balance_sheet() -> None:
    assert what_if.sliders(Ledger((), "JPY", {}), Words("ja")) == {}


def test_a_lever_that_the_ledger_lacks_is_left_out() -> None:
    lacking = ledger(**{"base.loyal.point": True, "retention.worth.points": True})
    made = what_if.sliders(lacking, Words("ja"))
    assert [s["name"] for s in made["sliders"]] == ["f2", "retention", "order_value"]
    assert set(made["data"]["one"]) == {"order_value"}


def test_a_gain_without_interval_is_left_out() -> None:
    made = ledger()
    made.numbers["base.loyal.point"] = Number(None, "money", why="base.no_loyal")
    assert "loyal" not in what_if.sliders(made, Words("en"))["data"]["one"]
