"""A customer's reason: the facts of the row, in whole numbers, with the client's own names."""

import math

import pytest

from crmlib import reasons
from crmlib.errors import CrmError
from crmlib.text import Words

NAMES = ({"a": "Tea"}, ("Regular", "Silver"))


def said(language="en", **row):
    return reasons.phrased(row, NAMES, lambda minor: f"<{minor:.0f}>", Words(language))


def test_the_words_of_the_variant_with_the_facts_of_the_row():
    assert (
        said(list="next_need", variant="named", product_id="a", days=41.0)
        == "It is 41 days since your last Tea, so it may soon run out."
    )
    assert said(list="next_need", variant="plain", product_id="", days=1200, rhythm=30.0) == (
        "It is 1,200 days since your last order; you usually order about every 30 days."
    )


def test_a_list_with_one_wording_and_a_tier():
    assert (
        said(list="near_tier", variant="", money=1500.0, number=1)
        == "<1500> more before the next review, and you will be in Silver."
    )
    assert said(list="near_tier", variant="", money=1500.0, number=7).endswith("you will be in the next tier.")


@pytest.mark.parametrize("product", ["b", None, math.nan])
def test_a_product_without_a_name_is_the_usual_order(product):
    told = said(list="subscriber", variant="risky", product_id=product, number=2)
    assert told == "Shipment 2 of your usual order comes next. Does the interval suit you, and is anything unclear?"


def test_a_clients_braces_are_text():
    row = {"list": "next_need", "variant": "named", "product_id": "x", "days": 3}
    told = reasons.phrased(row, ({"x": "{days}{evil:pct}"}, ()), str, Words("ja"))
    assert told == "前回の{days}{evil:pct}から3日です。そろそろなくなる頃かと思い、お知らせします。"


def test_an_unknown_list_is_an_error():
    with pytest.raises(CrmError, match=r"list\.actions\.nothing\.reason"):
        said(list="nothing", variant="")
