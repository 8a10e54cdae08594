"""What the retention ledger allows to be said."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, verdict
from crmlib.numbers.model import Ledger

TREND = "retention.f2_trend.difference"


def findings(ledger: Ledger) -> Findings:
    """Whether the later acquisition months convert to a second purchase more or less often than the earlier ones.

    Empty when there are no two halves to compare, or nobody has bought twice.
    """
    if ledger[TREND].value is None or ledger["retention.f2_state"].value == "no_repeat":
        return Findings()
    return Findings([Finding("retention.f2_trend", verdict(ledger, TREND), TREND, grade="D")])


def days_text(ledger: Ledger) -> str:
    """Which text fits the page of days to F2: `steady` when the hazard never falls below half of its peak."""
    state = str(ledger["retention.f2_state"].value)
    if state in ("observable", "quarter"):
        return "steady" if ledger["retention.f2_hazard.fade_week"].value is None else "fading"
    return state
