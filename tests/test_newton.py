import numpy as np
import pytest

from crmlib import newton

WIDE = (np.full(2, -20.0), np.full(2, 20.0))


def rosenbrock(at):
    """Minus Rosenbrock's valley: maximum 0 at (1, 1)."""
    x, y = at
    value = -((1 - x) ** 2) - 100 * (y - x**2) ** 2
    gradient = np.array([2 * (1 - x) + 400 * x * (y - x**2), -200 * (y - x**2)])
    hessian = np.array([[-2 + 400 * (y - 3 * x**2), 400 * x], [400 * x, -200.0]])
    return value, gradient, hessian


@pytest.mark.parametrize("start", [(-1.2, 1.0), (5.0, -5.0), (0.0, 0.0)])
def test_climbs_rosenbrocks_valley(start):
    found = newton.maximise(rosenbrock, np.array(start), *WIDE)
    assert found.report.converged
    np.testing.assert_allclose(found.at, [1, 1], atol=1e-6)


def test_a_rise_without_end_is_a_boundary():
    def rise(at):
        return float(at[0] - (at[1] - 1) ** 2), np.array([1.0, -2 * (at[1] - 1)]), np.diag([0.0, -2.0])

    report = newton.maximise(rise, np.zeros(2), *WIDE).report
    assert (report.converged, report.why) == (False, "ltv.boundary")
    assert report.figures == {"parameter": 0, "side": "infinity"}


def test_a_ridge_is_flat():
    def ridge(at):
        gap = at[0] + at[1] - 1
        return float(-(gap**2)), np.array([-2 * gap, -2 * gap]), -2 * np.ones((2, 2))

    report = newton.maximise(ridge, np.zeros(2), *WIDE).report
    assert (report.converged, report.why) == (False, "ltv.flat")


def test_patience_ends(monkeypatch):
    monkeypatch.setattr(newton, "MAX_EVALUATIONS", 3)
    found = newton.maximise(rosenbrock, np.array([-1.2, 1.0]), *WIDE)
    assert (found.report.converged, found.report.why) == (False, "ltv.no_convergence")
    assert found.report.figures == {"evaluations": 3}
    assert np.isnan(newton.covariance(found)).all()


def test_a_trial_that_is_not_finite_is_refused_and_the_search_goes_on():
    def cliff(at):
        value, gradient, hessian = rosenbrock(at)
        return (float("nan") if at[1] < -0.2 else value), gradient, hessian

    assert newton.maximise(cliff, np.array([-1.2, 1.0]), *WIDE).report.converged


def test_another_start_is_tried_after_a_failure():
    def two_sided(at):
        return rosenbrock(at) if at[0] > -10 else (-1e9 - at[0], np.array([-1.0, 0.0]), np.diag([0.0, -1.0]))

    found = newton.best(two_sided, [np.array([-15.0, 0.0]), np.array([0.0, 0.0])], *WIDE)
    assert found.report.converged
