import warnings

import numpy as np
import pytest

from crmlib.ltv import bg_nbd, patterns, second_opinion


def test_lifetimes_refit_agrees(cdnow):
    np.testing.assert_allclose(second_opinion.refit(cdnow), cdnow.parameters, rtol=1e-5)


def test_a_refit_that_does_not_converge_is_nan_and_silent(capsys):
    """Nobody ever leaves: lifetimes prints its optimiser's state and raises; the reader gets NaN."""
    clockwork = patterns.from_arrays([10] * 50, [100] * 50, [100] * 50)
    model = bg_nbd.fit(clockwork)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert second_opinion.refit(model).isna().all() or not model.report.converged
    assert capsys.readouterr().out == ""


def test_predictions_of_the_fitter_are_ours(cdnow):
    fitter = cdnow.as_lifetimes()
    x, t_x, T = np.array([0, 1, 5]), np.array([0, 30, 200]), np.array([90, 90, 270])
    ours = bg_nbd.conditional_expected_purchases(cdnow, 70, x, t_x, T)
    np.testing.assert_allclose(fitter.predict(10, x, t_x / 7, T / 7), ours, rtol=1e-9)
    alive = fitter.conditional_probability_alive(x, t_x / 7, T / 7)
    np.testing.assert_allclose(alive, bg_nbd.probability_alive(cdnow, x, t_x, T), rtol=1e-12)
    new = fitter.expected_number_of_purchases_up_to_time(10)
    assert new == pytest.approx(float(bg_nbd.expected_purchases(cdnow, 70)), rel=1e-9)
    assert list(fitter.summary.index) == ["r", "alpha", "a", "b"]
    assert "fitted with 1016 subjects" in repr(fitter)


def test_the_filters_of_warnings_are_as_before(cdnow):
    before = list(warnings.filters)
    cdnow.as_lifetimes()
    assert warnings.filters == before
