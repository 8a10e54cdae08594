"""Contract models: published estimates, derivatives, laws, recovery from known truth, and data that allow nothing."""

import numpy as np
import pytest
from scipy.special import beta as beta_function
from scipy.special import hyp2f1

from crmlib import contract
from crmlib.contract import beta_discrete_weibull, curve, sbg
from crmlib.errors import CrmError

# Fader & Hardie (2007), table 1: percentages of 1,000 customers still active after year 0, 1, ... 12
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


def published(survivors, years):
    return contract.from_survivors(survivors[: years + 1])


@pytest.mark.parametrize(("survivors", "alpha", "beta"), [(REGULAR, 0.704, 1.182), (HIGH_END, 0.668, 3.806)])
def test_sbg_is_fader_hardie_2007_years_0_to_7(survivors, alpha, beta):
    found = sbg.fit(published(survivors, 7))
    assert (round(found.parameters[0], 3), round(found.parameters[1], 3)) == (alpha, beta)
    assert found.parameter("alpha").lower < alpha < found.parameter("alpha").upper


def test_beta_discrete_weibull_is_fader_et_al_2018_high_end_years_0_to_4():
    found = beta_discrete_weibull.fit(published(HIGH_END, 4))
    np.testing.assert_allclose(found.parameters, [0.2593, 1.7226, 1.5844], atol=5e-5)
    assert round(found.survival(12).value, 3) == 0.389


def test_the_projection_to_year_12_holds_what_was_left_out():
    """Fitted to years 0-7, both products' year 12 lies in the interval of the better model."""
    for survivors in (REGULAR, HIGH_END):
        found = beta_discrete_weibull.fit(published(survivors, 7)).survival(12)
        assert found.lower < survivors[12] / 1000 < found.upper


