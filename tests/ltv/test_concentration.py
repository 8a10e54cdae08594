import numpy as np
import pytest

from crmlib.ltv import concentration, value


def worth(clv, weight, alive=None, frequency=None, why=""):
    size = len(clv)
    x = np.ones(size) if frequency is None else np.array(frequency, float)
    h = value.Histories(x, x, x, x, np.array(weight, float))
    p = np.ones(size) if alive is None else np.array(alive, float)
    return value.CustomerValue(h, p, np.array(clv, float), (), 0.1, why)


def test_hand_example_of_the_deciles():
    """Ten customers worth 19, 17, ... 1 of 100: the deciles are their shares."""
    shares = concentration.by_decile(worth(np.arange(1, 20, 2), np.ones(10)))
    np.testing.assert_allclose(shares, np.arange(19, 0, -2) / 100)


def test_equal_customers_hold_a_tenth_each_however_they_are_grouped():
    np.testing.assert_allclose(concentration.by_decile(worth([5.0, 5.0], [7, 16])), 0.1)


def test_deciles_add_up_and_fall(occasions):
    draw = np.random.default_rng(0)
    shares = concentration.by_decile(worth(draw.exponential(size=333), draw.integers(1, 9, 333)))
    assert shares.sum() == pytest.approx(1)
    assert (np.diff(shares) <= 1e-12).all()


def test_hand_example_of_alive_by_value():
    """Worth while active 100, 60, 20, 20, 20, each 1 customer; the one-time buyer stands apart."""
    base = worth([80, 30, 4, 2, 20], np.ones(5), alive=[0.8, 0.5, 0.2, 0.1, 1.0], frequency=[3, 2, 2, 1, 0])
    table = concentration.alive_by_value(base)
    np.testing.assert_array_equal(table.customers, [[0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 2, 0]])
    np.testing.assert_allclose(table.value.sum(axis=1), [20, 80, 30, 6])
    np.testing.assert_allclose(table.at_risk, [0, 20, 30, 16 + 18])


def test_bounds_belong_to_the_higher_group():
    base = worth([7, 3], np.ones(2), alive=[0.7, 0.3])
    np.testing.assert_array_equal(concentration.alive_by_value(base).customers.sum(axis=1), [0, 1, 1, 0])


def test_an_unknown_value_is_unknown_everywhere():
    base = worth([np.nan], [3], why="ltv.no_repeat")
    assert np.isnan(concentration.by_decile(base)).all()
    assert np.isnan(concentration.alive_by_value(base).customers).all()


def test_money_of_fewer_than_five_customers_is_not_shown():
    table = concentration.alive_by_value(worth([80, 30, 4], [6, 4, 9], alive=[0.8, 0.5, 0.2]))
    np.testing.assert_array_equal(np.isnan(table.share), table.customers == 4)
    _, value, at_risk = table.rows
    np.testing.assert_array_equal(np.isnan(value), [False, False, True, False])
    np.testing.assert_array_equal(np.isnan(at_risk), [False, False, True, False])
