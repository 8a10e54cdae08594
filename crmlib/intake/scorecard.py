"""The four kinds of record side by side: what is there, how far back, how well it joins, what it makes possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmlib.schema import DIAGNOSTICS

KINDS: Mapping[str, tuple[str, ...]] = {
    "basic": ("customers",),
    "purchases": ("orders", "order_lines", "products", "monthly_sales"),
    "communication": ("contacts", "campaigns", "costs"),
    "interaction": ("interactions", "subscriptions", "leads", "tier_history", "referrals"),
}
LEADING = {"basic": "customers", "purchases": "orders", "communication": "contacts", "interaction": "interactions"}
USABLE_JOIN = 0.95  # of the rows that name somebody: below, a kind is only partly usable
USABLE, PARTIAL, ABSENT = "usable", "partial", "absent"
NEEDS: Mapping[str, tuple[str, ...]] = {  # what a diagnostic reads beyond the orders; without them pages are left out
    "base": ("products", "order_lines", "leads"),
    "retention": ("customers", "order_lines", "subscriptions"),
    "ltv": ("customers", "costs"),
    "tiers": ("tier_history",),
    "lift": ("contacts", "campaigns"),
}


@dataclass(frozen=True)
class Record:
    """One table: rows, first and last day (None without), share joined to customers (None where it names none), share empty."""

    table: str
    rows: int
    first: dt.date | None
    last: dt.date | None
    joined: float | None
    base: int
    missing: float | None

    @property
    def present(self) -> bool:
        """Whether any row came."""
        return self.rows > 0


@dataclass(frozen=True)
class Scorecard:
    """All tables by kind.

    Attributes:
        records: Table -> what it holds, absent tables included, in the order of the kinds.
    """

    records: Mapping[str, Record]

    def state(self, kind: str) -> str:
        """usable, partial (present, but it joins badly to the customers) or absent: judged by the kind's leading table."""
        record = self.records[LEADING[kind]]
        if not record.present:
            return ABSENT
        names = kind == "purchases" or record.joined is None
        return USABLE if names or (record.joined or 0.0) >= USABLE_JOIN else PARTIAL

    @property
    def usable(self) -> int:
        """Kinds that can be used whole."""
        return sum(self.state(kind) == USABLE for kind in KINDS)

    def whole(self, diagnostic: str) -> bool:
        """Whether all tables of a diagnostic's pages are there."""
        return all(self.records[table].present for table in NEEDS[diagnostic])

    def lacking(self, diagnostic: str) -> tuple[str, ...]:
        """The tables that a diagnostic's pages lack."""
        return tuple(table for table in NEEDS[diagnostic] if not self.records[table].present)

    @property
    def wanted(self) -> tuple[str, ...]:
        """Tables that were not sent, in the order of the kinds: the data request."""
        return tuple(table for table, record in self.records.items() if not record.present)


def scorecard(facts: pd.DataFrame) -> Scorecard:
    """Read the counted facts.

    Args:
        facts: `summaries.records.facts`: table, rows, first, last, people, joined, base, cells, missing.
    """
    rows = {row["table"]: row for row in facts.to_dict("records")}
    return Scorecard({table: _record(table, rows[table]) for tables in KINDS.values() for table in tables})


def _record(table: str, row: Mapping[Hashable, Any]) -> Record:
    base, cells = int(row["base"]), int(row["cells"])
    return Record(
        table=table,
        rows=int(row["rows"]),
        first=_day(row["first"]),
        last=_day(row["last"]),
        joined=int(row["joined"]) / base if base else None,
        base=base,
        missing=int(row["missing"]) / cells if cells else None,
    )


def _day(value: Any) -> dt.date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def diagnostics() -> tuple[str, ...]:
    """The diagnostics that the scorecard speaks of: those of this workbench, in the order of the deck."""
    return tuple(name for name in DIAGNOSTICS if name in NEEDS)
