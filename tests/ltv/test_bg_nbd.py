import warnings

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import betaln

from crmlib.errors import CrmError
from crmlib.ltv import bg_nbd, bg_nbd_compiled, bg_nbd_likelihood, patterns, search
from crmlib.ltv.simulated import bg_nbd_customers

WEEK = 7


class TestPublishedCdnow:
    """Fader, Hardie & Lee (2005), table 2 and section 5; Hardie's note on implementing BG/NBD in Excel: CDNOW 1/10."""

    def test_parameters(self, cdnow):
        np.testing.assert_allclose(cdnow.parameters, [0.243, 4.414, 0.793, 2.426], atol=5e-4)

    def test_log_likelihood(self, cdnow):
        assert cdnow.log_likelihood == pytest.approx(-9582.429, abs=5e-4)

    def test_expected_purchases_of_a_new_customer(self, cdnow):
        days = np.array([0.1429, 1, 3, 31.8571, 32, 78]) * WEEK
        expected = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]
        np.testing.assert_allclose(bg_nbd.expected_purchases(cdnow, days), expected, atol=4e-4)
        np.testing.assert_allclose(bg_nbd.expected_purchases(cdnow, days)[:5], expected[:5], atol=5.1e-5)

    def test_conditional_expectation_of_customer_0001(self, cdnow):
        got = bg_nbd.conditional_expected_purchases(cdnow, 39 * WEEK, 2, 30.43 * WEEK, 38.86 * WEEK)
        assert got == pytest.approx(1.226, abs=5e-4)

    def test_conditional_expectation_and_p_alive_of_the_heaviest_buyer(self, cdnow):
        """x = 26, t_x = 30.86, T = 31: 25.757 in the next 52 weeks at the rounded parameters, P(alive) .9689."""
        got = bg_nbd.conditional_expected_purchases(cdnow, 52 * WEEK, 26, 30.86 * WEEK, 31 * WEEK)
        assert got == pytest.approx(25.757, rel=1e-3)
        assert bg_nbd.probability_alive(cdnow, 26, 30.86 * WEEK, 31 * WEEK) == pytest.approx(0.9689, abs=5e-5)


def test_standard_errors_are_those_of_lifetimes(cdnow, calibration):
    """lifetimes' standard errors are right (its covariances are not): an independent Hessian, by autograd."""
    fitter = cdnow.as_lifetimes()
    theirs = type(fitter)().fit(calibration["frequency"], calibration["recency"] / 7, calibration["T"] / 7)
    errors = theirs.standard_errors_.to_numpy()
    np.testing.assert_allclose(cdnow.standard_errors, errors, rtol=2e-3)


def test_the_maximum_is_one_that_scipy_does_not_improve(cdnow):
    target = bg_nbd_likelihood.objective(bg_nbd_likelihood.prepare(cdnow.patterns))
    found = minimize(lambda at: -target(at)[0], np.log(cdnow.parameters), method="Nelder-Mead", options={"xatol": 1e-9})
    assert -found.fun <= cdnow.log_likelihood + 1e-7


def test_the_log_likelihood_of_two_halves_adds_up_to_the_whole(cdnow, calibration):
    halves = [patterns.from_frame(calibration.iloc[part::2]) for part in (0, 1)]
    total = sum(bg_nbd.log_likelihood(cdnow, half) for half in halves)
    assert total == pytest.approx(cdnow.log_likelihood, rel=1e-12)


def test_row_order_changes_nothing(cdnow, calibration):
    shuffled = bg_nbd.fit(patterns.from_frame(calibration.sample(frac=1, random_state=1)))
    np.testing.assert_array_equal(shuffled.parameters, cdnow.parameters)


def test_twice_the_customers_keep_the_parameters_and_halve_the_variance(cdnow, calibration):
    twice = bg_nbd.fit(patterns.from_frame(calibration.assign(weight=2)))
    np.testing.assert_allclose(twice.parameters, cdnow.parameters, rtol=1e-6)
    np.testing.assert_allclose(twice.covariance * 2, cdnow.covariance, rtol=1e-4)


