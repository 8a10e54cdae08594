"""What the base may say: verdicts follow the intervals, texts exist in three ways, states fit the pages."""

import datetime as dt

import pytest

from crmlib.findings import base as findings
from crmlib.numbers.base import MEASURES
from crmlib.numbers.model import Ledger
from crmlib.text import Words
from tests import made_up_base, simulated
from tests.made_up_base import orders_of


def ledger_with(lower, upper):
    book = Ledger(MEASURES, "JPY")
    for key, money, _ in findings.COMPARISONS.values():
        for name in {key, money} - {""}:
            book.add(name, (lower + upper) / 2, lower=lower, upper=upper, level=0.99, n=100)
    return book


@pytest.mark.parametrize(
    ("limits", "verdict"), [((1, 3), "positive"), ((-3, -1), "negative"), ((-1, 1), "inconclusive")]
)
def test_a_verdict_needs_an_interval_without_zero(limits, verdict):
    found = findings.findings(ledger_with(*limits))
    assert {one.verdict for one in found} == {verdict}
    assert len(found) == len(findings.COMPARISONS)
    assert {one.grade for one in found} == {"D"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_finding_can_be_said_in_three_ways(language):
    made = simulated.store(3_000, 1)
    _, ledger = made_up_base.read(made.store, made.as_of)
    words = Words(language)
    for one in findings.findings(ledger):
        for name in ("positive", "negative", "inconclusive"):
            assert "{" not in words.fill(f"finding.{one.id}.{name}", ledger)
        assert words.fill(f"finding.{one.id}.first_step")
        assert words.fill(f"finding.{one.id}.next_test")


def test_states_without_anything_are_reasons():
    _, ledger = made_up_base.read(made_up_base.store(orders=orders_of()), dt.date(2024, 12, 31))
    assert findings.states(ledger) == {
        "distribution": "no_customers", "cpm": "no_customers", "growth": "no_last_year", "pipeline": "no_leads",
        "control": "too_short", "products": "no_lines", "loyal": "no_customers", "mode": "no_last_year", "entry": "no_lines",
    }  # fmt: skip
    assert findings.stage_label(ledger) == {"stage": {"ja": "", "en": ""}}
