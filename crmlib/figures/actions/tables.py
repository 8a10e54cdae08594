"""Tables of the pages on actions."""

from __future__ import annotations

from crmlib.figures.table import Table
from crmlib.findings.model import Findings
from crmlib.numbers.model import Ledger
from crmlib.text import Words


def decisions(found: Findings, ledger: Ledger, words: Words) -> Table:
    """What to do about each finding, in the order in which to act: first step, owner, next test."""
    head = [words.fill(f"table.actions.{name}") for name in ("finding", "grade", "owner", "first_step", "next_test")]
    rows = [
        (
            words.fill(f"finding.{one.id}.{one.verdict}", ledger),
            one.grade,
            words.fill(f"owner.{one.owner}"),
            words.fill(f"finding.{one.id}.first_step", ledger),
            words.fill(f"finding.{one.id}.next_test", ledger),
        )
        for one in found
    ]
    none = (words.fill("table.actions.none"), *[""] * (len(head) - 1))
    return Table(head, rows or [none], left=len(head), cut=True)
