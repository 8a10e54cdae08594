"""What the intake ledger allows to be said: exact differences, so their bounds are tolerances and no matter of chance."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, verdict
from crmlib.numbers.model import Ledger

# finding, measure, money at stake
COMPARISONS = (
    ("intake.books", "intake.books.gap", "intake.books.gap"),
    ("intake.late_cancels", "intake.books.late", "intake.books.late"),
    ("intake.duplicates", "intake.second.customers", "intake.second.yen"),
)


def findings(ledger: Ledger) -> Findings:
    """Do the books hold money that the data lack, do they deduct cancels late, are customers registered twice?

    A comparison that cannot be made (no books, no customer file) is left out.
    """
    return Findings(
        Finding(name, verdict(ledger, measure), measure, grade="D", money=money, owner="data")
        for name, measure, money in COMPARISONS
        if ledger[measure].value is not None
    )
