"""Ledger of subscriptions: survival in both units, steps, interruptions, models and what a renewal is worth."""

from __future__ import annotations

from crmlib.contract import residual_lifetime
from crmlib.intervals import Estimate, times
from crmlib.numbers.model import Ledger, Measure
from crmlib.numbers.retention.entering import estimate, reason
from crmlib.retention import Continuation, Subscriptions, Worth

SHOWN, PROJECTED, AHEAD = (
    12,
    24,
    12,
)  # renewals counted, projected; shipments ahead that a kept application is valued by
POINT = 0.01
KEY = "retention.subscription"

MEASURES = (
    Measure(f"{KEY}.state", "label", f"{KEY}.state"),
    Measure(f"{KEY}.model_state", "label", f"{KEY}.model_state"),
    Measure(f"{KEY}.applications", "count", f"{KEY}.applications"),
    Measure(f"{KEY}.customers", "count", f"{KEY}.customers"),
    Measure(f"{KEY}.readable", "count", f"{KEY}.readable"),
    Measure(f"{KEY}.quoted", "count", f"{KEY}.quoted"),
    Measure(f"{KEY}.quoted_share", "share", f"{KEY}.shipment"),
    Measure(f"{KEY}.survival.{{n}}", "share", f"{KEY}.survival"),
    Measure(f"{KEY}.customer_survival.{{n}}", "share", f"{KEY}.customer_survival"),
    Measure(f"{KEY}.shipment.{{n}}", "share", f"{KEY}.shipment"),
    Measure(f"{KEY}.step.{{n}}", "share", f"{KEY}.step"),
    Measure(f"{KEY}.at_risk.{{n}}", "count", f"{KEY}.at_risk"),
    Measure(f"{KEY}.first_loss", "share", f"{KEY}.first_loss"),
    Measure(f"{KEY}.{{cause}}_first.{{n}}", "share", f"{KEY}.first"),
    Measure(f"{KEY}.uninterrupted.{{n}}", "share", f"{KEY}.uninterrupted"),
    Measure(f"{KEY}.wavering.after", "share", f"{KEY}.wavering.after"),
    Measure(f"{KEY}.wavering.without", "share", f"{KEY}.wavering.without"),
    Measure(f"{KEY}.wavering.difference", "points", f"{KEY}.wavering.difference"),
    Measure(f"{KEY}.sbg.{{parameter}}", "parameter", f"{KEY}.sbg"),
    Measure(f"{KEY}.bdw.{{parameter}}", "parameter", f"{KEY}.bdw"),
    Measure(f"{KEY}.gain", "log_likelihood", f"{KEY}.gain"),
    Measure(f"{KEY}.model", "label", f"{KEY}.model"),
    Measure(f"{KEY}.projected.{{n}}", "share", f"{KEY}.projected"),
    Measure(f"{KEY}.ahead", "ratio", f"{KEY}.ahead"),
    Measure(f"{KEY}.worth.shipment", "money", f"{KEY}.worth.shipment"),
    Measure(f"{KEY}.worth.new_a_year", "count", f"{KEY}.worth.new_a_year"),
    Measure(f"{KEY}.worth.point_yen", "money", f"{KEY}.worth.point_yen"),
)


def enter(book: Ledger, found: Subscriptions, worth: Worth) -> None:
    """Survival, steps, interruptions, models, worth; where there are no subscriptions, the reason."""
    applied, why = found.applications, found.why
    book.add(f"{KEY}.state", "absent" if why else "shown")
    book.add(f"{KEY}.applications", applied.exposure.contracts)
    book.add(f"{KEY}.customers", found.customers.exposure.contracts)
    readable = 0 if why else min(applied.readable, SHOWN)
    book.add(f"{KEY}.readable", applied.readable)
    book.add(f"{KEY}.quoted", readable + 1 if readable else None, why=reason(why))
    _survival(book, applied, found.customers, readable)
    if readable:
        estimate(book, f"{KEY}.quoted_share", applied.share(readable))
        kept = applied.step(1)
        estimate(book, f"{KEY}.first_loss", Estimate(1 - kept.value, 1 - kept.upper, 1 - kept.lower, kept.n))
    _interruptions(book, found, readable)
    _models(book, found, worth)


def _survival(book: Ledger, applied: Continuation, customers: Continuation, readable: int) -> None:
    for n in range(1, SHOWN + 1):
        estimate(book, f"{KEY}.survival.{n}", applied.share(n))
        estimate(book, f"{KEY}.customer_survival.{n}", customers.share(n))
        estimate(book, f"{KEY}.shipment.{n}", applied.share(n - 1))
    for n in range(1, readable + 1):
        estimate(book, f"{KEY}.step.{n}", applied.step(n))
        book.add(f"{KEY}.at_risk.{n}", int(applied.exposure.at_risk[n - 1]))


def _interruptions(book: Ledger, found: Subscriptions, readable: int) -> None:
    ended = found.interruptions
    for n in range(1, min(readable, ended.turns) + 1):
        for cause in ended.incidence:
            estimate(book, f"{KEY}.{cause}_first.{n}", ended.share(cause, n))
        book.add(f"{KEY}.uninterrupted.{n}", float(ended.going[n]), n=int(ended.at_risk[n]))
    for name in ("after", "without", "difference"):
        estimate(book, f"{KEY}.wavering.{name}", getattr(found.wavering, name))


def why_not(found: Subscriptions) -> str:
    """Why nothing is projected."""
    return found.why or found.projection.used.why


def _models(book: Ledger, found: Subscriptions, worth: Worth) -> None:
    both, used = found.projection, found.projection.used
    for model in (both.sbg, both.bdw):
        for name in ("alpha", "beta", "c")[: 2 if model is both.sbg else 3]:
            estimate(book, f"{KEY}.{model.model}.{name}", model.parameter(name))
    fitted = not (both.sbg.why or both.bdw.why)
    gain = both.bdw.log_likelihood - both.sbg.log_likelihood if fitted else None
    book.add(f"{KEY}.gain", gain, why="" if fitted else reason(both.bdw.why or both.sbg.why))
    book.add(f"{KEY}.model", None if used.why else used.model, why=reason(used.why))
    book.add(f"{KEY}.model_state", "absent" if why_not(found) else "fitted")
    for n in (*range(1, SHOWN + 1), PROJECTED - 1, PROJECTED):
        estimate(book, f"{KEY}.projected.{n}", used.survival(n))
    ahead = residual_lifetime(used, 1, periods=AHEAD)
    estimate(book, f"{KEY}.ahead", ahead)
    estimate(book, f"{KEY}.worth.shipment", worth.shipment)
    book.add(f"{KEY}.worth.new_a_year", worth.applications_a_year)
    # one point more at the first renewal: that shipment, and those that follow it
    following = Estimate(1 + ahead.value, 1 + ahead.lower, 1 + ahead.upper, ahead.n, ahead.why or worth.shipment.why)
    value = POINT * worth.applications_a_year * (0.0 if worth.shipment.why else worth.shipment.value)
    estimate(book, f"{KEY}.worth.point_yen", following if following.why else times(following, value))
