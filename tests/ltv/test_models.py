"""MBG/NBD, Pareto/NBD, MBG/CNBD-k and NBD: published results, independent formulas, derivatives, recovery."""

import itertools
import warnings

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln, hyp2f1, logsumexp

from crmlib.ltv import (
    bg_nbd,
    bg_nbd_likelihood,
    mbg_cnbd,
    mbg_cnbd_likelihood,
    mbg_nbd,
    nbd,
    pareto_nbd,
    pareto_nbd_likelihood,
    patterns,
)
from crmlib.ltv.simulated import bg_nbd_customers, pareto_nbd_customers

from .conftest import CALIBRATION_END

DAYS = 39 * 7


@pytest.fixture(scope="module")
def fits(cdnow):
    return {module: module.fit(cdnow.patterns) for module in (bg_nbd, mbg_nbd, pareto_nbd, nbd)}


@pytest.fixture(scope="module")
def log_gaps(occasions):
    seen = occasions[occasions["date"] <= CALIBRATION_END].sort_values(["customer", "date"])
    return float(np.log(seen.groupby("customer")["date"].diff().dt.days.dropna() / 7).sum())


# CDNOW 1/10, calibration to 1997-09-30, weeks. Pareto/NBD and NBD: Fader, Hardie & Lee (2005), table 2; MBG/NBD:
# the BTYDplus package's vignette and lifetimes' tests, refitted independently
PUBLISHED = [
    (mbg_nbd, [0.525, 6.183, 0.891, 1.614], -9582.136),
    (pareto_nbd, [0.553, 10.578, 0.606, 11.669], -9594.976),
    (nbd, [0.3848, 12.072], -9763.658),
]


@pytest.mark.parametrize(("module", "parameters", "log_likelihood"), PUBLISHED)
def test_published_cdnow(fits, module, parameters, log_likelihood):
    np.testing.assert_allclose(fits[module].parameters, parameters, atol=6e-4)
    assert fits[module].log_likelihood == pytest.approx(log_likelihood, abs=6e-4)
    assert module.log_likelihood(fits[module], fits[module].patterns) == pytest.approx(log_likelihood, abs=6e-4)


@pytest.mark.parametrize(
    ("module", "means"),
    [
        (bg_nbd, [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157]),
        (pareto_nbd, [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403]),
    ],
)
def test_published_holdout_means_by_frequency(fits, calibration, module, means):
    """Fader, Hardie & Lee (2005), table 4: expected purchases in weeks 40-78 by purchases in weeks 1-39."""
    rows = calibration.assign(
        expected=module.conditional_expected_purchases(
            fits[module], DAYS, calibration["frequency"], calibration["recency"], calibration["T"]
        )
    )
    got = rows.groupby(rows["frequency"].clip(upper=7))["expected"].mean()
    np.testing.assert_allclose(got, means, atol=1.1e-3)


def test_published_pareto_nbd_totals(fits, calibration, occasions):
    """Tracking curve at week 78: 4,270 against 4,339 bought; conditional sum of weeks 40-78: 1,666 against 1,882."""
    columns = [calibration[name] for name in ("frequency", "recency", "T")]
    conditional = pareto_nbd.conditional_expected_purchases(fits[pareto_nbd], DAYS, *columns)
    assert conditional.sum() == pytest.approx(1666, abs=1)
    tracking = pareto_nbd.expected_purchases(fits[pareto_nbd], calibration["T"] + DAYS)
    assert tracking.sum() == pytest.approx(4270, abs=1)


def published_pareto(parameters, p):
    """Fader & Hardie (2005), equations 15 to 17, with 2F1, word for word (alpha >= beta or not)."""
    r, alpha, s, beta = parameters
    x, t_x, T = p.frequency, p.recency / 7, p.T / 7
    low, high, second = min(alpha, beta), max(alpha, beta), (s + 1 if alpha >= beta else r + x)
    n = r + s + x
    f = [hyp2f1(n, second, n + 1, (high - low) / (high + t)) / (high + t) ** n for t in (t_x, T)]
    first = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    with np.errstate(divide="ignore"):
        a0 = np.log(s) - np.log(n) + np.log(f[0] - f[1])
    whole = logsumexp([first, np.where(t_x == T, -np.inf, a0)], axis=0)
    return p.weight @ (gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + whole)


