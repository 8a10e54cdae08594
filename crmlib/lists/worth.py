"""What is expected of each customer on a list, from what the diagnostics have found; nothing is estimated here."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from crmlib.base import loyalty
from crmlib.ltv import protect
from crmlib.retention import Rhythms, continuation, next_need
from crmlib.retention.f2 import SecondPurchase
from crmlib.schema import CPM_LAPSE

AHEAD = 90  # days in which a second purchase counts
NEAR = 30  # days before and after the contact-by day of a second purchase
EARLIEST = 3  # days after as_of on which a contact can arrive
THERE = 0.50  # probability of still being there, from which it is worth asking a lapsed customer back
SCORED = ["customer_id", "list", "yen", "due", "frequency", "recency", "days", "rhythm"]


def from_scores(scores: pd.DataFrame, as_of: dt.date, scale: int) -> pd.DataFrame:
    """Those to be protected and those to be won back; expected: their value of the next twelve months.

    protect: slipping, in the upper half by value while active. win_back: more than one purchase, none for 240 days (CPM's
    lapse), and rather still there than not.

    Args:
        scores: As `ltv.scores.score` returns them; may be empty.
        as_of: Last day of the data.
        scale: Minor units per major unit.

    Returns:
        The columns of `SCORED`.
    """
    if scores.empty or scores["state"].isna().all():
        return pd.DataFrame(columns=SCORED)
    silent = (scores["T"] - scores["recency"]).to_numpy(np.int64)
    repeats = scores["frequency"].to_numpy(np.int64)
    slipping = protect.valuable(scores)
    back = (repeats > 0) & (silent >= CPM_LAPSE) & (scores["p_alive"].to_numpy(float) >= THERE) & ~slipping
    name = np.where(slipping, "protect", "win_back")
    due = np.where(slipping, _day(as_of, 14), _day(as_of, 30))
    made = scores[["customer_id", "frequency", "recency"]].assign(list=name, due=due, days=silent)
    value = np.rint(scores["clv_12m"].to_numpy(float) * scale)
    made = made.assign(yen=value, rhythm=scores["recency"].to_numpy(np.int64) // np.maximum(repeats, 1))
    return made[(slipping | back) & (value > 0)].astype({"yen": "int64"})[SCORED]


def of_second_orders(second: SecondPurchase, mean: float) -> pd.DataFrame:
    """What is expected of a first-time customer by the days since the first purchase, around the contact-by day.

    Expected: share of those who have waited so long without a second purchase that make it within 90 days more (by the
    curve, as far as it is read) x the mean amount of second purchases.

    Args:
        second: F2 by Kaplan-Meier.
        mean: Mean amount of second purchases, minor units.

    Returns:
        days, yen (minor units); no rows where nothing can be said.
    """
    day = second.hazard.contact_day
    if second.why or not day or not mean > 0:
        return pd.DataFrame({"days": [], "yen": []}).astype("int64")
    left, last = second.curve.survival, min(second.curve.horizon, len(second.curve.survival) - 1)
    days = np.arange(max(day - NEAR, 0), min(day + NEAR, last) + 1)
    chance = 1 - left[np.minimum(days + AHEAD, last)] / np.where(left[days] > 0, left[days], np.nan)
    yen = np.rint(np.nan_to_num(chance) * mean).astype("int64")
    return pd.DataFrame({"days": days, "yen": yen})[yen > 0]


def again(counts: pd.DataFrame) -> pd.DataFrame:
    """Share of the purchases of each product that were followed by another; the latest count as not followed.

    Args:
        counts: product_id, gaps, n (`summaries.rhythm.rhythm`).

    Returns:
        product_id, again.
    """
    followed = (counts["gaps"] * counts["n"]).groupby(counts["product_id"].astype(str)).sum()
    last = counts["n"].groupby(counts["product_id"].astype(str)).sum()
    return pd.DataFrame({"product_id": followed.index, "again": (followed / (followed + last)).to_numpy(float)})


def of_needs(pairs: pd.DataFrame, rhythm: Rhythms, amounts: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Who will need a product again within 30 days.

    Expected: what one purchase of it usually comes to x the share of its purchases that were followed by another.

    Args:
        pairs: Customers and products (`summaries.rhythm.pairs`).
        rhythm: Of the products.
        amounts: product_id, n, amount (minor units), again (as `again` returns it).
        as_of: Last day of the data.

    Returns:
        customer_id, product_id, yen, due (a week before the day of need, but not before a contact can arrive), days (since
        the product was last bought), rhythm (days expected between two purchases).
    """
    needs = next_need(pairs, rhythm, as_of)
    soon = needs[needs["state"] == "due"].merge(amounts, "inner", "product_id")
    yen = np.rint(soon["amount"] / soon["n"] * soon["again"]).astype("int64")
    soon, yen = soon[yen > 0], yen[yen > 0]
    before = np.maximum(soon["days"].to_numpy(np.int64) - 7, EARLIEST)
    return pd.DataFrame({
        "customer_id": soon["customer_id"].to_numpy(np.int64), "product_id": soon["product_id"].astype(str),
        "yen": yen, "due": _day(as_of, before),
        "days": (soon["gap"] - soon["days"]).astype("int64"), "rhythm": soon["gap"].astype("int64"),
    })  # fmt: skip


