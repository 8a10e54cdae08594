"""The holdout: its size, that behaviour plays no part in it, and what it can show."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from crmlib import lift
from crmlib.lists import HOLDOUT
from crmlib.lists.arms import drawn, example, seed_of, smallest, summary
from tests.lists.made_up import AS_OF


def rows(size, name="protect", seed=1):
    lots = np.random.default_rng(seed)
    return pd.DataFrame({
        "customer_id": lots.choice(2**62, size, replace=False) - 2**61, "list": name,
        "yen": lots.integers(1, 10_000, size), "days": lots.integers(1, 400, size), "year": lots.integers(0, 9, size),
    })  # fmt: skip


@pytest.mark.parametrize(("size", "held"), [(1, 0), (4, 0), (5, 1), (10, 1), (15, 2), (1000, 100), (1004, 100)])
def test_a_tenth_is_held_out(size, held):
    found = drawn(rows(size), AS_OF)
    assert abs((found["arm"] == "control").sum() - held) <= (1 if size < 20 else 0)


def test_each_half_by_yen_gives_a_tenth():
    found = drawn(rows(2000), AS_OF)
    assert found.groupby("stratum")["arm"].apply(lambda arm: (arm == "control").sum()).to_dict() == {
        "high": 100,
        "low": 100,
    }
    assert found.groupby("stratum")["yen"].min()["high"] >= found.groupby("stratum")["yen"].max()["low"]


def test_behaviour_plays_no_part_in_the_draw():
    found = drawn(rows(20_000), AS_OF)
    for name in ("yen", "days", "year"):
        table = pd.crosstab(pd.qcut(found[name], 5, duplicates="drop"), found["arm"])
        assert chi2_contingency(table).pvalue > 0.001
    assert found["arm"].eq("control").mean() == pytest.approx(HOLDOUT)


def test_the_same_arms_whatever_the_order_of_the_rows():
    some = rows(500)
    shuffled = some.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(drawn(some, AS_OF), drawn(shuffled, AS_OF))


def test_other_behaviour_gives_the_same_arms_within_the_same_halves():
    some = rows(500)
    other = some.assign(days=1, year=0, yen=some["yen"] * 3)
    assert drawn(some, AS_OF)["arm"].tolist() == drawn(other, AS_OF)["arm"].tolist()


def test_lists_and_days_have_lots_of_their_own():
    one, other = drawn(rows(500), AS_OF), drawn(rows(500, "win_back"), AS_OF)
    later = drawn(rows(500), AS_OF + dt.timedelta(days=1))
    assert one["arm"].tolist() != other["arm"].tolist()
    assert one["arm"].tolist() != later["arm"].tolist()


def test_two_lists_at_once_are_drawn_as_each_alone():
    both = drawn(pd.concat([rows(300), rows(300, "win_back", 2)]), AS_OF)
    alone = drawn(rows(300), AS_OF)
    assert (
        both[both["list"] == "protect"].set_index("customer_id")["arm"].to_dict()
        == alone.set_index("customer_id")["arm"].to_dict()
    )


def test_the_draw_is_the_one_that_is_registered():
    found = drawn(rows(400), AS_OF)
    again = lift.draw(found[["customer_id", "stratum"]], HOLDOUT, seed_of("protect", AS_OF))
    assert again["arm"].tolist() == found["arm"].tolist()


def test_the_smallest_effect_is_that_of_the_test_designer():
    prices = lift.Prices(float("nan"), float("nan"))
    assert smallest(1000, 100, 0.2) == pytest.approx(lift.plan(1000, 0.2, prices, 0.1, 30).mde)


@pytest.mark.parametrize(
    ("size", "held", "share"), [(10, 0, 0.2), (10, 10, 0.2), (3, 1, 0.5), (100, 10, 0.0), (100, 10, float("nan"))]
)
def test_nothing_can_be_shown(size, held, share):
    assert np.isnan(smallest(size, held, share))


def test_a_list_of_four_says_no_amount():
    some = drawn(rows(4), AS_OF).assign(variant="", product_id="", rhythm=np.nan, money=np.nan, number=np.nan)
    few = summary("protect", some, 1, "")
    assert (few.customers, np.isnan(few.yen), few.example, few.why) == (4, True, {}, "lists.few")
    five = drawn(rows(5), AS_OF).assign(variant="", product_id="", rhythm=np.nan, money=np.nan, number=np.nan)
    assert summary("protect", five, 100, "").yen == five["yen"].sum() / 100


def test_the_baseline_is_the_purchases_of_the_year_per_window():
    some = drawn(rows(6), AS_OF).assign(
        variant="", product_id="", rhythm=np.nan, money=np.nan, number=np.nan, year=[0, 0, 0, 0, 0, 365]
    )
    assert summary("protect", some, 1, "").baseline == pytest.approx(1 / 6)  # one at most


def test_a_typical_reason_is_nobodys_own():
    some = pd.DataFrame({
        "variant": ["named"] * 5 + ["plain"] * 2, "product_id": ["a", "a", "a", "a", "b", "", ""],
        "days": [10, 20, 30, 40, 999, 1, 1], "rhythm": [4.0, 3.0, 2.0, 1.0, 9.0, 9.0, 9.0], "money": np.nan, "number": np.nan,
    })  # fmt: skip
    assert example(some) == {"variant": "named", "product_id": "a", "days": 20, "rhythm": 2}
