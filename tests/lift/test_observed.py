"""No holdout: doubly robust effects recover planted ones, the audit grades them, leaks are refused by name."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from crmlib.errors import DataError
from crmlib.intervals import Estimate, unknown
from crmlib.lift import audit, frame, logistic, sensitivity
from crmlib.lift.observed import adjusted
from crmlib.lift.patterns import of_cells, of_units


def selected(seed, n=1500, *, hidden=0.0):
    """Contacted are those who buy more; the effect on the contacted is 1 on average, the plain difference about 2.4."""
    draw = np.random.default_rng(seed)
    x, group = draw.normal(size=(n, 2)), draw.choice(["a", "b", "c"], n)
    unseen = draw.normal(size=n)
    chance = 1 / (1 + np.exp(-(x[:, 0] + 0.5 * x[:, 1] + 0.6 * (group == "c") + hidden * unseen - 0.8)))
    treated = draw.random(n) < chance
    level = 1.5 * x[:, 0] + np.abs(x[:, 1]) + 0.8 * (group == "c") + hidden * unseen
    rows = {"x": x[:, 0], "z": x[:, 1], "group": group, "t": treated.astype(int)}
    made = pd.DataFrame(rows | {"y": level + treated + draw.normal(size=n), "past": level + draw.normal(size=n)})
    return made.assign(bought=(made["y"] > 1.5).astype(int))


@pytest.mark.parametrize("estimand", ["att", "ate"])
def test_intervals_cover_the_planted_effect_that_the_plain_difference_misses(estimand):
    inside, errors = [], []
    for seed in range(40):
        found = frame.observed(selected(seed), "y", "t", ["x", "z", "group"], estimand=estimand).found
        inside.append(found.effect.lower <= 1 <= found.effect.upper)
        errors.append(found.effect.value - 1)
        assert found.naive.lower > 1.3
    assert 0.88 <= np.mean(inside) <= 1.0
    assert abs(np.mean(errors)) < 0.03


def test_grade_b_needs_overlap_balance_and_a_placebo():
    made = selected(1, 6000)
    found = frame.observed(made, "y", "t", ["x", "z", "group"], placebo="past")
    assert (found.grade, found.verdict) == ("B", "works")
    assert abs(found.placebo.value) < 0.2 < found.found.effect.value
    without = frame.observed(made, "y", "t", ["x", "z", "group"])
    assert (without.grade, without.verdict) == ("C", "cannot_tell")


def test_a_cause_that_is_not_seen_fails_the_placebo():
    found = frame.observed(selected(1, 6000, hidden=1.0), "y", "t", ["x", "z", "group"], placebo="past")
    assert found.grade == "C"
    assert found.placebo.lower > 0.3
    assert found.verdict == "cannot_tell"


def test_nobody_to_compare_with_is_grade_d():
    made = selected(2, 800).assign(t=lambda rows: (rows["x"] > 0).astype(int))
    assert frame.observed(made, "y", "t", ["x"], placebo="past").grade == "D"
    few = selected(3, 400).assign(t=0)
    few.loc[:10, "t"] = 1
    found = frame.observed(few, "y", "t", ["x"])
    assert (found.grade, found.found.effect.why) == ("D", "too_few")
    nobody = frame.observed(few.assign(t=0), "y", "t", ["x"])
    assert nobody.found.effect.why == "no_arm"


@pytest.mark.parametrize("name", ["duration", "Duration", "response", "y"])
def test_what_is_measured_after_the_contact_is_refused_by_name(name):
    made = selected(1, 200).assign(**{name: 1.0})
    with pytest.raises(DataError, match=f"'{name}' is measured after the contact and cannot be a covariate"):
        frame.observed(made, "y", "t", ["x", name])


def test_all_other_problems_are_told_at_once():
    made = selected(1, 200)
    with pytest.raises(DataError) as error:
        frame.observed(made, "y", "tt", ["x", "zz"])
    assert [problem.what for problem in error.value.problems] == ["there is no column 'tt'", "there is no column 'zz'"]
    made.loc[:2, "x"] = np.nan
    with pytest.raises(DataError, match="3 rows of 'x' are empty"):
        frame.observed(made, "y", "t", ["x"])
    with pytest.raises(DataError, match="'z' holds something other than 0 and 1"):
        frame.observed(made, "y", "z", ["group"])


def test_order_of_the_rows_of_a_pattern_and_labels_of_levels_change_nothing():
    made = selected(5, 900)
    cells = made.assign(
        fold=np.arange(900) % 5, arm=np.where(made["t"], "treated", "control"), band=(made["x"] > 0).astype(str)
    )
    grouped = cells.groupby(["arm", "fold", "group", "band"])["bought"].agg(["size", "sum"]).reset_index()
    grouped = grouped.rename(columns={"size": "buy_n", "sum": "buy_y"}).assign(buy_yy=lambda rows: rows["buy_y"])
    one = adjusted(of_cells(grouped, "buy", ["group", "band"]))
    shuffled = grouped.sample(frac=1, random_state=1).replace({"a": "zebra"})
    other = adjusted(of_cells(shuffled, "buy", ["group", "band"]))
    assert other.effect.value == pytest.approx(
        one.effect.value, rel=1e-6, abs=2e-3
    )  # another level is the base of the ridge
    plain = made.loc[made["t"] == 1, "bought"].mean() - made.loc[made["t"] == 0, "bought"].mean()
    assert one.naive.value == pytest.approx(plain)


def test_logistic_regression_is_statsmodels_but_for_the_ridge():
    made = selected(7, 2000)
    features, names = of_units(made, "y", "t", ["group"]).features, ["one", "b", "c"]
    ours = logistic.logistic(features, made["t"].to_numpy(float), np.ones(2000))
    oracle = sm.GLM(made["t"], pd.DataFrame(features, columns=names), family=sm.families.Binomial()).fit()
    np.testing.assert_allclose(ours, oracle.params, atol=2e-3)


def test_difference_in_differences_is_ols_on_the_changes():
    made = selected(8, 1000)
    found = frame.difference_in_differences(made, "y", "past", "t")
    fit = sm.OLS(made["y"] - made["past"], sm.add_constant(made["t"])).fit(cov_type="HC2")
    assert found.ate.value == pytest.approx(fit.params["t"])
    assert found.se == pytest.approx(fit.bse["t"], rel=5e-3)


def test_e_value_of_vanderweele_and_ding():
    """Their example: a risk ratio of 3.9 needs 7.26; its lower limit of 1.8 needs 3.0."""
    effect = Estimate(2.9 * 0.1, 0.8 * 0.1, 6.7 * 0.1, 100)
    assert sensitivity.e_value(effect, 0.1) == pytest.approx(7.26, abs=0.005)
    assert sensitivity.e_value(effect, 0.1, limit=True) == pytest.approx(3.0, abs=0.005)
    assert sensitivity.e_value(Estimate(0.1, -0.1, 0.3, 9), 0.2, limit=True) == 1.0
    assert np.isnan(sensitivity.e_value(unknown(3, "too_few"), 0.1))


def test_robustness_value_of_cinelli_and_hazlett():
    """Their Darfur example: estimate 0.097, standard error 0.023, 783 degrees of freedom: 13.9 %, and 7.6 % at 5 %."""
    assert sensitivity.robustness(0.097, 0.0233, 783) == pytest.approx(0.139, abs=0.001)
    assert sensitivity.robustness(0.097, 0.0233, 783, alpha=0.05) == pytest.approx(0.076, abs=0.001)
    assert sensitivity.robustness(0.001, 0.0233, 783, alpha=0.05) == 0.0


@pytest.mark.parametrize(
    ("placebo", "passes"),
    [((-0.02, 0.03), True), ((-0.02, 0.06), False), ((0.01, 0.03), True), ((-0.2, 0.2), False)],
)
def test_a_placebo_passes_when_its_interval_lies_within_half_of_the_effect(placebo, passes):
    effect = Estimate(-0.1, -0.15, -0.05, 100)
    assert audit.passed(effect, Estimate(sum(placebo) / 2, *placebo, 100)) == passes
    assert not audit.passed(effect, unknown(5, "no_history"))
