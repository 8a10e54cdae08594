"""What the retention ledger allows to be said."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, if_known, known, verdict
from crmlib.numbers.model import Ledger

TREND = "retention.f2_trend.difference"
# finding, measure, money at stake
COMPARISONS = (
    ("retention.f2_trend", TREND, "retention.f2_trend.yen"),
    ("retention.leak", "retention.leak.change", "retention.leak.yen"),
    ("retention.bad_months", "retention.bad_months.difference", "retention.bad_months.yen"),
    ("retention.by_product", "retention.by.product.difference", "retention.by.product.yen"),
    ("retention.by_medium", "retention.by.medium.difference", "retention.by.medium.yen"),
    ("retention.by_channel", "retention.by.channel.difference", "retention.by.channel.yen"),
    ("retention.by_payment", "retention.by.payment.difference", "retention.by.payment.yen"),
    ("retention.wavering", "retention.subscription.wavering.difference", ""),
)


def findings(ledger: Ledger) -> Findings:
    """The comparisons that could be made, each with the verdict that its interval allows.

    The intervals are wide enough for all of them together: see `retention.alarms`. Empty when nobody has bought twice.
    """
    if ledger["retention.f2_state"].value == "no_repeat":
        return Findings()
    return Findings(
        Finding(name, verdict(ledger, measure), measure, grade="D", money=if_known(ledger, money))
        for name, measure, money in COMPARISONS
        if known(ledger, measure)
    )


def days_text(ledger: Ledger) -> str:
    """Which text fits the page of days to F2: `steady` when the hazard never falls below half of its peak."""
    state = str(ledger["retention.f2_state"].value)
    if state in ("observable", "quarter"):
        return "steady" if ledger["retention.f2_hazard.fade_week"].value is None else "fading"
    return state
