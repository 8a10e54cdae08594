import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, hessian
from autograd.scipy.special import gammaln

from crmlib.ltv import bg_nbd_likelihood as likelihood
from crmlib.ltv import patterns
from crmlib.ltv.simulated import bg_nbd_customers

SHAPES = [(0.243, 4.414, 0.793, 2.426), (2.0, 10.0, 0.1, 9.0), (0.05, 0.5, 3.0, 0.4)]


@pytest.fixture(scope="module")
def some():
    T = np.random.default_rng(1).integers(0, 400, 900)
    return patterns.from_arrays(*bg_nbd_customers((0.8, 3.0, 0.7, 2.0), T, 1))


def published(log_parameters, p):
    """ln A1 + ln A2 + ln(A3 + A4) of Fader, Hardie & Lee (2005), section 7, word for word, for autograd."""
    r, alpha, a, b = (anp.exp(log_parameters[i]) for i in range(4))
    x, t_x, T, w = p.frequency, p.recency / 7, p.T / 7, p.weight
    a1 = gammaln(r + x) - gammaln(r) + r * anp.log(alpha)
    a2 = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    a3 = (alpha + T) ** -(r + x)
    a4 = a / (b + anp.maximum(x, 1) - 1) * (alpha + t_x) ** -(r + x)
    return anp.sum(w * (a1 + a2 + anp.log(a3 + (x > 0) * a4)))


@pytest.mark.parametrize("shape", SHAPES)
def test_value_gradient_and_hessian_agree_with_autograd_on_the_published_form(some, shape):
    at = np.log(shape)
    value, gradient, curvature = likelihood.objective(likelihood.prepare(some))(at)
    assert value == pytest.approx(published(at, some), rel=1e-12)
    np.testing.assert_allclose(gradient, grad(published)(at, some), rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(curvature, hessian(published)(at, some), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradient_and_hessian_agree_with_finite_differences(some, shape):
    target, at, step = likelihood.objective(likelihood.prepare(some)), np.log(shape), 1e-5
    ends = [(target(at + d), target(at - d)) for d in np.eye(4) * step]
    slopes = [(up[0] - down[0]) / (2 * step) for up, down in ends]
    curves = [(up[1] - down[1]) / (2 * step) for up, down in ends]
    _, gradient, curvature = target(at)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(curvature, curves, rtol=1e-5, atol=1e-3)


def test_blocks_add_up_to_the_whole(some, monkeypatch):
    at, prepared = np.log(SHAPES[0]), likelihood.prepare(some)
    whole = likelihood.sum_over_patterns(np.exp(at), prepared)
    monkeypatch.setattr(likelihood, "BLOCK", 7)
    for one, many in zip(whole, likelihood.sum_over_patterns(np.exp(at), prepared), strict=True):
        np.testing.assert_allclose(one, many, rtol=1e-12)


def test_ten_thousand_purchases_do_not_overflow():
    heavy = patterns.from_arrays([10_000, 0], [10_900, 0], [11_000, 11_000])
    value, gradient, curvature = likelihood.objective(likelihood.prepare(heavy))(np.log(SHAPES[0]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()
    assert np.isfinite(curvature).all()
