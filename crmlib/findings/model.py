"""`Finding`: an observation with its comparison, interval, evidence grade and next step; a verdict in three ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from crmlib.errors import CrmError
from crmlib.numbers.model import Ledger

MIME = "application/vnd.crmlib.findings+json"
VERDICTS = ("positive", "negative", "inconclusive")
GRADES = ("A", "B", "C", "D")  # randomised; doubly robust with audit; adjusted, audit weak; descriptive


@dataclass(frozen=True)
class Finding:
    """One line of the findings ledger.

    Args:
        id: Text keys ``finding.<id>.{positive,negative,inconclusive,first_step,next_test}`` say it in words.
        verdict: positive, negative or inconclusive (the interval covers zero).
        measure: Ledger key of the difference that the verdict rests on.
        grade: Evidence grade A-D.
        money: Ledger key of the money at stake, or "".
        owner: Text key below ``owner.`` of who acts.
    """

    id: str
    verdict: str
    measure: str
    grade: str
    money: str = ""
    owner: str = "crm"

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS or self.grade not in GRADES:
            raise CrmError(f"finding {self.id}: verdict '{self.verdict}' or grade '{self.grade}' is unknown")


def verdict(ledger: Ledger, key: str) -> str:
    """The verdict that a difference's interval allows: only one that excludes zero is positive or negative."""
    number = ledger[key]
    if number.lower is not None and number.lower > 0:
        return "positive"
    if number.upper is not None and number.upper < 0:
        return "negative"
    return "inconclusive"


def known(ledger: Ledger, key: str) -> bool:
    """Whether a value stands under the key."""
    return key in ledger and ledger[key].value is not None


def if_known(ledger: Ledger, key: str) -> str:
    """The key of a finding's money, or "" where its value is not known."""
    return key if known(ledger, key) else ""


def ranked(found: Iterable[Finding], ledger: Ledger) -> Findings:
    """Findings in the order in which to act: proven ones first, then by evidence grade, then by the money at stake.

    Args:
        found: Findings of one run.
        ledger: The numbers that they name; money of one currency, so amounts can be compared.
    """

    def place(finding: Finding) -> tuple[bool, str, float]:
        worth = f"actions.stake.{finding.id}"
        key = worth if worth in ledger else finding.money
        money = ledger[key].value if key else None
        return finding.verdict == "inconclusive", finding.grade, -abs(money) if isinstance(money, int | float) else 0.0

    return Findings(sorted(found, key=place))  # stable: the order of the deck decides what is left


class Findings(tuple[Finding, ...]):  # noqa: SLOT001 (IPython looks up the method, nothing is stored)
    """Findings as a notebook shows them and the deck collects them."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        rows = [f"{f.id}: {f.verdict} ({f.measure}, grade {f.grade})" for f in self]
        items = "".join(f"<li>{escape(row)}</li>" for row in rows)
        return {MIME: [asdict(f) for f in self], "text/plain": "\n".join(rows) or "-", "text/html": f"<ul>{items}</ul>"}


def from_json(data: Iterable[dict[str, Any]]) -> Findings:
    """The findings that a notebook handed on."""
    return Findings(Finding(**item) for item in data)
