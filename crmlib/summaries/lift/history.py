"""What each unit did before the contact and after it, from purchases and inquiries: one join, one grouping."""

from datetime import date

import ibis
import ibis.expr.types as ir

from crmlib.summaries.lift.units import BIGINT, WINDOW, Drawn

YEAR = 365  # the period before the contact that adjusts and that decides who is alike
KEPT = 180  # days after the contact that say whether a customer stayed
VISITS, COMPLAINTS = ("visit",), ("complaint", "claim")
STOPS = ("opt_out", "optout", "unsubscribe", "stop_contact")


def outcomes(drawn: Drawn, purchases: ir.Table, window: int = WINDOW) -> ir.Table:
    """Units with what the arms' statistics need, and no more: purchases in the window and spend in the year before.

    Args:
        drawn: As `units` or `pool` returns it.
        purchases: Purchase occasions: customer_id, order_date, amount (minor units).
        window: Days after the contact in which purchases count; the day of the contact itself is not among them.

    Returns:
        The units with orders (purchase days 1 to `window`), spend, before (spend in the year before), before_orders.
    """
    near = _paired(drawn.units, purchases, -YEAR, window)
    return drawn.labelled(_collected(near, drawn.units, _after(near, window)))


def measured(drawn: Drawn, purchases: ir.Table, as_of: date, window: int = WINDOW) -> ir.Table:
    """Units with all that is known of their purchases before and after.

    Returns:
        The columns of `outcomes` and: same_day; kept_orders and kept_spend (days 1 to 180); ripe (1 when those days are over);
        prior_orders (as many days as the window, ending a year before), prior_kept_orders and prior_kept_spend (180 days ending
        a year before); half_orders (180 days before the contact); earlier_half_orders (the 180 before those); total (purchase days
        before), amount (spend before), since (days since the last, null for none), tenure (first to last purchase before, days).
    """
    paired = _paired(drawn.units, purchases, None, max(window, KEPT))
    sums = _after(paired, window) | _before(paired, window)
    collected = _collected(paired, drawn.units, sums)
    ripe = collected.sent_date <= ibis.literal(as_of) - ibis.interval(days=KEPT)
    return drawn.labelled(collected.mutate(ripe=ripe.cast(BIGINT), tenure=collected.oldest - collected.since))


def _paired(drawn: ir.Table, purchases: ir.Table, first: int | None, last: int) -> ir.Table:
    """Each unit with each purchase from `first` to `last` days after its contact (negative: before), and once without any."""
    bought = purchases.select(buyer=purchases.customer_id, order_date=purchases.order_date, spent=purchases.amount)
    rules = [drawn.customer_id == bought.buyer, bought.order_date <= drawn.sent_date + ibis.interval(days=last)]
    if first is not None:
        rules.append(bought.order_date >= drawn.sent_date + ibis.interval(days=first))
    pairs = drawn.left_join(bought, rules)
    return pairs.mutate(day=pairs.order_date.delta(pairs.sent_date, unit="day"))


def _collected(pairs: ir.Table, drawn: ir.Table, sums: dict[str, ir.Value]) -> ir.Table:
    carried = {name: pairs[name].arbitrary() for name in drawn.columns if name not in ("wave", "customer_id")}
    return pairs.group_by(["wave", "customer_id"]).agg(**carried, **sums)


def _after(pairs: ir.Table, window: int) -> dict[str, ir.Value]:
    inside, year = pairs.day.between(1, window), pairs.day.between(-YEAR, -1)
    return {
        "orders": _days(inside),
        "spend": _spent(pairs, inside),
        "before": _spent(pairs, year),
        "before_orders": _days(year),
    }


def _before(pairs: ir.Table, window: int) -> dict[str, ir.Value]:
    day, earlier = pairs.day, pairs.day < 0
    kept, prior = day.between(1, KEPT), day.between(-YEAR - KEPT, -YEAR - 1)
    return {
        "same_day": _days(day == 0),
        "kept_orders": _days(kept),
        "kept_spend": _spent(pairs, kept),
        "prior_orders": _days(day.between(-YEAR - window, -YEAR - 1)),
        "prior_kept_orders": _days(prior),
        "prior_kept_spend": _spent(pairs, prior),
        "half_orders": _days(day.between(-KEPT, -1)),
        "earlier_half_orders": _days(day.between(-2 * KEPT, -KEPT - 1)),
        "total": _days(earlier),
        "amount": _spent(pairs, earlier),
        "since": (-day).min(where=earlier).cast(BIGINT),
        "oldest": (-day).max(where=earlier).cast(BIGINT),
    }


def _days(inside: ir.BooleanColumn) -> ir.Value:
    return ibis.coalesce(inside.sum(), 0).cast(BIGINT)


def _spent(pairs: ir.Table, inside: ir.BooleanColumn) -> ir.Value:
    return ibis.coalesce(pairs.spent.sum(where=inside), 0).cast(BIGINT)


def voiced(known: ir.Table, interactions: ir.Table, window: int = WINDOW) -> ir.Table:
    """The units with what they said afterwards: visits in the window, complaints and stop requests within 180 days (counts).

    Args:
        known: As `measured` returns it.
        interactions: customer_id, interaction_date, kind.
        window: Days after the contact in which a visit counts.
    """
    said = interactions.select(
        speaker=interactions.customer_id, said_on="interaction_date", kind=interactions.kind.lower()
    )
    said = said.filter(said.kind.isin([*VISITS, *COMPLAINTS, *STOPS]))
    rules = [
        known.customer_id == said.speaker,
        said.said_on > known.sent_date,
        said.said_on <= known.sent_date + ibis.interval(days=max(window, KEPT)),
    ]
    pairs = known.inner_join(said, rules)
    day = pairs.said_on.delta(pairs.sent_date, unit="day")
    counts = pairs.group_by(["wave", "customer_id"]).agg(
        visits=(pairs.kind.isin(VISITS) & (day <= window)).sum().cast(BIGINT),
        complaints=(pairs.kind.isin(COMPLAINTS) & (day <= KEPT)).sum().cast(BIGINT),
        stops=(pairs.kind.isin(STOPS) & (day <= KEPT)).sum().cast(BIGINT),
    )
    joined = known.left_join(counts, ["wave", "customer_id"]).select(*known.columns, "visits", "complaints", "stops")
    return joined.mutate(**{name: ibis.coalesce(joined[name], 0) for name in ("visits", "complaints", "stops")})
