"""Whom the diagnostics' rules mean, and what is expected of them: hand examples at each boundary."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crmlib import retention
from crmlib.lists import worth
from tests.lists.made_up import AS_OF, SCORES, score


def scored(*rows, scale=1):
    found = worth.from_scores(pd.DataFrame(rows), AS_OF, scale)
    return {int(row.customer_id): row for row in found.itertuples()}


def test_only_the_slipping_in_the_upper_half_by_value_are_protected():
    rows = [score(k, 3, 90, 60, 0.8, 100.0 * k, "slipping" if k != 4 else "on_rhythm") for k in range(1, 6)]
    found = scored(*rows)
    assert {k: row.list for k, row in found.items()} == {3: "protect", 5: "protect"}
    assert (found[5].yen, found[5].rhythm, found[5].days) == (500, 30, 60)
    assert pd.Timestamp(found[5].due).date() == AS_OF + dt.timedelta(days=14)


@pytest.mark.parametrize(
    ("frequency", "silent", "alive", "meant"),
    [(1, 240, 0.5, True), (1, 239, 0.5, False), (1, 240, 0.499, False), (0, 400, 1.0, False)],
)
def test_who_is_won_back(frequency, silent, alive, meant):
    found = scored(score(1, frequency, 30, silent, alive, 1000.0, "on_rhythm"))
    assert {row.list for row in found.values()} == ({"win_back"} if meant else set())


def test_minor_units_and_customers_without_a_value():
    rows = [score(1, 2, 30, 300, 0.9, 12.34, "on_rhythm"), score(2, 2, 30, 300, 0.9, np.nan, "on_rhythm")]
    assert {k: row.yen for k, row in scored(*rows, scale=100).items()} == {1: 1234}


def test_without_scores_or_without_a_model_nobody():
    assert worth.from_scores(pd.DataFrame(), AS_OF, 1).empty
    blank = pd.DataFrame([score(1, 2, 30, 300, 0.9, np.nan, None)], columns=SCORES)
    assert worth.from_scores(blank, AS_OF, 1).empty


def test_a_second_order_is_worth_its_probability_times_its_amount():
    """100 customers, 40 buy again on day 20, the others are seen for 200 days: before day 20 0.4 x 1,000 is expected, after it nothing."""
    gaps = pd.DataFrame({"cohort": 1, "observed": [200, 200], "days": [20, 200], "event": [True, False], "n": [40, 60]})
    second = retention.f2(gaps)
    found = worth.of_second_orders(second, 1000.0).set_index("days")["yen"]
    assert second.hazard.contact_day == 21
    assert found.index.tolist() == list(range(20))
    assert set(found) == {400}


def test_a_second_order_is_not_expected_where_nothing_is_known():
    none = pd.DataFrame({"cohort": [1], "observed": [200], "days": [200], "event": [False], "n": [50]})
    assert worth.of_second_orders(retention.f2(none), 1000.0).empty
    assert worth.of_second_orders(retention.f2(none.iloc[:0]), np.nan).empty


def test_a_purchase_is_followed_by_another_or_not():
    counts = pd.DataFrame({"product_id": ["a", "a", "b"], "gaps": [0, 2, 0], "n": [6, 2, 5]})
    assert worth.again(counts).set_index("product_id")["again"].to_dict() == {"a": 4 / 12, "b": 0.0}


def test_a_need_within_thirty_days_is_due_a_week_before():
    """Ten customers bought a product every 60 days; since 29, 30, 60 and 61 days: due are 60 - since = 30 and 0."""
    rhythm = retention.Rhythms(
        pd.DataFrame({"product_id": ["a"], "gaps": [20], "gap": [60.0], "weight": [np.inf]}), 0, 60.0
    )
    pairs = pd.DataFrame(
        {"customer_id": [1, 2, 3, 4], "product_id": "a", "gaps": 0, "days": 0, "squares": 0, "since": [29, 30, 60, 61]}
    )
    amounts = pd.DataFrame({"product_id": ["a"], "n": [10], "amount": [20_000], "again": [0.5]})
    found = worth.of_needs(pairs, rhythm, amounts, AS_OF).set_index("customer_id")
    assert sorted(found.index) == [2, 3]
    assert set(found["yen"]) == {1000}
    assert [pd.Timestamp(found.loc[k, "due"]).date() - AS_OF for k in (2, 3)] == [
        dt.timedelta(days=23),
        dt.timedelta(days=3),
    ]
    assert worth.of_needs(pairs, rhythm, amounts.assign(again=0.0), AS_OF).empty


def standing(*rows):
    return pd.DataFrame(rows, columns=["frequency", "tenure", "amount", "amount_this", "n"])


def test_semi_loyal_customers_who_lack_one_thing_only():
    best = [(9, 900, 90_000 + k, 90_000, 1) for k in range(13)]
    semi = [
        (9, 900, 40_000, 40_000, 1),
        (4, 900, 95_000, 95_000, 1),
        (4, 900, 50_000, 50_000, 1),
        (9, 300, 95_000, 0, 1),
    ]
    more = [(8, 800, 60_000, 60_000, 1)] * 23
    others = [(0, 0, 1000, 1000, 160)]
    found = worth.of_semi_loyal(standing(*best, *semi, *more, *others), 1).set_index(["frequency", "amount"])
    assert found.loc[(9, 40_000), ["variant", "money"]].tolist() == ["amount", 50_003]
    assert found.loc[(4, 95_000), ["variant", "number", "yen"]].tolist() == ["purchases", 5, 5 * 19_000]
    assert (4, 50_000) not in found.index  # lacks both
    assert (9, 95_000) not in found.index  # lacks years, which no purchase gives
    assert worth.of_semi_loyal(standing(), 1).empty


def test_the_riskiest_shipment_is_the_one_after_which_most_are_lost():
    tenures = pd.DataFrame({"renewals": [0, 1, 1, 2], "lost": [True, True, False, False], "n": [2, 6, 2, 10]})
    assert worth.riskiest(tenures) == 2
    assert worth.riskiest(tenures.iloc[:0]) == 0


def test_days_are_counted_to_the_arrival():
    rows = pd.DataFrame({"due": pd.to_datetime(["2025-04-14"]), "days": [100]})
    assert worth.at_arrival(rows, AS_OF)["days"].tolist() == [114]