@pytest.mark.parametrize("shape", [(0.553, 10.578, 0.606, 11.669), (1.5, 3.0, 0.4, 20.0), (0.3, 12.0, 2.5, 4.0)])
def test_pareto_likelihood_is_the_published_one_with_2f1(cdnow, shape):
    some = patterns.from_arrays(
        cdnow.patterns.frequency[:700],
        cdnow.patterns.recency[:700],
        cdnow.patterns.T[:700],
        cdnow.patterns.weight[:700],
    )
    got = pareto_nbd_likelihood.objective(some)(np.log(shape))[0]
    assert got == pytest.approx(published_pareto(shape, some), rel=1e-9)


@pytest.mark.parametrize(
    "shape", [(0.5, 10.0, 0.6, 12.0), (0.05, 20.0, 0.1, 0.01), (50.0, 30.0, 5.0, 1e4), (2, 0.1, 3, 0.01)]
)
@pytest.mark.parametrize("history", [(0, 0, 700), (1, 3, 700), (40, 690, 700), (2_000, 2_100, 3_650), (5, 700, 700)])
def test_pareto_is_stable_where_2f1_is_not(shape, history):
    """Against adaptive quadrature over the moment of leaving, in logarithms, for light, heavy and just active customers."""
    r, alpha, s, beta = shape
    x, t_x, T = history[0], history[1] / 7, history[2] / 7
    one = patterns.from_arrays(*([v] for v in history))

    def h(u):
        return -(r + x) * np.log(alpha + u) - (s + 1) * np.log(beta + u) + np.log(s)

    top = max(h(t_x), h(T))
    edges = t_x + (T - t_x) * np.r_[0.0, np.geomspace(1e-9, 1, 30)]
    dead = sum(quad(lambda u: np.exp(h(u) - top), lo, hi, epsabs=0)[0] for lo, hi in itertools.pairwise(edges))
    inside = np.exp(h(T) - top) * (beta + T) / s + dead
    want = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + top + np.log(inside)
    got, gradient, hessian = pareto_nbd_likelihood.objective(one)(np.log(shape))
    assert got == pytest.approx(want, rel=1e-8, abs=1e-8)
    assert np.isfinite(gradient).all()
    assert np.isfinite(hessian).all()
    alive = pareto_nbd_likelihood.alive(np.array(shape), *(np.array([float(v)]) for v in (x, t_x, T)))
    assert alive[0] == pytest.approx(1 - dead / inside, rel=1e-6, abs=1e-9)


