"""The money bridge: from everything that the files say to net sales and margin, in whole minor units, summing exactly.

Made from `store/money.parquet` (month, fate, code: rows, orders, amount and its parts), which intake writes in the pass
that judges the rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.errors import DataError, Problem
from crmlib.intake.fates import EXCLUDED, QUARANTINED, USED

FILE = "store/money.parquet"
REPEATED = ("order_total_repeated", "exact_duplicate")
BACK = ("cancelled", "returned")
REDUCTIONS = ("discount", "coupon", "points", "refund")
ADDITIONS = ("shipping", "fee", "tax")
PARTS = (*REDUCTIONS, *ADDITIONS)
DEDUCTED, ALREADY, ABSENT = "deducted", "already", "absent"


@dataclass(frozen=True)
class Step:
    """One bar: a total (where the money stands) or a change to it. Amounts in minor units, deductions negative."""

    name: str
    amount: int
    total: bool = False


@dataclass(frozen=True)
class Bridge:
    """From the sum of the amount column to the margin.

    Attributes:
        steps: Totals and changes in order; each total is the one before plus the changes between.
        states: What is known of each part of an amount: deducted as a step, already out of the amounts and only told (a
            discount that the amount is net of), or absent from the export.
        parts: Sum of each part over the orders used; None where it is absent.
        checked: Whether amount = goods + shipping + fee + tax − reductions was found to hold in every month; None
            where the goods' own sum is not in the export, so that the usual reading is taken.
        margin_known: Whether the client gave a margin.
    """

    steps: Sequence[Step]
    states: Mapping[str, str]
    parts: Mapping[str, int | None]
    checked: bool | None
    margin_known: bool

    def __post_init__(self) -> None:
        level = self.steps[0].amount
        for step in self.steps[1:]:
            level += 0 if step.total else step.amount
            if step.total and level != step.amount:
                raise DataError(f"the money bridge does not add up: '{step.name}' is {step.amount}, not {level}")

    def __getitem__(self, name: str) -> int:
        return next(step.amount for step in self.steps if step.name == name)


def load(client_dir: str | Path) -> pd.DataFrame:
    """The money account that the last intake wrote.

    Args:
        client_dir: The client's folder.

    Raises:
        DataError: there is none.
    """
    path = Path(client_dir) / FILE
    if not path.is_file():
        raise DataError(Problem("there is no money account", FILE, hint="Run `crmlib intake` for this client first."))
    return pd.read_parquet(path)


def of(money: pd.DataFrame, margin_rate: float | None) -> Bridge:
    """The bridge of a client.

    Args:
        money: `load`: one row per month, fate and code; minor units, null where the client has no such column.
        margin_rate: Gross margin per net sales; None where the client gave none.
    """
    used = money[money["fate"] == USED]
    signs, checked = _identity(used)
    parts = {name: _sum(used, name) for name in PARTS}
    states = {name: _state(name, parts[name], signs) for name in PARTS}
    steps = _received(money)
    steps += [Step(name, -(parts[name] or 0)) for name in PARTS if states[name] == DEDUCTED]
    net = sum(step.amount for step in steps if not step.total) + steps[0].amount
    steps.append(Step("net_sales", net, total=True))
    if margin_rate is not None:
        margin = round(net * margin_rate)
        steps += [Step("cost", margin - net), Step("margin", margin, total=True)]
    return Bridge(steps, states, parts, checked, margin_rate is not None)


def _received(money: pd.DataFrame) -> list[Step]:
    """From the amount column's plain sum to the orders that count."""
    excluded, aside = money["fate"] == EXCLUDED, money["fate"] == QUARANTINED
    repeated = excluded & money["code"].isin(REPEATED)
    back = {code: excluded & (money["code"] == code) for code in BACK}
    other = excluded & ~repeated & ~back["cancelled"] & ~back["returned"]
    amounts = _whole(money["amount"])

    def total(mask: pd.Series) -> int:
        return int(amounts[mask].sum())

    gross = total((money["fate"] == USED) | back["cancelled"] | back["returned"])
    return [
        Step("received", int(amounts.sum()), total=True),
        Step("repeated", -total(repeated)),
        Step("rules", -total(other)),
        Step("aside", -total(aside)),
        Step("gross", gross, total=True),
        Step("cancelled", -total(back["cancelled"])),
        Step("returned", -total(back["returned"])),
        Step("orders", total(money["fate"] == USED), total=True),
    ]


def _sum(rows: pd.DataFrame, name: str) -> int | None:
    known = name in rows and rows[name].notna().any()
    return int(_whole(rows[name]).sum()) if known else None


def _state(name: str, part: int | None, signs: Mapping[str, int]) -> str:
    if part is None:
        return ABSENT
    within = signs.get(name, 1) != 0
    return DEDUCTED if within != (name in REDUCTIONS) else ALREADY


def _identity(used: pd.DataFrame) -> tuple[dict[str, int], bool | None]:
    """Which parts the amount holds: the reading under which amount = goods ± parts is exact in every month."""
    goods = _sum(used, "subtotal")
    if goods is None:
        return {}, None
    known = [name for name in PARTS if (_sum(used, name) or 0) != 0]
    for flips in sorted(itertools.product((0, 1), repeat=len(known)), key=sum):
        counted = [name for name, flip in zip(known, flips, strict=True) if (name == "tax") == bool(flip)]
        expected = sum((_sign(name) * _whole(used[name]) for name in counted), _whole(used["subtotal"]))
        if (expected == _whole(used["amount"])).all():
            # tax is within the amount either way: on top of the goods, or inside their prices
            return {name: int(name in counted or name == "tax") for name in known}, True
    return {}, False


def _sign(name: str) -> int:
    return -1 if name in REDUCTIONS else 1


def _whole(column: pd.Series) -> pd.Series:
    return column.fillna(0).astype("int64")
