"""What the lifetime-value ledger allows to be said."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, verdict
from crmlib.newton import Report
from crmlib.numbers.model import Ledger
from crmlib.text import Words

GAIN, GAP = "ltv.holdout.gain", "ltv.holdout.gap"
VALUE = "ltv.clv.12m.total"


def findings(ledger: Ledger) -> Findings:
    """Two comparisons of the holdout race; none where the model could not be fitted.

    `ltv.model`: is the model nearer to single customers' purchases than "the same rate continues"?
    `ltv.holdout`: did customers buy more or less than the model expected of them?
    """
    if ledger[GAIN].value is None:
        return Findings()
    money = VALUE if ledger[VALUE].value is not None else ""
    return Findings(
        [
            Finding("ltv.model", verdict(ledger, GAIN), GAIN, grade="D", owner="data"),
            Finding("ltv.holdout", verdict(ledger, GAP), GAP, grade="D", money=money),
        ]
    )


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
