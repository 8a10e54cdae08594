"""What the tiers ledger allows to be said."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, known, verdict
from crmlib.numbers.model import Ledger

BALANCE, CHANGE, EVIDENCE = "tiers.up_less_down", "tiers.change.fall", "tiers.line.evidence"
LOST, CELL = "tiers.fallen_yen", "tiers.fall.difference"
# Text keys: finding.tiers.balance, finding.tiers.fall, finding.tiers.cell, finding.tiers.line


def findings(ledger: Ledger) -> Findings:
    """Do more rise than fall, has falling changed (as a whole, and between two tiers), and does the highest line create spend?

    A comparison that cannot be made is left out.
    """
    found = []
    if _bounded(ledger, BALANCE):
        found.append(Finding("tiers.balance", verdict(ledger, BALANCE), BALANCE, grade="D", money=LOST))
    if _bounded(ledger, CHANGE):
        found.append(Finding("tiers.fall", verdict(ledger, CHANGE), CHANGE, grade="D", money=LOST))
    if _bounded(ledger, CELL):
        found.append(Finding("tiers.cell", verdict(ledger, CELL), CELL, "D", _money(ledger, "tiers.fall.yen")))
    if _bounded(ledger, EVIDENCE):
        money = _money(ledger, "tiers.line.yen")
        found.append(Finding("tiers.line", verdict(ledger, EVIDENCE), EVIDENCE, grade="C", money=money))
    return Findings(found)


def _money(ledger: Ledger, key: str) -> str:
    return key if _bounded(ledger, key) else ""


def _bounded(ledger: Ledger, key: str) -> bool:
    return known(ledger, key) and ledger[key].lower is not None
