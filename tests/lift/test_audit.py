"""Bias that a placebo leaves open, in the interval of an effect."""

from __future__ import annotations

import pytest

from crmlib.intervals import Estimate, unknown
from crmlib.lift.audit import passed, with_bias

EFFECT = Estimate(-10.0, -14.0, -6.0, 500)


@pytest.mark.parametrize(
    ("placebo", "reach"), [((1.0, -2.0, 4.0), 4.0), ((-2.0, -5.0, 1.0), 5.0), ((0.0, -0.5, 0.5), 0.5)]
)
def test_both_ends_move_by_the_largest_bias_left_open(placebo, reach):
    found = with_bias(EFFECT, Estimate(*placebo, 500))
    assert (found.value, found.lower, found.upper) == (-10.0, -14.0 - reach, -6.0 + reach)
    assert passed(EFFECT, Estimate(*placebo, 500)) is (reach < 5)


def test_without_a_placebo_or_an_effect_nothing_is_added():
    assert with_bias(EFFECT, unknown(500, "no_history")) == EFFECT
    assert with_bias(unknown(500, "no_group"), Estimate(0.0, -1.0, 1.0, 500)).why == "no_group"
