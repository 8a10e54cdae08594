"""Retention of a simulated client, from its store in memory to the ledger."""

from __future__ import annotations

from typing import Any

from crmlib import retention
from crmlib.numbers import retention as numbers
from crmlib.numbers.model import Ledger
from crmlib.summaries import Store, entry, orders, rhythm, subscriptions
from crmlib.summaries import retention as counts


def details(store: Store, as_of: Any) -> tuple[Any, ...]:
    """Matrix, F2, trend and details, as the notebook computes them."""
    purchases = orders.purchases(store.days, as_of)
    occasions = orders.occasions(purchases).cache()
    gaps = counts.gaps(occasions, as_of).to_pandas()
    newcomers = entry.newcomers(store, occasions, as_of).cache()
    waits = {name: entry.grouped(newcomers, name).to_pandas() for name in entry.DIMENSIONS}
    history = subscriptions.history(store.subscriptions, as_of).cache()
    applications = subscriptions.applications(history).cache()
    tables = (
        subscriptions.tenures(applications), subscriptions.customer_tenures(applications),
        subscriptions.interruptions(history, applications), subscriptions.opportunities(history, applications),
    )  # fmt: skip
    subscribed = retention.subscribed(*[table.to_pandas() for table in tables])
    pairs = rhythm.pairs(store, purchases, as_of).cache()
    rhythms = retention.rhythms(rhythm.rhythm(pairs).to_pandas())
    needs = retention.by_product(retention.next_need(pairs.to_pandas(), rhythms, as_of), rhythms)
    second = retention.f2(gaps)
    years = counts.years(occasions, as_of).to_pandas().iloc[0]
    worth = subscriptions.worth(history, applications, occasions, as_of).to_pandas()
    found = retention.Details(
        retention.ladder(counts.steps(occasions, as_of).to_pandas()),
        retention.entries(waits, entry.names(store)),
        subscribed,
        retention.by_definition(gaps, years, second, subscribed.applications),
        needs,
        retention.worth(waits["medium"], worth, 1),
    )
    activity, sizes = (
        table.to_pandas() for table in (counts.cohort_activity(occasions), counts.cohort_sizes(occasions))
    )
    return retention.by_cohort(activity, sizes, as_of), second, retention.f2_trend(gaps, retention.EACH), found


def ledger(store: Store, as_of: Any) -> Ledger:
    """All numbers of a client."""
    matrix, second, trend, found = details(store, as_of)
    return numbers.ledger(matrix, second, trend, "JPY", found)
