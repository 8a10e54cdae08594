"""Price and mix to the yen, ownership, next product, first product, long tail; by hand and by law."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.base import entry, price_mix, products
from tests import made_up_base
from tests.made_up_base import orders_of

TODAY = dt.date(2025, 3, 31)
RANKING = ["a", "b", "c"]


def sold(*rows):
    names = ("product_id", "pieces_last", "pieces_this", "amount_last", "amount_this")
    return pd.DataFrame(rows, columns=names)


def test_price_alone():
    found = price_mix.price_mix(sold(("a", 10, 10, 1_000, 1_200), ("b", 5, 5, 500, 500)), 300)
    assert found.parts == {"volume": 0, "mix": 0, "price": 200, "outside": 100}


def test_volume_alone():
    assert price_mix.price_mix(sold(("a", 10, 20, 1_000, 2_000)), 1_000).parts == {
        "volume": 1_000,
        "mix": 0,
        "price": 0,
        "outside": 0,
    }


def test_mix_alone():
    found = price_mix.price_mix(sold(("a", 10, 5, 1_000, 500), ("b", 5, 10, 2_500, 5_000)), 2_000)
    assert found.parts == {"volume": 0, "mix": 2_000, "price": 0, "outside": 0}


def test_a_new_product_is_mix_and_never_price():
    found = price_mix.price_mix(sold(("a", 10, 5, 1_000, 500), ("b", 0, 5, 0, 4_000)), 3_500)
    assert (found.parts["price"], found.parts["mix"]) == (0, 3_500)


money = st.integers(0, 10**6)
pieces = st.integers(0, 500)


@given(st.lists(st.tuples(pieces, pieces, money, money), min_size=1, max_size=8), st.integers(-(10**6), 10**6))
def test_price_and_mix_sum_to_the_yen(rows, change):
    frame = sold(*[(f"p{i}", *row) for i, row in enumerate(rows)])
    found = price_mix.price_mix(frame, change)
    if found.why:
        assert min(frame["pieces_last"].sum(), frame["pieces_this"].sum()) == 0
    else:
        assert sum(found.parts.values()) == change


def test_ownership_by_hand():
    owned = pd.DataFrame({"owned": [0b001, 0b010, 0b011, 0b100], "n": [5, 3, 2, 7]})
    first = products.ownership(owned, RANKING)[0]
    assert (first.first, first.second) == ("a", "c")
    pair = next(one for one in products.ownership(owned, RANKING) if {one.first, one.second} == {"a", "b"})
    assert (pair.only_first, pair.only_second, pair.both, pair.neither) == (5, 3, 2, 7)
    assert pair.messages == {"only_first": "offer_second", "only_second": "offer_first", "both": "thank_both"}
    assert [one.first for one in products.ownership(owned, RANKING, skip=["c"])] == ["a"]


def test_a_planted_pair_is_found_and_chance_is_not():
    planted = pd.DataFrame(
        {"entry": [1, 1, 2, 2, 4, 4], "second": [2, 4, 1, 4, 1, 2], "n": [300, 100, 200, 200, 200, 200]}
    )
    found = {(one.product, one.following): one for one in products.next_products(planted, RANKING)}
    assert found["a", "b"].real
    assert found["a", "b"].rate.value == 0.75
    assert found["a", "b"].lift.value == pytest.approx(0.75 - 0.5)
    even = planted.assign(n=200)
    assert not any(one.real for one in products.next_products(even, RANKING))


def test_support_ownership_and_contracts_are_respected():
    thin = pd.DataFrame({"entry": [1, 2], "second": [2, 1], "n": [19, 19]})
    assert products.next_products(thin, RANKING) == []
    owned = pd.DataFrame({"entry": [0b011, 0b001, 0b100], "second": [0b010, 0b010, 0b100], "n": [50, 30, 90]})
    pair = products.next_products(owned, RANKING)[0]
    assert (pair.product, pair.following, pair.n, pair.bought) == ("a", "b", 30, 30)  # who owned b does not count
    assert products.next_products(owned, RANKING, skip=["b"]) == []


def entries(**rates):
    rows = [(2 ** RANKING.index(name), n, k, 100 * n, 10_000 * n) for name, (n, k) in rates.items()]
    return pd.DataFrame(rows, columns=["entry", "n", "again", "amount", "squares"])


def test_small_products_are_shrunk_and_a_sure_one_is_found():
    found = entry.entry_quality(entries(a=(1_000, 500), b=(1_000, 300), c=(20, 12)), RANKING, (), (1, 100, 0.99))
    by_name = {one.product: one for one in found.products}
    assert by_name["c"].raw.value == 0.6
    assert by_name["c"].shrunk.value < 0.6 - 0.03
    assert abs(by_name["a"].shrunk.value - 0.5) < 0.01
    assert sum(one.best for one in found.products) == pytest.approx(1.0)


def test_equal_products_get_one_rate_and_no_finding():
    found = entry.entry_quality(entries(a=(900, 300), b=(900, 302), c=(900, 298)), RANKING, (), (1, 100, 0.99))
    assert {round(one.shrunk.value, 3) for one in found.products} == {0.333}
    assert found.gap.lower < 0 < found.gap.upper


def test_one_product_or_contracts_alone_have_a_reason():
    assert entry.entry_quality(entries(a=(900, 300)), RANKING, (), (1, 9, 0.99)).why == "one_product"
    assert entry.entry_quality(entries(a=(900, 300), b=(90, 30)), RANKING, ("b",), (1, 9, 0.99)).why == "one_product"


def test_long_tail_by_hand():
    found = products.long_tail(
        sold(("a", 0, 0, 0, 70), ("b", 0, 0, 0, 10), ("c", 0, 0, 0, 15), ("d", 0, 0, 9, 0), ("e", 0, 0, 0, 5))
    )
    assert (found.products, found.head, found.idle) == (4, 2, 1)
    assert found.tail_share == pytest.approx(0.15)


def test_the_engine_counts_entry_second_and_owned():
    day = dt.date(2024, 5, 1)
    rows = orders_of((1, day, 10), (1, day + dt.timedelta(9), 10), (2, day, 10), (2, day + dt.timedelta(3), 0))
    items = [(0, "a"), (0, "b"), (1, "c"), (2, "a"), (3, "c")]
    lines = [{**rows[o], "product_id": name, "quantity": 1} for o, name in items]
    (_, _, _, _, found), _ = made_up_base.read(made_up_base.store(orders=rows, order_lines=lines), TODAY)
    pair = next(one for one in found.ownership if (one.first, one.second) == ("a", "b"))
    assert (pair.only_first, pair.both, pair.neither) == (1, 1, 0)  # the free sample of day 3 is no purchase
    assert found.tail.products == 3


def test_shuffled_lines_change_nothing():
    draw = np.random.default_rng(2)
    rows = orders_of(*[(int(w), dt.date(2024, 1, 1) + dt.timedelta(int(d)), 500) for w, d in zip(draw.integers(0, 50, 200), draw.integers(0, 400, 200), strict=True)])  # fmt: skip
    lines = [
        {**row, "product_id": RANKING[int(p)], "quantity": 1}
        for row, p in zip(rows, draw.integers(0, 3, 200), strict=True)
    ]
    results = []
    for order in (np.arange(200), draw.permutation(200)):
        mixed = [lines[i] for i in order]
        results.append(
            made_up_base.read(made_up_base.store(orders=[rows[i] for i in order], order_lines=mixed), TODAY)[
                1
            ].to_json()
        )
    assert results[0] == results[1]
