"""All that the data pages rest on, in one hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from crmlib.identity import Candidates
from crmlib.intake.bridge import Bridge
from crmlib.intake.report import IntakeReport
from crmlib.intake.sales import MonthlySales
from crmlib.intake.scorecard import Scorecard
from crmlib.intake.tie_out import TieOut

F2_DAYS = 180  # window in which the effect of merging on the second purchase is shown


@dataclass(frozen=True)
class MergeEffect:
    """What merging the sure pairs would change.

    Attributes:
        candidates: The pairs.
        customers: Customers with a purchase, as numbered and merged.
        matured: Of them, whose first purchase is at least `F2_DAYS` old.
        converted: Of these, who bought again within `F2_DAYS`.
        split: Second numbers of persons who are surely one.
        split_amount: What was bought under them, minor units.
    """

    candidates: Candidates
    customers: tuple[int, int]
    matured: tuple[int, int]
    converted: tuple[int, int]
    split: int
    split_amount: int

    @property
    def sure(self) -> int:
        """Pairs that are the same person by the rules."""
        return int((self.candidates.pairs["level"] == "sure").sum())

    @property
    def possible(self) -> int:
        """Pairs to look at one by one."""
        return len(self.candidates.pairs) - self.sure


def merge_effect(
    candidates: Candidates, before: pd.DataFrame, after: pd.DataFrame, second: pd.DataFrame
) -> MergeEffect:
    """The counts with and without the merges.

    Args:
        candidates: The pairs.
        before: `summaries.identity.second_purchases` of the orders as they are.
        after: The same of the merged orders.
        second: `summaries.identity.split`: what stands under second numbers.
    """
    names = ("customers", "matured", "converted")
    customers, matured, converted = [(int(before[name].iloc[0]), int(after[name].iloc[0])) for name in names]
    rest = second.iloc[0]
    return MergeEffect(candidates, customers, matured, converted, int(rest["customers"]), int(rest["amount"]))


@dataclass(frozen=True)
class Passport:
    """The intake of one client, as its pages show it.

    Attributes:
        report: The row ledger.
        sales: Sales by month.
        bridge: The money bridge.
        tie_out: Books against data.
        scorecard: The four kinds of record.
        merging: Candidate duplicates and their effect.
    """

    report: IntakeReport
    sales: MonthlySales
    bridge: Bridge
    tie_out: TieOut
    scorecard: Scorecard
    merging: MergeEffect

    @property
    def as_of(self) -> dt.date:
        """Last day that is looked at."""
        return dt.date.fromisoformat(self.report.as_of)


def margin_rate(declared: float | None, sold: pd.DataFrame) -> float | None:
    """Gross margin per net sales: client.yaml's, else that of the products by what was sold of them; None without either.

    Args:
        declared: `margin_rate` of client.yaml.
        sold: `summaries.records.margin`, one row: amount (of products with a margin) and margin (minor units).
    """
    amount, margin = float(sold["amount"].iloc[0]), float(sold["margin"].iloc[0])
    return declared if declared is not None else margin / amount if amount > 0 else None