OBJECTIVES = {
    "bg": lambda p: bg_nbd_likelihood.objective(bg_nbd_likelihood.prepare(p)),
    "mbg": lambda p: bg_nbd_likelihood.objective(bg_nbd_likelihood.prepare(p, 1)),
    "pareto": pareto_nbd_likelihood.objective,
    "k = 1": lambda p: mbg_cnbd_likelihood.objective(p, 1, 0.0),
    "k = 3": lambda p: mbg_cnbd_likelihood.objective(p, 3, -40.0),
}


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("shape", [(0.5, 5.0, 0.6, 3.0), (2.0, 0.8, 3.0, 12.0)])
def test_gradient_and_hessian_agree_with_finite_differences(cdnow, name, shape):
    target, at, step = OBJECTIVES[name](cdnow.patterns), np.log(shape), 1e-5
    ends = [(target(at + d), target(at - d)) for d in np.eye(4) * step]
    _, gradient, curvature = target(at)
    np.testing.assert_allclose(gradient, [(up[0] - down[0]) / (2 * step) for up, down in ends], rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(curvature, [(up[1] - down[1]) / (2 * step) for up, down in ends], rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("module", [mbg_nbd, pareto_nbd])
def test_lifetimes_predicts_the_same_from_our_parameters(fits, module):
    fitter = fits[module].as_lifetimes()
    x, t_x, T = np.array([0, 1, 5, 12]), np.array([0, 30, 200, 260]), np.array([90, 90, 270, 270])
    got = module.conditional_expected_purchases(fits[module], 70, x, t_x, T)
    np.testing.assert_allclose(fitter.predict(10, x, t_x / 7, T / 7), got, rtol=1e-7)
    alive = module.probability_alive(fits[module], x, t_x, T)
    np.testing.assert_allclose(fitter.conditional_probability_alive(x, t_x / 7, T / 7), alive, rtol=1e-7)
    new = module.expected_purchases(fits[module], np.array([70.0, 700.0]))
    np.testing.assert_allclose(fitter.expected_number_of_purchases_up_to_time(np.array([10, 100])), new, rtol=1e-9)
    assert list(fitter.summary.index) == list(module.NAMES if module is pareto_nbd else bg_nbd.NAMES)


def test_pareto_expectation_has_no_hole_at_s_equals_one(fits):
    model = fits[pareto_nbd]
    at_one, near = (model.shifted(np.array([0, 0, np.log(s / model.s), 0])) for s in (1.0, 1.0 + 1e-6))
    both = [float(pareto_nbd.conditional_expected_purchases(m, 300, 3, 100, 200)) for m in (at_one, near)]
    assert both[0] == pytest.approx(both[1], rel=1e-5)


def test_nbd_goes_on_at_the_posterior_mean_rate(fits):
    model = fits[nbd]
    got = nbd.conditional_expected_purchases(model, 70, 3, 20, 140)
    assert float(got) == pytest.approx((model.r + 3) / (model.alpha + 20) * 10)
    assert nbd.probability_alive(model, 3, 20, 140) == 1.0


class TestRegularity:
    def test_with_one_stage_it_is_mbg_nbd(self, fits, cdnow, log_gaps, calibration):
        one = mbg_cnbd.fit_k(cdnow.patterns, log_gaps, 1)
        np.testing.assert_allclose(one.parameters, fits[mbg_nbd].parameters, rtol=1e-5)
        assert one.log_likelihood == pytest.approx(fits[mbg_nbd].log_likelihood, abs=1e-5)
        columns = [calibration[name] for name in ("frequency", "recency", "T")]
        sums = mbg_cnbd.conditional_expected_purchases(one, DAYS, *columns)
        closed = mbg_nbd.conditional_expected_purchases(fits[mbg_nbd], DAYS, *columns)
        np.testing.assert_allclose(sums, closed, rtol=2e-4)
        alive = mbg_cnbd.probability_alive(one, *columns)
        np.testing.assert_allclose(alive, mbg_nbd.probability_alive(fits[mbg_nbd], *columns), rtol=1e-4)

    def test_cd_buyers_are_not_regular(self, cdnow, log_gaps):
        assert mbg_cnbd.fit(cdnow.patterns, log_gaps).k == 1

    def test_likelihood_is_the_integral_over_rate_and_dropout(self):
        """k = 3, two purchases after the first, by brute force over lambda (p integrates to beta functions)."""
        r, alpha, a, b, k = 0.8, 2.0, 0.9, 2.5, 3
        gaps, T = np.array([4.0, 6.0]), 15.0
        t_x, x = gaps.sum(), len(gaps)

        def beta(i, j):
            return np.exp(gammaln(i) + gammaln(j) - gammaln(i + j))

        def density(rate):
            seen = np.prod(rate**k * gaps ** (k - 1) / 2 * np.exp(-rate * gaps))
            silent = np.exp(-rate * (T - t_x)) * sum((rate * (T - t_x)) ** j / [1, 1, 2][j] for j in range(k))
            parts = beta(a + 1, b + x) + beta(a, b + x + 1) * silent
            return seen * parts / beta(a, b) * alpha**r * rate ** (r - 1) * np.exp(-alpha * rate) / np.exp(gammaln(r))

        want = np.log(quad(density, 0, 1)[0] + quad(density, 1, np.inf)[0])
        one = patterns.from_arrays([x], [int(t_x * 7)], [int(T * 7)])
        got = mbg_cnbd_likelihood.objective(one, k, float(np.log(gaps).sum()))(np.log([r, alpha, a, b]))[0]
        assert got == pytest.approx(want, rel=1e-9)

    def test_regular_customers_are_recognised_and_their_future_is_met(self):
        truth, T = (1.5, 6.0, 0.6, 3.0), np.random.default_rng(3).integers(200, 900, 6_000)
        x, t_x, _, gaps, later = regular_customers(truth, 3, T, 3)
        fitted = mbg_cnbd.fit(patterns.from_arrays(x, t_x, T), gaps)
        assert fitted.k == 3
        assert (np.abs(np.log(fitted.parameters / truth)) < 3 * np.sqrt(np.diag(fitted.log_covariance)) + 0.02).all()
        expected = mbg_cnbd.conditional_expected_purchases(fitted, 180, x, t_x, T)
        spread = np.sqrt(((later - expected) ** 2).sum())
        assert abs(later.sum() - expected.sum()) < 3 * spread
        plain = mbg_nbd.fit(patterns.from_arrays(x, t_x, T))
        other = mbg_nbd.conditional_expected_purchases(plain, 180, x, t_x, T)
        assert ((later - expected) ** 2).sum() < ((later - other) ** 2).sum()


def regular_customers(parameters, k, T, seed):
    """MBG/CNBD-k one customer after another: histories to T, the sum of log gaps, purchases in the next 180 days."""
    r, alpha, a, b = parameters
    draw, rows, log_gaps = np.random.default_rng(seed), [], 0.0
    rate, leave = draw.gamma(r, 1 / (alpha * 7), len(T)), draw.beta(a, b, len(T))
    for i, end in enumerate(T):
        now = last = x = later = 0
        while draw.random() >= leave[i]:
            now += draw.gamma(k, 1 / rate[i])
            if now > end + 180:
                break
            if now > end:
                later += 1
            elif int(now) > last:
                log_gaps, x, last = log_gaps + np.log((int(now) - last) / 7), x + 1, int(now)
        rows.append((x, last, end, later))
    x, t_x, _, later = np.array(rows).T
    return x, t_x, T, log_gaps, later


def test_pareto_parameters_are_recovered():
    truth, T = (0.9, 8.0, 0.7, 15.0), np.random.default_rng(1).integers(100, 1000, 20_000)
    fitted = pareto_nbd.fit(patterns.from_arrays(*pareto_nbd_customers(truth, T, 1)))
    errors = np.sqrt(np.diag(fitted.log_covariance))
    assert (np.abs(np.log(fitted.parameters / truth)) < 3 * errors + 0.02).all()


def test_mbg_parameters_are_recovered():
    truth, T = (0.9, 8.0, 0.7, 2.5), np.random.default_rng(1).integers(100, 1000, 20_000)
    fitted = mbg_nbd.fit(patterns.from_arrays(*bg_nbd_customers(truth, T, 1, first_chance=1)))
    errors = np.sqrt(np.diag(fitted.log_covariance))
    assert (np.abs(np.log(fitted.parameters / truth)) < 3 * errors + 0.02).all()


FITS = {
    "bg_nbd": bg_nbd.fit,
    "mbg_nbd": mbg_nbd.fit,
    "pareto_nbd": pareto_nbd.fit,
    "nbd": nbd.fit,
    "mbg_cnbd": lambda p: mbg_cnbd.fit(p, -float(p.repeat_purchases)),
}


def segment(seed):
    """50 to 5,000 customers of an extreme shape, with or without rhythm, with or without a first chance to leave."""
    draw = np.random.default_rng(seed)
    shape = tuple(np.exp(draw.uniform(-3, 3, 4)))
    T = draw.integers(1, 1000, int(np.exp(draw.uniform(np.log(50), np.log(5000)))))
    history = bg_nbd_customers(shape, T, seed, int(draw.integers(1, 4)), int(draw.integers(0, 2)))
    return patterns.from_arrays(*history)


def converges_or_says_why(some):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for fit in FITS.values():
            model = fit(some)
            assert model.report.converged == (model.report.why == "")
            assert model.report.converged == bool(np.isfinite(model.parameters).all())
            if model.report.converged:
                assert (np.sqrt(np.diag(model.log_covariance)) > 0).all()


@pytest.mark.parametrize("seed", range(25))
def test_whatever_the_segment_a_fit_converges_or_says_why(seed):
    converges_or_says_why(segment(seed))


@pytest.mark.full
@pytest.mark.parametrize("start", range(25, 200, 25))
def test_200_random_segments_converge_or_say_why(start):
    for seed in range(start, start + 25):
        converges_or_says_why(segment(seed))


@pytest.mark.parametrize("module", [mbg_nbd, pareto_nbd, nbd])
def test_without_a_fit_predictions_are_nan_and_the_reason_is_told(module):
    model = module.fit(patterns.from_arrays([0] * 9, [0] * 9, range(9)))
    assert model.report.why == "ltv.no_repeat"
    assert np.isnan(module.conditional_expected_purchases(model, 90, 1, 5, 9))
    assert np.isnan(module.probability_alive(model, 1, 5, 9))


@pytest.mark.parametrize("name", ["bg_nbd", "mbg_nbd", "pareto_nbd"])
def test_where_nobody_leaves_the_model_says_so_and_nbd_serves(name):
    T = np.random.default_rng(5).integers(300, 900, 3_000)
    staying = patterns.from_arrays(*bg_nbd_customers((0.8, 4.0, 1e-6, 1.0), T, 5))
    report = FITS[name](staying).report
    assert report.converged or report.why in ("ltv.no_dropout", "ltv.same_dropout")
    assert FITS["nbd"](staying).parameters == pytest.approx([0.8, 4.0], rel=0.15)


def test_clockwork_is_no_dropout_and_one_rate():
    clockwork = patterns.from_arrays(np.full(400, 10), np.full(400, 300), np.full(400, 300))
    reasons = [FITS[name](clockwork).report.why for name in ("bg_nbd", "mbg_nbd", "nbd")]
    assert reasons == ["ltv.no_dropout", "ltv.no_dropout", "ltv.same_rate"]
