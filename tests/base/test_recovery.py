"""Simulated clients with known truth: intervals cover it, the planted product is found, a null client is silent."""

import functools

import pytest

from crmlib.findings import base as findings
from tests import made_up_base, simulated

SEEDS = range(1, 21)
SIZE, WORLD = 30_000, 400_000
GROWTH = tuple(f"base.growth.{name}" for name in ("new", "back", "kept", "lost", "kept_frequency", "kept_value"))
RATES = ("base.mode.rate", "base.gini", "base.top20.share", "base.decile.1.share", "base.decile.5.share", "base.loyal.multiple",
         "base.amount.mean", "base.amount.median", "base.active.share", "base.loyal.year", "base.semi.amount")  # fmt: skip


@functools.cache
def ledger(seed, null, size=SIZE):
    made = simulated.store(size, seed, null=null)
    return made_up_base.read(made.store, made.as_of)[1]


@functools.cache
def truth(key):
    """The same of so large a client that its own error is a fourth of a small one's; sums are brought to the small size."""
    whole = ledger(1_000_001, null=False, size=WORLD)[key].value
    return whole * SIZE / WORLD if key in GROWTH else whole


def covered(key):
    found = [ledger(seed, null=False)[key] for seed in SEEDS]
    return sum(one.lower <= truth(key) <= one.upper for one in found)


@pytest.mark.full
def test_intervals_of_the_decomposition_cover_the_truth():
    counts = {key: covered(key) for key in GROWTH}
    assert 0.90 <= sum(counts.values()) / (len(GROWTH) * len(SEEDS)) <= 0.99, counts
    assert min(counts.values()) >= 16, counts


@pytest.mark.full
def test_intervals_of_the_base_cover_the_truth():
    counts = {key: covered(key) for key in RATES}
    assert 0.90 <= sum(counts.values()) / (len(RATES) * len(SEEDS)) <= 0.99, counts
    assert min(counts.values()) >= 16, counts


@pytest.mark.full
def test_the_planted_first_product_is_found_and_named():
    verdicts = [
        next(one.verdict for one in findings.findings(ledger(seed, null=False)) if one.id == "base.entry_product")
        for seed in SEEDS
    ]
    named = [ledger(seed, null=False)["base.entry.1.product"].value for seed in SEEDS]
    right = made_up_base.product_name(simulated.store(100, 1).store, "3")
    assert sum(verdict == "positive" and name == right for verdict, name in zip(verdicts, named, strict=True)) >= 18


@pytest.mark.full
def test_null_clients_have_no_finding():
    loud = {seed: _loud(seed) for seed in SEEDS}
    assert sum(not found for found in loud.values()) >= 19, loud


def _loud(seed):
    return [one.id for one in findings.findings(ledger(seed, null=True)) if one.verdict != "inconclusive"]
