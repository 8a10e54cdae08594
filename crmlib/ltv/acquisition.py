"""What customers cost against what they bring: cost per order, payback, safe cost and samples turned into purchases, by medium."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import Estimate, proportion, unknown
from crmlib.ltv.curve import payback, safe_cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from crmlib.ltv.curve import ValueCurve

ALL = "all"


@dataclass(frozen=True, eq=False)
class Medium:
    """One medium over the year to as_of: cost (major units), new customers, cost per order and what it must be held against.

    `cpo` and `cpr` (cost per sample applicant) are NaN with a reason in `why` where they cannot be known; `overspend` is what
    the year cost above the safe cost, 0 where it did not (of all media: the sum over media).
    """

    name: str
    cost: float
    new_customers: float
    cpo: float
    cpr: float
    pull_up: Estimate  # share of sample applicants who bought within 180 days
    payback: Estimate  # months
    safe_cpo: Estimate
    overspend: float
    curve: ValueCurve | None


def by_medium(
    costs: pd.DataFrame, trials: pd.DataFrame, curves: Mapping[str, ValueCurve], scale: int
) -> tuple[Medium, ...]:
    """Media with a known cost, the largest first, and all of them together under the name "all" at the end.

    Args:
        costs: medium, cost (minor units), new_customers, of the year to as_of.
        trials: medium, applicants, bought, recent.
        curves: margin by days since the first purchase, by medium and under "all".
        scale: minor units per major unit of the currency.
    """
    if costs.empty:
        return ()
    samples = trials.dropna(subset=["medium"]).set_index("medium")
    rows = []
    for medium, cost, new in costs[["medium", "cost", "new_customers"]].itertuples(index=False):
        rows.append(_medium(str(medium), (cost / scale, _number(new)), samples, curves.get(str(medium))))
    rows.sort(key=lambda row: (-row.cost, row.name))
    counted = costs["new_customers"].notna().all()
    whole = (costs["cost"].sum() / scale, float(costs["new_customers"].sum()) if counted else np.nan)
    together = _medium(ALL, whole, trials.assign(medium=ALL).groupby("medium").sum(), curves.get(ALL))
    over = [row.overspend for row in rows if np.isfinite(row.overspend)]
    return (*rows, replace(together, overspend=float(sum(over)) if over else together.overspend))


def _medium(name: str, paid: tuple[float, float], samples: pd.DataFrame, curve: ValueCurve | None) -> Medium:
    cost, new = paid
    cpo = cost / new if new > 0 else float("nan")
    row = samples.loc[name].to_dict() if name in samples.index else {}
    applicants, bought, recent = (int(row.get(column, 0)) for column in ("applicants", "bought", "recent"))
    pull_up = proportion(bought, applicants) if applicants else unknown(0, "ltv.no_trials")
    if curve is None:
        missing = unknown(0, "ltv.no_curve")
        return Medium(name, cost, new, cpo, _ratio(cost, recent), pull_up, missing, missing, float("nan"), None)
    safe = safe_cost(curve)
    over = max(cpo - safe.value, 0.0) * new if np.isfinite(cpo) and np.isfinite(safe.value) else float("nan")
    return Medium(name, cost, new, cpo, _ratio(cost, recent), pull_up, payback(curve, cpo), safe, over, curve)


def _ratio(cost: float, count: int) -> float:
    return cost / count if count else float("nan")


def _number(value: object) -> float:
    return float(value) if value is not None and value == value else float("nan")  # type: ignore[arg-type]  # noqa: PLR0124
