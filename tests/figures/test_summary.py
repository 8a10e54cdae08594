from __future__ import annotations

import pytest

from crmlib.figures import summary
from crmlib.findings.model import Finding, Findings
from crmlib.numbers.model import Ledger, Number
from crmlib.numbers.summary import Reproduction
from crmlib.text import Words

TREND = "retention.f2_trend"


def book() -> Ledger:
    ledger = Ledger()
    for key, value in (("earlier", 0.449), ("later", 0.459)):
        ledger.numbers[f"{TREND}.{key}"] = Number(value, "share")
    ledger.numbers[f"{TREND}.difference"] = Number(0.01, "points", -0.033, 0.052, 0.95, 2357)
    ledger.numbers[f"{TREND}.window"] = Number(365, "days")
    return ledger


def test_findings_are_sentences_with_grade_and_next_step() -> None:
    found = Findings([Finding(TREND, "inconclusive", f"{TREND}.difference", "D")])
    table = summary.findings(found, book(), words=Words("en"))
    assert table.columns == ["Finding", "Verdict", "Money a year", "Grade", "Owner", "First step", "Next test"]
    statement, verdict, money, grade, owner, *_ = table.rows[0]
    assert "44.9%" in statement
    assert "includes 0" in statement
    assert (verdict, grade, owner) == ("Open", "D", "Head of CRM")
    assert money == "–"
    assert table.left == 7


def test_money_stands_with_its_interval() -> None:
    ledger = book()
    ledger.numbers[f"actions.stake.{TREND}"] = Number(-1000.0, "money", -3000.0, 1000.0, 0.95, 9)
    found = Findings([Finding(TREND, "inconclusive", f"{TREND}.difference", "D")])
    assert summary.findings(found, ledger, words=Words("en")).rows[0][2] == "−¥1,000 (−¥3,000 to ¥1,000)"


def test_no_finding_says_so() -> None:
    table = summary.findings(Findings(), Ledger(), words=Words("ja"))
    assert table.rows == [("該当なし", "", "", "", "", "", "")]


def test_definitions_are_in_words() -> None:
    table = summary.definitions(["summary.findings"], words=Words("en"))
    assert table.rows == [("summary.findings", "number of comparisons (findings)")]


def test_only_methods_of_the_run_are_listed() -> None:
    table = summary.methods(book(), words=Words("en"))
    assert [row[0] for row in table.rows] == ["Retention and second purchase", "Findings"]


def test_verdicts_of_the_model_stand_beside_its_method() -> None:
    ledger = book()
    for use, verdict in (("ranking", "PASS"), ("total", "REVIEW"), ("individual", "FAIL")):
        ledger.numbers[f"ltv.verdict.{use}"] = Number(verdict, "label")
    judged = summary.methods(ledger, words=Words("en")).rows[1][2]
    assert judged.startswith("Ranking PASS, totals REVIEW, individual FAIL.")


@pytest.mark.parametrize(("language", "date"), [("ja", "1998年6月30日"), ("en", "1998-06-30")])
def test_manifest_lists_inputs_and_versions(language: str, date: str) -> None:
    made = Reproduction("1998-06-30", "USD", {"a.csv": "0123456789ab"}, {"numpy": "2.4.6"})
    cells = [row[1] for row in summary.manifest(made, words=Words(language)).rows]
    assert cells == [date, "USD", "95%", "sha256 0123456789ab…", "2.4.6"]