def of_semi_loyal(standing: pd.DataFrame, scale: int) -> pd.DataFrame:
    """Semi-loyal customers who lack one line only, amount or purchases; expected at most: the amount that takes them there.

    Args:
        standing: frequency, tenure, amount, amount_this (minor units), n (`summaries.base.standing`).
        scale: Minor units per major unit.

    Returns:
        frequency, tenure, amount of those meant, with yen, money (missing amount), number (missing purchases), variant.
    """
    columns = ["frequency", "tenure", "amount", "yen", "money", "number", "variant"]
    found = loyalty.loyalty(standing, scale) if len(standing) else None
    if found is None or found.why:
        return pd.DataFrame(columns=columns)
    semi = standing[found.label == 1]
    short = loyalty.gaps(semi, found.lines)
    one = ((short > 0).sum(axis=1) == 1) & (short["tenure"] == 0)
    semi, short = semi[one], short[one].round().astype("int64")
    usual = np.rint(semi["amount"] / (semi["frequency"] + 1)).astype("int64")
    made = semi[["frequency", "tenure", "amount"]].assign(
        yen=np.where(short["amount"] > 0, short["amount"], short["frequency"] * usual),
        money=short["amount"], number=short["frequency"],
        variant=np.where(short["amount"] > 0, "amount", "purchases"),
    )  # fmt: skip
    return made.drop_duplicates(["frequency", "tenure", "amount"])[columns]


def at_arrival(rows: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The rows with the days since the last purchase counted to the day on which the contact should have arrived.

    Args:
        rows: due, days.
        as_of: Last day of the data, to which days are counted so far.
    """
    ahead = (pd.to_datetime(rows["due"]) - pd.Timestamp(as_of)).dt.days
    return rows.assign(days=rows["days"] + ahead)


def riskiest(tenures: pd.DataFrame) -> int:
    """The shipment after which the largest share of those who got it is lost; 0 where there are too few to tell.

    Args:
        tenures: renewals, lost, n (`summaries.subscriptions.tenures`).
    """
    steps = continuation(tenures, "application")
    renewed = {n: steps.step(n).value for n in range(1, steps.readable + 1)}
    return min(renewed, key=lambda n: (renewed[n], n)) if renewed and not steps.why else 0


def _day(as_of: dt.date, after: int | np.ndarray) -> np.ndarray:
    """A day, or days, after as_of, as the engine takes them."""
    return np.asarray(np.datetime64(as_of, "D") + np.asarray(after).astype("timedelta64[D]"))
