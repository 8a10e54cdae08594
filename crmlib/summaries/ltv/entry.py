"""How a customer began (first product, medium, offer, cohort), the margin of purchases, and value by days since the first."""

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store
from crmlib.summaries.entry import first_product
from crmlib.summaries.orders import BIGINT

STEP, STEPS = 30, 36  # days per step; steps of the curve
YEAR = 365
BEGINNINGS = ["product", "medium", "offer", "cohort"]
SPREAD = (1, 3, 6, 12, 18, 24, 36)  # steps at which the spread over customers is counted
NOTHING = ""  # in place of null, which is equal to nothing in a join


def with_margin(purchases: ir.Table, store: Store, margin_rate: float | None) -> ir.Table:
    """Purchase occasions with the margin of each.

    The rate of an occasion is that of the products in it, weighted by the amounts of their lines; a product without a rate
    takes the client's, an occasion without lines as well.

    Args:
        purchases: customer_id, order_date, amount.
        store: for order_lines and products.
        margin_rate: the client's rate, share of sales; None: only products have rates.

    Returns:
        customer_id, order_date, amount, margin (int64 minor units; null where no rate is known).
    """
    rate = ibis.literal(margin_rate, type="float64")
    if not {"order_lines", "products"} <= store.present:
        return purchases.mutate(margin=(purchases.amount * rate).round().cast("int64"))
    products = store.products.select("product_id", own=ibis.coalesce(store.products.margin_rate, rate))
    lines = store.order_lines.filter(store.order_lines.customer_id.notnull(), store.order_lines.amount > 0)
    rated = lines.join(products, "product_id", how="left")
    rated = rated.mutate(earned=rated.amount * ibis.coalesce(rated.own, rate))
    days = rated.group_by(["customer_id", "order_date"]).agg(earned=rated.earned.sum(), sold=rated.amount.sum())
    joined = purchases.join(days, ["customer_id", "order_date"], how="left")
    own = ibis.coalesce(joined.earned / joined.sold.cast("float64"), rate)
    margin = (joined.amount * own).round().cast("int64")
    return joined.select("customer_id", "order_date", "amount", margin=margin)


def entries(purchases: ir.Table, store: Store) -> ir.Table:
    """How each customer began.

    Args:
        purchases: purchase occasions.
        store: for customers (medium), order_lines and products (first product), orders (free samples).

    Returns:
        customer_id, first (date), medium, product (id of the dearest line of the first day; the smaller id on a tie), offer
        (trial: a free sample came before; subscription: the first product is sold as one; single otherwise), cohort (first
        day of the half-year as text, e.g. 2024H1). Null where the client's data do not say.
    """
    first = purchases.group_by("customer_id").agg(first=purchases.order_date.min())
    media = store.customers.group_by("customer_id").agg(medium=store.customers.medium.max())
    began = first.join(media, "customer_id", how="left").select("customer_id", "first", "medium")
    product = first_product(store, first.select("customer_id", order_date=first["first"]))
    began = began.join(product, "customer_id", how="left").select(*began.columns, "product", "sold_as_contract")
    sampled = sampled_first(store).rename(sampled="order_date")
    began = began.join(sampled, "customer_id", how="left").select(*began.columns, "sampled")
    trial = began.sampled.notnull() & (began.sampled <= began["first"])
    offer = ibis.cases(
        (trial, "trial"),
        (began.sold_as_contract.fill_null(False), "subscription"),
        (began["product"].notnull(), "single"),
    )
    half = began["first"].year().cast("string") + ibis.ifelse(began["first"].month() <= 6, "H1", "H2")
    return began.select("customer_id", "first", "medium", "product", offer=offer, cohort=half)


def sampled_first(store: Store) -> ir.Table:
    """The first day of each customer that sums to exactly nothing: a free sample."""
    free = store.days.filter(store.days.amount == 0)
    return free.group_by("customer_id").agg(order_date=free.order_date.min())


def cumulative(purchases: ir.Table, entries: ir.Table, as_of: date, money: str = "amount") -> ir.Table:
    """What customers brought within 30, 60, ... 1,080 days of their first purchase, that one included, by how they began.

    Only customers who were observed for a whole step count in it, so that young cohorts do not pull the curve down. All
    columns add up: the curve of a product is that of its cells together.

    Args:
        purchases: customer_id, order_date and the column `money` (integer minor units).
        entries: as `entries` returns them.
        as_of: last day of observation.
        money: amount or margin.

    Returns:
        product, medium, offer, cohort (text; null where unknown), first_money (what the first purchases of those observed
        for 360 days brought), and for each step s from 1: n_s (customers observed so long), total_s, before_s (their total
        one step before), and for the steps of `SPREAD` square_s (sum of squares of the customers' totals, float64); sorted.
    """
    named = entries.mutate(**{name: ibis.coalesce(entries[name].cast("string"), NOTHING) for name in BEGINNINGS})
    dated = purchases.select("customer_id", "order_date", money=purchases[money]).join(named, "customer_id")
    day = dated.order_date.delta(dated["first"], unit="day")
    dated = dated.mutate(day=day, age=dated["first"].delta(ibis.literal(as_of), unit="day") * -1)
    both = _sums(dated).join(_squares(dated), BEGINNINGS)
    found = both.select(
        *(both[name].nullif(NOTHING).name(name) for name in BEGINNINGS),
        *(name for name in both.columns if "_" in name and not name.endswith("_right")),
    )
    return found.order_by(BEGINNINGS)


def _sums(dated: ir.Table) -> ir.Table:
    """Counts and totals by steps of purchase and of observation first: few rows, from which every step's sums are taken."""
    steps = dated.mutate(step=dated.day // STEP + 1, observed=(dated.age + 1) // STEP, start=dated.day == 0)
    few = steps.group_by([*BEGINNINGS, "step", "observed"]).agg(
        money=steps.money.sum().cast(BIGINT),
        started=steps.start.sum().cast("int64"),
        first_money=steps.money.sum(where=steps.start).cast(BIGINT),
    )
    found = {"first_money": few.first_money.sum(where=few.observed >= YEAR // STEP).cast("float64")}
    for s in range(1, STEPS + 1):
        seen = few.observed >= s
        found[f"n_{s}"] = few.started.sum(where=seen).fill_null(0).cast("int64")  # one purchase on day 0 each
        found[f"total_{s}"] = few.money.sum(where=seen & (few.step <= s)).cast("float64")
        found[f"before_{s}"] = few.money.sum(where=seen & (few.step < s)).cast("float64")
    return few.group_by(BEGINNINGS).agg(**found)


def _squares(dated: ir.Table) -> ir.Table:
    """Sums of squares of the customers' totals, at a few steps only: a million customers are kept in memory for them."""
    sums = {f"c_{s}": dated.money.sum(where=dated.day < STEP * s).cast(BIGINT) for s in SPREAD}
    each = dated.group_by(["customer_id", *BEGINNINGS]).agg(age=dated.age.max(), **sums)
    found = {}
    for s in SPREAD:
        now = each[f"c_{s}"].cast("decimal(19, 0)")  # its square passes 64 bits; a float sum would depend on its order
        found[f"square_{s}"] = (now * now).sum(where=each.age >= STEP * s - 1).cast("float64")
    return each.group_by(BEGINNINGS).agg(**found)
