"""findings.json: every finding whole, so that it can be read without the other files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from crmlib.findings.model import Finding, known
from crmlib.numbers.model import Ledger, Number
from crmlib.schema import LANGUAGES
from crmlib.text import Words

BOUNDS = ("value", "unit", "lower", "upper", "level", "n", "why")
STAKE = "actions.stake."


def records(found: Sequence[Finding], ledger: Ledger) -> list[dict[str, Any]]:
    """Each finding as plain data: observation with interval, what is compared, yen with interval, sentences, and what comes next.

    Args:
        found: Findings of one run.
        ledger: The numbers of all analyses.
    """
    spoken = {language: Words(language) for language in LANGUAGES}
    return [_record(one, ledger, spoken) for one in found]


def dumps(found: Sequence[Finding], ledger: Ledger) -> str:
    """The file's text: the same bytes for the same findings and numbers."""
    return json.dumps(records(found, ledger), ensure_ascii=False, indent=1) + "\n"


def money(one: Finding, ledger: Ledger) -> str:
    """Ledger key of a finding's money: what the actions made of it, else what its analysis says; "" where there is none."""
    key = f"{STAKE}{one.id}"
    return key if known(ledger, key) or (key in ledger and not one.money) else one.money


def _record(one: Finding, ledger: Ledger, spoken: dict[str, Words]) -> dict[str, Any]:
    measured, at_stake = ledger[one.measure], money(one, ledger)

    def said(key: str) -> dict[str, str]:
        return {language: words.fill(key, ledger) if key in words else "" for language, words in spoken.items()}

    return asdict(one) | {
        "currency": ledger.currency,
        "observation": _bounds(measured),
        "comparison": said(f"definition.{measured.definition}"),
        "sentence": said(f"finding.{one.id}.{one.verdict}"),
        "yen": _yen(at_stake, ledger),
        "owner_name": said(f"owner.{one.owner}"),
        "first_step": said(f"finding.{one.id}.first_step"),
        "next_test": said(f"finding.{one.id}.next_test"),
        "test": {what: _value(f"actions.test_{what}.{one.id}", ledger) for what in ("customers", "mde", "needed")},
    }


def _bounds(number: Number) -> dict[str, Any]:
    return {name: getattr(number, name) for name in BOUNDS}


def _yen(key: str, ledger: Ledger) -> dict[str, Any]:
    """The money with its interval; the basis says whether it is margin or sales, where the actions turned it into one of them."""
    if not key:
        return {"key": "", "value": None, "why": "actions.no_money"}
    basis = ledger["actions.basis"].value if key.startswith(STAKE) and "actions.basis" in ledger else None
    return {"key": key, "basis": basis} | _bounds(ledger[key])


def _value(key: str, ledger: Ledger) -> Any:
    return ledger[key].value if key in ledger else None
