"""Design of a test: how many, how long, what it can see in yen; and the draw itself, by lot within strata."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.lift import power

SPREAD = 0.5  # a holdout beyond half of the list is no test of sending


@dataclass(frozen=True)
class TestDesign:
    """What a test of one mailing on a list of customers can show.

    Args:
        eligible: Customers on the list.
        baseline: Share of them who buy within the window without the contact.
        holdout: Share that is held out.
        treated: Customers contacted.
        control: Customers held out.
        window: Days in which purchases count.
        mde: Smallest true effect, in points, that one mailing finds with 80 % power.
        mde_yen: The same in margin per contact, major units; NaN without a margin.
        worth: Effect that pays for the contact; NaN without cost or margin.
        needed: Customers at which that effect is found; 0 when it is unknown.
        duration: Days until the answer: one window, or as many mailings as it takes.
    """

    eligible: int
    baseline: float
    holdout: float
    treated: int
    control: int
    window: int
    mde: float
    mde_yen: float
    worth: float
    needed: int
    duration: int

    @property
    def enough(self) -> bool:
        """Whether one mailing can see an effect that pays for itself."""
        return bool(self.worth >= self.mde)


@dataclass(frozen=True)
class Prices:
    """What an order earns and a contact costs.

    Args:
        margin_per_order: Gross margin, major units; NaN when unknown.
        cost: Per contact, major units; NaN when unknown.
    """

    margin_per_order: float
    cost: float


def plan(eligible: int, baseline: float, prices: Prices, holdout: float, window: int) -> TestDesign:
    """Design a test of one mailing.

    Args:
        eligible: Customers on the list.
        baseline: Share who buy within the window anyway, [0, 1].
        prices: Of an order and of a contact.
        holdout: Share to hold out, above 0 and at most one half.
        window: Days in which purchases count.

    Source:
        Two-sided test of 5 %, power 80 %: n = (z + z)^2 p (1 - p) / (effect^2 h (1 - h)). Checked against statsmodels' NormalIndPower.
    """
    control = round(eligible * min(holdout, SPREAD))
    treated = eligible - control
    deviation = float(np.sqrt(baseline * (1 - baseline)))
    error = deviation * np.sqrt(1 / treated + 1 / control) if treated and control else np.nan
    mde = power.smallest_visible(float(error))
    worth = prices.cost / prices.margin_per_order if prices.margin_per_order > 0 else float("nan")
    needed = power.size_of(deviation, worth, holdout) if worth > 0 and deviation > 0 else 0
    mailings = int(np.ceil(needed / eligible)) if eligible and needed else 1
    return TestDesign(
        eligible, baseline, holdout, treated, control, window, mde, mde * prices.margin_per_order, worth, needed,
        window * max(mailings, 1),
    )  # fmt: skip


def draw(customers: pd.DataFrame, holdout: float, seed: int) -> pd.DataFrame:
    """Draw the holdout by lot within strata; the same list and seed give the same draw, whatever the order of the rows.

    Args:
        customers: customer_id and stratum, one row per customer.
        holdout: Share to hold out.
        seed: Of the lots.

    Returns:
        customer_id, stratum, arm (treated or control), sorted by customer_id. In each stratum the held-out number is the share rounded
        up or down, so that the total is right to within half a customer per stratum.
    """
    ordered = customers[["customer_id", "stratum"]].sort_values("customer_id").reset_index(drop=True)
    arm = np.full(len(ordered), "treated", dtype=object)
    owed = 0.0
    for stratum, rows in ordered.groupby("stratum", sort=True):
        lots = np.random.default_rng([seed, zlib.crc32(str(stratum).encode())])
        owed += len(rows) * holdout
        number = min(int(np.floor(owed + 0.5)), len(rows))
        owed -= number
        arm[lots.permutation(rows.index.to_numpy())[:number]] = "control"
    return ordered.assign(arm=arm)
