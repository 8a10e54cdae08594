"""The definition explorer by hand: each published definition on one small client."""

import numpy as np
import pandas as pd
import pytest

from crmlib import retention

# 40 old customers (16 within 20 days, 8 on day 100), 20 of middle age (4 on day 90), 40 young (5 on day 10)
GAPS = pd.DataFrame(
    [(1, 800, 20, True, 16), (1, 800, 100, True, 8), (1, 800, 800, False, 16), (2, 200, 90, True, 4), (2, 200, 200, False, 16),
     (3, 30, 10, True, 5), (3, 30, 30, False, 35)],
    columns=["cohort", "observed", "days", "event", "n"],
)  # fmt: skip
YEARS = {"days": 365, "known": 100, "active_last": 65, "active_prior": 20, "kept": 5, "lapsed_prior": 30, "back": 3,
         "new_last": 60, "new_repeated": 9, "second_last": 9}  # fmt: skip
TENURES = pd.DataFrame({"renewals": [0, 0, 1, 5], "lost": [True, False, True, False], "n": [10, 10, 10, 10]})


@pytest.fixture
def found():
    continued = retention.continuation(TENURES, "application")
    rows = retention.by_definition(GAPS, YEARS, retention.f2(GAPS), continued)
    return {one.id: one for one in rows}


def test_f2_under_each_definition(found):
    expected = {"f2.within_30": 0.21, "f2.within_90": 0.25, "f2.within_365": 0.33, "f2.ever": 0.33,
                "f2.matured_90": 20 / 60, "f2.matured_180": 28 / 60, "f2.matured_365": 24 / 40,
                "f2.last_year": 9 / 60, "f2.year_ratio": 9 / 60}  # fmt: skip
    for name, value in expected.items():
        assert found[name].value.value == pytest.approx(value), name
    assert found["f2.km_365"].value.value > found["f2.within_365"].value.value  # the naive one is too low


def test_the_active_base_and_continuation(found):
    assert found["year.active"].value.value == 0.65
    assert found["year.kept"].value.value == 0.25
    assert found["year.back"].value.value == 0.1
    assert found["continuation.twice"].value.value == found["continuation.ratio_2"].value.value == 0.5
    assert found["continuation.ratio_6"].value.value == 0.25
    assert found["continuation.mean_of_longest"].value.value == pytest.approx((20 * 1 + 10 * 2 + 10 * 6) / 40 / 6)
    assert found["continuation.shipment_2"].value.value == pytest.approx(20 / 30)
    assert found["continuation.shipment_6"].value.value == pytest.approx(20 / 30 * 10 / 20)


def test_one_headline_of_each_family_and_a_ratio_has_no_interval(found):
    assert [name for name, one in found.items() if one.headline] == ["f2.km_365", "continuation.shipment_2"]
    assert np.isnan(found["f2.year_ratio"].value.lower)


def test_what_cannot_be_observed_is_nan_with_a_reason():
    nobody = retention.continuation(TENURES.iloc[:0], "application")
    gaps = GAPS[GAPS["cohort"] == 3]
    rows = retention.by_definition(gaps, dict.fromkeys(YEARS, 0), retention.f2(gaps), nobody)
    found = {one.id: one.value for one in rows}
    assert found["f2.matured_90"].why == found["f2.km_90"].why == "too_young"
    assert found["year.kept"].why == found["f2.last_year"].why == "too_few"
    assert found["continuation.twice"].why == "no_subscription"
    assert found["f2.within_30"].value == 5 / 40
