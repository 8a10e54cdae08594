"""Findings on campaigns: only what the evidence carries, in words of both languages."""

import re

import pytest

from crmlib.findings import lift as findings
from crmlib.numbers import lift as numbers
from crmlib.numbers.model import Ledger
from crmlib.text import Words
from tests.lift import made_up

IDS = ("lift.campaign", "lift.version", "lift.match", "lift.calls", "lift.stop")


def ledger(lower, upper, grade="A", verdict="cannot_tell"):
    book = Ledger(numbers.MEASURES, "JPY")
    pairs = ("lift.version.effect", "lift.match.spread", "lift.match.gain.most", "lift.match.gain.least")
    for key in ("lift.headline.ate", "lift.calls.ate", "lift.calls.naive", *pairs):
        book.add(key, (lower + upper) / 2, lower=lower, upper=upper, level=0.95, n=900)
    for key in ("lift.headline.net_yen", "lift.calls.total_yen", "lift.version.yen", "lift.match.yen"):
        book.add(key, None, why="lift.no_cost")
    book.add("lift.stop.net_yen", -900.0, lower=-1200.0, upper=-600.0, level=0.95, n=900)
    labels = {"headline.grade": grade, "headline.verdict": verdict, "headline.campaign": "DM", "call.grade": grade, "call.campaign": "call",
              "version.campaign": "DM", "version.new": "B", "version.old": "A", "match.campaign": "DM", "match.new": "B",
              "match.old": "A", "stop.campaign": "X"}  # fmt: skip
    for key, value in labels.items():
        book.add(f"lift.{key}", value)
    book.add("lift.window", 30)
    book.add("lift.stop.count", 1)
    return book


def verdicts(book):
    return {found.id: found.verdict for found in findings.findings(book)}


def test_a_campaign_is_positive_only_when_it_works():
    assert verdicts(ledger(0.01, 0.05, verdict="works"))["lift.campaign"] == "positive"
    assert verdicts(ledger(0.01, 0.05))["lift.campaign"] == "inconclusive"
    assert verdicts(ledger(-0.05, -0.01))["lift.campaign"] == "negative"
    assert verdicts(ledger(-0.05, 0.01))["lift.campaign"] == "inconclusive"


@pytest.mark.parametrize("grade", ["C", "D"])
def test_weak_evidence_is_inconclusive_whatever_the_interval(grade):
    assert verdicts(ledger(-0.05, -0.01, grade=grade))["lift.calls"] == "inconclusive"
    assert verdicts(ledger(-0.05, -0.01, grade="B"))["lift.calls"] == "negative"


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [((0.01, 0.05), "positive"), ((-0.05, -0.01), "negative"), ((-0.05, 0.01), "inconclusive")],
)
def test_versions_follow_the_interval_of_all_pairs(limits, verdict):
    found = verdicts(ledger(*limits))
    assert found["lift.version"] == found["lift.match"] == verdict


def test_a_certain_loss_goes_on_the_stop_list_with_its_money():
    (stop,) = [found for found in findings.findings(ledger(0.0, 0.1)) if found.id == "lift.stop"]
    assert (stop.verdict, stop.money, stop.grade) == ("negative", "lift.stop.net_yen", "A")


def test_unknown_money_is_no_money():
    assert all(found.money == "" for found in findings.findings(ledger(0.0, 0.1)) if found.id != "lift.stop")


def test_nothing_is_found_where_nothing_was_logged():
    assert findings.findings(Ledger(numbers.MEASURES, "JPY")) == ()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_finding_has_words(language):
    words, book = Words(language), ledger(-0.05, -0.01)
    for name in IDS:
        for part in ("positive", "negative", "inconclusive", "first_step", "next_test"):
            text = words.fill(f"finding.{name}.{part}", book)
            assert len(text) > 15
            assert not re.search(r"[{}]", text)


def test_of_a_planted_client():
    found = verdicts(numbers.ledger(made_up.big(), "JPY"))
    assert found == {
        "lift.campaign": "positive",
        "lift.version": "positive",
        "lift.match": "positive",
        "lift.calls": "negative",
        "lift.stop": "negative",
    }
