"""Versions and issues: planted differences between groups and seasons, at equal mix."""

import numpy as np
import pandas as pd
import pytest

from crmlib.lift import versions
from crmlib.lift.arms import Arm
from crmlib.lift.combine import averaged, pooled
from crmlib.lift.estimate import difference


def rows(*groups):
    """campaign c; each group: wave, arm, version, level, n, buyers, cost each."""
    made = []
    for wave, arm, version, level, n, bought, cost in groups:
        sums = {"n": n, "x": 0.0, "xx": 0.0, "y": bought, "yy": bought, "xy": 0.0}
        facts = {"campaign": "c", "wave": wave, "arm": arm, "version": version, "level": level, "dimension": "segment", "contacts": n,
                 "units": n, "cost": float(n * cost), "first_sent": pd.Timestamp("2024-01-01") + pd.Timedelta(days=60 * wave)}  # fmt: skip
        made.append(facts | {f"purchase_{part}": float(value) for part, value in sums.items()})
    return pd.DataFrame(made)


def arms_of(segments):
    sums = [column for column in segments if column.startswith("purchase_")] + ["contacts", "units", "cost"]
    keys = ["campaign", "wave", "arm", "version"]
    return segments.groupby(keys).agg({**dict.fromkeys(sums, "sum"), "first_sent": "min"}).reset_index()


TURNED = rows(
    (1, "control", "none", "new", 1000, 100, 0), (1, "control", "none", "old", 1000, 100, 0),
    (1, "treated", "A", "new", 1000, 110, 160), (1, "treated", "A", "old", 1000, 220, 160),
    (1, "treated", "B", "new", 1000, 220, 160), (1, "treated", "B", "old", 1000, 110, 160),
)  # fmt: skip


def test_a_version_that_wins_with_some_and_loses_with_others():
    (one,) = versions.contrasts(arms_of(TURNED), TURNED)
    assert (one.key, one.pair, one.dimension) == ("c.B_vs_A", ("B", "A"), "segment")
    assert one.effect.ate.value == pytest.approx(0.0)
    assert {level: round(effect.value, 3) for level, effect in one.groups.items()} == {"new": 0.11, "old": -0.11}
    assert one.interaction_p < 1e-10
    assert one.verdict == "cannot_tell"


def test_same_budget_is_told_from_the_costs():
    (one,) = versions.contrasts(arms_of(TURNED), TURNED)
    assert (one.same_budget, one.cost) == (True, (160.0, 160.0))
    dearer = TURNED.assign(cost=TURNED["cost"] * np.where(TURNED["version"] == "B", 1.5, 1.0))
    assert not versions.contrasts(arms_of(dearer), dearer)[0].same_budget


# v2 is sent in a better season to a mix with more old customers; both versions add 10 points to new ones and 2 to old ones
SEASONS = rows(
    (1, "control", "none", "new", 3000, 300, 0), (1, "control", "none", "old", 1000, 200, 0),
    (1, "treated", "v1", "new", 3000, 600, 100), (1, "treated", "v1", "old", 1000, 220, 100),
    (2, "control", "none", "new", 1000, 200, 0), (2, "control", "none", "old", 3000, 900, 0),
    (2, "treated", "v2", "new", 1000, 300, 100), (2, "treated", "v2", "old", 3000, 960, 100),
)  # fmt: skip


def test_season_and_mix_are_taken_out():
    first, second = versions.chronicle(arms_of(SEASONS), SEASONS)
    assert (first.version, first.sent, second.version) == ("v1", "2024-03-01", "v2")
    assert second.response - first.response == pytest.approx(0.11)  # what the reports say
    assert first.effect.value - second.effect.value == pytest.approx(0.04)  # the mix
    assert first.same_mix.value == pytest.approx(second.same_mix.value) == pytest.approx(0.06)
    (one,) = versions.contrasts(arms_of(SEASONS), SEASONS)
    assert one.effect.ate.value == pytest.approx(0.0, abs=1e-9)
    assert one.effect.ate.lower < 0 < one.effect.ate.upper


def test_a_contrast_over_seasons_has_the_error_of_four_arms():
    (one,) = versions.contrasts(arms_of(SEASONS), SEASONS[SEASONS["level"] == "none"])
    sides = [
        difference(*(Arm(n, p, p * (1 - p) * n / (n - 1)) for n, p in ((4000, t), (4000, c))))
        for t, c in ((1260 / 4000, 1100 / 4000), (820 / 4000, 500 / 4000))
    ]
    assert one.effect.se == pytest.approx(np.hypot(sides[0].se, sides[1].se))
    assert one.effect.ate.value == pytest.approx(sides[0].ate.value - sides[1].ate.value)


def test_a_version_without_any_holdout_is_compared_with_nothing():
    lone = rows((1, "treated", "A", "new", 900, 90, 1), (2, "treated", "B", "new", 900, 90, 1))
    assert versions.contrasts(arms_of(lone), lone) == ()
    assert versions.chronicle(arms_of(lone), lone) == ()


def test_waves_with_different_shares_are_averaged_not_added_up():
    """Simpson: a holdout of a tenth in a good season, of one half in a bad one; the effect is 5 points in both."""
    found = pooled(
        [
            (Arm.of([1] * 315 + [0] * 585), Arm.of([1] * 30 + [0] * 70)),
            (Arm.of([1] * 75 + [0] * 425), Arm.of([1] * 50 + [0] * 450)),
        ]
    )
    assert found.ate.value == pytest.approx(0.05)
    assert pooled([(Arm.of(()), Arm.of(()))]).ate.why == "no_arm"


def test_an_average_of_effects_leaves_unknown_ones_out():
    known = difference(Arm.of([1] * 40 + [0] * 60), Arm.of([1] * 30 + [0] * 70))
    unknown = difference(Arm.of([1.0]), Arm.of([0.0]))
    assert averaged([known, unknown], [1, 5]).ate.value == pytest.approx(known.ate.value)
    twice = averaged([known, known], [1, 1])
    assert twice.se == pytest.approx(known.se / np.sqrt(2))
