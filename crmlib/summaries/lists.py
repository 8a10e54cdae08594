"""Who is on which action list: customers, who must be left alone, and one list per customer.

Candidates come from `candidates`; each is a row of its `CANDIDATE`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store
from crmlib.summaries.candidates import CANDIDATE
from crmlib.summaries.entry import first_product
from crmlib.summaries.orders import BIGINT, standing

BARS = ("asked", "complaint", "rest")  # why somebody is left alone; the first that applies is counted
COMPLAINTS = ("complaint", "incident")
YEAR = 365


def customers(occasions: ir.Table, as_of: date) -> ir.Table:
    """One row per customer with what the lists ask for. Materialise it once (`.cache()`).

    Args:
        occasions: As `orders.occasions` returns them, of this as_of.
        as_of: Last day that is looked at.

    Returns:
        customer_id, frequency (repeats), tenure (days from first to last purchase), amount (all, minor units), days (since
        the last purchase), last (date), year and spent (purchase days
        and amount within the last 365 days).
    """
    each = standing(occasions)
    recent = occasions.filter(occasions.order_date > ibis.literal(as_of) - ibis.interval(days=YEAR))
    counted = recent.group_by("customer_id").agg(year=recent.count(), spent=recent.amount.sum().cast(BIGINT))
    known = each.left_join(counted, "customer_id")
    return known.select(
        "customer_id", "frequency", "amount", "last",
        tenure=known["last"].delta(known["first"], unit="day"),
        days=known["last"].delta(ibis.literal(as_of), unit="day") * -1,
        year=ibis.coalesce(known.year, 0),
        spent=ibis.coalesce(known.spent, 0),
    )  # fmt: skip


def last_products(store: Store, known: ir.Table) -> ir.Table:
    """The main product of each customer's last purchase: customer_id, product_id."""
    found = first_product(store, known.select("customer_id", order_date="last"))
    return found.select("customer_id", product_id="product")


def barred(store: Store, as_of: date, days: tuple[int, int]) -> ir.Table:
    """Who must be left alone, and why.

    Args:
        store: customers, interactions and contacts; a contact counts for those who were held out of it, too.
        as_of: Last day that is looked at.
        days: So long after a complaint or an incident, and after a contact.

    Returns:
        customer_id, bar (place in `BARS`).
    """
    spoken, sent = store.interactions, store.contacts
    loud = spoken.filter(
        spoken.kind.isin(COMPLAINTS), spoken.interaction_date <= ibis.literal(as_of),
        spoken.interaction_date > ibis.literal(as_of) - ibis.interval(days=days[0]),
    )  # fmt: skip
    near = sent.filter(
        sent.sent_date <= ibis.literal(as_of), sent.sent_date > ibis.literal(as_of) - ibis.interval(days=days[1])
    )
    asked = store.customers.filter(store.customers.no_contact)
    parts = [
        table.filter(table.customer_id.notnull()).select("customer_id", bar=ibis.literal(place, type="int64"))
        for place, table in enumerate((asked, loud, near))
    ]
    every = ibis.union(*parts)
    return every.group_by("customer_id").agg(bar=every.bar.min())


def marked(tables: Sequence[ir.Table], store: Store, bars: ir.Table, order: Sequence[str]) -> ir.Table:
    """All candidates with what decides about them. Materialise it once (`.cache()`).

    Args:
        tables: Candidates of each list.
        store: products, for their names.
        bars: As `barred` returns them.
        order: The lists; of two with the same yen the earlier one has the customer.

    Returns:
        The columns of `CANDIDATE`; bar (null: none); said (whether there is a reason); turn (0 for the list that has the
        customer, by expected yen, among those with a reason).
    """
    every = ibis.union(*tables) if len(tables) > 1 else tables[0]
    named = store.products.filter(store.products.name.notnull(), store.products.name.strip() != "")
    names = named.select("product_id").distinct().mutate(named=True)
    known = every.left_join(names, "product_id").drop("product_id_right").left_join(bars, "customer_id")
    nameless = (known.variant == "named") & known.named.isnull()
    needs = known.list == "next_need"
    told = known.mutate(said=~(nameless & needs), variant=nameless.ifelse("plain", known.variant))
    place = told.list.cases(*((name, number) for number, name in enumerate(order)), else_=len(order))
    own = ibis.window(
        group_by=told.customer_id,
        order_by=[told.said.desc(), told.yen.desc(), place, told.due, told.product_id],
    )
    return told.select(*CANDIDATE, "bar", "said", turn=ibis.row_number().over(own))


def chosen(marked: ir.Table, known: ir.Table) -> ir.Table:
    """The customers of the lists, each once: those with a reason whom nobody has to leave alone.

    Args:
        marked: As `marked` returns them.
        known: As `customers` returns them, for the purchases of the last year.

    Returns:
        The columns of `CANDIDATE`, and year; sorted by customer.
    """
    mine = marked.filter(marked.turn == 0, marked.said, marked.bar.isnull())
    joined = mine.left_join(known.select("customer_id", "year"), "customer_id")
    return joined.select(*CANDIDATE, year=ibis.coalesce(joined.year, 0)).order_by("customer_id")


def left_out(marked: ir.Table) -> ir.Table:
    """How many candidates are on no list and why, and how many are on one although they would be on another too, in one row.

    Returns:
        silent (no list had a reason for them), one column for each of `BARS`, elsewhere.
    """
    each = marked.group_by("customer_id").agg(
        said=marked.said.ifelse(1, 0).max(), bar=marked.bar.min(), lists=marked.list.nunique(where=marked.said)
    )
    free = (each.said == 1) & each.bar.isnull()
    counts = {"silent": each.said == 0, "elsewhere": free & (each.lists > 1)}
    counts |= {name: (each.said == 1) & (each.bar == place) for place, name in enumerate(BARS)}
    return each.aggregate(**{name: _count(rule) for name, rule in counts.items()})


def _count(rule: ir.BooleanValue) -> ir.IntegerValue:
    return ibis.coalesce(rule.ifelse(1, 0).sum(), 0).cast("int64")
