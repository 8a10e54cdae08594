import numpy as np
import pandas as pd
import pytest

from crmlib.ltv import patterns
from crmlib.ltv.simulated import bg_nbd_customers


def test_equal_histories_become_one_row_with_a_weight():
    p = patterns.from_arrays([1, 0, 1, 0], [9, 0, 9, 0], [20, 20, 20, 10])
    assert (p.frequency.tolist(), p.recency.tolist()) == ([0, 0, 1], [0, 0, 9])
    assert (p.T.tolist(), p.weight.tolist()) == ([10, 20, 20], [1, 1, 2])
    assert (len(p), p.customers, p.repeaters, p.repeat_purchases) == (3, 4, 2, 2)


def test_cdnow_is_1016_patterns(calibration):
    """measures.md of the house and Fader & Hardie: 2,357 customers, 1,016 distinct histories."""
    p = patterns.from_frame(calibration)
    assert (len(p), p.customers, p.repeaters) == (1016, 2357, 946)


def test_rows_grouped_before_are_the_same_as_raw_rows(calibration):
    grouped = calibration.groupby(["frequency", "recency", "T"], as_index=False)["weight"].sum()
    raw = patterns.from_arrays(calibration["frequency"], calibration["recency"], calibration["T"])
    again = patterns.from_frame(grouped.sample(frac=1, random_state=3))
    for name in ("frequency", "recency", "T", "weight"):
        np.testing.assert_array_equal(getattr(raw, name), getattr(again, name))


def test_coarse_bins_keep_every_customer_and_purchase(calibration):
    p = patterns.from_frame(calibration)
    binned = patterns.coarse(p, 30)
    assert (binned.customers, binned.repeat_purchases) == (p.customers, p.repeat_purchases)
    assert len(binned) < len(p) / 4
    assert (binned.recency <= binned.T).all()


@pytest.mark.parametrize("cells", [0, patterns.MOST_CELLS])
def test_bins_of_arrays_are_bins_of_their_patterns(cells, monkeypatch):
    monkeypatch.setattr(patterns, "MOST_CELLS", cells)
    raw = bg_nbd_customers((0.6, 6.4, 0.9, 2.5), np.random.default_rng(1).integers(30, 730, 5_000), 1)
    both = patterns.coarse(patterns.from_arrays(*raw), 7), patterns.coarse_from_arrays(*raw, 7)
    for one, other in zip(*(vars(p).values() for p in both), strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(ValueError, match="must not be negative"):
        patterns.coarse_from_arrays([-1], [0], [5], 7)


@pytest.mark.parametrize("days", [700, 60_000])
def test_short_and_long_observations_are_grouped_alike(days):
    """Keys of 32 and of 64 bits."""
    draw = np.random.default_rng(2)
    T = draw.integers(days // 2, days, 3_000)
    raw = bg_nbd_customers((0.6, 6.4 * days / 700, 0.9, 2.5), T, 2)
    grouped = patterns.from_arrays(*raw)
    expected = pd.DataFrame(dict(zip(["x", "t_x", "T"], raw, strict=True))).groupby(["x", "t_x", "T"]).size()
    columns = (grouped.frequency, grouped.recency, grouped.T)
    assert list(zip(*columns, strict=True)) == list(expected.index)
    np.testing.assert_array_equal(grouped.weight, expected)


@pytest.mark.parametrize(
    ("x", "t_x", "T", "message"),
    [
        ([1], [0], [5], "1 impossible histories; the first: frequency 1, recency 0, T 5, weight 1. Expected frequency"),
        ([0], [3], [5], "frequency 0, recency 3, T 5"),
        ([1, 1], [9, 2], [5, 5], "1 impossible histories; the first: frequency 1, recency 9, T 5"),
        ([4], [3], [5], "frequency 4, recency 3, T 5"),
        ([-1], [0], [5], "must not be negative"),
        ([1.5], [3], [5], "frequency must be whole numbers"),
        ([1, 1], [3], [5], "have 2, 1 and 1 rows"),
        ([10**12], [10**12], [10**12], "does not fit into a 64-bit key"),
    ],
)
def test_impossible_histories_are_refused_by_name(x, t_x, T, message):
    with pytest.raises(ValueError, match=message):
        patterns.from_arrays(x, t_x, T)


def test_a_weight_of_zero_is_refused():
    frame = pd.DataFrame({"frequency": [0], "recency": [0], "T": [5], "weight": [0]})
    with pytest.raises(ValueError, match="a weight above 0"):
        patterns.from_frame(frame)


def test_no_customers_is_no_patterns():
    assert patterns.from_arrays(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int)).customers == 0
