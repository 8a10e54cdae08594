import warnings

import numpy as np
import pandas as pd
import pytest

from crmlib import newton
from crmlib.ltv import gamma_gamma
from crmlib.ltv.simulated import gamma_gamma_totals


def amounts(frequency, total):
    frame = pd.DataFrame({"frequency": frequency, "amount": np.asarray(total), "weight": 1})
    return gamma_gamma.amounts_from_frame(frame, scale=1)


class TestPublishedCdnow:
    """Fader & Hardie, "The Gamma-Gamma Model of Monetary Value" (2013), CDNOW 1/10, 946 repeat buyers."""

    def test_parameters(self, cdnow_amounts):
        assert cdnow_amounts.amounts.customers == 946
        np.testing.assert_allclose(cdnow_amounts.parameters, [6.25, 3.74, 15.44], atol=5e-3)

    def test_log_likelihood(self, cdnow_amounts):
        assert cdnow_amounts.log_likelihood == pytest.approx(-4055.92, abs=5e-3)


def test_predictions_and_errors_are_those_of_lifetimes(cdnow_amounts):
    a = cdnow_amounts.amounts
    fitter = cdnow_amounts.as_lifetimes()
    theirs = type(fitter)().fit(a.frequency, a.mean, weights=a.weight)
    np.testing.assert_allclose(theirs.params_, cdnow_amounts.parameters, rtol=1e-4)
    np.testing.assert_allclose(theirs.standard_errors_, cdnow_amounts.standard_errors, rtol=2e-3)
    ours = gamma_gamma.expected_amount(cdnow_amounts, a.frequency, a.total)
    np.testing.assert_allclose(fitter.conditional_expected_average_profit(), ours, rtol=1e-12)


@pytest.mark.parametrize("unit", [1, 10**13])
def test_amounts_of_single_customers_are_grouped_as_a_frame_of_counts_is(calibration, unit):
    """In units so small that no key holds them as well: then every customer is a row."""
    ours = gamma_gamma.amounts_from_arrays(calibration["frequency"], calibration["amount"] * unit, 100 * unit)
    theirs = gamma_gamma.amounts_from_frame(calibration, 100)
    assert (ours.customers, len(ours.weight) < 946) == (946, unit == 1)
    fits = [gamma_gamma.fit(one) for one in (ours, theirs)]
    np.testing.assert_allclose(fits[0].parameters, fits[1].parameters, rtol=1e-7)


@pytest.mark.parametrize("shape", [(6.25, 3.74, 15.44), (0.5, 0.8, 2.0), (80.0, 30.0, 0.4)])
def test_gradient_and_hessian_agree_with_finite_differences(shape):
    frequency = np.random.default_rng(0).integers(1, 9, 300)
    target = gamma_gamma.objective(amounts(frequency, gamma_gamma_totals((6.0, 4.0, 15.0), frequency, 0)))
    at, step = np.log(shape), 1e-5
    ends = [(target(at + d), target(at - d)) for d in np.eye(3) * step]
    _, gradient, curvature = target(at)
    np.testing.assert_allclose(gradient, [(u[0] - d[0]) / (2 * step) for u, d in ends], rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(curvature, [(u[1] - d[1]) / (2 * step) for u, d in ends], rtol=1e-5, atol=1e-4)


def test_hand_example_of_the_expected_amount(cdnow_amounts):
    """p = 2, q = 3, v = 10: nobody known 2*10/2 = 10; after one purchase of 40, 2*(10+40)/(2+3-1) = 25."""
    model = cdnow_amounts.shifted(np.log([2.0, 3.0, 10.0]) - np.log(cdnow_amounts.parameters))
    np.testing.assert_allclose(gamma_gamma.expected_amount(model, [0, 1], [0.0, 40.0]), [10.0, 25.0])


def test_another_currency_scales_v_and_nothing_else(calibration, cdnow_amounts):
    yen = gamma_gamma.fit(gamma_gamma.amounts_from_frame(calibration, scale=1))
    np.testing.assert_allclose(yen.parameters, cdnow_amounts.parameters * [1, 1, 100], rtol=1e-6)
    np.testing.assert_allclose(yen.log_covariance, cdnow_amounts.log_covariance, rtol=1e-4)
    change = -946 * np.log(100)  # the density of an amount has the unit 1 / currency
    assert yen.log_likelihood - cdnow_amounts.log_likelihood == pytest.approx(change, abs=1e-6)


def test_row_order_changes_nothing(calibration, cdnow_amounts):
    again = gamma_gamma.fit(gamma_gamma.amounts_from_frame(calibration.sample(frac=1, random_state=7), scale=100))
    np.testing.assert_array_equal(again.parameters, cdnow_amounts.parameters)


def test_intervals_hold_the_truth_in_95_of_100():
    truth, hits = (4.0, 3.0, 20.0), []
    for seed in range(80):
        frequency = np.random.default_rng(seed).integers(1, 8, 1500)
        model = gamma_gamma.fit(amounts(frequency, gamma_gamma_totals(truth, frequency, seed)))
        hits.append((model.intervals[:, 0] <= truth) & (truth <= model.intervals[:, 1]))
    assert 0.90 <= np.mean(hits) <= 0.99


@pytest.mark.parametrize(
    ("frequency", "total", "why"),
    [
        ([], [], "ltv.no_repeat"),
        ([3], [90.0], "ltv.few_repeaters"),
        ([1, 2, 5], [30.0, 60.0, 150.0], "ltv.constant_amounts"),
        ([1] * 40, np.geomspace(10, 10.01, 40), "ltv.same_amounts"),
    ],
)
def test_degenerate_amounts_say_why_without_a_warning(frequency, total, why):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = gamma_gamma.fit(amounts(frequency, total))
    assert (model.report.converged, model.report.why) == (False, why)
    assert np.isnan(model.parameters).all()


@pytest.mark.parametrize("seed", range(25))
def test_whatever_the_amounts_a_fit_converges_or_says_why(seed):
    draw = np.random.default_rng(seed)
    frequency = draw.integers(1, 30, int(draw.integers(2, 300)))
    total = gamma_gamma_totals(tuple(np.exp(draw.uniform(-2, 4, 3))), frequency, seed) + 1e-12
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = gamma_gamma.fit(amounts(frequency, total)).report
    assert isinstance(report, newton.Report)
    assert report.converged == (report.why == "")


def test_repeats_that_came_to_nothing_are_left_out():
    some = amounts([1, 2, 0, 3], [0, 50, 0, 90])
    assert (some.frequency.tolist(), some.total.tolist()) == ([2, 3], [50, 90])


def test_amounts_without_a_mean_are_noted():
    frequency = np.random.default_rng(0).integers(1, 6, 4000)
    model = gamma_gamma.fit(amounts(frequency, gamma_gamma_totals((2.0, 0.7, 5.0), frequency, 0)))
    assert "infinite_mean" in model.report.notes
    assert np.isnan(gamma_gamma.expected_amount(model, 0, 0.0))
