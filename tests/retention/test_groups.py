"""F2 by group: the log-rank test against statsmodels, hidden and small groups, shrinkage, laws."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import survdiff
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from crmlib import retention
from crmlib.retention.groups import difference_at


def simulated(seed, rates, n=400):
    rng = np.random.default_rng(seed)
    value = np.repeat(list(rates), n)
    observed = rng.integers(30, 700, value.size)
    gap = rng.geometric([rates[name] for name in value])
    event = gap <= observed
    rows = pd.DataFrame({"value": value, "contract": False, "cohort": 100, "observed": observed,
                         "days": np.where(event, gap, observed), "event": event})  # fmt: skip
    return spending(rows.groupby(list(rows.columns)).size().rename("n").reset_index())


def spending(counts):
    """Whoever came again within a year spends by how soon."""
    each = np.where(counts["event"].astype(bool) & (counts["days"] <= 365), 5_000 - 10 * counts["days"], 0)
    return counts.assign(amount=each * counts["n"], squares=(each.astype(float) ** 2) * counts["n"])


def tallies(counts):
    return [retention.Tally.of(part, int(counts["observed"].max())) for _, part in counts.groupby("value")]


def expanded(counts):
    return spending(counts.loc[counts.index.repeat(counts["n"])].assign(n=1).reset_index(drop=True))


@pytest.mark.parametrize("rates", [{"a": 0.003, "b": 0.003}, {"a": 0.003, "b": 0.004, "c": 0.0025}])
def test_log_rank_is_statsmodels(rates):
    counts = simulated(5, rates)
    long = expanded(counts)
    found = retention.log_rank(tallies(counts), 365)
    days, event = long["days"].clip(upper=365), long["event"] & (long["days"] <= 365)
    statistic, p = survdiff(days, event, long["value"])
    assert found.statistic == pytest.approx(statistic, rel=1e-9)
    assert found.p == pytest.approx(p, rel=1e-9)


def test_one_group_and_too_few_expected_are_not_tested():
    assert retention.log_rank(tallies(simulated(1, {"a": 0.003})), 365).why == "one_group"
    few = simulated(1, {"a": 0.003, "b": 0.003}, 8)
    assert retention.log_rank(tallies(few), 365).why == "too_few"


def test_groups_are_sorted_by_size_and_small_ones_are_hidden():
    rows = [("big", 40), ("middle", 20), ("small", 4)]
    counts = pd.DataFrame(
        [(name, False, 1, 400, 10 if half else 400, half, n // 2) for name, n in rows for half in (True, False)],
        columns=["value", "contract", "cohort", "observed", "days", "event", "n"],
    )
    none = pd.DataFrame(
        [(None, False, 1, 400, 400, False, 7), ("big", True, 1, 400, 30, True, 9)], columns=counts.columns
    )
    found = retention.by_group(spending(pd.concat([counts, none])), "medium")
    assert [(group.name, group.n) for group in found.groups] == [("big", 40), ("middle", 20)]
    assert (found.hidden, found.unknown) == (4, 7)
    assert found.groups[0].rate.value == 0.5
    assert found.why == "one_group"  # only one has 30 customers
    assert found.groups[1].difference.why == "too_few"
    assert found.groups[1].gain.value == 0  # half of either group spends the same
    assert (found.groups[0].gain.n, found.groups[0].new_a_year) == (64, 0)


def test_a_planted_difference_is_found_and_named():
    found = retention.by_group(simulated(2, {"a": 0.002, "b": 0.002, "c": 0.006}), "product", 0.99)
    assert found.clearest.name == "c"
    assert found.clearest.difference.lower > 0
    assert found.test.p < 1e-6


def test_alike_groups_are_drawn_together_and_different_ones_are_not():
    alike = retention.by_group(simulated(3, dict.fromkeys("abcdef", 0.003), 60), "medium")
    rates = [group.rate.value for group in alike.groups]
    assert np.std([group.shrunk for group in alike.groups]) < 0.7 * np.std(rates)
    apart = retention.by_group(simulated(3, {"a": 0.0005, "b": 0.003, "c": 0.02}, 4000), "medium")
    for group in apart.groups:
        assert group.shrunk == pytest.approx(group.rate.value, abs=0.003)


def test_row_order_and_split_counts_change_nothing():
    counts = simulated(4, {"a": 0.002, "b": 0.004, "c": 0.003})
    other = expanded(counts).sample(frac=1, random_state=1)
    one, two = retention.by_group(counts, "medium"), retention.by_group(other, "medium")
    assert one.groups == two.groups
    assert one.test.statistic == pytest.approx(two.test.statistic)


def test_false_alarms_of_the_clearest_group_stay_within_the_level():
    alarms = 0
    for seed in range(60):
        gap = retention.by_group(simulated(seed, dict.fromkeys("abcde", 0.003), 150), "medium").clearest.difference
        alarms += gap.lower > 0 or gap.upper < 0
    assert alarms <= 6


def test_the_money_of_a_group_is_that_of_statsmodels():
    """Whoever was observed for a year: mean of the group minus mean of all others, unequal variances."""
    counts = simulated(7, {"a": 0.002, "b": 0.004, "c": 0.003})
    group = next(one for one in retention.by_group(counts, "medium", 0.99).groups if one.name == "b")
    seen = expanded(counts[counts["observed"] >= 365])
    parts = [seen.loc[(seen["value"] == "b") == inside, "amount"].astype(float) for inside in (True, False)]
    compared = CompareMeans(*map(DescrStatsW, parts))
    low, high = compared.zconfint_diff(alpha=0.01 / 3, usevar="unequal")
    assert (group.gain.value, group.gain.lower, group.gain.upper) == pytest.approx(
        (parts[0].mean() - parts[1].mean(), low, high), rel=1e-9
    )
    assert group.gain.level == 0.99
    assert group.new_a_year == counts.loc[(counts["value"] == "b") & (counts["observed"] < 365), "n"].sum()


def test_dimensions_are_adjusted_for_one_another():
    parts = {name: retention.by_group(simulated(seed, {"a": 0.003, "b": rate}), name)
             for seed, (name, rate) in enumerate({"product": 0.006, "medium": 0.003}.items())}  # fmt: skip
    parts["channel"] = retention.by_group(parts_of_nobody(), "channel")
    found = retention.adjusted(parts)
    assert found["product"].q == pytest.approx(2 * parts["product"].test.p)
    assert found["channel"].why == "absent"
    assert np.isnan(found["channel"].q)


def parts_of_nobody():
    return simulated(0, {"a": 0.003}).iloc[:0]


def test_the_difference_is_wider_at_a_higher_level_and_not_read_beyond_the_horizon():
    counts = simulated(6, {"a": 0.003, "b": 0.003})
    one, other = (retention.curve_of(counts[counts["value"] == name]) for name in "ab")
    narrow, wide = (difference_at(one, other, 180, level) for level in (0.95, 0.999))
    assert wide.lower < narrow.lower < narrow.value < narrow.upper < wide.upper
    assert difference_at(one, other, 5000, 0.95).why == "too_young"


def test_all_others_are_the_whole_without_the_group():
    """Their curve, their money and the test against them, as from their own rows."""
    counts = simulated(8, {"a": 0.002, "b": 0.004, "c": 0.003})
    inside, days = counts["value"] == "b", int(counts["observed"].max())
    own, rest, whole = (retention.Tally.of(part, days) for part in (counts[inside], counts[~inside], counts))
    left, curve = whole - own, retention.curve_of(counts[~inside])
    assert (left.n, left.young, left.spent) == (rest.n, rest.young, rest.spent)
    found = left.curve()
    assert (found.horizon, found.n) == (curve.horizon, curve.n)
    size = len(curve.survival)
    np.testing.assert_array_equal(found.survival[:size], curve.survival)
    assert (found.survival[size:] == curve.survival[-1]).all()
    long = expanded(counts)
    statistic, p = survdiff(long["days"].clip(upper=365), long["event"] & (long["days"] <= 365), long["value"] == "b")
    test = retention.log_rank((own, left), 365)
    assert (test.statistic, test.p) == pytest.approx((statistic, p), rel=1e-9)
