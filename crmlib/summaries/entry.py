"""How each customer came in: the first product, the medium, the channel, the payment method, a subscription or not."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store
from crmlib.summaries.orders import BIGINT, PACK
from crmlib.summaries.retention import PATTERN, YEAR, coarse, waits

DIMENSIONS = ("product", "medium", "channel", "payment")
LAG = 7  # days by which the first order may precede the first entry of its subscription


def newcomers(store: Store, occasions: ir.Table, as_of: date) -> ir.Table:
    """One row per customer: the wait for the second purchase, and how the customer came in. Materialise it once (`.cache()`).

    Args:
        store: The client's tables; what is absent leaves its column null.
        occasions: As `orders.occasions` returns them, up to `as_of`.
        as_of: Last day of observation.

    Returns:
        customer_id, cohort, observed, days, event (as `retention.gaps`, observed as `retention.coarse` has it), product (of the
        most money on the first day; of equal ones the first by name), medium (customers), channel and payment (of the first
        day; of several the first by name), contract (came in with a subscription), repeats (bought after the first day and
        within 365 days of it, minor units).
    """
    timed = coarse(waits(occasions.filter(occasions.ordinal == 1), as_of))
    parts = (first_product(store, timed), _medium(store), _paid(store, timed), _contracts(store), _repeats(occasions))
    for part in parts:
        timed = timed.left_join(part, "customer_id").drop("customer_id_right")
    subscribed = ibis.coalesce(timed.subscribed.delta(timed.order_date, unit="day") <= LAG, False)
    return timed.select(
        "customer_id",
        "cohort",
        *PATTERN,
        *DIMENSIONS,
        contract=subscribed | ibis.coalesce(timed.sold_as_contract, False),
        repeats=timed.repeats.fill_null(0),
    )


def grouped(newcomers: ir.Table, dimension: str) -> ir.Table:
    """Waits for the second purchase by one way of coming in, and what its customers bought again in their first year.

    Customers who came in with a subscription are marked.

    Returns:
        value (null: unknown), contract, cohort, observed, days, event, n, amount (repeat purchases within 365 days, minor
        units), squares (sum over customers of that amount squared, float64); sorted.
    """
    keys = ["value", "contract", "cohort", *PATTERN]
    named = newcomers.mutate(value=newcomers[dimension])
    wide = named.repeats.cast("decimal(19, 0)")  # its square passes 64 bits; a float sum would depend on its order
    each = named.group_by(keys).agg(
        n=named.count(),
        amount=named.repeats.sum().cast(BIGINT),
        squares=(wide * wide).sum().cast("float64"),
    )
    return each.order_by(keys)


def names(store: Store) -> dict[str, str]:
    """The client's word for each product that has one."""
    known = store.products.filter(store.products.name.notnull())
    return {row.product_id: row.name for row in known.select("product_id", "name").to_pandas().itertuples()}


def first_product(store: Store, firsts: ir.Table) -> ir.Table:
    """The main product of each customer's first day.

    Args:
        store: order_lines and products.
        firsts: customer_id, order_date of the first purchase.

    Returns:
        customer_id, product, sold_as_contract (whether the product is a subscription; null where unknown).
    """
    lines, days = store.order_lines, firsts.select("customer_id", "order_date")
    known = lines.filter(lines.product_id.notnull()).select("customer_id", "order_date", "product_id", "amount")
    bought = known.inner_join(days, ["customer_id", "order_date"])
    each = bought.group_by(["customer_id", "product_id"]).agg(amount=bought.amount.sum().cast(BIGINT))
    # the least of a pair: most money, then the first by name, without sorting
    ranked = each.mutate(place=ibis.struct({"owed": -each.amount.fill_null(-PACK), "product": each.product_id}))
    main = ranked.group_by("customer_id").agg(place=ranked.place.min())
    products = store.products.filter(store.products.product_id.notnull())
    flags = products.group_by(product="product_id").agg(sold_as_contract=products.subscription.max())
    found = main.select("customer_id", product=main.place["product"]).left_join(flags, "product")
    return found.select("customer_id", "product", "sold_as_contract")


def _medium(store: Store) -> ir.Table:
    known = store.customers.filter(store.customers.customer_id.notnull())
    return known.group_by("customer_id").agg(medium=known.medium.min())


def _paid(store: Store, firsts: ir.Table) -> ir.Table:
    orders, days = store.orders, firsts.select("customer_id", "order_date")
    known = orders.filter(orders.payment_method.notnull() | orders.channel.notnull())
    bought = known.select("customer_id", "order_date", "payment_method", "channel").semi_join(
        days, ["customer_id", "order_date"]
    )
    return bought.group_by("customer_id").agg(payment=bought.payment_method.min(), channel=bought.channel.min())


def _repeats(occasions: ir.Table) -> ir.Table:
    since = occasions.order_date.delta(occasions["first"], unit="day")
    again = occasions.filter(occasions.ordinal > 1, since <= YEAR)
    return again.group_by("customer_id").agg(repeats=again.amount.sum().cast(BIGINT))


def _contracts(store: Store) -> ir.Table:
    known = store.subscriptions.filter(store.subscriptions.customer_id.notnull())
    return known.group_by("customer_id").agg(subscribed=known.event_date.min())
