"""From the log of contacts to units: one row per campaign, wave and customer, with the arm to which the customer was drawn.

Units are numbers only; what the numbers of a `kind` stand for is a small table beside them. Ten million short texts would not
fit into the engine's memory, ten million integers do.
"""

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

WINDOW = 30  # days after the contact in which a purchase counts for it
BIGINT = "int64"
SORTED = (
    "campaign",
    "arm",
    "version",
    "segment",
    "channel",
    "purpose",
)  # so that the first and last kind tell arms and versions apart


@dataclass(frozen=True)
class Drawn:
    """Who was drawn to what.

    Args:
        units: wave, customer_id, kind, sent_date (of the first contact), cost (of known costs), costless (contacts without a cost),
            contacts; one row per wave and customer.
        kinds: kind, campaign, arm (treated or control), version, segment, channel, purpose.
    """

    units: ir.Table
    kinds: ir.Table

    def labelled(self, known: ir.Table) -> ir.Table:
        """A table of units with the words of their kind in place of its number."""
        return known.join(self.kinds, "kind").drop("kind")


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


def units(logged: ir.Table, window: int = WINDOW) -> Drawn:
    """One row per wave and customer, as drawn (intention to treat): the first contact's day, the cost of all.

    A customer found in both arms of a wave, or in two versions of it, is left out (`faults` counts them): nothing says to
    which he was drawn. Both tables are held by the engine.

    Args:
        logged: As `log` returns it.
        window: Days after the contact in which purchases count.
    """
    each, kinds = grouped(logged, window)
    apart = each.mutate(two_arms=each.arm != each.last_arm, two_versions=each.version != each.last_version)
    clean = apart.filter(~apart.two_arms, ~apart.two_versions)
    columns = ("wave", "customer_id", "kind", "sent_date", "cost", "costless", "contacts")
    return Drawn(clean.select(*columns).cache(), kinds)


def grouped(logged: ir.Table, window: int = WINDOW) -> tuple[ir.Table, ir.Table]:
    """Units before those in two arms are taken out, with arm, last_arm, version, last_version and campaign; and the kinds."""
    days = (
        logged.group_by([*SORTED, "sent_date"])
        .agg(rows=logged.count())
        .join(waves(logged, window), ["campaign", "sent_date"])
    )
    texts = days.select(*SORTED).distinct()
    order = ibis.window(order_by=[texts[name] for name in SORTED])
    # Spark numbers rows with 32 bits; ibis takes them for 64 and would leave a cast to that out
    number = (ibis.row_number().over(order) + 1).cast("int32")
    kinds = texts.mutate(kind=number.cast(BIGINT)).cache()
    places = days.join(kinds, SORTED).select(*SORTED, "sent_date", "wave", "kind").cache()
    dated = logged.join(places, [*SORTED, "sent_date"])
    each = dated.group_by(["wave", "customer_id"]).agg(
        kind=dated.kind.min(),
        last_kind=dated.kind.max(),
        sent_date=dated.sent_date.min(),
        cost=ibis.coalesce(dated.cost.sum(), 0).cast(BIGINT),
        costless=dated.cost.isnull().sum().cast(BIGINT),
        contacts=dated.count().cast(BIGINT),
    )
    first = kinds.select("kind", "campaign", "arm", "version")
    last = kinds.select(last_kind=kinds.kind, last_arm=kinds.arm, last_version=kinds.version)
    return each.join(first, "kind").join(last, "last_kind"), kinds


def pool(drawn: Drawn, purchases: ir.Table) -> Drawn:
    """For each wave without a control: everybody else who had bought before, as of a day within the wave.

    The day is spread over the wave by the customer's number, so both sides are looked at over the same days. Whether
    somebody is contacted may depend on anything: what makes the two comparable is the adjustment, not this list.

    Args:
        drawn: As `units` returns it.
        purchases: Purchase occasions: customer_id, order_date.

    Returns:
        Everybody: those drawn, and the others as controls of a kind of their own, without contacts and cost.
    """
    alone = _without_control(drawn)
    firsts = purchases.group_by("customer_id").agg(first_day=purchases.order_date.min())
    each = firsts.cross_join(alone)
    span = each.last_day.delta(each.begin_day, unit="day") + 1
    offset = ((each.customer_id % span) + span) % span
    dated = each.mutate(sent_date=(each.begin_day + offset.cast("int32").as_interval("D")).cast("date"))
    known = dated.filter(dated.first_day < dated.sent_date)
    others = known.anti_join(drawn.units, ["wave", "customer_id"])
    nothing = {name: ibis.literal(0, BIGINT) for name in ("cost", "costless", "contacts")}
    added = others.mutate(**nothing).select(*drawn.units.columns)
    blank = {"arm": ibis.literal("control")} | {name: ibis.literal("") for name in ("version", "segment")}
    kinds = alone.mutate(**blank).select(*drawn.kinds.columns)
    return Drawn(drawn.units.union(added).cache(), drawn.kinds.union(kinds).cache())


def _without_control(drawn: Drawn) -> ir.Table:
    """Waves without a control, with first and last day; their others are of the kind -wave."""
    counts = drawn.units.group_by(["wave", "kind"]).agg(
        begin=drawn.units.sent_date.min(), end=drawn.units.sent_date.max()
    )
    named = drawn.labelled(counts)
    waved = named.group_by("wave").agg(
        campaign=named.campaign.min(),
        channel=named.channel.min(),
        purpose=named.purpose.min(),
        begin_day=named.begin.min(),
        last_day=named.end.max(),
        held_out=(named.arm == "control").sum(),
    )
    alone = waved.filter(waved.held_out == 0).drop("held_out")
    return alone.mutate(kind=(-alone.wave).cast(BIGINT)).cache()  # Spark keeps a small number small
