"""The overlap-free total: a hand example, laws, and a customer table one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmlib.actions import MARGIN, SALES, Stake, in_margin, joint
from crmlib.intervals import LEVEL, Estimate


def stake(name, value, lever="entry", *, half=None, decided=True, change=False, n=10):
    half = abs(value) / 5 if half is None else half
    return Stake(name, lever, Estimate(value, value - half, value + half, n, level=LEVEL), MARGIN, decided, change)


def cells(rows, names):
    return pd.DataFrame(rows, columns=[*names, "n", "worth"])


OVERLAP = cells([(True, False, 10, 100.0), (True, True, 20, 300.0), (False, True, 5, 100.0)], ["a", "b"])
APART = cells([(True, False, 10, 400.0), (False, True, 5, 400.0), (False, False, 9, 50.0)], ["a", "b"])


def test_a_hand_example_of_two_levers():
    """a: 40 of 400, b: -80 of 400: chances 0.1 and 0.2; 100 x 0.1 + 300 x (1 - 0.9 x 0.8) + 100 x 0.2 = 114."""
    found = joint([stake("a", 40.0), stake("b", -80.0, "spend")], OVERLAP)
    assert found.together.value == pytest.approx(114.0)
    assert found.naive == pytest.approx(120.0)
    assert found.overlap == pytest.approx(6.0)
    assert (found.customers, found.stakes, found.scale) == (35, ("b", "a"), 1.0)
    assert found.together.lower < 114 < found.together.upper


def test_one_lever_counts_the_larger_chance_on_each_customer():
    """100 x 0.1 + 300 x 0.2 + 100 x 0.2 = 90."""
    assert joint([stake("a", 40.0), stake("b", -80.0)], OVERLAP).together.value == pytest.approx(90.0)


@pytest.mark.parametrize("lever", ["entry", "spend"])
def test_apart_the_total_is_the_sum(lever):
    found = joint([stake("a", 40.0), stake("b", 80.0, lever)], APART)
    assert found.together.value == pytest.approx(120.0)
    assert found.overlap == pytest.approx(0.0)


def test_the_same_customers_twice_are_less_than_the_sum_and_at_least_the_larger():
    both = cells([(True, True, 10, 500.0)], ["a", "b"])
    for lever in ("entry", "spend"):
        total = joint([stake("a", 40.0), stake("b", 80.0, lever)], both).together.value
        assert 80.0 <= total < 120.0


def test_a_stake_above_the_worth_of_its_customers_scales_all():
    found = joint([stake("a", 800.0), stake("b", 80.0, "spend")], APART)
    assert found.scale == pytest.approx(2.0)
    assert found.together.value == pytest.approx(880.0)


def test_order_and_names_change_nothing():
    first = joint([stake("a", 40.0), stake("b", 80.0, "spend")], OVERLAP)
    renamed = OVERLAP.rename(columns={"a": "z", "b": "c"}).sample(frac=1, random_state=1)
    second = joint([stake("c", 80.0, "spend"), stake("z", 40.0)], renamed)
    assert second.together.value == pytest.approx(first.together.value)
    assert second.together.lower == pytest.approx(first.together.lower)
    assert second.together.upper == pytest.approx(first.together.upper)


def test_cells_split_and_merged_are_the_same():
    halves = OVERLAP.assign(n=OVERLAP["n"] / 2, worth=OVERLAP["worth"] / 2)
    split = pd.concat([halves, halves])
    stakes = [stake("a", 40.0), stake("b", 80.0, "spend")]
    assert joint(stakes, split).together.value == pytest.approx(joint(stakes, OVERLAP).together.value)


def test_the_currency_scales_everything():
    small = joint([stake("a", 40.0), stake("b", 80.0, "spend")], OVERLAP)
    large = joint([stake("a", 4000.0), stake("b", 8000.0, "spend")], OVERLAP.assign(worth=OVERLAP["worth"] * 100))
    assert large.together.upper == pytest.approx(100 * small.together.upper)


@pytest.mark.parametrize(
    "left_out",
    [stake("b", 80.0, decided=False), stake("b", 80.0, half=90.0), stake("b", 80.0, change=True)],
    ids=["open", "money not certain", "a gain already there"],
)
def test_only_what_is_proven_and_still_to_win_counts(left_out):
    assert joint([stake("a", 40.0), left_out], APART).together.value == pytest.approx(40.0)


def test_a_loss_against_last_year_counts():
    assert joint([stake("b", -80.0, change=True)], APART).together.value == pytest.approx(80.0)


def test_nothing_decided_is_unknown_with_the_reason():
    found = joint([stake("a", 40.0, decided=False)], APART)
    assert np.isnan(found.together.value)
    assert found.together.why == "actions.nothing_decided"
    assert (found.naive, found.customers, found.stakes) == (0.0, 0, ())


def test_a_stake_that_touches_nobody_is_named_and_not_counted():
    nobody = cells([(True, False, 10, 400.0)], ["a", "b"])
    found = joint([stake("a", 40.0), stake("b", 80.0)], nobody)
    assert found.unplaced == ("b",)
    assert found.together.value == pytest.approx(40.0)


def brute_force(customers, stakes):
    """Customer by customer, by inclusion and exclusion of what each lever leaves."""
    total = 0.0
    chance = {one.finding: one.size.value / customers.loc[customers[one.finding], "worth"].sum() for one in stakes}
    for _, row in customers.iterrows():
        left = {}
        for one in stakes:
            if row[one.finding]:
                left[one.lever] = min(left.get(one.lever, 1.0), 1 - chance[one.finding])
        total += row["worth"] * (1 - np.prod(list(left.values()) or [1.0]))
    return total


@pytest.mark.parametrize("seed", range(5))
def test_brute_force_on_a_customer_table(seed):
    rng = np.random.default_rng(seed)
    names, levers = ["a", "b", "c", "d", "e"], ["entry", "entry", "spend", "contact", "spend"]
    customers = pd.DataFrame({name: rng.random(400) < rng.uniform(0.1, 0.7) for name in names})
    customers["worth"] = rng.lognormal(8, 1, 400).round()
    stakes = [
        stake(name, float(customers.loc[customers[name], "worth"].sum() * rng.uniform(0.02, 0.5)), lever)
        for name, lever in zip(names, levers, strict=True)
    ]
    counted = customers.groupby(names).agg(n=("worth", "size"), worth=("worth", "sum")).reset_index()
    found = joint(stakes, counted)
    assert found.together.value == pytest.approx(brute_force(customers, stakes))
    assert max(one.size.value for one in stakes) <= found.together.value <= found.naive


def test_the_interval_of_one_stake_is_its_own():
    found = joint([stake("a", 100.0, half=19.6)], cells([(True, 9, 1000.0)], ["a"]))
    assert found.together.lower == pytest.approx(80.4, abs=1.5)
    assert found.together.upper == pytest.approx(119.6, abs=1.5)


def test_the_interval_keeps_the_sides_of_an_uneven_one():
    uneven = Stake("a", "entry", Estimate(-100.0, -160.0, -80.0, 9, level=LEVEL), MARGIN, decided=True)
    found = joint([uneven], cells([(True, 9, 10_000.0)], ["a"]))
    assert found.together.value - found.together.lower < 25
    assert found.together.upper - found.together.value > 50


def test_the_interval_holds_errors_in_common():
    """Two stakes apart, each 100 with a half width of 20: independent 28, in common 40; the wider is given."""
    found = joint([stake("a", 100.0, half=20.0), stake("b", 100.0, half=20.0)], APART.assign(worth=APART["worth"] * 10))
    assert found.together.upper == pytest.approx(240, abs=3)
    assert found.together.lower == pytest.approx(160, abs=3)


def test_sales_become_margin_where_the_rate_is_known():
    sold = Stake("a", "entry", Estimate(-100.0, -150.0, -50.0, 9), SALES, decided=True)
    assert in_margin(sold, None) == sold
    turned = in_margin(sold, 0.4)
    assert (turned.basis, turned.yen.value, turned.yen.lower, turned.yen.upper) == (MARGIN, -40.0, -60.0, -20.0)
    assert (turned.size.value, turned.size.lower, turned.size.upper) == (40.0, 20.0, 60.0)
