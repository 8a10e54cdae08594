"""How many contacts a customer had in a month, and what the customer did afterwards."""

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries import Store, orders
from crmlib.summaries.lift.units import BIGINT, campaign_name

FOLLOWED = 90  # days after the month in which a purchase counts
MOST = 6  # contacts a month from which all are one group


def doses(store: Store, as_of: date) -> ir.Table:
    """Customer months with at least one contact, by the number of contacts made, in the year whose 90 days are over.

    Args:
        store: The client's store; held-out rows are no contacts.
        as_of: Last day of the data.

    Returns:
        dose (1 to 6; 6 is six and more), before (purchase days in the 90 days before the month, 0, 1, 2 and more), n (customer
        months), bought (of them with a purchase in the 90 days after the month); sorted.
    """
    month, purchases = _months(store.contacts, as_of), orders.purchases(store.days, as_of)
    each = month.group_by(["customer_id", "month"]).agg(contacts=month.count().cast(BIGINT))
    bought = purchases.select(buyer=purchases.customer_id, order_date=purchases.order_date)
    near = [
        each.customer_id == bought.buyer,
        bought.order_date >= each.month - ibis.interval(days=FOLLOWED),
        bought.order_date <= each.month + ibis.interval(days=31 + FOLLOWED),
    ]
    pairs = each.left_join(bought, near)
    day = pairs.order_date.delta(pairs.month, unit="day")
    known = pairs.group_by(["customer_id", "month", "contacts"]).agg(
        before=ibis.coalesce((day < 0).sum(), 0), after=ibis.coalesce((day > 31).sum(), 0)
    )
    banded = known.mutate(dose=ibis.least(known.contacts, MOST), before=ibis.least(known.before, 2).cast(BIGINT))
    counts = banded.group_by(["dose", "before"]).agg(
        n=banded.count().cast(BIGINT), bought=(banded.after > 0).sum().cast(BIGINT)
    )
    return counts.order_by(["dose", "before"])


def _months(contacts: ir.Table, as_of: date) -> ir.Table:
    """Contacts made, with their month, in the year of months whose 90 days are over."""
    made = contacts.filter(
        contacts.customer_id.notnull(),
        contacts.sent_date.notnull(),
        campaign_name(contacts).notnull(),
        ibis.coalesce(contacts.arm, "treated") == "treated",
    )
    dated = made.mutate(month=made.sent_date.truncate("M").cast("date"))
    end, reach = ibis.literal(as_of), 31 + FOLLOWED
    over = dated.month + ibis.interval(days=reach) <= end
    return dated.filter(over, dated.month > end - ibis.interval(days=reach + 365))