def test_a_coarse_start_leads_to_the_same_maximum(monkeypatch):
    T = np.random.default_rng(2).integers(100, 700, 4000)
    many = patterns.from_arrays(*bg_nbd_customers((0.6, 6.4, 0.9, 2.5), T, 2))
    plain = bg_nbd.fit(many)
    monkeypatch.setattr(search, "COARSE_PATTERNS", 100)
    np.testing.assert_allclose(bg_nbd.fit(many).parameters, plain.parameters, rtol=1e-6)


def test_the_compiled_kernel_gives_the_same_fit(cdnow):
    if not bg_nbd_compiled.njit:
        with pytest.raises(
            CrmError, match=r"the kernel 'numba' needs the extra `speed`: pip install 'crmlib\[speed\]'"
        ):
            bg_nbd.fit(cdnow.patterns, kernel="numba")
        return
    compiled = bg_nbd.fit(cdnow.patterns, kernel="numba")
    np.testing.assert_allclose(compiled.parameters, cdnow.parameters, rtol=1e-9)
    np.testing.assert_allclose(compiled.covariance, cdnow.covariance, rtol=1e-7)
    assert compiled.log_likelihood == pytest.approx(cdnow.log_likelihood, rel=1e-12)


def test_the_kernel_is_right_before_it_is_compiled(cdnow, monkeypatch):
    """The loop as plain Python, so that it is tested where the extra is not installed, and counted by coverage."""
    for name in ("_exp", "_log", "_add_run", "_by_frequency"):
        function = getattr(bg_nbd_compiled, name)
        monkeypatch.setattr(bg_nbd_compiled, name, getattr(function, "py_func", function))
    monkeypatch.setattr(bg_nbd_compiled, "njit", bg_nbd_compiled.njit or True)
    prepared = bg_nbd_likelihood.prepare(cdnow.patterns)
    at = cdnow.parameters
    both = (bg_nbd_compiled.sum_over_patterns(at, prepared), bg_nbd_likelihood.sum_over_patterns(at, prepared))
    for one, other in zip(*both, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)


def test_exponential_and_logarithm_of_the_kernel_are_those_of_numpy():
    y = np.r_[np.linspace(-700, 700, 4001), np.linspace(-2, 2, 4001)]
    for kind in ("py_func", ""):
        exp, log = (getattr(f, kind, f) for f in (bg_nbd_compiled._exp, bg_nbd_compiled._log))
        np.testing.assert_allclose([exp(v) for v in y], np.exp(y), rtol=4e-16)
        whole = 1 + np.exp(y)
        np.testing.assert_allclose([log(v) for v in whole], np.log(whole), rtol=4e-16, atol=4e-16)


def alive_by_integration(model, days, x, T):
    """Equation (10) without hypergeometric functions: posterior of p given alive is Beta(a, b+x), of lambda Gamma."""
    a, b, shape, t = model.a, model.b + x, model.r + x, days / (model.alpha * WEEK + T)

    k = min(a, 1.0)  # p = u^(1/k) takes a singularity at 0 out

    def integrand(u):
        p = u ** (1 / k)
        density = np.exp((a - k - 1) * np.log(p) + (b - 1) * np.log1p(-p) - betaln(a, b)) / k
        return -np.expm1(-shape * np.log1p(p * t)) * density

    return quad(integrand, 0, 1, limit=400, epsabs=0)[0]


@pytest.mark.parametrize("shape", [(0.243, 4.414, 0.793, 2.426), (3.0, 20.0, 1.0, 4.0), (0.1, 0.5, 6.0, 30.0)])
@pytest.mark.parametrize("x", [0, 1, 7, 40, 400])
def test_expectation_while_alive_agrees_with_numerical_integration(cdnow, shape, x):
    model = cdnow.shifted(np.log(shape) - np.log(cdnow.parameters))
    got = bg_nbd.purchases_while_alive(model, 180, x, 500)
    assert got == pytest.approx(alive_by_integration(model, 180, x, 500), rel=2e-6)


