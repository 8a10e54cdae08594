import warnings

import numpy as np
import pytest

from crmlib.ltv import bg_nbd, patterns, second_opinion


def test_lifetimes_refit_agrees(cdnow):
    np.testing.assert_allclose(second_opinion.refit(cdnow), cdnow.parameters, rtol=1e-5)


@pytest.mark.parametrize("customers", [0, 50])
def test_there_is_no_second_opinion_where_there_is_no_first(customers, capsys):
    model = bg_nbd.fit(patterns.from_arrays(*(np.full(customers, value) for value in (10, 100, 100))))
    assert not model.report.converged
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert second_opinion.refit(model).isna().all()
    assert capsys.readouterr().out == ""


def test_a_refit_that_lifetimes_gives_up_is_nan_and_silent(cdnow, capsys, monkeypatch):
    """lifetimes prints its optimiser's state and raises: the reader gets NaN and no noise."""
    from lifetimes import BetaGeoFitter
    from lifetimes.utils import ConvergenceError

    def gives_up(*_args, **_kwargs):
        print("success: False")  # noqa: T201  what is to be kept from the reader
        raise ConvergenceError

    monkeypatch.setattr(BetaGeoFitter, "fit", gives_up)
    assert second_opinion.refit(cdnow).isna().all()
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
