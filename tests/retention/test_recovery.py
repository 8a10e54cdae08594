"""What is planted is found, what is not is not, and the intervals hold the truths: simulated clients of 30,000, 20 seeds."""

import numpy as np
import pytest

from crmlib import retention
from crmlib.findings import retention as findings
from crmlib.retention.results import short
from crmlib.summaries import entry, subscriptions
from tests import simulated
from tests.retention.simulated_clients import ledger

SEEDS = range(1, 21)
CUSTOMERS = 30_000


def books(null):
    for seed in SEEDS:
        made = simulated.store(CUSTOMERS, seed, null=null)
        yield made.truth, ledger(made.store, made.as_of), entry.names(made.store)


@pytest.fixture(scope="module")
def planted():
    return list(books(null=False))


@pytest.fixture(scope="module")
def calm():
    return list(books(null=True))


def verdicts(book):
    return {finding.id: finding.verdict for finding in findings.findings(book)}


@pytest.mark.full
def test_the_planted_day_of_the_f2_leak_is_found(planted):
    found = 0
    for truth, book, _ in planted:
        day = book["retention.leak.day"]
        near = day.lower - 1 <= truth["f2_leak.day"].value <= day.upper + 1
        found += verdicts(book)["retention.leak"] == "negative" and near and abs(day.value - 60) <= 3
    assert found >= 18


@pytest.mark.full
def test_the_planted_bad_cohort_is_found(planted):
    found = 0
    for _, book, _ in planted:
        run = [book[f"retention.bad_months.{name}"].value for name in ("from", "to")]
        meets = run[0] <= "2023-08" and run[1] >= "2023-06"
        found += verdicts(book)["retention.bad_months"] == "negative" and meets
    assert found >= 18


@pytest.mark.full
def test_the_planted_better_product_is_found(planted):
    found = 0
    for _, book, names in planted:
        better = book["retention.by.product.clearest"].value == short(names["3"])
        found += verdicts(book)["retention.by_product"] == "positive" and better
    assert found >= 18


@pytest.mark.full
def test_nothing_is_found_where_nothing_is_planted(calm):
    silent = sum(set(verdicts(book).values()) == {"inconclusive"} for _, book, _ in calm)
    assert silent >= 19
    assert all(len(verdicts(book)) >= 7 for _, book, _ in calm)  # and it was looked for


@pytest.mark.full
@pytest.mark.parametrize("days", [90, 180, 365])
def test_f2_intervals_cover_the_truth(planted, calm, days):
    hits = [_covers(book[f"retention.f2_rate.{days}d"], truth[f"f2.{days}d"]) for truth, book, _ in [*planted, *calm]]
    hits += [_covers(book[f"retention.f2_km.{days}d"], truth[f"f2.{days}d"]) for truth, book, _ in calm]
    assert 0.90 <= np.mean(hits) <= 0.99


def _covers(number, truth):
    return number.lower <= truth.value <= number.upper


@pytest.mark.full
def test_survival_of_subscriptions_covers_its_truth():
    """60 clients of 4,000: counted survival, sBG survival and parameters; the shares of all cells together."""
    counted, fitted, parameters = [], [], []
    for seed in range(1, 61):
        made = simulated.store(4000, seed, null=True)
        history = subscriptions.history(made.store.subscriptions, made.as_of).cache()
        applied = retention.continuation(
            subscriptions.tenures(subscriptions.applications(history)).to_pandas(), "application"
        )
        model = retention.project(applied).sbg
        truths = {n: made.truth[f"subscription.survival.{n}"] for n in range(1, 13)}
        counted += [_covers(applied.share(n), truth) for n, truth in truths.items()]
        fitted += [_covers(model.survival(n), truth) for n, truth in truths.items()]
        parameters += [_covers(model.parameter(name), made.truth[f"sbg.{name}"]) for name in ("alpha", "beta")]
    for hits in (counted, fitted, parameters):
        assert 0.90 <= np.mean(hits) <= 0.99
