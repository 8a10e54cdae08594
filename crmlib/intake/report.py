"""The intake report: what became of every row and every yen, per file and in total; intake.json is its JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from crmlib.errors import DataError, Problem
from crmlib.intake.details import Detail
from crmlib.intake.fates import EXCLUDED, QUARANTINED, USED
from crmlib.intake.orders import Orders
from crmlib.intake.sieve import EXCLUDED as STRUCTURAL_RULES
from crmlib.intake.tables import Rows
from crmlib.schema import MINOR_UNITS

FILE = "intake.json"
GUEST = "blank_customer_id"
WARN_ROWS, STOP_ROWS, STOP_AMOUNT = 0.01, 0.10, 0.05  # shares quarantined


@dataclass(frozen=True)
class Balance:
    """Rows and money of a file (or of all files); money in minor units, of the rows whose amount could be read.

    `amount_gross` and `amount_gross_quarantined` are sums of absolute amounts: returns do not hide what is missing.

    Example:
        >>> Balance(rows_read=3, rows_used=2)
        Traceback (most recent call last):
        crmlib.errors.DataError: the row ledger does not balance: 3 rows read, 2 accounted for
    """

    rows_read: int = 0
    rows_used: int = 0
    rows_quarantined: int = 0
    rows_excluded: int = 0
    rows_amount_unreadable: int = 0
    amount_read: int = 0
    amount_used: int = 0
    amount_quarantined: int = 0
    amount_excluded: int = 0
    amount_gross: int = 0
    amount_gross_quarantined: int = 0
    repairs: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    exclusions: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.rows_used + self.rows_quarantined + self.rows_excluded
        money = self.amount_used + self.amount_quarantined + self.amount_excluded
        if rows != self.rows_read:
            raise DataError(f"the row ledger does not balance: {self.rows_read} rows read, {rows} accounted for")
        if money != self.amount_read:
            raise DataError(
                f"the row ledger does not balance: {self.amount_read} minor units read, {money} accounted for"
            )
        if sum(self.reasons.values()) != self.rows_quarantined or sum(self.exclusions.values()) != self.rows_excluded:
            raise DataError("the row ledger does not balance: reasons and rules do not add up to their rows")


@dataclass(frozen=True)
class FileReport:
    """One file's balance, and how it was read."""

    file: str
    table: str
    sha256: str
    encoding: str
    delimiter: str
    preset: str
    balance: Balance


@dataclass(frozen=True)
class IntakeReport:
    """All files of an intake.

    Attributes:
        as_of: ISO date; later orders are excluded.
        currency: ISO code.
        files: One report per file.
        totals: Their sum.
        warnings: What the consultant should look at, in English.
        unknown_statuses: Status words that client.yaml does not explain, with their rows.
        store_rows: Rows of store/orders.parquet.
        store_sha256: Digest of their content.
        made_from: Digest of configuration, code and inputs.
        tables: The balance of each table.
        store: Rows and digest of each table of the store.
        details: Every kind of repair, reason and rule, with its rows, orders and money.
        unknown_words: Table and column -> words that client.yaml does not explain, with their rows.
        negative_statuses: Of the rows of unknown statuses, those with an amount below 0.
    """

    as_of: str
    currency: str
    files: Sequence[FileReport]
    totals: Balance
    warnings: Sequence[str]
    unknown_statuses: Mapping[str, int]
    store_rows: int
    store_sha256: str
    made_from: str
    tables: Mapping[str, Balance] = field(default_factory=dict)
    store: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    details: Sequence[Detail] = ()
    unknown_words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    negative_statuses: Mapping[str, int] = field(default_factory=dict)

    @property
    def orders(self) -> Balance:
        """The balance of the orders."""
        return self.tables.get("orders", self.totals)

    @property
    def scale(self) -> int:
        """Minor units per major unit."""
        return MINOR_UNITS[self.currency]

    def to_json(self) -> str:
        """intake.json: the balances stand flat in each file's entry."""
        entries = [{**_without(asdict(entry), "balance"), **asdict(entry.balance)} for entry in self.files]
        tree = {**_without(asdict(self), "files", "totals"), "files": entries, "totals": asdict(self.totals)}
        tree["details"] = [one._asdict() for one in self.details]
        return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def load(client_dir: str | Path) -> IntakeReport:
    """The report of a client's last intake.

    Args:
        client_dir: The client's folder, which holds intake.json.

    Raises:
        DataError: there is none, or another version wrote it.
    """
    path = Path(client_dir) / FILE
    hint = "Run `crmlib intake` for this client first."
    if not path.is_file():
        raise DataError(Problem("there is no intake report", FILE, hint=hint))
    try:
        return _read(json.loads(path.read_text("utf-8")))
    except (KeyError, TypeError, ValueError):
        raise DataError(Problem("is not a report of this version", FILE, hint=hint)) from None


