"""What the lifetime-value ledger allows to be said."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, verdict
from crmlib.numbers.model import Ledger

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
