import numpy as np
import pytest

from crmlib.ltv import bg_nbd, futures, gamma_gamma, patterns, value

from .conftest import AS_OF, histories


@pytest.fixture(scope="module")
def base(occasions):
    frame = histories(occasions, AS_OF)
    return frame[(frame["frequency"] == 0) | (frame["amount"] > 0)]


@pytest.fixture(scope="module")
def worth(cdnow, cdnow_amounts, base):
    return value.of_customers(cdnow, cdnow_amounts, value.histories_from_frame(base, 100), 0.10)


def test_clv_agrees_with_lifetimes_month_by_month(cdnow, cdnow_amounts, base):
    """lifetimes discounts by a monthly rate over months of 30 days; ours of 365.25 / 12 days: the same sum by hand."""
    h = value.histories_from_frame(base.iloc[:200], 100)
    amount = gamma_gamma.expected_amount(cdnow_amounts, h.frequency, h.total)
    fitter, total = cdnow.as_lifetimes(), 0.0
    week = (h.frequency, h.recency / 7, h.T / 7)
    for month in range(1, 13):
        ends = [value.DAYS_PER_MONTH / 7 * k for k in (month - 1, month)]
        before, after = (fitter.predict(end, *week) for end in ends)
        total = total + (after - before) * amount / 1.10 ** (month / 12)
    got = value.of_customers(cdnow, cdnow_amounts, h, 0.10)
    np.testing.assert_allclose(got.clv, total, rtol=1e-9)
    assert got.horizons[0].total.value == pytest.approx(total.sum(), rel=1e-9)


def test_without_discount_twelve_months_are_purchases_times_amount(cdnow, cdnow_amounts, base):
    h = value.histories_from_frame(base, 100)
    bought = bg_nbd.conditional_expected_purchases(cdnow, 365.25, h.frequency, h.recency, h.T)
    amount = gamma_gamma.expected_amount(cdnow_amounts, h.frequency, h.total)
    got = value.of_customers(cdnow, cdnow_amounts, h, 0.0)
    np.testing.assert_allclose(got.clv, bought * amount, rtol=1e-12)


def test_longer_horizons_are_worth_more_and_intervals_hold_the_value(worth):
    assert [v.months for v in worth.horizons] == [12, 24, 36]
    totals = [v.total.value for v in worth.horizons]
    assert totals == sorted(totals)
    for v in worth.horizons:
        for estimate in (v.mean, v.total, v.median):
            assert estimate.lower < estimate.value < estimate.upper
        assert v.total.value == pytest.approx(v.mean.value * worth.customers)
        assert v.median.value < v.mean.value


def test_delta_intervals_agree_with_draws_of_the_parameters(cdnow, cdnow_amounts, base, worth):
    draw = np.random.default_rng(0)
    h = value.histories_from_frame(base, 100)
    rates = draw.multivariate_normal(np.zeros(4), cdnow.log_covariance, 150)
    sizes = draw.multivariate_normal(np.zeros(3), cdnow_amounts.log_covariance, 150)
    totals = [
        h.weight @ value._per_customer(cdnow.shifted(r), cdnow_amounts.shifted(s), h, 0.10)[0]
        for r, s in zip(rates, sizes, strict=True)
    ]
    spread = np.hypot(np.log(totals).std(), futures.relative_errors(cdnow, cdnow_amounts, h, 0.10)[0])
    total = worth.horizons[0].total
    assert np.log(total.upper / total.lower) / (2 * 1.96) == pytest.approx(spread, rel=0.2)


def test_another_currency_scales_the_value_and_nothing_else(cdnow, base, worth, calibration):
    yen = gamma_gamma.fit(gamma_gamma.amounts_from_frame(calibration, 1))
    cents = value.of_customers(cdnow, yen, value.histories_from_frame(base, 1), 0.10)
    np.testing.assert_allclose(cents.clv, worth.clv * 100, rtol=1e-5)
    assert cents.horizons[2].mean.upper == pytest.approx(worth.horizons[2].mean.upper * 100, rel=1e-4)


def test_two_halves_add_up_to_the_whole(cdnow, cdnow_amounts, base, worth):
    parts = [
        value.of_customers(cdnow, cdnow_amounts, value.histories_from_frame(base.iloc[k::2], 100), 0.10) for k in (0, 1)
    ]
    assert sum(p.horizons[0].total.value for p in parts) == pytest.approx(worth.horizons[0].total.value, rel=1e-12)


def test_row_order_changes_nothing(cdnow, cdnow_amounts, base, worth):
    shuffled = value.histories_from_frame(base.sample(frac=1, random_state=5), 100)
    again = value.of_customers(cdnow, cdnow_amounts, shuffled, 0.10)
    assert again.horizons == worth.horizons


@pytest.mark.parametrize("which", ["rate", "amount"])
def test_without_a_fit_there_is_no_value_but_a_reason(cdnow, cdnow_amounts, base, which):
    nobody = bg_nbd.fit(patterns.from_arrays([0, 0], [0, 0], [9, 9]))
    nothing = gamma_gamma.fit(gamma_gamma.amounts_from_frame(base.iloc[:0], 1))
    models = (nobody, cdnow_amounts) if which == "rate" else (cdnow, nothing)
    got = value.of_customers(*models, value.histories_from_frame(base, 100), 0.10)
    assert got.why == "ltv.no_repeat"
    assert np.isnan(got.clv).all()
    assert np.isnan(got.horizons[0].mean.value)
    assert got.horizons[0].mean.why == "ltv.no_repeat"


def test_amounts_without_a_mean_give_no_value(cdnow, cdnow_amounts, base):
    heavy = cdnow_amounts.shifted(np.array([0, np.log(0.9 / cdnow_amounts.q), 0]))
    got = value.of_customers(cdnow, heavy, value.histories_from_frame(base, 100), 0.10)
    assert got.why == "ltv.infinite_mean"


def test_the_value_of_four_customers_is_not_shown(cdnow, cdnow_amounts, base):
    few = value.of_customers(cdnow, cdnow_amounts, value.histories_from_frame(base.iloc[:4], 100), 0.10)
    assert few.why == "ltv.small_group"
