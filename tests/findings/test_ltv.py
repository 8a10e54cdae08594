import pytest

from crmlib.findings import ltv as findings
from crmlib.ltv import bg_nbd, patterns
from crmlib.newton import Report
from crmlib.numbers.ltv import MEASURES
from crmlib.numbers.model import Ledger
from crmlib.text import Words


def ledger(gain, gap, value=9e6):
    book = Ledger(MEASURES, "JPY")
    for key, (lower, upper) in (("ltv.holdout.gain", gain), ("ltv.holdout.gap", gap)):
        book.add(key, (lower + upper) / 2, lower=lower, upper=upper, level=0.95, n=900)
    book.add("ltv.clv.12m.total", value, why="" if value else "ltv.no_repeat")
    return book


@pytest.mark.parametrize(
    ("gain", "gap", "expected"),
    [
        ((0.1, 0.3), (5, 90), ["positive", "positive"]),
        ((-0.3, -0.1), (-90, -5), ["negative", "negative"]),
        ((-0.1, 0.3), (-5, 90), ["inconclusive", "inconclusive"]),
    ],
)
def test_a_difference_is_a_finding_only_where_its_interval_excludes_zero(gain, gap, expected):
    book = ledger(gain, gap)
    found = findings.findings(book)
    assert [finding.verdict for finding in found] == expected
    for language in ("ja", "en"):
        for finding in found:
            assert "{" not in Words(language).fill(f"finding.{finding.id}.{finding.verdict}", book)


def test_money_is_named_only_where_it_is_known():
    assert findings.findings(ledger((0.1, 0.3), (5, 90)))[1].money == "ltv.clv.12m.total"
    assert findings.findings(ledger((0.1, 0.3), (5, 90), value=None))[1].money == ""


def test_no_race_no_finding():
    book = Ledger(MEASURES, "JPY")
    book.add("ltv.holdout.gain", None, why="ltv.no_prediction")
    assert findings.findings(book) == ()


@pytest.mark.parametrize(
    ("lower", "upper", "expected"), [(10, 90, "positive"), (-90, -10, "negative"), (-9, 9, "inconclusive")]
)
def test_ways_in_payback_and_segments_are_findings_with_texts(lower, upper, expected):
    book = Ledger(MEASURES, "JPY")
    for key in ("ltv.entry.gap", "ltv.safety_gap", "ltv.segment.medium.gain"):
        book.add(key, (lower + upper) / 2, lower=lower, upper=upper, level=0.95, n=900)
    for key in ("ltv.cpo.all", "ltv.safe_cpo.all", "ltv.overspend.all"):
        book.add(key, 5000)
    book.add("ltv.entry_chance.1", 0.8)
    found = findings.findings(book)
    assert [finding.id for finding in found] == ["ltv.entry", "ltv.payback", "ltv.segment"]
    for finding in found:
        assert finding.verdict == expected
        for language in ("ja", "en"):
            assert "{" not in Words(language).fill(f"finding.{finding.id}.{finding.verdict}", book)


def test_convergence_is_told_in_a_sentence():
    words = Words("en")
    report = bg_nbd.fit(patterns.from_arrays([0, 0], [0, 0], [30, 60])).report
    assert findings.convergence(report, words) == (
        "Not fitted: No customer has bought again, so neither gaps between purchases nor dropout can be estimated "
        "(customers: 2)"
    )
    good = Report(True, notes=("all_repeat",), evaluations=5)
    assert findings.convergence(good, words) == (
        "Converged after 5 evaluations. Every customer has bought again: check that one-time buyers are not missing "
        "from the data"
    )
    assert findings.convergence(good, Words("ja")).startswith("5回の評価で収束した。全員が再購入している")
