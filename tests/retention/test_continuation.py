"""Subscriptions: survival by hand and against statsmodels, both readings of a share, models, skips before cancels."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from crmlib import retention

HAND = [(0, True, 30), (0, False, 10), (1, True, 12), (1, False, 8), (2, False, 40)]


def frame(rows):
    return pd.DataFrame(rows, columns=["renewals", "lost", "n"]).astype({"lost": bool, "renewals": int, "n": int})


def test_survival_and_steps_by_hand():
    found = retention.continuation(frame(HAND), "application")
    assert found.exposure.at_risk.tolist() == [90, 52]
    assert found.share(0).value == 1.0
    assert found.share(1).value == pytest.approx(60 / 90)
    assert found.share(2).value == pytest.approx(60 / 90 * 40 / 52)
    assert (found.step(2).value, found.step(2).n) == (pytest.approx(40 / 52), 52)
    assert found.ratio.tolist() == [1.0, 0.6, 0.4]  # the plain ratio is lower: the young count as lost
    assert found.share(3).why == found.step(3).why == "too_young"


def test_survival_and_its_limits_are_statsmodels():
    rng = np.random.default_rng(1)
    renewals, lost = rng.geometric(0.3, 800) - 1, rng.random(800) < 0.7
    rows = pd.DataFrame({"renewals": renewals, "lost": lost, "n": 1})
    found = retention.continuation(rows, "application")
    seen = renewals + lost > 0
    oracle = SurvfuncRight((renewals + lost)[seen], lost[seen])
    for place, n in enumerate(oracle.surv_times.astype(int)):
        assert found.survival[n] == pytest.approx(oracle.surv_prob[place], abs=1e-12)


def test_nothing_is_read_of_fewer_than_five():
    found = retention.continuation(frame([(0, True, 20), (1, False, 10), (5, True, 4)]), "application")
    assert found.readable == 1
    assert found.share(2).why == "too_young"
    few = retention.continuation(frame([(2, True, 4)]), "application")
    assert few.why == few.share(1).why == "too_few"
    assert retention.continuation(frame([]), "application").why == "no_subscription"


def test_all_censored_is_unknown_not_one_hundred_per_cent():
    found = retention.continuation(frame([(0, False, 50)]), "application")
    assert found.why == "too_young"
    assert np.isnan(found.share(1).value)
    assert retention.project(found).used.why == "contract.too_few"


def test_row_order_and_halves_change_nothing():
    whole = retention.continuation(frame(HAND), "application")
    split = [(r, lost, half) for r, lost, n in HAND[::-1] for half in (n // 2, n - n // 2)]
    assert retention.continuation(frame(split), "application").survival.tolist() == whole.survival.tolist()


def test_the_third_parameter_is_used_only_where_it_earns_its_place():
    rng = np.random.default_rng(2)
    theta = rng.beta(0.9, 2.4, 6000)
    for c, model in ((1.0, "sbg"), (1.8, "bdw")):
        made = np.floor((np.log(rng.random(6000)) / np.log1p(-theta)) ** (1 / c)).astype(int)
        rows = pd.DataFrame({"renewals": np.minimum(made, 12), "lost": made < 12, "n": 1})
        assert retention.project(retention.continuation(rows, "application")).used.model == model


def opportunities(rows):
    return pd.DataFrame(rows, columns=["opportunity", "changed", "lost", "n"])


def test_wavering_by_hand():
    """One stratum: 6 of 20 against 10 of 80 cancelled; the difference of the shares, with Sato's variance."""
    found = retention.wavering(
        opportunities([(2, True, True, 6), (2, True, False, 14), (2, False, True, 10), (2, False, False, 70)])
    )
    assert (found.after.value, found.without.value) == (0.3, 0.125)
    assert found.difference.value == pytest.approx(0.175)
    assert found.difference.lower < 0.175 < found.difference.upper


def test_wavering_compares_at_the_same_shipment_number():
    """Skips come late, cancels early: the plain shares differ, at the same number they do not."""
    rows = [
        (1, False, True, 300),
        (1, False, False, 700),
        (8, True, True, 20),
        (8, True, False, 380),
        (8, False, True, 5),
        (8, False, False, 95),
    ]
    found = retention.wavering(opportunities(rows))
    assert found.without.value > found.after.value + 0.1
    assert found.difference.value == pytest.approx(0.0)


def test_wavering_covers_and_swapping_the_arms_turns_the_sign():
    hits, rng = 0, np.random.default_rng(3)
    for _ in range(100):
        n1, n0, p = rng.integers(20, 80, 5), rng.integers(60, 200, 5), np.array([0.3, 0.2, 0.15, 0.1, 0.1])
        a, b = rng.binomial(n1, p + 0.1), rng.binomial(n0, p)
        rows = [(k, changed, lost, n) for k in range(5)
                for changed, lost, n in ((True, True, a[k]), (True, False, n1[k] - a[k]), (False, True, b[k]), (False, False, n0[k] - b[k]))]  # fmt: skip
        found = retention.wavering(opportunities(rows)).difference
        other = retention.wavering(
            opportunities([(k, not changed, lost, n) for k, changed, lost, n in rows])
        ).difference
        assert other.value == pytest.approx(-found.value)
        hits += found.lower <= 0.1 <= found.upper
    assert 90 <= hits <= 99


def test_wavering_without_data_is_unknown():
    assert retention.wavering(opportunities([]).astype({"n": int, "opportunity": int})).difference.why == "too_few"
    assert retention.wavering(opportunities([(1, False, True, 50)])).difference.why == "too_few"
