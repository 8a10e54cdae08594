"""From an effect per customer to yen: per 1,000 contacts, net of cost, break-even, return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.intervals import Estimate, unknown


@dataclass(frozen=True)
class Economy:
    """What turns sales into money of the client.

    Args:
        margin_rate: Gross margin per sales; NaN when the client gave none.
        scale: Minor units (as in the store) per major unit of the currency.
        currency: ISO code.
        smallest: Smallest effect of interest on a share (one point) or a count of purchase days (one in a hundred customers).
    """

    margin_rate: float
    scale: int = 1
    smallest: float = 0.01
    currency: str = "JPY"


@dataclass(frozen=True)
class Yield:
    """A campaign's version in money (major units).

    Args:
        contacted: Customers drawn to be contacted.
        cost: Cost of all contacts; NaN when unknown.
        net: Incremental margin of all contacted, less the cost.
        per_1000: The same per 1,000 customers.
        roi: (incremental margin - cost) / cost.
        extra_orders: Incremental purchase days of all contacted.
        break_even_orders: Cost over the margin of an order: the incremental orders that pay for it.
        responses: Contacted customers who bought, whatever the cause: what is reported without a holdout.
        margin_per_order: Gross margin of a purchase day in the window.
    """

    contacted: int
    cost: float
    net: Estimate
    per_1000: Estimate
    roi: Estimate
    extra_orders: Estimate
    break_even_orders: float
    responses: int
    margin_per_order: float

    @property
    def cost_each(self) -> float:
        """Cost per customer drawn to be contacted."""
        return self.cost / self.contacted if self.contacted else float("nan")


def cost_of(cost: float, contacts: int, costless: int, budget: float) -> float:
    """Cost of a version whose contacts partly lack one.

    Where at least half of the contacts have a cost, the others are taken to cost as much on average; else the budget of the
    campaign's list counts; else the cost is unknown (NaN), never 0.
    """
    known = contacts - costless
    if contacts and 2 * known >= contacts and known:
        return cost * contacts / known
    return budget if np.isfinite(budget) else float("nan")


def scaled(effect: Estimate, factor: float, shift: float = 0.0) -> Estimate:
    """The effect times a factor, plus a shift, with its interval; `factor` is positive."""
    if effect.why or not np.isfinite(factor + shift):
        return unknown(effect.n, effect.why or "no_cost")
    value, lower, upper = (factor * part + shift for part in (effect.value, effect.lower, effect.upper))
    return Estimate(value, lower, upper, effect.n, level=effect.level)


def money(margin: Estimate, orders: Estimate, contacted: tuple[int, float, float], per_order: float) -> Yield:
    """A version's money.

    Args:
        margin: Effect on gross margin per customer drawn, major units.
        orders: Effect on purchase days per customer drawn.
        contacted: Customers drawn, share of them who bought, cost of all.
        per_order: Gross margin of a purchase day; NaN when unknown.
    """
    n, share, cost = contacted
    if margin.why == "" and not np.isfinite(margin.value):
        margin = unknown(margin.n, "no_margin")
    net = scaled(margin, n, -cost)
    roi = scaled(margin, n / cost, -1.0) if cost > 0 else unknown(margin.n, "no_cost")
    break_even = cost / per_order if per_order > 0 else float("nan")
    return Yield(
        n, cost, net, scaled(margin, 1000.0, -1000.0 * cost / n if n else np.nan), roi, scaled(orders, n), break_even,
        round(n * share), per_order,
    )  # fmt: skip
