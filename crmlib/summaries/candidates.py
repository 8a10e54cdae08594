"""Candidates of each action list: whom the diagnostics' rules mean, with what is expected of them and why.

A candidate is a row of `CANDIDATE`: customer_id, list, yen (expected, minor units), due (day by which the contact should have
arrived), and the facts of the reason: days (since the last purchase), rhythm (days usual between two), money (minor units) and
number (purchases or shipments) still missing or coming, product_id, variant (which words fit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from crmlib.summaries import Store, tiers_design
from crmlib.summaries.orders import BIGINT

CANDIDATE: Mapping[str, str] = {
    "customer_id": "int64", "list": "string", "yen": "int64", "due": "date", "days": "int64", "rhythm": "int64",
    "money": "int64", "number": "int64", "product_id": "string", "variant": "string",
}  # fmt: skip
LINES = ("frequency", "tenure", "amount")


def second_amount(occasions: ir.Table) -> ir.Table:
    """What second purchases came to, in one row: n, amount (minor units)."""
    second = occasions.filter(occasions.ordinal == 2)
    return second.aggregate(n=second.count(), amount=ibis.coalesce(second.amount.sum(), 0).cast(BIGINT))


def product_amounts(store: Store, occasions: ir.Table, as_of: date) -> ir.Table:
    """What one purchase of a product usually comes to.

    Returns:
        product_id ("" stands for all purchases where there are no order lines), n (purchase days), amount (minor units).
    """
    lines = store.order_lines
    if "order_lines" not in store.present:
        whole = occasions.aggregate(n=occasions.count(), amount=ibis.coalesce(occasions.amount.sum(), 0).cast(BIGINT))
        return whole.mutate(product_id=ibis.literal(""))
    known = lines.drop_null(["customer_id", "product_id"]).filter(lambda rows: rows.order_date <= ibis.literal(as_of))
    keys = ["customer_id", "product_id", "order_date"]
    days = known.group_by(keys).agg(amount=known.amount.sum())
    bought = days.filter(days.amount > 0)
    return bought.group_by("product_id").agg(n=bought.count(), amount=bought.amount.sum().cast(BIGINT))


def scored(rows: pd.DataFrame, known: ir.Table, products: ir.Table) -> ir.Table:
    """Candidates from the scores of the lifetime-value model; a score of another history than today's is left out.

    Args:
        rows: customer_id, list, yen, due, frequency, recency (days), days (since the last purchase), rhythm.
        known: As `customers` returns them.
        products: As `last_products` returns them.
    """
    if rows.empty:
        return none()
    held = ibis.memtable(rows)
    same = known.select("customer_id", "frequency", "days", recency="tenure")
    joined = held.semi_join(same, ["customer_id", "frequency", "recency", "days"]).left_join(products, "customer_id")
    return _shaped(joined, {"variant": _named_or_plain(joined.product_id)})


def second_orders(
    known: ir.Table, store: Store, products: ir.Table, worth: pd.DataFrame, due: tuple[date, int]
) -> ir.Table:
    """First-time customers for whom the day of the second contact is near.

    Args:
        known: As `customers` returns them.
        store: subscriptions; who holds or has held one is left out.
        products: As `last_products` returns them.
        worth: days (since the first purchase), yen (minor units); customers of other days are left out.
        due: First day on which a contact can arrive, and the day after the first purchase by which it should.
    """
    if worth.empty:
        return none()
    earliest, day = due
    once = known.filter(known.frequency == 0).anti_join(store.subscriptions.drop_null("customer_id"), "customer_id")
    joined = once.inner_join(ibis.memtable(worth), "days").left_join(products, "customer_id")
    by = joined["last"] + ibis.interval(days=day)
    facts = {"list": ibis.literal("second_order"), "due": ibis.greatest(by.cast("date"), ibis.literal(earliest))}
    return _shaped(joined, facts | {"variant": _named_or_plain(joined.product_id)})


def next_needs(rows: pd.DataFrame, store: Store, contracts: ir.Table) -> ir.Table:
    """Customers who will soon need a product again that they do not hold a subscription of.

    Args:
        rows: customer_id, product_id, yen, due, days, rhythm.
        store: products.
        contracts: Applications, as `subscriptions.applications` returns them.
    """
    if rows.empty:
        return none()
    held = ibis.memtable(rows)
    sold = store.products.filter(store.products.subscription).select("product_id")
    running = contracts.filter(~contracts.lost).select("customer_id", "product_id")
    left = held.anti_join(sold, "product_id").anti_join(running, ["customer_id", "product_id"])
    whole = left.product_id == ""
    facts = {"list": ibis.literal("next_need"), "variant": ibis.ifelse(whole, "plain", "named")}
    return _shaped(left, facts)


def rhythms(products: pd.DataFrame) -> ir.Table:
    """The rhythms of products (product_id, gap) as the engine takes them."""
    held = products[["product_id", "gap"]].astype({"product_id": "str", "gap": "float64"})
    return ibis.memtable(held, schema=ibis.schema({"product_id": "string", "gap": "float64"}))


def semi_loyal(known: ir.Table, near: pd.DataFrame, due: date) -> ir.Table:
    """Semi-loyal customers who lack one thing only; at most what they spent in the last year is expected of them.

    Args:
        known: As `customers` returns them.
        near: frequency, tenure, amount of those meant, with yen, money, number, variant.
        due: Day by which the contact should have arrived.
    """
    if near.empty:
        return none()
    joined = known.inner_join(ibis.memtable(near), list(LINES))
    active = joined.mutate(yen=ibis.least(joined.yen, joined.spent)).filter(lambda rows: rows.yen > 0)
    return _shaped(active, {"list": ibis.literal("semi_loyal"), "due": ibis.literal(due)})


def near_tier(standing: ir.Table, thresholds: Sequence[int], part: float, when: tuple[date, date]) -> ir.Table:
    """Customers who lack at most a part of the next tier's line before the review.

    Args:
        standing: As `tiers_frames.standing` returns it.
        thresholds: Minor units.
        part: Largest gap as a share of the line.
        when: Last day of the data, and the day by which the contact should have arrived.
    """
    near = tiers_design.near_misses(standing, thresholds, part)
    since = near.last_purchase.delta(ibis.literal(when[0]), unit="day") * -1
    facts = {"list": ibis.literal("near_tier"), "due": ibis.literal(when[1]), "yen": near.to_rise}
    return _shaped(near, facts | {"money": near.to_rise, "number": near.next_tier, "days": since})


def subscribers(
    history: ir.Table, contracts: ir.Table, worth: pd.DataFrame, risky: int, when: tuple[date, int]
) -> ir.Table:
    """Subscribers before the riskiest shipment, and those who have skipped or paused and not been sent to since.

    Args:
        history: As `subscriptions.history` returns it.
        contracts: As `subscriptions.applications` returns them.
        worth: renewals, yen (of the shipments to come, minor units).
        risky: Shipments received, after which most are lost; 0 = unknown.
        when: First day on which a contact can arrive, and days from one shipment to the next.
    """
    if worth.empty:
        return none()
    earliest, interval = when
    shipped = history.filter(history.event == "ship")
    last = shipped.group_by("subscription_id").agg(last=shipped.event_date.max())
    running = contracts.filter(~contracts.lost, contracts.shipments > 0).drop_null("customer_id")
    paused = running.renewals >= running.shipments
    meant = running.mutate(paused=paused).filter((running.shipments == risky) | paused)
    joined = meant.inner_join(ibis.memtable(worth), "renewals").left_join(last, "subscription_id")
    by = (joined["last"] + ibis.interval(days=max(interval - 7, 0))).cast("date")
    due = ibis.greatest(ibis.coalesce(by, ibis.literal(earliest)), ibis.literal(earliest))
    facts = {"list": ibis.literal("subscriber"), "due": due, "number": joined.shipments + 1}
    variant = joined.paused.ifelse("paused", "risky")
    return _shaped(joined, facts | {"variant": variant})


def none() -> ir.Table:
    """No candidates."""
    return ibis.memtable([], schema=ibis.schema(dict(CANDIDATE)))


def _named_or_plain(product: ir.StringValue) -> ir.StringValue:
    """Which words fit where a product may be named."""
    return ibis.ifelse(ibis.coalesce(product, "") == "", "plain", "named")


def _shaped(rows: ir.Table, facts: Mapping[str, ir.Value]) -> ir.Table:
    """The columns of `CANDIDATE`: from `facts`, else from the rows, else null; a text that is not known is empty."""
    held = {name: facts.get(name, rows[name] if name in rows.columns else ibis.null()) for name in CANDIDATE}
    typed = {name: value.cast(CANDIDATE[name]) for name, value in held.items()}
    return rows.select(**typed | {name: ibis.coalesce(typed[name], "") for name in ("product_id", "variant")})