def _read(tree: dict[str, Any]) -> IntakeReport:
    names = {entry.name for entry in fields(Balance)}
    files = [
        FileReport(**_without(entry, *names), balance=Balance(**{k: v for k, v in entry.items() if k in names}))
        for entry in tree["files"]
    ]
    tables = {name: Balance(**entry) for name, entry in tree["tables"].items()}
    details = [Detail(**entry) for entry in tree["details"]]
    whole = {"files": files, "totals": Balance(**tree["totals"]), "tables": tables, "details": details}
    return IntakeReport(**{**tree, **whole})


def balance(orders: Orders | Rows) -> Balance:
    """The balance of one file of any table, its broken rows included."""
    broken = Counter(code for _, code in orders.table.broken)
    rules = {code: broken[code] for code in STRUCTURAL_RULES if broken[code]}
    reasons = {code: count for code, count in broken.items() if code not in STRUCTURAL_RULES}
    kinds = {kind: orders.fates.kinds(kind) for kind in (USED, QUARANTINED, EXCLUDED)}
    rows = {kind: int(mask.sum()) for kind, mask in kinds.items()}
    money = {kind: int(orders.amounts[mask].sum()) for kind, mask in kinds.items()}
    gross = np.abs(orders.amounts)
    return Balance(
        rows_read=len(orders.amounts) + len(orders.table.broken),
        rows_used=rows[USED],
        rows_quarantined=rows[QUARANTINED] + sum(reasons.values()),
        rows_excluded=rows[EXCLUDED] + sum(rules.values()),
        rows_amount_unreadable=int((~orders.readable).sum()) + len(orders.table.broken),
        amount_read=int(orders.amounts.sum()),
        amount_used=money[USED],
        amount_quarantined=money[QUARANTINED],
        amount_excluded=money[EXCLUDED],
        amount_gross=int(gross.sum()),
        amount_gross_quarantined=int(gross[kinds[QUARANTINED]].sum()),
        repairs=dict(sorted(orders.repairs.items())),
        reasons=_added([orders.fates.counts(QUARANTINED), reasons]),
        exclusions=_added([orders.fates.counts(EXCLUDED), rules]),
    )


def total(balances: Iterable[Balance]) -> Balance:
    """The sum of balances."""
    trees = [asdict(one) for one in balances]
    counts = ("repairs", "reasons", "exclusions")
    sums: dict[str, Any] = {
        entry.name: sum(tree[entry.name] for tree in trees) for entry in fields(Balance) if entry.name not in counts
    }
    return Balance(**(sums | {name: _added([tree[name] for tree in trees]) for name in counts}))


def judged(totals: Balance, *, accepted: bool, table: str = "orders") -> list[str]:
    """What the share of quarantined rows and money asks for.

    Args:
        totals: The balance of a table.
        accepted: Whether client.yaml says `accept_quarantined: true`.
        table: The table; the orders' messages do not name it.

    Returns:
        Warnings.

    Raises:
        DataError: more than 10 % of the rows or 5 % of the money, not accepted; or no row is left.
    """
    where = "" if table == "orders" else f"table {table}"
    rows = totals.rows_quarantined / max(1, totals.rows_read)
    money = totals.amount_gross_quarantined / max(1, totals.amount_gross)
    reasons = ", ".join(f"{code} {n:,}" for code, n in sorted(totals.reasons.items(), key=lambda item: -item[1])[:5])
    what = f"{rows:.1%} of the rows and {money:.1%} of the money are quarantined ({reasons})"
    if (rows > STOP_ROWS or money > STOP_AMOUNT) and not accepted:
        expected = f"at most {STOP_ROWS:.0%} of the rows and {STOP_AMOUNT:.0%} of the money"
        guests = " Where a blank customer is a guest, say guest_orders: accept." if GUEST in totals.reasons else ""
        hint = f"Look at quarantine/*.csv.{guests} To go on without these rows, say accept_quarantined: true in client.yaml."
        raise DataError(Problem(what, where, expected, hint))
    if totals.rows_used == 0 and table == "orders":
        rules = ", ".join(f"{code} {count:,}" for code, count in totals.exclusions.items())
        raise DataError(
            Problem(f"no row can be used: excluded are {rules or 'none'}; quarantined are {reasons or 'none'}")
        )
    return [f"{where}: {what}" if where else what] if rows > WARN_ROWS else []


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(one)
    return dict(sorted(whole.items()))


def _without(tree: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if key not in names}
