"""Growth by hand, to the yen, and the laws of the decomposition."""

import datetime as dt
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.base import calendar, growth, shapley
from crmlib.summaries import base as counts
from crmlib.summaries import orders
from tests import made_up_base
from tests.made_up_base import orders_of

TODAY = dt.date(2025, 3, 31)
LAST, THIS = dt.date(2023, 10, 1), dt.date(2024, 10, 1)
OLD = dt.date(2022, 6, 1)
HAND = (
    (1, LAST, 1_000), (1, LAST + dt.timedelta(1), 1_000), (1, THIS, 3_000),  # kept: 2 x 1,000 to 1 x 3,000
    (2, THIS, 5_000),  # new
    (3, LAST, 700),  # lost
    (4, OLD, 400), (4, THIS, 900),  # back
    (None, LAST, 50), (None, THIS, 80),  # guests
    (5, THIS, -200),  # a return without a purchase
)  # fmt: skip


def decomposed(rows, today=TODAY):
    store, starts = made_up_base.store(orders=orders_of(*rows)), calendar.year_starts(today)
    profile = counts.profile(orders.occasions(orders.purchases(store.days, today)), starts)
    groups, totals = (
        counts.growth(profile, starts).to_pandas(),
        counts.year_sales(store.orders, starts, today).to_pandas(),
    )
    return growth.decompose(groups, totals)


def test_by_hand():
    found = decomposed(HAND)
    assert (found.sales_last, found.sales_this, found.change) == (2_750, 8_780, 6_030)
    assert found.parts == {
        "new": 5_000, "back": 900, "kept_frequency": -2_000, "kept_value": 3_000, "lost": -700, "guests": 30, "other": -200,
    }  # fmt: skip
    assert sum(found.parts.values()) == found.change == sum(found.factors.values())
    assert found.factors["outside"] == -170
    assert {name: one.customers for name, one in found.statuses.items()} == {"new": 1, "back": 1, "kept": 1, "lost": 1}


def test_first_and_last_day_of_the_years():
    edges = [
        (1, dt.date(2023, 3, 31), 1), (2, dt.date(2023, 4, 1), 10), (3, dt.date(2024, 3, 31), 100),
        (4, dt.date(2024, 4, 1), 1_000), (5, dt.date(2025, 3, 31), 10_000), (6, dt.date(2025, 4, 1), 100_000),
    ]  # fmt: skip
    found = decomposed(edges)
    assert (found.sales_last, found.sales_this) == (110, 11_000)


@pytest.mark.parametrize(
    ("today", "starts"),
    [
        (dt.date(2024, 2, 29), (dt.date(2022, 3, 1), dt.date(2023, 3, 1))),
        (dt.date(2025, 2, 28), (dt.date(2023, 3, 1), dt.date(2024, 3, 1))),
        (dt.date(2025, 9, 15), (dt.date(2023, 9, 16), dt.date(2024, 9, 16))),
    ],
)
def test_years_end_on_as_of(today, starts):
    assert calendar.year_starts(today) == starts


sales = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(1, 6)),
        st.integers(0, 1_000).map(lambda ago: TODAY - dt.timedelta(days=ago)),
        st.integers(-3_000, 100_000),
    ),
    max_size=25,
)


@settings(max_examples=8, deadline=None)
@given(sales)
def test_the_parts_sum_to_the_yen(rows):
    found = decomposed(rows)
    assert sum(found.parts.values()) == found.change == sum(found.factors.values())
    assert found.parts["kept_frequency"] + found.parts["kept_value"] == found.statuses["kept"].change


def test_row_order_and_names_change_nothing():
    shuffled = [HAND[place] for place in np.random.default_rng(1).permutation(len(HAND))]
    renamed = [(who and 9_000 - 7 * who, day, yen) for who, day, yen in HAND]
    assert decomposed(shuffled).parts == decomposed(renamed).parts == decomposed(HAND).parts


def test_a_currency_a_hundred_times_smaller_gives_a_hundred_times_the_parts():
    scaled = decomposed([(who, day, 100 * yen) for who, day, yen in HAND])
    assert scaled.parts == {name: 100 * part for name, part in decomposed(HAND).parts.items()}


def test_splitting_the_customers_and_merging_the_counts_gives_the_whole():
    import pandas as pd

    starts, halves = calendar.year_starts(TODAY), []
    for keep in ((1, 2, None), (3, 4, 5)):
        store = made_up_base.store(orders=orders_of(*[row for row in HAND if row[0] in keep]))
        profile = counts.profile(orders.occasions(orders.purchases(store.days, TODAY)), starts)
        halves.append(
            (counts.growth(profile, starts).to_pandas(), counts.year_sales(store.orders, starts, TODAY).to_pandas())
        )
    groups, totals = (pd.concat(parts) for parts in zip(*halves, strict=True))
    merged = growth.decompose(groups, totals.sum().to_frame().T)
    whole = decomposed(HAND)
    assert (merged.parts, merged.factors, merged.statuses) == (whole.parts, whole.factors, whole.statuses)
    assert merged.spread == pytest.approx(whole.spread, nan_ok=True)


def test_no_last_year_has_a_reason():
    assert decomposed([(1, THIS, 100)]).why == "no_last_year"
    assert decomposed([]).why == "no_last_year"


@pytest.mark.parametrize("size", [2, 3])
def test_shapley_is_the_mean_over_all_orders(size):
    draw = np.random.default_rng(size)
    low, high = draw.integers(1, 99, size), draw.integers(1, 99, size)

    def value(on):
        return int(np.prod([(low, high)[one][place] for place, one in enumerate(on)]))

    totals = [Fraction(0)] * size
    for order in itertools.permutations(range(size)):
        on = [0] * size
        for factor in order:
            before = value(tuple(on))
            on[factor] = 1
            totals[factor] += value(tuple(on)) - before
    count = len(list(itertools.permutations(range(size))))
    assert shapley.shares(value, size) == [total / count for total in totals]


@given(st.lists(st.fractions(min_value=-(10**6), max_value=10**6), min_size=1, max_size=6))
def test_rounded_parts_sum_to_the_rounded_whole(parts):
    total = round(sum(parts))
    found = shapley.whole(parts, total)
    assert sum(found) == total
    assert all(abs(a - b) <= 2 for a, b in zip(found, parts, strict=True))
