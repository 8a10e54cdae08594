"""What-if: the programme's lines, benefits and an assumed effect of the line, as one moves them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmlib.tiers.design import Plan, Spend, Terms, plan, tiered


@dataclass(frozen=True)
class WhatIf:
    """A programme to be moved by hand; nothing here is measured, all of it is arithmetic on last year's spend.

    Args:
        spent: Last year's spend.
        terms: Present lines, benefits, margin.
        names: Names of the tiers, low to high.
        scale: Minor units per major unit.
    """

    spent: Spend
    terms: Terms
    names: tuple[str, ...]
    scale: int = 1

    def of(self, top_line: int, second_line: int, benefit: float, effect: float) -> pd.DataFrame:
        """Who would be in which tier, what that costs, and the net against today.

        Args:
            top_line: The highest line, per cent of the present one.
            second_line: The line below it, per cent of the present one (of no meaning with one line only).
            benefit: Share of sales given back in the highest tier; those below keep their proportion.
            effect: Assumed relative change of spend of those who come above a line (less of those who drop below it).

        Returns:
            One row per tier: line, customers and sales now and then, benefits; a last row with the sums and the net.
        """
        lines = self._lines(top_line, second_line)
        terms = replace(self.terms, benefits=self._benefits(benefit))
        new = plan("what_if", lines, self.spent, terms, {})
        now = tiered(self.spent, self.terms.thresholds)
        table = pd.DataFrame({
            "tier": [*self.names, "total"],
            "line": [*(line / self.scale for line in lines), np.nan],
            "customers now": _summed(now[0]), "customers then": _summed(new.customers),
            "sales now": _summed(now[1], self.scale), "sales then": _summed(new.sales, self.scale),
            "benefits": [*(sale * share / self.scale for sale, share in zip(new.sales, terms.benefits, strict=True)), new.cost / self.scale],
        })  # fmt: skip
        table["net a year"] = [np.nan] * len(self.names) + [self._net(new, now[1], effect) / self.scale]
        return table.round(0)

    def _lines(self, top: int, second: int) -> tuple[int, ...]:
        given = list(self.terms.thresholds)
        given[-1] = round(given[-1] * top / 100)
        if len(given) > 2:
            given[-2] = min(round(given[-2] * second / 100), given[-1] - 1)
        return tuple(given)

    def _benefits(self, highest: float) -> tuple[float, ...]:
        top = self.terms.benefits[-1]
        return tuple(share * highest / top if top else highest * (share > 0) for share in self.terms.benefits)

    def _net(self, new: Plan, sales: tuple[float, ...], effect: float) -> float:
        if self.terms.margin_rate is None:
            return float("nan")
        before = float(np.dot(sales, self.terms.benefits))
        moved = sum(
            self.spent.above(line)[1] - self.spent.above(present)[1]
            for line, present in zip(new.thresholds[1:], self.terms.thresholds[1:], strict=True)
        )
        return self.terms.margin_rate * effect * moved - (new.cost - before)


def _summed(values: tuple[float, ...], scale: int = 1) -> list[float]:
    return [*(value / scale for value in values), sum(values) / scale]
