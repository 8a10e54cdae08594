"""What is wrong with the campaigns and contacts, counted by kind: nothing is dropped without a line here."""

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store
from crmlib.summaries.lift.units import BIGINT, WINDOW, campaign_name, grouped, log


def faults(store: Store, as_of: date, window: int = WINDOW) -> ir.Table:
    """Rows or customers by campaign and kind of fault.

    Args:
        store: The client's store.
        as_of: Last day of the data.
        window: Days after the contact in which purchases count.

    Returns:
        campaign ("" where the rows name none), fault, rows; sorted. Faults: `no_campaign` (nor channel), `no_customer`, `no_date`, `unknown_arm`,
        `after_as_of`, `unfinished` (window not over), `two_arms`, `two_versions` (customers), `overlapping` (customers with another
        campaign within the window), `no_cost` (contacts made).
    """
    to_customers = store.contacts.filter(store.contacts.lead_id.isnull() | store.contacts.customer_id.notnull())
    named = to_customers.mutate(campaign=ibis.coalesce(campaign_name(to_customers), ""))
    logged = log(store.contacts, as_of, window)
    end = ibis.literal(as_of)
    dead = named.sent_date > end - ibis.interval(days=window)
    rules = {
        "no_campaign": named.campaign == "",
        "no_customer": named.customer_id.isnull(),
        "no_date": named.sent_date.isnull(),
        "unknown_arm": ~ibis.coalesce(named.arm, "treated").isin(["treated", "control"]),
        "after_as_of": named.sent_date > end,
        "unfinished": dead & (named.sent_date <= end),
    }
    parts = [_counted(named.filter(rule), name) for name, rule in rules.items()]
    paid = logged.filter(logged.cost.isnull(), logged.arm == "treated")
    each, _ = grouped(logged, window)
    twice = {
        "two_arms": each.arm != each.last_arm,
        "two_versions": (each.arm == each.last_arm) & (each.version != each.last_version),
    }
    parts += [_counted(paid, "no_cost"), *(_counted(each.filter(rule), name) for name, rule in twice.items())]
    return ibis.union(*parts, _overlapping(each, window)).order_by(["campaign", "fault"])


def _counted(rows: ir.Table, fault: str) -> ir.Table:
    counts = rows.group_by("campaign").agg(rows=rows.count().cast(BIGINT))
    return counts.select("campaign", fault=ibis.literal(fault), rows="rows")


def _overlapping(each: ir.Table, window: int) -> ir.Table:
    """Customers whose contact lies within the window of an earlier one of another campaign."""
    sent = each.filter(each.arm == "treated")
    own = ibis.window(group_by=sent.customer_id, order_by=[sent.sent_date, sent.wave])
    seen = sent.mutate(last=sent.sent_date.lag().over(own), other=sent.campaign.lag().over(own))
    close = seen.filter(seen.other != seen.campaign, seen.sent_date.delta(seen["last"], unit="day") <= window)
    return _counted(close, "overlapping")
