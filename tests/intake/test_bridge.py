import pandas as pd
import pytest

from crmlib.errors import DataError
from crmlib.intake import bridge
from crmlib.intake.bridge import Bridge, Step

COLUMNS = (
    "month",
    "fate",
    "code",
    "amount",
    "subtotal",
    "shipping",
    "fee",
    "discount",
    "coupon",
    "points",
    "tax",
    "refund",
)
NONE = None


def money(*rows):
    return pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows])


USED = [
    ("2024-01-01", "used", "", 1080, 1000, 150, NONE, 50, NONE, 20, 74, NONE),
    ("2024-02-01", "used", "", 2000, 2000, 0, NONE, 0, NONE, 0, 148, NONE),
]
OTHERS = [
    ("2024-01-01", "excluded", "cancelled", 300, 300, 0, NONE, 0, NONE, 0, 22, NONE),
    ("2024-01-01", "excluded", "returned", 200, 200, 0, NONE, 0, NONE, 0, 15, NONE),
    ("2024-01-01", "excluded", "order_total_repeated", 1080, *[NONE] * 8),
    (NONE, "excluded", "test_orders", 70, *[NONE] * 8),
    (NONE, "quarantined", "bad_date", 90, *[NONE] * 8),
]


def test_the_bridge_adds_up_by_hand():
    found = bridge.of(money(*USED, *OTHERS), 0.5)
    assert [(step.name, step.amount) for step in found.steps] == [
        ("received", 4820), ("repeated", -1080), ("rules", -70), ("aside", -90), ("gross", 3580),
        ("cancelled", -300), ("returned", -200), ("orders", 3080), ("shipping", -150), ("tax", -222),
        ("net_sales", 2708), ("cost", -1354), ("margin", 1354),
    ]  # fmt: skip
    assert found.checked is True
    assert found.states == {
        "discount": "already", "coupon": "absent", "points": "already", "refund": "absent",
        "shipping": "deducted", "fee": "absent", "tax": "deducted",
    }  # fmt: skip
    assert (found.parts["discount"], found.parts["points"], found.parts["coupon"]) == (50, 20, None)


def test_a_discount_that_the_amount_still_holds_is_a_step():
    row = ("2024-01-01", "used", "", 1150, 1000, 150, NONE, 50, NONE, NONE, NONE, NONE)
    found = bridge.of(money(row), None)
    assert found.states["discount"] == "deducted"
    assert (found["discount"], found["net_sales"]) == (-50, 950)


def test_shipping_that_the_amount_does_not_hold_is_told_and_not_deducted():
    row = ("2024-01-01", "used", "", 1000, 1000, 150, NONE, NONE, NONE, NONE, NONE, NONE)
    found = bridge.of(money(row), None)
    assert found.states["shipping"] == "already"
    assert found["net_sales"] == 1000


def test_tax_on_top_of_the_goods_is_within_the_amount():
    row = ("2024-01-01", "used", "", 1100, 1000, 0, NONE, NONE, NONE, NONE, 100, NONE)
    assert bridge.of(money(row), None)["tax"] == -100


def test_parts_that_do_not_explain_the_amount_are_told():
    row = ("2024-01-01", "used", "", 1000, 700, 150, NONE, NONE, NONE, NONE, NONE, NONE)
    found = bridge.of(money(row), None)
    assert found.checked is False
    assert found["shipping"] == -150  # the usual reading


def test_without_parts_what_is_unknown_is_absent_and_nothing_is_guessed():
    found = bridge.of(money(("2024-01-01", "used", "", 1000, *[NONE] * 8)), None)
    assert set(found.states.values()) == {"absent"}
    assert (found["net_sales"], found.checked, found.margin_known) == (1000, None, False)


@pytest.mark.parametrize("rate", [0.333, 0.45, 1.0, 0.000001])
def test_margin_and_cost_add_up_to_the_last_unit(rate):
    found = bridge.of(money(*USED), rate)
    assert found["net_sales"] + found["cost"] == found["margin"]


def test_a_bridge_that_does_not_add_up_cannot_be_made():
    with pytest.raises(DataError, match="the money bridge does not add up: 'orders' is 9, not 7"):
        Bridge(
            [Step("received", 10, total=True), Step("rules", -3), Step("orders", 9, total=True)], {}, {}, None, False
        )


def test_an_intake_without_the_account_is_told(tmp_path):
    with pytest.raises(DataError, match="there is no money account"):
        bridge.load(tmp_path)
