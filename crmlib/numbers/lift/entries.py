"""Entries by campaign, version, outcome and group."""

from __future__ import annotations

import numpy as np

from crmlib.intervals import LEVEL, Estimate
from crmlib.lift.names import key, keys
from crmlib.lift.results import CampaignLift, OutcomeLift, VersionLift
from crmlib.lift.studies import Study
from crmlib.numbers.lift.measures import FAULTS
from crmlib.numbers.model import Ledger


def put(book: Ledger, name: str, estimate: Estimate, why: str = "") -> None:
    """Enter an estimate with its interval, or the reason why there is none."""
    reason = estimate.why or why
    if not np.isfinite(estimate.value):
        book.add(name, None, why=f"lift.{reason or 'unknown'}", n=estimate.n)
        return
    book.add(name, estimate.value, lower=estimate.lower, upper=estimate.upper, level=LEVEL, n=estimate.n)


def number(book: Ledger, name: str, value: float, why: str) -> None:
    """Enter a number; NaN with a reason."""
    book.add(name, value, why=f"lift.{why}")


def enter(book: Ledger, study: Study) -> None:
    """Campaigns, groups, contrasts, issues, calls, doses, offers, faults."""
    for one in study.campaigns:
        _campaign(book, one)
    _groups(book, study)
    _versions(book, study)
    _calls(book, study)
    _doses(book, study)
    same_day = sum(one.same_day for one in study.campaigns)
    for fault in FAULTS:
        book.add(f"lift.faults.{fault}", same_day if fault == "same_day" else study.faults.get(fault, 0))


def _campaign(book: Ledger, one: CampaignLift) -> None:
    stem = f"lift.{one.key}"
    book.add(f"{stem}.name", one.name)
    number(book, f"{stem}.srm_p", one.srm_p, "no_plan")
    worst = max((abs(gap) for gap in one.balance.values() if np.isfinite(gap)), default=float("nan"))
    number(book, f"{stem}.balance", worst, "no_holdout")
    for version in one.versions:
        _version(book, f"{stem}.{version.key}", version)


def _version(book: Ledger, stem: str, version: VersionLift) -> None:
    money = version.money
    book.add(f"{stem}.name", version.version)
    book.add(f"{stem}.treated", version.treated)
    book.add(f"{stem}.control", version.control)
    book.add(f"{stem}.responses", money.responses)
    put(book, f"{stem}.net_yen", money.net)
    put(book, f"{stem}.net_yen_per_1000", money.per_1000)
    put(book, f"{stem}.roi", money.roi)
    number(book, f"{stem}.cost", money.cost, "no_cost")
    number(book, f"{stem}.break_even_orders", money.break_even_orders, "no_margin")
    put(book, f"{stem}.extra_orders", money.extra_orders)
    for name, outcome in version.outcomes.items():
        _outcome(book, f"{stem}.{name}", outcome)
    if version.audit is not None:
        _audit(book, stem, version)


def _outcome(book: Ledger, stem: str, outcome: OutcomeLift) -> None:
    estimate = outcome.estimate
    why = estimate.ate.why or "unknown"
    put(book, f"{stem}.ate", estimate.ate)
    put(book, f"{stem}.rel", estimate.rel)
    put(book, f"{stem}.naive", estimate.naive, why)
    number(book, f"{stem}.control", estimate.control, why)
    number(book, f"{stem}.p", estimate.p, why)
    number(book, f"{stem}.q", outcome.q, estimate.ate.why or "weak")
    number(book, f"{stem}.mde", outcome.mde, why)
    book.add(f"{stem}.worth", outcome.worth)
    book.add(f"{stem}.verdict", outcome.verdict)
    book.add(f"{stem}.grade", outcome.grade)
    number(book, f"{stem}.needed", outcome.needed or np.nan, "not_needed")


