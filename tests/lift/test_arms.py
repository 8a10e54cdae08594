"""Arms: from units, from sums, and added up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.lift.arms import Arm, total

values = st.lists(st.integers(-50, 50), max_size=12)


def parts(arm):
    return [arm.n, arm.mean, arm.var, arm.mean_x, arm.var_x, arm.cov]


def test_by_hand():
    arm = Arm.of([1, 2, 6], [0, 3, 3])
    assert parts(arm) == [3, 3, 7, 2, 3, 3]


def test_sums_and_units_agree():
    y, x = np.array([0, 1, 1, 3]), np.array([10, 20, 5, 7])
    row = {
        "o_n": 4,
        "o_y": y.sum(),
        "o_yy": (y * y).sum(),
        "o_x": x.sum(),
        "o_xx": (x * x).sum(),
        "o_xy": (x * y).sum(),
    }
    assert parts(Arm.of_sums(row, "o")) == pytest.approx(parts(Arm.of(y, x)))


@given(values, values)
def test_two_groups_add_up_to_the_whole(one, other):
    def arm(items):
        return Arm.of(items, [abs(item) % 7 for item in items])

    whole = total([arm(one), arm(other)])
    np.testing.assert_allclose(parts(whole), parts(arm(one + other)), rtol=1e-9, atol=1e-9)


def test_nobody_adds_nothing():
    assert Arm.of(()) + Arm.of([1, 2]) == Arm.of([1, 2])
    assert Arm.of_sums({"o_n": 0}, "o").n == 0
