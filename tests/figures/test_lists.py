"""The page of the action lists: its numbers are the ledger's, whatever the client's words are."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from crmlib import deck
from crmlib.deck import lint
from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import lists as charts
from crmlib.lists import NAMES, ActionList, Lists
from crmlib.numbers import lists as numbers
from crmlib.text import Words
from tests.lists.made_up import AS_OF

OUT = {"silent": 1, "asked": 2, "complaint": 3, "rest": 4, "elsewhere": 5}
EXAMPLE = {"variant": "named", "product_id": "a", "days": 123, "rhythm": 45, "money": 6789, "number": 2}
VARIANTS = {"subscriber": "paused", "semi_loyal": "amount", "near_tier": ""}


def made(product="Tea", tier="Gold", scale=1, **counts):
    sizes = dict.fromkeys(NAMES, 100) | counts
    rows = []
    for place, name in enumerate(NAMES):
        size, few = sizes[name], sizes[name] < 5
        yen = float("nan") if few else 1234.0 * (place + 1)
        example = {} if few else EXAMPLE | {"variant": VARIANTS.get(name, "named")}
        why = "lists.nobody" if not size else "lists.few" if few else ""
        share = 0.1 if size else float("nan")
        rows.append(ActionList(name, size, yen, size // 10, share, float("nan") if few else 0.2345, example, why))
    names = ("Regular", "Silver", tier)
    return Lists(AS_OF, tuple(rows), pd.DataFrame(), OUT, {}, {"a": product}, names, scale)


def slide(lists, currency="JPY"):
    book = numbers.ledger(lists, currency)
    pair = Exhibit(charts.lists, lists, currency), Exhibit(charts.lists_table, lists)
    return Slide("actions.lists", book, *pair, variant=book["actions.lists.state"].value), book


def checked(lists, currency="JPY"):
    page, book = slide(lists, currency)
    lint.check(deck.Collected({}, book, [page.payload], []))
    return page


@pytest.mark.parametrize(
    "product", ["Tea", "", "ビタミンC 1000", "<b>&{days}$x$", "\u202eabc", "長い名前の商品" * 9, "W" * 60]
)
def test_every_number_of_the_page_is_in_the_ledger(product):
    page = checked(made(product, tier=product or "Gold"))
    assert page.payload["texts"]["ja"]["title"] == "誰に・なぜ・何を：7つのリスト700人に、一人一つの理由で連絡する"


@pytest.mark.parametrize(("currency", "scale"), [("JPY", 1), ("USD", 100), ("EUR", 100)])
def test_every_currency(currency, scale):
    checked(made(scale=scale), currency)


@pytest.mark.parametrize(
    ("counts", "state"),
    [({}, "made"), (dict.fromkeys(NAMES, 0), "empty"), (dict.fromkeys(NAMES, 4), "few"), ({"protect": 1}, "made")],
)
def test_few_and_empty_lists_have_words_of_their_own(counts, state):
    page = checked(made(**counts))
    book = numbers.ledger(made(**counts), "JPY")
    assert book["actions.lists.state"].value == state
    assert (book["actions.lists.yen"].value is None) == (state != "made")
    assert "nan" not in str(page.payload["exhibits"]).lower().replace("finance", "")


def test_the_table_has_the_lists_with_the_most_expected_first():
    table = charts.lists_table(made(protect=0), Words("en"))
    assert [row[0] for row in table.rows] == [
        "Win back",
        "Close to loyal",
        "Next tier",
        "Next need",
        "Second order",
        "Subscription",
    ]
    assert table.rows[0] == ("Win back", "Postcard", "10", "+23.4")


def test_a_reason_for_each_list_in_both_languages():
    some = made()
    for language in ("ja", "en"):
        told = {one.name: charts.typical(one, some, "JPY", Words(language)) for one in some.lists}
        assert len(set(told.values())) == len(NAMES)
        assert not [text for text in told.values() if "{" in text or "nan" in text]
        assert "Gold" in told["near_tier"]
        assert "Tea" in told["protect"]


def test_a_ledger_without_a_product_or_tier_enters_none():
    some = dataclasses.replace(made(product=""), tiers=())
    keys = set(numbers.ledger(some, "JPY"))
    assert not {key for key in keys if key.endswith((".product", ".tier"))}
    assert "actions.list.protect.days" in keys
    assert np.isnan(made(protect=4).of("protect").yen)
