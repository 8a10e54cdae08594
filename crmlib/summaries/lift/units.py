"""From the log of contacts to units: one row per campaign, wave and customer, with the arm to which the customer was drawn."""

from datetime import date

import ibis
import ibis.expr.types as ir

WINDOW = 30  # days after the contact in which a purchase counts for it
BIGINT = "int64"


def log(contacts: ir.Table, as_of: date, window: int = WINDOW) -> ir.Table:
    """Contacts that can be judged: a known customer, date and arm, and an attribution window that is over.

    A contact without a campaign id belongs to a campaign named by its channel and purpose. An empty arm is a contact that was made.

    Args:
        contacts: The store's contacts.
        as_of: Last day of the data.
        window: Days after the contact in which purchases count.

    Returns:
        campaign, customer_id, arm (treated or control), version, segment, channel, purpose, sent_date, cost.
    """
    named = contacts.mutate(campaign=campaign_name(contacts), arm=ibis.coalesce(contacts.arm, "treated"))
    usable = named.filter(
        named.customer_id.notnull(),
        named.sent_date.notnull(),
        named.campaign.notnull(),
        named.arm.isin(["treated", "control"]),
        named.sent_date <= ibis.literal(as_of) - ibis.interval(days=window),
    )
    texts = {name: ibis.coalesce(usable[name], "") for name in ("version", "segment", "channel", "purpose")}
    return usable.select("campaign", "customer_id", "arm", "sent_date", "cost", **texts)


def campaign_name(contacts: ir.Table) -> ir.StringColumn:
    """The campaign's id, or channel and purpose of a contact that has none."""
    both = contacts.channel + ibis.ifelse(contacts.purpose.notnull(), ibis.literal("_") + contacts.purpose, "")
    return ibis.coalesce(contacts.campaign_id, both)


def waves(logged: ir.Table, window: int = WINDOW) -> ir.Table:
    """Sending days of a campaign, joined to waves: a pause longer than half the window begins a new one (an issue, a round).

    Args:
        logged: As `log` returns it.
        window: Days after the contact in which purchases count.

    Returns:
        campaign, sent_date, wave (a number that no other campaign's wave has).
    """
    days = logged.group_by(["campaign", "sent_date"]).agg(rows=logged.count())
    own = ibis.window(group_by=days.campaign, order_by=days.sent_date)
    gap = days.sent_date.delta(days.sent_date.lag().over(own), unit="day")
    marked = days.mutate(begins=ibis.ifelse(gap.isnull() | (gap > window // 2), 1, 0))
    order = ibis.window(order_by=[marked.campaign, marked.sent_date], preceding=None, following=0)
    return marked.select("campaign", "sent_date", wave=marked.begins.sum().over(order).cast(BIGINT))


def units(logged: ir.Table, window: int = WINDOW) -> ir.Table:
    """One row per wave and customer, as drawn (intention to treat): the first contact's day, the cost of all.

    A customer found in both arms of a wave, or in two versions of it, is left out (`faults` counts them): nothing says to
    which he was drawn.

    Args:
        logged: As `log` returns it.
        window: Days after the contact in which purchases count.

    Returns:
        wave, campaign, customer_id, arm, version, segment, channel, purpose, sent_date, cost (of known costs), costless (contacts
        without a cost), contacts.
    """
    each = grouped(logged, window)
    clean = each.filter(each.arm == each.last_arm, each.version == each.last_version)
    return clean.drop("last_arm", "last_version")


def grouped(logged: ir.Table, window: int = WINDOW) -> ir.Table:
    """Units before those in two arms are taken out: with arm and last_arm, version and last_version."""
    dated = logged.join(waves(logged, window), ["campaign", "sent_date"])
    return dated.group_by(["wave", "customer_id"]).agg(
        campaign=dated.campaign.min(),
        arm=dated.arm.min(),
        last_arm=dated.arm.max(),
        version=dated.version.min(),
        last_version=dated.version.max(),
        segment=dated.segment.min(),
        channel=dated.channel.min(),
        purpose=dated.purpose.min(),
        sent_date=dated.sent_date.min(),
        cost=ibis.coalesce(dated.cost.sum(), 0).cast(BIGINT),
        costless=dated.cost.isnull().sum().cast(BIGINT),
        contacts=dated.count().cast(BIGINT),
    )


def pool(drawn: ir.Table, purchases: ir.Table) -> ir.Table:
    """For each wave without a control: everybody else who had bought before, as of a day within the wave.

    The day is spread over the wave by the customer's number, so both sides are looked at over the same days. Whether
    somebody is contacted may depend on anything: what makes the two comparable is the adjustment, not this list.

    Args:
        drawn: Units as `units` returns them.
        purchases: Purchase occasions: customer_id, order_date.

    Returns:
        The columns of `units`; arm is control, version empty, cost 0.
    """
    alone = _without_control(drawn)
    firsts = purchases.group_by("customer_id").agg(first_day=purchases.order_date.min())
    each = firsts.cross_join(alone)
    span = each.last_day.delta(each.begin_day, unit="day") + 1
    offset = ((each.customer_id % span) + span) % span
    dated = each.mutate(sent_date=(each.begin_day + offset.cast("int32").as_interval("D")).cast("date"))
    known = dated.filter(dated.first_day < dated.sent_date)
    others = known.anti_join(drawn, ["wave", "customer_id"])
    blank = {name: ibis.literal("") for name in ("version", "segment")}
    nothing = {name: ibis.literal(0, BIGINT) for name in ("cost", "costless", "contacts")}
    return others.mutate(arm=ibis.literal("control"), **blank, **nothing).select(*drawn.columns)


def _without_control(drawn: ir.Table) -> ir.Table:
    waved = drawn.group_by("wave").agg(
        campaign=drawn.campaign.min(),
        channel=drawn.channel.min(),
        purpose=drawn.purpose.min(),
        begin_day=drawn.sent_date.min(),
        last_day=drawn.sent_date.max(),
        held_out=(drawn.arm == "control").sum(),
    )
    return waved.filter(waved.held_out == 0).drop("held_out")
