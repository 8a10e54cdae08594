"""What the pages on entry, subscriptions, definitions and money read, put together from the counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate
from crmlib.retention.alarms import EACH, SCAN
from crmlib.retention.cohort import SMALL_GROUP
from crmlib.retention.competing import CumulativeIncidence, aalen_johansen
from crmlib.retention.continuation import Continuation, Projection, Wavering, continuation, project, wavering
from crmlib.retention.definitions import Definition
from crmlib.retention.f2 import SecondPurchase, curve_of
from crmlib.retention.groups import GroupedF2, adjusted, by_group
from crmlib.retention.leak import Leak, locate
from crmlib.retention.scan import BadMonths, bad_months
from crmlib.retention.tally import YEAR, Spent

CAUSES = ("skip", "pause", "cancel")
LONGEST_NAME = 18  # characters of a client's word on a page


@dataclass(frozen=True)
class Entries:
    """F2 by the way customers came in; without those who came in with a subscription, whose second purchase is a shipment.

    Args:
        bought: Customers who came in by a purchase.
        bought_a_year: Of them, those acquired in the last 365 days.
        subscribed: Customers who came in with a subscription.
        leak: The clearest drop of the hazard.
        groups: By dimension: product, medium, channel, payment.
        bad: The clearest bad months of a medium.
    """

    bought: int
    bought_a_year: int
    subscribed: int
    leak: Leak
    groups: Mapping[str, GroupedF2]
    bad: BadMonths


@dataclass(frozen=True, eq=False)
class Subscriptions:
    """Subscriptions by application and by customer, projected, interrupted; `why` says why there is nothing."""

    applications: Continuation
    customers: Continuation
    projection: Projection
    interruptions: CumulativeIncidence
    wavering: Wavering

    @property
    def why(self) -> str:
        """Text key of why nothing can be said."""
        return self.applications.why


@dataclass(frozen=True)
class Worth:
    """What a second purchase and a shipment are worth, in major units of the currency.

    Args:
        conversion: Repeat purchases of a converted customer within 365 days of the first purchase, mean.
        late: days, n, amount, squares (minor units) of those who came in by a purchase and bought again so many days after it,
            within a year.
        scale: Minor units in a major one.
        new_a_year: Customers acquired in the last 365 days.
        shipment: Mean money of a day on which a shipment was sent.
        applications_a_year: Applications begun in the last 365 days.
    """

    conversion: Estimate
    new_a_year: int
    shipment: Estimate
    applications_a_year: int
    late: pd.DataFrame
    scale: int

    def after(self, day: float) -> Estimate:
        """Repeat purchases within 365 days of the first, mean of those whose second came after a day: they are not the average convert."""
        return Spent.of(self.late[self.late["days"] > day]).mean(self.scale)


@dataclass(frozen=True, eq=False)
class Details:
    """Everything besides cohorts, F2 and trend."""

    steps: Mapping[int, SecondPurchase]
    entries: Entries
    subscriptions: Subscriptions
    definitions: tuple[Definition, ...]
    needs: pd.DataFrame
    worth: Worth


def entries(waits: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> Entries:
    """Leak, groups and bad months from the counts of each dimension.

    Args:
        waits: By dimension: value, contract, cohort, observed, days, event, n, amount, squares (each holds all customers).
        names: Product id -> the client's word for it.
    """
    counts = waits["medium"]
    contract = counts["contract"].astype(bool)
    groups = adjusted({dimension: by_group(part, dimension, EACH) for dimension, part in waits.items()})
    shown = {dimension: _named(found, names if dimension == "product" else {}) for dimension, found in groups.items()}
    bad = bad_months(counts, SCAN)
    return Entries(
        int(counts.loc[~contract, "n"].sum()), int(counts.loc[~contract & (counts["observed"] < YEAR), "n"].sum()), int(counts.loc[contract, "n"].sum()),
        locate(curve_of(counts[~contract]), EACH), shown, replace(bad, medium=short(bad.medium)),
    )  # fmt: skip


def subscribed(
    tenures: pd.DataFrame, customers: pd.DataFrame, interruptions: pd.DataFrame, opportunities: pd.DataFrame
) -> Subscriptions:
    """All of a client's subscriptions from the counts of `summaries.subscriptions`."""
    applied = continuation(tenures, "application")
    ended = aalen_johansen(interruptions["opportunity"], interruptions["cause"], interruptions["n"], CAUSES)
    return Subscriptions(
        applied, continuation(customers, "customer"), project(applied), ended, wavering(opportunities, EACH)
    )


def worth(waits: pd.DataFrame, shipments: pd.DataFrame, scale: int) -> Worth:
    """Money from sums.

    Args:
        waits: Of all customers, by any dimension: contract, observed, days, event, n, amount, squares (minor units).
        shipments: One row: shipments, amount (minor units), new_a_year.
        scale: Minor units in a major one.
    """
    again = waits[(waits["observed"] >= YEAR) & waits["event"].astype(bool) & (waits["days"] <= YEAR)]
    sent = shipments.iloc[0]
    count = int(sent["shipments"])
    value = float(sent["amount"]) / count / scale if count >= SMALL_GROUP else np.nan
    shipment = Estimate(value, np.nan, np.nan, count, "" if count >= SMALL_GROUP else "too_few")
    new = int(waits.loc[waits["observed"] < YEAR, "n"].sum())
    return Worth(
        Spent.of(again).mean(scale),
        new,
        shipment,
        int(sent["new_a_year"]),
        again[~again["contract"].astype(bool)],
        scale,
    )


def short(name: str) -> str:
    """A client's word as it stands on a page and in the ledger."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _named(found: GroupedF2, names: Mapping[str, str]) -> GroupedF2:
    return replace(
        found, groups=tuple(replace(group, name=short(names.get(group.name, group.name))) for group in found.groups)
    )
