import pytest

from crmlib.errors import CrmError
from crmlib.findings.model import MIME, Finding, Findings, from_json, ranked, verdict
from crmlib.numbers.model import Ledger, Measure


def with_interval(lower, upper):
    ledger = Ledger([Measure("d.difference", "points", "d.difference")])
    ledger.add("d.difference", (lower + upper) / 2, lower=lower, upper=upper, level=0.95)
    return ledger


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [(0.01, 0.02, "positive"), (-0.02, -0.01, "negative"), (-0.01, 0.02, "inconclusive"), (0.0, 0.02, "inconclusive")],
)
def test_only_an_interval_that_excludes_zero_is_a_finding(lower, upper, expected):
    assert verdict(with_interval(lower, upper), "d.difference") == expected


def test_an_unknowable_difference_is_inconclusive():
    ledger = Ledger([Measure("d.difference", "points", "d.difference")])
    ledger.add("d.difference", None, why="immature")
    assert verdict(ledger, "d.difference") == "inconclusive"


def test_unknown_verdicts_and_grades_are_refused():
    with pytest.raises(CrmError, match="verdict 'good' or grade 'D' is unknown"):
        Finding("x", "good", "d.difference", "D")
    with pytest.raises(CrmError, match="grade 'E' is unknown"):
        Finding("x", "positive", "d.difference", "E")


def test_findings_survive_the_notebook():
    findings = Findings([Finding("d.x", "positive", "d.difference", "D", owner="finance")])
    assert from_json(findings._repr_mimebundle_()[MIME]) == findings


def test_proven_findings_come_first_then_better_evidence_then_more_money():
    ledger = Ledger([Measure("m.{x}", "money", "m"), Measure("d.difference", "points", "d.difference")])
    for name, yen in (("small", 100), ("large", -9000)):
        ledger.add(f"m.{name}", yen)
    ledger.add("m.unknown", None, why="x")
    made = [
        Finding("open", "inconclusive", "d.difference", "A", money="m.large"),
        Finding("unknown", "positive", "d.difference", "D", money="m.unknown"),
        Finding("small", "positive", "d.difference", "D", money="m.small"),
        Finding("large", "negative", "d.difference", "D", money="m.large"),
        Finding("sure", "positive", "d.difference", "A"),
    ]
    assert [one.id for one in ranked(made, ledger)] == ["sure", "large", "small", "unknown", "open"]
