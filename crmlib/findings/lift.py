"""What the lift ledger allows to be said."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, if_known, verdict
from crmlib.numbers.model import Ledger

HEADLINE, CALLS, LOSS = "lift.headline.ate", "lift.calls.ate", "lift.stop.net_yen"
CONTRAST, MATCH = "lift.version.effect", "lift.match.spread"


def findings(ledger: Ledger) -> Findings:
    """The best campaign, version against version, the calls, and what to stop.

    `lift.campaign`: does the campaign cause purchases? `lift.version`: is the newer version better (the pair that differs most, all
    pairs allowed for)? `lift.match`: does the difference of two versions depend on the group of customers? `lift.calls`: what do
    calls do to staying? `lift.stop`: a campaign that loses money for certain goes on the stop list.
    """
    found = []
    if HEADLINE in ledger:
        grade = str(ledger["lift.headline.grade"].value)
        found.append(
            Finding(
                "lift.campaign",
                _campaign(ledger, grade),
                HEADLINE,
                grade,
                if_known(ledger, "lift.headline.net_yen"),
            )
        )
    if CONTRAST in ledger:
        found.append(
            Finding("lift.version", verdict(ledger, CONTRAST), CONTRAST, "A", if_known(ledger, "lift.version.yen"))
        )
    if MATCH in ledger:
        found.append(Finding("lift.match", verdict(ledger, MATCH), MATCH, "A", if_known(ledger, "lift.match.yen")))
    if CALLS in ledger:
        grade = str(ledger["lift.call.grade"].value)
        found.append(
            Finding("lift.calls", _sound(ledger, CALLS, grade), CALLS, grade, if_known(ledger, "lift.calls.total_yen"))
        )
    if LOSS in ledger:
        found.append(Finding("lift.stop", verdict(ledger, LOSS), LOSS, "A", LOSS))
    return Findings(found)


def _campaign(ledger: Ledger, grade: str) -> str:
    """Positive only for a campaign that works, false discoveries over all campaigns included."""
    said = _sound(ledger, HEADLINE, grade)
    works = ledger["lift.headline.verdict"].value == "works"
    return said if works or said == "negative" else "inconclusive"


def _sound(ledger: Ledger, key: str, grade: str) -> str:
    """Without a draw or a passed audit an interval that excludes zero says nothing about the cause."""
    return verdict(ledger, key) if grade in "AB" else "inconclusive"
