"""One lifetime value for a mixed base: customers who buy as they like, and customers who hold a subscription.

A running subscription is worth its expected further shipments (shifted beta-geometric by the shipments it has made, Fader &
Hardie 2007; residual lifetime Fader & Hardie 2010) times the mean amount of a shipment, discounted by shipment. Who has
ended his subscription is worth nothing here: what he may buy otherwise is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmlib import contract
from crmlib.contract import sbg
from crmlib.intervals import Estimate, unknown, z
from crmlib.ltv.value import DAYS_PER_MONTH, HORIZONS

if TYPE_CHECKING:
    from crmlib.contract.model import Contract
    from crmlib.ltv.value import CustomerValue


@dataclass(frozen=True, eq=False)
class SubscriptionValue:
    """Running subscriptions, amount per shipment (major units), days between shipments, and value by horizon.

    `why` is "absent" where the client has no subscriptions, or the reason why they could not be valued.
    """

    running: int
    shipment: float
    interval: float
    totals: tuple[Estimate, ...]
    why: str = ""


@dataclass(frozen=True, eq=False)
class MixedValue:
    """Value of the whole base by horizon: single buyers, subscriptions, both."""

    single: tuple[Estimate, ...]
    subscription: tuple[Estimate, ...]
    total: tuple[Estimate, ...]


def subscriptions(
    tenures: pd.DataFrame, worth: pd.DataFrame, gaps: pd.DataFrame, scale: int, discount_rate: float
) -> SubscriptionValue:
    """Value of the running subscriptions over 12, 24 and 36 months.

    Args:
        tenures: renewals, lost, n (`summaries.subscriptions.tenures`).
        worth: shipments, amount (minor units) of paid shipments, in one row.
        gaps: days, n between the purchases of customers with a subscription.
        scale: minor units per major unit of the currency.
        discount_rate: per year.
    """
    running = tenures[~tenures["lost"].astype(bool)]
    n = int(running["n"].sum())
    shipments, amount = (float(worth[name].iloc[0]) if len(worth) else 0.0 for name in ("shipments", "amount"))
    if not n or not shipments or gaps.empty:
        why = "ltv.no_subscriptions" if tenures.empty else "ltv.no_running_subscription"
        return SubscriptionValue(n, np.nan, np.nan, (unknown(n, why),) * len(HORIZONS), why)
    interval = _middle(gaps)
    exposure = contract.from_tenures(*(tenures[name].to_numpy() for name in ("renewals", "lost", "n")))
    fitted = sbg.fit(exposure)
    if fitted.why:
        return SubscriptionValue(n, np.nan, interval, (unknown(n, fitted.why),) * len(HORIZONS), fitted.why)
    shipment = amount / shipments / scale
    totals = tuple(_total(fitted, running, shipment, (months, interval, discount_rate)) for months in HORIZONS)
    return SubscriptionValue(n, shipment, interval, totals)


def together(worth: CustomerValue, held: SubscriptionValue) -> MixedValue:
    """Both parts and their sum; their errors are independent. Without subscriptions the single buyers are all."""
    single = tuple(at.total for at in worth.horizons)
    if held.why == "ltv.no_subscriptions":
        return MixedValue(single, held.totals, single)
    return MixedValue(single, held.totals, tuple(_sum(*pair) for pair in zip(single, held.totals, strict=True)))


def by_renewals(tenures: pd.DataFrame, held: SubscriptionValue, discount_rate: float) -> pd.DataFrame:
    """12-month value of one running subscription by the renewals it has made.

    Args:
        tenures: As for `subscriptions`.
        held: What `subscriptions` made of them.
        discount_rate: per year.

    Returns:
        renewals, value (major units); no rows where the subscriptions could not be valued.
    """
    running = sorted(set(tenures.loc[~tenures["lost"].astype(bool), "renewals"])) if not held.why else []
    if not running:
        return pd.DataFrame({"renewals": [], "value": []}).astype({"renewals": "int64", "value": "float64"})
    exposure = contract.from_tenures(*(tenures[name].to_numpy() for name in ("renewals", "lost", "n")))
    each, _ = _further(sbg.fit(exposure), running, (HORIZONS[0], held.interval, discount_rate))
    return pd.DataFrame({"renewals": running, "value": [one.value * held.shipment for one in each]})


def _further(fitted: Contract, renewals: list[int], terms: tuple[int, float, float]) -> tuple[list[Estimate], int]:
    """Discounted further shipments by renewals made, and how many there can be."""
    months, interval, rate = terms
    periods = max(int(months * DAYS_PER_MONTH // interval), 1)
    discount = (1 + rate) ** (interval / 365.25) - 1
    return [contract.residual_lifetime(fitted, int(r), discount, periods) for r in renewals], periods


def _total(fitted: Contract, running: pd.DataFrame, shipment: float, terms: tuple[int, float, float]) -> Estimate:
    counted = running.groupby("renewals")["n"].sum()
    each, periods = _further(fitted, list(counted.index), terms)
    w, n = counted.to_numpy(float), int(counted.sum())
    value, lower, upper = (np.array([getattr(e, name) for e in each]) for name in ("value", "lower", "upper"))
    total, chance = float(w @ value), float(np.sqrt(w @ (value * (periods - value)).clip(0)))
    return Estimate(
        total * shipment,
        max(total - float(np.hypot(w @ (value - lower), z() * chance)), 0.0) * shipment,
        (total + float(np.hypot(w @ (upper - value), z() * chance))) * shipment,
        n,
    )


def _sum(one: Estimate, other: Estimate) -> Estimate:
    n, why = one.n + other.n, one.why or other.why
    if why:
        return unknown(n, why)
    value = one.value + other.value
    below, above = (float(np.hypot(*(getattr(e, end) - e.value for e in (one, other)))) for end in ("lower", "upper"))
    return Estimate(value, value - below, value + above, n)


def _middle(gaps: pd.DataFrame) -> float:
    """Median gap in days."""
    ordered = gaps.sort_values("days")
    place = np.searchsorted(np.cumsum(ordered["n"].to_numpy(float)), ordered["n"].sum() / 2)
    return float(ordered["days"].iloc[int(place)])