def _audit(book: Ledger, stem: str, version: VersionLift) -> None:
    audit = version.audit
    assert audit is not None
    put(book, f"{stem}.placebo", audit.placebo)
    overlap, imbalance = (getattr(audit.effects["purchase"], part) for part in ("overlap", "imbalance"))
    number(book, f"{stem}.overlap", overlap, "no_arm")
    number(book, f"{stem}.imbalance", imbalance, "no_arm")
    put(book, f"{stem}.did", audit.did)
    put(book, f"{stem}.did_trend", audit.did_trend)


def _groups(book: Ledger, study: Study) -> None:
    named = keys(one.campaign for one in study.campaigns)
    for found in study.responders:
        campaign, version = named[found.campaign], key(found.version)
        number(book, f"lift.interaction.{campaign}.{version}.{found.dimension}.p", found.p, "one_group")
        labels = keys(group.level for group in found.groups)
        for group in found.groups:
            stem = f"lift.segment.{campaign}.{version}_{found.dimension}_{labels[group.level]}.purchase"
            put(book, f"{stem}.ate", group.effect)
            put(book, f"{stem}.shrunken", group.shrunken)
    for name, scored in study.sorted.items():
        put(book, f"lift.qini.{name}", scored.qini.qini)


def _versions(book: Ledger, study: Study) -> None:
    for one in study.contrasts:
        stem = f"lift.versions.{one.key}"
        put(book, f"{stem}.ate", one.effect.ate)
        number(book, f"{stem}.mde", one.mde, "too_few")
        number(book, f"{stem}.interaction_p", one.interaction_p, "one_group")
        book.add(f"{stem}.verdict", one.verdict)
        book.add(f"{stem}.same_budget", "yes" if one.same_budget else "no")
        labels = keys(one.groups)
        for level, effect in one.groups.items():
            put(book, f"{stem}.{labels[level]}.ate", effect)
    for place, issue in enumerate(study.issues, 1):
        stem = f"lift.issue.{place}"
        book.add(f"{stem}.sent", issue.sent)
        number(book, f"{stem}.response", issue.response, "too_few")
        number(book, f"{stem}.season", issue.season, "too_few")
        put(book, f"{stem}.ate", issue.effect)
        put(book, f"{stem}.same_mix", issue.same_mix)


def _calls(book: Ledger, study: Study) -> None:
    for call in study.calls:
        stem, retention = f"lift.phone.{call.key}", call.retention
        put(book, f"{stem}.retention_180d.ate", retention.estimate.ate)
        put(book, f"{stem}.retention_180d.naive", retention.estimate.naive)
        put(book, f"{stem}.retention_180d.placebo", call.placebo)
        book.add(f"{stem}.retention_180d.verdict", retention.verdict)
        book.add(f"{stem}.retention_180d.grade", retention.grade)
        number(book, f"{stem}.retention_180d.needed", call.calls_needed or np.nan, "not_needed")
        number(book, f"{stem}.retention_180d.e_value", call.e_value, "held_out")
        book.add(f"{stem}.calls", call.calls)
        number(book, f"{stem}.response_yen", call.response_yen, "no_margin")
        put(book, f"{stem}.yen", call.yen)
        for name, outcome in (("complaint", call.complaint), ("stop", call.stop)):
            if outcome is not None:
                put(book, f"{stem}.{name}_180d.ate", outcome.estimate.ate)


def _doses(book: Ledger, study: Study) -> None:
    if study.doses is not None:
        for dose, rate, like in zip(study.doses.dose, study.doses.rate, study.doses.like, strict=True):
            put(book, f"lift.dose.{dose}.rate", rate)
            book.add(f"lift.dose.{dose}.like", like)
        number(book, "lift.dose.trend_p", study.doses.trend_p, "one_group")
        number(book, "lift.dose.slope", study.doses.slope, "one_group")
        book.add("lift.dose.grade", study.doses.grade)
    put(book, "lift.items.slope", study.items.slope)
    for method, effect in (study.payments or {}).items():
        put(book, f"lift.payment.{key(method)}.ate", effect)
    number(book, "lift.payment.p", study.payments_p, "one_group")