@pytest.mark.parametrize("free", [2, 3])
@pytest.mark.parametrize("point", [(0.5, 2.0, 1.3), (1.4, 0.8, 0.7), (0.1, 9.0, 2.0)])
def test_derivatives_are_those_of_the_likelihood(free, point):
    target, at, h = curve.objective(published(HIGH_END, 7), free), np.log(point[:free]), 1e-5
    _, gradient, hessian = target(at)
    steps = h * np.eye(free)
    slope = [(target(at + step)[0] - target(at - step)[0]) / (2 * h) for step in steps]
    bend = [(target(at + step)[1] - target(at - step)[1]) / (2 * h) for step in steps]
    np.testing.assert_allclose(gradient, slope, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(hessian, bend, rtol=1e-5, atol=1e-4)


def test_sbg_survival_is_the_ratio_of_beta_functions():
    found = sbg.fit(published(REGULAR, 7))
    a, b, _ = found.parameters
    for n in (0, 1, 5, 40):
        assert found.survival(n).value == pytest.approx(beta_function(a, b + n) / beta_function(a, b), rel=1e-12)
        assert found.renewal(n + 1).value == pytest.approx((b + n) / (a + b + n), rel=1e-9)


def test_residual_lifetime_is_fader_hardie_2010_in_closed_form():
    """DERL of the sBG: (b + n - 1) / (a + b + n - 1) 2F1(1, b + n; a + b + n; 1 / (1 + d)), eq. 6; here n - 1 renewals made."""
    found = sbg.fit(published(HIGH_END, 7))
    a, b, _ = found.parameters
    for made in (0, 1, 4):
        exact = (b + made) / (a + b + made) * hyp2f1(1, b + made + 1, a + b + made + 1, 1 / 1.1)
        assert contract.residual_lifetime(found, made, 0.1).value == pytest.approx(exact, rel=1e-9)


def test_residual_lifetime_of_some_periods_is_the_sum_of_the_survival_and_has_an_interval():
    found = sbg.fit(published(HIGH_END, 7))
    total = sum(found.survival(t).value for t in range(1, 13))
    some = contract.residual_lifetime(found, 0, periods=12)
    assert some.value == pytest.approx(total, rel=1e-12)
    assert some.lower < some.value < some.upper
    with pytest.raises(CrmError, match="without end needs a discount"):
        contract.residual_lifetime(found, 0)


def lives(seed: int, n: int, c: float = 1.0):
    """Renewals and loss of n contracts with theta ~ Beta(0.9, 2.4), each seen for 1 to 15 opportunities."""
    rng = np.random.default_rng(seed)
    theta, seen = rng.beta(0.9, 2.4, n), rng.integers(1, 16, n)
    survived = np.floor((np.log(rng.random(n)) / np.log1p(-theta)) ** (1 / c)).astype(int)
    return np.minimum(survived, seen), survived < seen


def test_tenures_are_counted_by_opportunity():
    found = contract.from_tenures([0, 0, 1, 2, 2], [True, False, True, False, True], [3, 2, 1, 4, 1])
    assert found.at_risk.tolist() == [9, 6, 1]
    assert found.lost.tolist() == [3, 1, 1]
    assert (found.contracts, found.kept.tolist()) == (11, [6, 5, 0])


def test_survivors_and_tenures_say_the_same():
    whole = published(REGULAR, 7)
    renewals = [*range(7), 7]
    other = contract.from_tenures(renewals, [True] * 7 + [False], [*whole.lost, REGULAR[7]])
    assert (other.at_risk.tolist(), other.lost.tolist()) == (whole.at_risk.tolist(), whole.lost.tolist())


def test_row_order_and_split_weights_change_nothing():
    renewals, lost = lives(1, 500)
    order = np.random.default_rng(2).permutation(500)
    one, two = contract.from_tenures(renewals, lost), contract.from_tenures(renewals[order], lost[order])
    assert one.at_risk.tolist() == two.at_risk.tolist()
    left, right = contract.from_tenures(renewals[:200], lost[:200]), contract.from_tenures(renewals[200:], lost[200:])
    size = max(left.at_risk.size, right.at_risk.size)
    both = [np.pad(part.at_risk, (0, size - part.at_risk.size)) for part in (left, right)]
    assert sum(both).tolist() == one.at_risk.tolist()


@pytest.mark.parametrize(("model", "c"), [(sbg, 1.0), (beta_discrete_weibull, 1.4)])
def test_intervals_cover_the_truth(model, c):
    hits = np.zeros(3)
    for seed in range(100):
        found = model.fit(contract.from_tenures(*lives(seed, 2000, c)))
        truths = (
            0.9,
            beta_function(0.9, 2.4 + 6) / beta_function(0.9, 2.4),
            beta_function(0.9, 2.4 + 30) / beta_function(0.9, 2.4),
        )
        estimates = (found.parameter("alpha"), found.survival(6), found.survival(30))
        if c != 1.0:
            truths = (0.9, *(beta_function(0.9, 2.4 + t**c) / beta_function(0.9, 2.4) for t in (6, 30)))
        hits += [e.lower <= truth <= e.upper for e, truth in zip(estimates, truths, strict=True)]
    assert ((hits >= 90) & (hits <= 99)).all()


def test_alike_contracts_have_no_spread_and_the_report_says_so():
    alike = sbg.fit(contract.from_survivors([1024, 512, 256, 128, 64, 32]))
    assert alike.why == "contract.boundary"
    assert np.isnan(alike.survival(3).value)
    assert alike.survival(3).why == alike.parameter("alpha").why == "contract.boundary"


@pytest.mark.parametrize(
    ("renewals", "lost"),
    [([], []), ([0], [True]), ([0] * 9, [False] * 9), ([3] * 9, [False] * 9), ([0] * 9, [True] * 9)],
)
def test_too_few_losses_or_renewals_are_no_fit(renewals, lost):
    exposure = contract.from_tenures(renewals, lost)
    for model in (sbg, beta_discrete_weibull):
        found = model.fit(exposure)
        assert found.why == "contract.too_few"
        assert contract.residual_lifetime(found, 0, 0.1).why == "contract.too_few"


@pytest.mark.parametrize("survivors", [[1000], [10, 11], [10, -1]])
def test_impossible_survivors_are_refused(survivors):
    with pytest.raises(CrmError, match="never rise"):
        contract.from_survivors(survivors)


def test_impossible_tenures_are_refused():
    with pytest.raises(CrmError, match="not negative"):
        contract.from_tenures([-1], [True])


def test_a_fixed_parameter_has_no_interval():
    found = sbg.fit(published(REGULAR, 7)).parameter("c")
    assert found.value == 1.0
    assert np.isnan(found.lower)
