"""Regression discontinuity against rdrobust's published example, bunching and the verdict on made-up customers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmlib import tiers
from crmlib.tiers.bunching import bunching, density_jump
from crmlib.tiers.discontinuity import Outcomes, jump, t_value
from crmlib.tiers.threshold import PARTS, SURE, thresholds

LINE = 100_000


@pytest.fixture(scope="module")
def senate() -> Outcomes:
    """US Senate: share of votes by the margin of the election before (Cattaneo, Frandsen & Titiunik 2015), 1,297 pairs."""
    rows = pd.read_csv(Path(__file__).with_name("senate.csv"))
    vote = rows["vote"].to_numpy()
    return Outcomes(rows["margin"].to_numpy(), np.ones(len(rows)), vote, vote**2)


@pytest.mark.parametrize(
    ("bandwidth", "conventional", "robust"),
    [
        (10.0, (7.98468749, 1.83087987), (11.92181961, 2.6604057)),
        (17.7, (7.4163347, 1.4570375), (8.32860512, 2.06020942)),
    ],
)
def test_the_senate_example_of_rdrobust(senate, bandwidth, conventional, robust):
    """rdrobust 2.1.1, rdrobust(vote, margin, h=..., b=..., vce="hc0"): conventional and robust rows, triangular kernel."""
    for degree, (value, error) in ((1, conventional), (2, robust)):
        found = jump(senate, bandwidth, degree)
        assert found.value == pytest.approx(value, abs=1e-6)
        assert (found.upper - found.lower) / (2 * 1.959963985) == pytest.approx(error, abs=1e-6)


def test_the_published_bandwidth_gives_the_published_jump(senate):
    """7.414 with a bandwidth of 17.754: Calonico, Cattaneo & Titiunik (2015), The R Journal 7, 38-51, section 4."""
    assert jump(senate, 17.754398).value == pytest.approx(7.414131, abs=1e-5)


def test_binned_sums_give_the_same_as_single_customers():
    draw = np.random.default_rng(0)
    x = draw.integers(-40, 40, 4_000) / 40 + 1 / 80
    y = 2 * x + 0.3 * (x >= 0) + draw.standard_normal(x.size)
    single = Outcomes(x, np.ones(x.size), y, y**2)
    cells = pd.DataFrame({"x": x, "n": 1.0, "y": y, "yy": y**2}).groupby("x", as_index=False).sum()
    binned = Outcomes(*(cells[name].to_numpy() for name in ("x", "n", "y", "yy")))
    one, two = jump(single, 0.5), jump(binned, 0.5)
    assert (one.value, one.lower, one.n) == (pytest.approx(two.value), pytest.approx(two.lower), two.n)


def test_turning_the_axis_turns_the_sign(senate):
    inside = senate.where(np.abs(senate.x) > 1e-9)
    turned = Outcomes(-inside.x, inside.n, inside.total, inside.square)
    assert jump(turned, 10).value == pytest.approx(-jump(inside, 10).value)


def customers(seed: int, size: int = 20_000, rise: float = 0.0, bunched: float = 0.0) -> pd.DataFrame:
    """Bins as the engine counts them: lognormal spend, next year's spend follows it smoothly but for a jump at the line."""
    draw = np.random.default_rng(seed)
    base = draw.standard_normal(size)
    spend = 60_000 * np.exp(0.8 * base)
    near = (spend >= 0.95 * LINE) & (spend < LINE) & (draw.random(size) < bunched)
    spend = np.floor(np.where(near, LINE * (1 + 0.02 * draw.random(size)), spend))
    later = 60_000 * np.exp(0.8 * (0.7 * base + np.sqrt(0.51) * draw.standard_normal(size)) + rise * (spend >= LINE))
    later = np.where(draw.random(size) < 0.1, 0, np.floor(later))
    kept = (spend >= 0.3 * LINE) & (spend < 3 * LINE)
    spend, later = spend[kept], later[kept]
    active = later > 0
    log = np.log(np.where(active, later, 1))
    rows = pd.DataFrame({
        "tier": 1, "review": 1, "bin": (spend * PARTS // LINE).astype(int) - PARTS, "customers": 1, "amount": spend, "active": active.astype(int),
        "later": later, "later_square": later**2, "log_later": log, "log_square": log**2,
    })  # fmt: skip
    return rows.groupby(["tier", "review", "bin"], as_index=False).sum()


def judged(bins: pd.DataFrame) -> tiers.Threshold:
    return thresholds(bins, {1: LINE})[1]


def test_a_line_that_creates_spend_is_seen_by_its_jump_and_by_bunching():
    kinds = set()
    for seed in range(20):
        by_jump, by_bunching = judged(customers(seed, rise=0.4)), judged(customers(seed, bunched=0.5))
        assert (by_jump.verdict, by_bunching.verdict) == ("creates", "creates")
        assert by_jump.evidence.lower > 0
        kinds |= {by_jump.kind, by_bunching.kind}
    assert kinds >= {"spend", "bunching"}


def test_a_line_that_only_labels_never_creates():
    verdicts = [judged(customers(seed)).verdict for seed in range(60)]
    assert "creates" not in verdicts
    assert judged(customers(1, 400_000)).verdict == "labels"


def test_jump_and_missing_share_cover_their_truth():
    covered = {"rise": 0, "none": 0, "missing": 0}
    for seed in range(30):
        rising, bunched = judged(customers(seed, rise=0.3)), judged(customers(seed, bunched=0.5))
        covered["rise"] += rising.spend.lower <= 0.3 <= rising.spend.upper
        covered["missing"] += bunched.bunching.missing.lower <= 0.5 <= bunched.bunching.missing.upper
        flat = judged(customers(1_000 + seed)).bunching.missing
        covered["none"] += flat.lower <= 0 <= flat.upper
    assert all(n >= 25 for n in covered.values()), covered


def test_the_verdict_is_what_its_evidence_says():
    for seed in range(30):
        found = judged(customers(seed, 6_000, rise=0.15))
        assert (found.verdict == "creates") == (found.evidence.lower > 0)
        assert found.evidence.level == 1 - 2 * SURE


def test_a_jump_smaller_than_a_placebos_proves_nothing():
    bins = customers(3, rise=0.4)
    wave = bins.assign(log_later=bins["log_later"] + 0.4 * ((bins["bin"] // 60) % 2) * bins["active"])
    assert judged(wave).placebo_alarms > 0
    assert judged(wave).verdict != "creates" or t_value(judged(wave).spend) > 3


def test_more_bandwidths_and_both_periods_are_told():
    bins = pd.concat([customers(1, rise=0.4), customers(2, rise=0.4).assign(review=2)])
    found = judged(bins)
    assert all(one.lower > 0 for one in found.bandwidths.values())
    assert list(found.periods) == [1, 2]
    assert found.n == bins["customers"].sum()


def test_customers_beyond_the_next_line_are_left_out():
    bins = customers(1)
    near = thresholds(bins, {1: LINE, 2: 150_000})[1]
    assert near.n == bins.query("bin < @PARTS / 2")["customers"].sum()


def test_too_few_customers_say_so():
    found = judged(customers(1, 60))
    assert (found.verdict, found.why) == ("cannot_tell", "too_few")
    assert thresholds(customers(1).head(0), {1: LINE})[1].why == "too_few"


def test_the_density_test_holds_its_level_and_sees_a_break():
    width = np.full(280, 0.005)
    x = (np.arange(280) - 140 + 0.5) * 0.005
    draw = np.random.default_rng(0)
    flat = [density_jump(x, draw.poisson(40 * np.exp(-x)).astype(float), width) for _ in range(200)]
    assert np.mean([one.lower <= 0 <= one.upper for one in flat]) >= 0.90
    broken = draw.poisson(40 * np.exp(-x + 0.6 * (x >= 0))).astype(float)
    assert density_jump(x, broken, width).lower > 0.3
    heaped = bunching(x, draw.poisson(40 * np.exp(-x)).astype(float) * 9, width)
    plain = bunching(x, draw.poisson(40 * np.exp(-x)).astype(float), width)
    assert heaped.missing.upper - heaped.missing.lower > 0.8 * (
        plain.missing.upper - plain.missing.lower
    )  # heaps are no evidence
