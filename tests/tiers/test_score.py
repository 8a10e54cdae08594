"""The score interval of a difference: published examples, the likelihood's own maximum, and both ends missing equally often."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import ndtri
from scipy.stats import binom

from crmlib.intervals import z
from crmlib.tiers import score

TABLES = [((43, 160), (9, 75)), ((5, 56), (0, 29)), ((90, 100), (40, 60)), ((3, 40), (12, 30)), ((0, 20), (0, 30))]


def pair(first, second):
    return np.array([first[0], second[0]], float), np.array([first[1], second[1]], float)


def plain(first, second, level=0.95):
    """Miettinen & Nurminen's limits: the score without its skewness, by halving."""
    ends = []
    for wanted in (z(level), -z(level)):
        low, high = -1.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (
                (middle, high) if score.score(pair(first, second), middle, skewed=False) > wanted else (low, middle)
            )
        ends.append(low)
    return ends


def test_miettinen_and_nurminens_limits_of_newcombes_example():
    """5/56 less 0/29: -0.0326 to 0.1933, Newcombe (1998), Statistics in Medicine 17, 873-890, table II, example d."""
    assert plain((5, 56), (0, 29)) == pytest.approx([-0.0326, 0.1933], abs=5e-5)


def test_the_skewness_of_gart_and_nams_example():
    """7/25 less 2/25: -0.014 to 0.414, Gart & Nam (1990), without the factor N / (N - 1), here 50 / 49 of the variance."""
    found = score.difference((7, 25), (2, 25), 0.95)
    assert (found.lower, found.upper) == pytest.approx((-0.014, 0.414), abs=0.003)
    assert found.upper > plain((7, 25), (2, 25))[1]


@pytest.mark.parametrize(("first", "second"), TABLES[:1] + TABLES[2:4])
@pytest.mark.parametrize("gap", [-0.3, -0.05, 0.02, 0.25])
def test_the_likelihood_is_at_its_maximum(first, second, gap):
    (a, n), (b, m) = first, second

    def unlikely(p):
        return -(a * np.log(p + gap) + (n - a) * np.log(1 - p - gap) + b * np.log(p) + (m - b) * np.log(1 - p))

    bounds = max(0.0, -gap) + 1e-9, min(1.0, 1 - gap) - 1e-9
    best = minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
    assert score._restricted(pair(first, second), gap) == pytest.approx([best + gap, best], abs=1e-5)


@pytest.mark.parametrize(("first", "second"), TABLES)
def test_swapping_the_groups_flips_the_sign(first, second):
    one, other = score.difference(first, second), score.difference(second, first)
    assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower), abs=1e-9)
    assert one.lower <= one.value <= one.upper


def test_interval_and_test_say_the_same():
    decided = 0
    for hits in range(2, 50):
        found, p = score.difference((hits, 150), (9, 70), 0.98), score.p_value((hits, 150), (9, 70))
        assert (found.lower > 0 or found.upper < 0) == (p < 0.02)
        decided += p < 0.02
    assert 5 < decided < 45


@pytest.mark.parametrize("share", [0.12, 0.25, 0.4])
def test_both_tails_hold_their_level_where_the_groups_differ_in_size(share):
    """All tables of 150 and 70 customers with their probabilities: 1.25 % in each tail, to a quarter; without the skewness not."""
    more, less = np.arange(151), np.arange(71)
    chance = np.outer(binom.pmf(more, 150, share), binom.pmf(less, 70, share))
    kept = [(i, j) for i, j in zip(*np.nonzero(chance > 1e-7), strict=True)]
    weight = np.array([chance[place] for place in kept])
    limit = -ndtri(0.0125)
    tails = {}
    for skewed in (True, False):
        found = np.array([score.score(pair((i, 150), (j, 70)), 0.0, skewed=skewed) for i, j in kept])
        tails[skewed] = weight[found > limit].sum(), weight[found < -limit].sum()
    assert tails[True] == pytest.approx((0.0125, 0.0125), abs=0.0025)
    assert abs(tails[False][0] - tails[False][1]) > abs(tails[True][0] - tails[True][1])
