"""Deciles, Gini, mode, median by hand; ties at boundaries, equal amounts, one customer; loyal and semi-loyal."""

import numpy as np
import pandas as pd
import pytest

from crmlib.base import concentration, loyalty

COLUMNS = ("frequency", "tenure", "days_since", "amount", "amount_this", "n")


def customers(amounts, **columns):
    rows = dict.fromkeys(COLUMNS, 0) | {"n": 1} | columns
    return pd.DataFrame({name: amounts if name == "amount" else value for name, value in rows.items()})


def shares(rows):
    return [one.value for one in concentration.concentration(rows).deciles]


def test_ten_customers_are_ten_deciles():
    found = concentration.concentration(customers([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]))
    assert [one.value for one in found.deciles] == pytest.approx([v / 55 for v in range(10, 0, -1)])
    assert found.top.value == pytest.approx(19 / 55)
    assert found.gini.value == pytest.approx(0.3)  # sum (2i - 11) i / (10 * 55)


def test_gini_by_hand():
    many = customers([1, 2, 3, 4], n=5)
    assert concentration.concentration(many).gini.value == pytest.approx(0.25)


def test_equal_amounts_share_equally_and_gini_is_zero():
    found = concentration.concentration(customers([700] * 37))
    assert [one.value for one in found.deciles] == pytest.approx([0.1] * 10)
    assert found.gini.value == pytest.approx(0.0)
    assert found.gini.lower <= found.gini.value <= found.gini.upper


def test_a_tie_on_a_boundary_is_divided_and_order_does_not_matter():
    amounts = [100] * 3 + [50] * 12 + [10] * 5  # the second decile ends inside the ties
    expected = [200, 150, 100, 100, 100, 100, 100, 60, 20, 20]
    assert shares(customers(amounts)) == pytest.approx([value / 950 for value in expected])
    assert shares(customers(amounts[::-1])) == shares(customers(amounts))


def test_deciles_of_a_number_that_ten_does_not_divide():
    found = shares(customers([4] * 5 + [1] * 10))  # deciles of 1.5 customers
    assert found == pytest.approx([value / 30 for value in (6, 6, 6, 3, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5)])


def test_weights_stand_for_customers():
    assert shares(customers([5, 1], n=[10, 10])) == pytest.approx(shares(customers([5] * 10 + [1] * 10)))


@pytest.mark.parametrize("amounts", [[], [500], [1, 2, 3, 4]])
def test_too_few_customers_have_a_reason(amounts):
    found = concentration.concentration(customers(amounts))
    assert found.why == "too_few"
    assert np.isnan(found.gini.value)
    assert concentration.typical(customers(amounts), 1).why == "too_few"


def test_nothing_sold_has_a_reason():
    assert concentration.concentration(customers([0] * 9)).why == "no_sales"


def test_negative_customers_do_not_break_the_curve():
    found = concentration.concentration(customers([-50, 100, 100, 100, 100, 100, 100, 100, 100, 100]))
    assert sum(one.value for one in found.deciles) == pytest.approx(1.0)
    assert found.deciles[-1].value == pytest.approx(-50 / 850)


def test_currency_scale_changes_nothing():
    amounts = np.random.default_rng(0).integers(1, 9_999, 200)
    one, hundred = (concentration.concentration(customers(amounts * factor)) for factor in (1, 100))
    assert [s.value for s in one.deciles] == pytest.approx([s.value for s in hundred.deciles])
    assert (one.gini.lower, one.gini.upper) == pytest.approx((hundred.gini.lower, hundred.gini.upper), rel=1e-3)


def test_typical_by_hand():
    rows = customers([100, 100, 100, 300, 900], frequency=[0, 0, 0, 1, 4])
    found = concentration.typical(rows, 1)
    assert (found.median.value, found.mean.value, found.below_mean.value) == (100, 300, 0.6)
    assert found.mode_from <= 100 < found.mode_to
    assert (found.mode_share, found.purchases, found.purchases_share) == (0.6, 1, 0.6)
    assert concentration.typical(customers([1, 2, 3, 10, 20, 30]), 1).median.value == 6.5


def test_the_distribution_holds_every_customer_and_its_mode_is_not_the_open_class():
    found = concentration.typical(customers([1_000] * 60), 1)
    assert sum(found.counts) == 60
    assert (found.mode_from, found.mode_share) == (1_000, 1.0)


def test_score_is_the_mean_percentile_rank_with_ties_in_the_middle():
    rows = customers([10, 20, 20, 40], tenure=[0, 5, 6, 7], frequency=[0, 0, 1, 2])
    ranks = [(0.5 + 0.5 + 1) / 4, (2 + 1.5 + 1) / 4, (2 + 2.5 + 2.5) / 4, (3.5 + 3.5 + 3.5) / 4]
    assert loyalty.score(rows) / (2 * 4) == pytest.approx(ranks)


def spread_out(size):
    order = np.arange(size)
    return customers(1_000 * (order + 1), frequency=order // 3, tenure=order, amount_this=100 * (order + 1))


def test_loyal_are_the_best_six_and_a_half_per_cent_and_semi_the_next():
    rows = spread_out(200)
    found = loyalty.loyalty(rows, 1)
    assert [found.groups[name].customers for name in ("loyal", "semi", "other")] == [13, 27, 160]
    assert set(rows["amount"][found.label == 0] // 1000) == set(range(188, 201))
    top, other = rows["amount"][187:].mean(), rows["amount"][:160].mean()
    assert found.multiple.value == pytest.approx(top / other)
    assert found.multiple.lower < found.multiple.value < found.multiple.upper
    gap = rows["amount_this"][187:].mean() - rows["amount_this"][160:187].mean()
    assert found.point.value == pytest.approx(gap * 2)


def test_customers_who_buy_alike_cannot_be_told_apart():
    found = loyalty.loyalty(customers([500] * 50), 1)
    assert found.why == "no_cut"
    assert np.isnan(found.multiple.value)


def test_what_semi_loyal_customers_lack():
    rows = spread_out(200)
    found = loyalty.loyalty(rows, 1)
    assert found.lines == {"amount": 191_000, "tenure": 190, "frequency": 63}
    lack = loyalty.gaps(rows[found.label == 1], found.lines)
    assert lack.loc[186].to_dict() == {"amount": 4_000, "tenure": 4, "frequency": 1}
    assert found.lacking["amount"].value == 1.0
    assert found.near == 0


def test_row_order_changes_no_label():
    rows = spread_out(200)
    mixed = rows.sample(frac=1, random_state=1)
    assert loyalty.loyalty(mixed, 1).multiple == loyalty.loyalty(rows, 1).multiple
