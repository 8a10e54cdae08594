"""The customer base of a store, read as the notebook reads it; stores written by hand."""

import datetime as dt

import ibis
import pandas as pd

from crmlib import base, schema, summaries
from crmlib.numbers import base as numbers
from crmlib.summaries import base as counts
from crmlib.summaries import base_pipeline as stages
from crmlib.summaries import base_products as goods
from crmlib.summaries import base_series as series
from crmlib.summaries import orders

KINDS = {"string": "string", "int64": "int64", "date": "date", "float64": "float64", "boolean": "boolean"}
HALF_YEAR = dt.timedelta(days=180)


def store(**tables):
    """A store of rows written by hand: table name -> list of dicts; what is not named is null or absent."""
    engine = ibis.duckdb.connect()
    made = {}
    for name, columns in schema.STORE.items():
        rows = tables.get(name, [])
        frame = pd.DataFrame([{column: row.get(column) for column in columns} for row in rows], columns=list(columns))
        made[name] = engine.create_table(name, ibis.memtable(frame.astype(object), schema=ibis.schema(columns)))
    return summaries.Store(**made, present=frozenset(tables))


def orders_of(*rows):
    """Orders from (customer, day, amount); a customer of None is a guest."""
    return [
        {"order_id": str(place), "customer_id": who, "order_date": day, "amount": amount}
        for place, (who, day, amount) in enumerate(rows)
    ]


def read(store, today, currency="JPY", scale=1):
    """The five readings of the base, and the ledger."""
    starts = base.year_starts(today)
    occasions = orders.occasions(orders.purchases(store.days, today)).cache()
    profile = counts.profile(occasions, starts).cache()
    standing, gaps = counts.standing(profile, today).to_pandas(), series.gaps(occasions, today).to_pandas()
    samples = int(counts.without_purchase(store.orders, profile, today).to_pandas())
    whole = base.whole(standing, gaps, samples, (currency, scale, today))
    entrants = series.entrants(profile, whole.loyalty.reach).to_pandas()
    years = base.years(
        counts.growth(profile, starts).to_pandas(),
        counts.year_sales(store.orders, starts, today).to_pandas(),
        counts.repurchase(occasions, base.repurchase_ends(today)).to_pandas(),
        series.cohort_years(occasions, starts[::-1]).to_pandas(),
        (whole, entrants, today),
    )
    evenings = base.evenings(today)
    stays = counts.stays(occasions, evenings, whole.portfolio.cuts.days_and_amount).cache()
    moved = counts.stay_counts(stays).to_pandas(), counts.switches(stays).to_pandas(), evenings
    months = base.months(moved, (entrants, series.order_values(occasions).to_pandas()), whole)
    parts = whole, years, months, _pipeline(store, profile, today, scale), _goods(store, profile, years, today)
    return parts, numbers.ledger(parts, today, currency)


def _pipeline(store, profile, today, scale):
    measured = base.measured_stages(stages.present(store.leads, today).to_pandas())
    reached = stages.stages(store.leads, today).cache()
    steps = stages.transitions(reached, measured[0], today - HALF_YEAR).to_pandas()
    return base.pipeline(steps, measured, counts.outcomes(profile, today).to_pandas(), scale)


def _goods(store, profile, years, today):
    sold = goods.products(store.order_lines, base.year_starts(today), today).to_pandas()
    baskets = goods.baskets(store.order_lines, profile, list(sold["product_id"])).cache()
    entries = goods.entries(baskets, profile, today - HALF_YEAR).to_pandas()
    owned = sold, goods.ownership(baskets).to_pandas(), goods.steps(baskets).to_pandas(), entries
    names, skip = (
        goods.names(store.products).to_pandas(),
        goods.contracts(store.products, store.subscriptions).to_pandas(),
    )
    return base.goods(owned, names, skip, years)


def product_name(store, product):
    """What a store calls a product."""
    return store.products.filter(store.products.product_id == product).name.to_pandas().iloc[0]
