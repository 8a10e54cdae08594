"""Who the units are, as of the day before the contact: bands, classes, rank, payment method, fold."""

import ibis
import ibis.expr.types as ir

from crmlib.schema import CPM_LAPSE, CPM_SETTLED
from crmlib.summaries import Store
from crmlib.summaries.orders import cpm_kind

FREQUENCY = (1, 2, 3, 5, 10)  # purchase days before: 0, 1, 2, 3-4, 5-9, 10 and more
YEARLY = (1, 2, 4, 8)  # of them in the last year
RECENCY = (8, 15, 31, 61, 91, 181, 366, 546, 731)  # days since the last one
KINDS = ("first", "young", "steady", "trend", "loyal")  # of CPM, by number
FOLDS = 5


def profiled(known: ir.Table, store: Store, loyal_amount: int) -> ir.Table:
    """The units with what they can be compared and grouped by; nothing of it was decided by the contact.

    Args:
        known: As `history.measured` returns it.
        store: tier_history, subscriptions and orders are looked at.
        loyal_amount: Amount (minor units) from which CPM counts a customer as loyal.

    Returns:
        The units and: frequency, yearly, recency (band numbers as text), cpm, stage, rank, subscriber (0, 1), payment, fold.
    """
    fold = ((known.customer_id % FOLDS) + FOLDS) % FOLDS
    banded = known.mutate(
        frequency=band(known.total, FREQUENCY),
        yearly=band(known.before_orders, YEARLY),
        recency=ibis.coalesce(band(known.since, RECENCY), "none"),
        cpm=_cpm(known, loyal_amount),
        stage=_stage(known, loyal_amount),
        fold=fold.cast("int64"),
    )
    return _with_payment(_with_subscription(_with_rank(banded, store.tier_history), store.subscriptions), store.orders)


def band(value: ir.IntegerColumn, cuts: tuple[int, ...]) -> ir.StringColumn:
    """Number of the band, as text: how many of the rising cuts a value has reached; null for null."""
    above = [ibis.ifelse(value >= cut, 1, 0) for cut in cuts]
    number = above[0]
    for one in above[1:]:
        number = number + one
    return ibis.ifelse(value.isnull(), ibis.null("string"), number.cast("string"))


def _cpm(known: ir.Table, loyal_amount: int) -> ir.StringColumn:
    """CPM's five classes (first, young, steady, trend, loyal), each active or gone."""
    kind = cpm_kind(known.total, known.tenure, known.amount >= loyal_amount)
    named = ibis.cases(*((kind == place, name) for place, name in enumerate(KINDS[:-1])), else_=KINDS[-1])
    state = ibis.ifelse(known.since >= CPM_LAPSE, "_gone", "_active")
    return ibis.ifelse(known.total == 0, "none", named + state)


def _stage(known: ir.Table, loyal_amount: int) -> ir.StringColumn:
    """The spiral's stage: discovery, acquisition, nurturing, satisfaction (loyal and not gone)."""
    loyal = (known.tenure >= CPM_SETTLED) & (known.amount >= loyal_amount) & (known.since < CPM_LAPSE)
    return ibis.cases(
        (known.total == 0, "discovery"), (known.total == 1, "acquisition"), (loyal, "satisfaction"), else_="nurturing"
    )


def _with_rank(known: ir.Table, history: ir.Table) -> ir.Table:
    """The rank at the last review before the contact; of several rules, the first by name."""
    one_rule = history.filter(history.rule.isnull() | (history.rule == history.rule.min().as_scalar()))
    held = one_rule.select(member=one_rule.customer_id, reviewed=one_rule.review_date, tier=one_rule.tier)
    pairs = known.inner_join(held, [known.customer_id == held.member, held.reviewed < known.sent_date])
    last = pairs.group_by(["wave", "customer_id"]).agg(rank=pairs.tier.argmax(pairs.reviewed))
    joined = known.left_join(last, ["wave", "customer_id"]).select(*known.columns, "rank")
    return joined.mutate(rank=ibis.coalesce(joined["rank"], "none"))


def _with_subscription(known: ir.Table, subscriptions: ir.Table) -> ir.Table:
    starts = subscriptions.group_by(subscriber_id=subscriptions.customer_id).agg(begun=subscriptions.event_date.min())
    joined = known.left_join(starts, known.customer_id == starts.subscriber_id)
    held = ibis.coalesce(joined.begun < joined.sent_date, ibis.literal(value=False))
    return joined.mutate(subscriber=held.cast("int64").cast("string")).select(*known.columns, "subscriber")


def _with_payment(known: ir.Table, orders: ir.Table) -> ir.Table:
    """How the customer paid the first order: decided before any contact to those who had bought."""
    paid = orders.filter(orders.payment_method.notnull(), orders.customer_id.notnull())
    first = paid.group_by(payer=paid.customer_id).agg(payment=paid.payment_method.argmin(paid.order_date))
    joined = known.left_join(first, known.customer_id == first.payer).select(*known.columns, "payment")
    return joined.mutate(payment=ibis.ifelse((joined.total > 0) & joined.payment.notnull(), joined.payment, "none"))