def test_the_hole_at_a_equals_one_is_closed(cdnow):
    at_one = cdnow.shifted(np.array([0, 0, -np.log(cdnow.a), 0]))
    near = cdnow.shifted(np.array([0, 0, np.log(1.0001) - np.log(cdnow.a), 0]))
    assert at_one.a == pytest.approx(1, abs=1e-12)
    both = [bg_nbd.conditional_expected_purchases(model, 300, 3, 100, 200) for model in (at_one, near)]
    assert both[0] == pytest.approx(both[1], rel=1e-3)


@pytest.mark.parametrize("x", [1_000, 20_000])
def test_heavy_buyers_are_finite_and_near_their_own_rate(cdnow, x):
    T = 2 * x
    got = float(bg_nbd.conditional_expected_purchases(cdnow, 100, x, T, T))
    assert 0.95 * 50 < got < 50


def test_intervals_hold_the_truth_in_95_of_100():
    truth = (0.8, 30.0, 0.9, 2.5)
    hits = []
    for seed in range(80):
        T = np.random.default_rng(seed).integers(1000, 3000, 2000)
        fitted = bg_nbd.fit(patterns.from_arrays(*bg_nbd_customers(truth, T, seed)))
        hits.append((fitted.intervals[:, 0] <= truth) & (truth <= fitted.intervals[:, 1]))
    assert 0.90 <= np.mean(hits) <= 0.99


def test_days_are_not_truncated_to_weeks():
    """The same customers in whole weeks give clearly biased r and alpha; in days they do not."""
    truth = (0.6, 45 / 7, 0.9, 2.5)
    x, t_x, T = bg_nbd_customers(truth, np.random.default_rng(4).integers(30, 730, 60_000), 4)
    fitted = bg_nbd.fit(patterns.from_arrays(x, t_x, T))
    assert fitted.r == pytest.approx(0.6, rel=0.05)
    assert fitted.alpha == pytest.approx(45 / 7, rel=0.1)


DEGENERATE = {
    "one customer": ([3], [40], [60], "ltv.one_customer"),
    "nobody": ([], [], [], "ltv.no_customers"),
    "one order each": ([0] * 50, [0] * 50, list(range(50)), "ltv.no_repeat"),
    "all on one day": ([0] * 50, [0] * 50, [0] * 50, "ltv.one_day"),
    "clockwork, nobody leaves": ([10] * 50, [100] * 50, [100] * 50, "ltv.no_dropout"),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_inputs_say_why_without_a_warning(name):
    x, t_x, T, why = DEGENERATE[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = bg_nbd.fit(patterns.from_arrays(*(np.array(v, int) for v in (x, t_x, T))))
    assert (model.report.converged, model.report.why) == (False, why)
    assert np.isnan(model.parameters).all()
    assert np.isnan(model.intervals).all()
    assert np.isnan(bg_nbd.conditional_expected_purchases(model, 90, 1, 5, 9))


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_customers_a_fit_converges_or_says_why(seed):
    draw = np.random.default_rng(seed)
    shape = tuple(np.exp(draw.uniform(-3, 3, 4)))
    T = draw.integers(1, 600, int(draw.integers(2, 400)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = bg_nbd.fit(patterns.from_arrays(*bg_nbd_customers(shape, T, seed)))
    assert model.report.converged == (model.report.why == "")
    assert model.report.converged == bool(np.isfinite(model.parameters).all())
    if model.report.converged:
        assert (model.standard_errors > 0).all()


def test_a_file_of_repeaters_only_is_noted(calibration):
    model = bg_nbd.fit(patterns.from_frame(calibration[calibration["frequency"] > 0]))
    assert not model.report.converged or "all_repeat" in model.report.notes
