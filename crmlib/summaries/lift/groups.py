"""The sums that leave the engine: by arm, by arm and level of a dimension, by cell of customers that are alike."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from crmlib.summaries.lift.units import BIGINT

PLAIN = ("purchase", "orders", "spend")
# ripe: only units whose 180 days are over count for it
RIPE = ("kept", "kept_spend", "complaint", "stop", "change", "trend", "prior_kept", "prior_kept_spend")
OUTCOMES = (*PLAIN, "visit", *RIPE, "prior")
DIMENSIONS = ("segment", "frequency", "recency", "cpm", "stage", "rank", "payment")
ALIKE = ("frequency", "yearly", "recency", "rank", "subscriber")
KEYS = ("campaign", "wave", "arm", "version")


def arms(known: ir.Table, names: Sequence[str] = OUTCOMES) -> ir.Table:
    """n, sums, sums of squares and of products by campaign, wave, arm and version: all that an estimate needs.

    Args:
        known: Units with their history.
        names: Outcomes.

    Returns:
        campaign, wave, arm, version; channel, purpose, first_sent, last_sent; units, contacts, cost, costless, same_day; and for
        each outcome n, x, xx (spend in the year before), y, yy, xy. Integer sums are exact, whatever the number of threads.
    """
    facts = {
        "channel": known.channel.min(),
        "purpose": known.purpose.min(),
        "first_sent": known.sent_date.min(),
        "last_sent": known.sent_date.max(),
        "units": known.count().cast(BIGINT),
        "contacts": known.contacts.sum().cast(BIGINT),
        "cost": known.cost.sum().cast("float64"),
        "costless": known.costless.sum().cast(BIGINT),
    }
    if "same_day" in known.columns:
        facts["same_day"] = (known.same_day > 0).sum().cast(BIGINT)
        facts |= {
            f"{name}_{part}": value for name in ("before_orders", "tenure") for part, value in _squares(known, name)
        }
    return known.group_by(KEYS).agg(**facts, **_sums(known, names, covariate=True)).order_by(KEYS)


def segments(known: ir.Table, names: Sequence[str] = (*PLAIN, "kept")) -> ir.Table:
    """The same by level of each dimension.

    Returns:
        campaign, wave, arm, version, dimension, level, contacts and for each outcome n, x, xx, y, yy, xy.
    """
    parts = []
    for dimension in DIMENSIONS:
        levelled = known.mutate(level=known[dimension].cast("string"))
        contacts = levelled.contacts.sum().cast(BIGINT)
        grouped = levelled.group_by([*KEYS, "level"]).agg(contacts=contacts, **_sums(levelled, names, covariate=True))
        parts.append(grouped.mutate(dimension=ibis.literal(dimension)))
    return ibis.union(*parts).order_by([*KEYS, "dimension", "level"])


def cells(known: ir.Table, names: Sequence[str] = OUTCOMES) -> ir.Table:
    """Customers that are alike before the contact, by arm and fold: what adjustment and uplift models are fitted on.

    Returns:
        campaign, wave, arm, version, fold, segment, frequency, yearly, recency, rank, subscriber, units, contacts, cost and for each outcome
        n, y, yy.
    """
    keys = [*KEYS, "fold", "segment", *ALIKE]
    counts = {
        "units": known.count().cast(BIGINT),
        "contacts": known.contacts.sum().cast(BIGINT),
        "cost": known.cost.sum().cast("float64"),
    }
    return known.group_by(keys).agg(**counts, **_sums(known, names, covariate=False)).order_by(keys)


def _value(known: ir.Table, name: str) -> ir.Value:
    formulas = {
        "purchase": lambda t: t.orders > 0, "orders": lambda t: t.orders, "spend": lambda t: t.spend,
        "visit": lambda t: t.visits > 0, "kept": lambda t: t.kept_orders > 0, "kept_spend": lambda t: t.kept_spend,
        "complaint": lambda t: t.complaints > 0, "stop": lambda t: t.stops > 0,
        "change": lambda t: t.kept_orders - t.half_orders, "trend": lambda t: t.half_orders - t.earlier_half_orders,
        "prior": lambda t: t.prior_orders > 0, "prior_kept": lambda t: t.prior_kept_orders > 0,
        "prior_kept_spend": lambda t: t.prior_kept_spend,
    }  # fmt: skip
    return formulas[name](known).cast(BIGINT)


def _sums(known: ir.Table, names: Sequence[str], *, covariate: bool) -> dict[str, ir.Value]:
    made: dict[str, ir.Value] = {}
    for name in names:
        rule = known.ripe == 1 if name in RIPE else None
        y, x = _value(known, name), known.before
        counted = known.wave.notnull().cast(BIGINT)
        parts = {"n": counted, "y": y, "yy": y * y} | ({"x": x, "xx": x * x, "xy": x * y} if covariate else {})
        made |= {f"{name}_{part}": _sum(value, rule) for part, value in parts.items()}
    return made


def _squares(known: ir.Table, name: str) -> list[tuple[str, ir.Value]]:
    value = known[name]
    return [
        ("n", _sum(value.notnull().cast(BIGINT), None)),
        ("y", _sum(value, None)),
        ("yy", _sum(value * value, None)),
    ]


def _sum(value: ir.Value, rule: ir.BooleanColumn | None) -> ir.Value:
    if rule is not None:
        value = ibis.ifelse(rule, value, 0)
    return ibis.coalesce(value.sum(), 0).cast("float64")
