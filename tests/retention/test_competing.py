"""Aalen-Johansen against statsmodels and by hand."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from crmlib import retention

CAUSES = ("skip", "pause", "cancel")


@pytest.mark.parametrize("seed", [1, 2])
def test_incidence_and_its_error_are_statsmodels(seed):
    rng = np.random.default_rng(seed)
    turn, code = rng.integers(1, 10, 600), rng.choice(4, 600, p=[0.4, 0.2, 0.1, 0.3])
    oracle = CumIncidenceRight(turn, code)
    cause = pd.Series(np.array([None, *CAUSES], dtype=object)[code])
    found = retention.aalen_johansen(pd.Series(turn), cause, pd.Series(np.ones(600, int)), CAUSES)
    for place, name in enumerate(CAUSES):
        np.testing.assert_allclose(found.incidence[name][1:], oracle.cinc[place], atol=1e-12)
        np.testing.assert_allclose(found.error[name][1:], oracle.cinc_se[place], atol=1e-12)


def test_by_hand_and_the_parts_add_up_to_one():
    turn, cause = pd.Series([1, 1, 2, 2, 0]), pd.Series(["skip", "cancel", "cancel", None, None])
    found = retention.aalen_johansen(turn, cause, pd.Series([2, 3, 1, 4, 6]), CAUSES)
    assert found.at_risk.tolist() == [16, 10, 5]
    assert found.share("skip", 1).value == pytest.approx(0.2)
    assert found.share("cancel", 2).value == pytest.approx(0.3 + 0.5 * 0.2)
    total = found.going + sum(found.incidence.values())
    np.testing.assert_allclose(total, 1.0, atol=1e-12)
    assert found.share("pause", 2).value == 0.0
    assert found.share("skip", 3).why == "too_young"


def test_nobody_and_nothing_happened():
    empty = pd.Series([], dtype=int)
    found = retention.aalen_johansen(empty, pd.Series([], dtype=object), empty, CAUSES)
    assert (found.n, found.turns) == (0, 0)
    quiet = retention.aalen_johansen(pd.Series([3]), pd.Series([None]), pd.Series([9]), CAUSES)
    assert quiet.going.tolist() == [1.0] * 4
