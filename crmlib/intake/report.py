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
from crmlib.intake.fates import EXCLUDED, QUARANTINED, USED
from crmlib.intake.orders import Orders
from crmlib.intake.reading import EXCLUDED as STRUCTURAL_RULES
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

    @property
    def scale(self) -> int:
        """Minor units per major unit."""
        return MINOR_UNITS[self.currency]

    def to_json(self) -> str:
        """intake.json: the balances stand flat in each file's entry."""
        entries = [{**_without(asdict(entry), "balance"), **asdict(entry.balance)} for entry in self.files]
        tree = {**_without(asdict(self), "files", "totals"), "files": entries, "totals": asdict(self.totals)}
        return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def load(client_dir: str | Path) -> IntakeReport:
    """The report of a client's last intake.

    Args:
        client_dir: The client's folder, which holds intake.json.

    Raises:
        DataError: there is none.
    """
    path = Path(client_dir) / FILE
    if not path.is_file():
        raise DataError(Problem("there is no intake report", FILE, hint="Run `crmlib intake` for this client first."))
    tree = json.loads(path.read_text("utf-8"))
    names = {entry.name for entry in fields(Balance)}
    files = [
        FileReport(**_without(entry, *names), balance=Balance(**{k: v for k, v in entry.items() if k in names}))
        for entry in tree["files"]
    ]
    return IntakeReport(**{**tree, "files": files, "totals": Balance(**tree["totals"])})


def balance(orders: Orders) -> Balance:
    """The balance of one file, its broken rows included."""
    broken = Counter(code for _, code in orders.table.broken)
    rules = {code: broken[code] for code in STRUCTURAL_RULES if broken[code]}
    reasons = {code: count for code, count in broken.items() if code not in STRUCTURAL_RULES}
    kinds = {kind: orders.fates.kinds(kind) for kind in (USED, QUARANTINED, EXCLUDED)}
    rows = {kind: int(mask.sum()) for kind, mask in kinds.items()}
    money = {kind: int(orders.amounts[mask].sum()) for kind, mask in kinds.items()}
    gross = np.abs(orders.amounts)
    return Balance(
        rows_read=len(orders.days) + len(orders.table.broken),
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


def judged(totals: Balance, *, accepted: bool) -> list[str]:
    """What the share of quarantined rows and money asks for.

    Args:
        totals: The balance of all files.
        accepted: Whether client.yaml says `accept_quarantined: true`.

    Returns:
        Warnings.

    Raises:
        DataError: more than 10 % of the rows or 5 % of the money, not accepted; or no row is left.
    """
    rows = totals.rows_quarantined / max(1, totals.rows_read)
    money = totals.amount_gross_quarantined / max(1, totals.amount_gross)
    reasons = ", ".join(f"{code} {n:,}" for code, n in sorted(totals.reasons.items(), key=lambda item: -item[1])[:5])
    what = f"{rows:.1%} of the rows and {money:.1%} of the money are quarantined ({reasons})"
    if (rows > STOP_ROWS or money > STOP_AMOUNT) and not accepted:
        expected = f"at most {STOP_ROWS:.0%} of the rows and {STOP_AMOUNT:.0%} of the money"
        guests = " Where a blank customer is a guest, say guest_orders: accept." if GUEST in totals.reasons else ""
        hint = f"Look at quarantine/*.csv.{guests} To go on without these rows, say accept_quarantined: true in client.yaml."
        raise DataError(Problem(what, expected=expected, hint=hint))
    if totals.rows_used == 0:
        rules = ", ".join(f"{code} {count:,}" for code, count in totals.exclusions.items())
        raise DataError(
            Problem(f"no row can be used: excluded are {rules or 'none'}; quarantined are {reasons or 'none'}")
        )
    return [what] if rows > WARN_ROWS else []


def summary(done: IntakeReport) -> str:
    """What the command line prints: the row ledger in a few lines.

    Args:
        done: The report.
    """
    whole, scale = done.totals, done.scale
    lines = [f"{'':12}{'rows':>14}{done.currency:>20}"]
    for kind in ("read", "used", "quarantined", "excluded"):
        rows, money = getattr(whole, f"rows_{kind}"), getattr(whole, f"amount_{kind}")
        lines.append(f"{kind:12}{rows:>14,}{money / scale:>20,.{0 if scale == 1 else 2}f}")
    for name in ("reasons", "exclusions", "repairs"):
        counts = ", ".join(f"{code} {count:,}" for code, count in getattr(whole, name).items())
        lines += [f"{name}: {counts}"] if counts else []
    return "\n".join([*lines, *(f"Warning: {warning}" for warning in done.warnings)])


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(one)
    return dict(sorted(whole.items()))


def _without(tree: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if key not in names}
