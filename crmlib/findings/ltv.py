"""What the lifetime-value ledger allows to be said."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, if_known, known, verdict
from crmlib.newton import Report
from crmlib.numbers.model import Ledger
from crmlib.text import Words

GAIN, GAP = "ltv.holdout.gain", "ltv.holdout.gap"
VALUE, OVERSPEND = "ltv.clv.12m.total", "ltv.overspend.all"
ENTRY, SAFETY, SEGMENT = "ltv.entry.gap", "ltv.safety_gap", "ltv.segment.medium.gain"


def findings(ledger: Ledger) -> Findings:
    """Comparisons with an interval; none where what they rest on is not known.

    `ltv.model`: is the model nearer to single customers' purchases than "the same rate continues"?
    `ltv.holdout`: did customers buy more or less than the model expected of them?
    `ltv.entry`: does the leading first product bring more than the second?
    `ltv.payback`: is a new customer's margin of a year above what he costs?
    `ltv.segment`: do models by medium forecast better than one for all?
    """
    money, lost = if_known(ledger, VALUE), if_known(ledger, OVERSPEND)
    found = [
        Finding("ltv.model", verdict(ledger, GAIN), GAIN, grade="D", owner="data") if known(ledger, GAIN) else None,
        Finding("ltv.holdout", verdict(ledger, GAP), GAP, grade="D", money=money) if known(ledger, GAP) else None,
        Finding("ltv.entry", verdict(ledger, ENTRY), ENTRY, grade="D", money=ENTRY) if known(ledger, ENTRY) else None,
        Finding("ltv.payback", verdict(ledger, SAFETY), SAFETY, "D", lost) if known(ledger, SAFETY) else None,
        Finding("ltv.segment", verdict(ledger, SEGMENT), SEGMENT, "D", owner="data")
        if known(ledger, SEGMENT)
        else None,
    ]
    return Findings(finding for finding in found if finding)


def convergence(report: Report, words: Words) -> str:
    """How a fit ended, in a sentence: converged (with what to be careful of), or why there is no fit.

    Args:
        report: of `bg_nbd.fit` or `gamma_gamma.fit`.
        words: Texts of one language.
    """
    if not report.converged:
        why = words.fill(f"why.{report.why}").replace("\n", " " if words.language == "en" else "")
        details = ", ".join(f"{name}: {value}" for name, value in report.figures.items())
        return words.fill("report.ltv.failed", why=why, details=details)
    notes = [words.fill(f"note.ltv.{note}") for note in report.notes]
    sentence = words.fill("report.ltv.converged", evaluations=words.number(report.evaluations, "int"))
    return words.fill("report.ltv.joint").join([sentence, *notes])
