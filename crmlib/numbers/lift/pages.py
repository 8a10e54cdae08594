"""Entries that the pages' sentences quote: the headline of each page, and which words fit."""

from __future__ import annotations

import numpy as np

from crmlib.lift import choices
from crmlib.lift.studies import Study
from crmlib.numbers.lift.entries import number, put
from crmlib.numbers.model import Ledger

KEPT = 180  # days of the calls' page


def enter(book: Ledger, study: Study) -> None:
    """The state of each page and its headline numbers."""
    book.add("lift.state", "present" if study.campaigns else "absent")
    book.add("lift.window", study.window)
    book.add("lift.kept_window", KEPT)
    held = [version.held_out for _, version in study.pairs]
    verdicts = [v.outcomes["purchase"].verdict for _, v in study.pairs if "purchase" in v.outcomes]
    for kind, size in (
        ("count", len(study.campaigns)), ("versions", len(held)), ("held_out", sum(held)), ("works", verdicts.count("works")),
        ("does_not", verdicts.count("does_not")), ("cannot_tell", verdicts.count("cannot_tell")), ("registered", study.registered),
        ("scored", sum(one.purpose == "test" for one in study.campaigns)),
    ):  # fmt: skip
        book.add(f"lift.campaigns.{kind}", size)
    pages = {
        "campaigns": choices.campaigns_page, "versions": choices.versions_page, "responders": choices.responders_page,
        "calls": choices.calls_page, "design": choices.design_page,
    }  # fmt: skip
    for page, state in pages.items():
        book.add(f"lift.page.{page}", state(study))
    _headline(book, study)
    _losses(book, study)
    _contrast(book, study)
    _responders(book, study)
    _calls(book, study)
    _design(book, study)


def told(book: Ledger, page: str) -> bool:
    """Whether a page is shown: the campaigns' page says what to log, so the pages that would only say it again are left out."""
    return page in ("lift.campaigns", "lift.design") or book[f"lift.page.{page.partition('.')[2]}"].value != "absent"


def _headline(book: Ledger, study: Study) -> None:
    if study.headline is None:
        return
    one, version = study.headline
    outcome, money = version.outcomes["purchase"], version.money
    book.add("lift.headline.campaign", choices.title(one, version))
    book.add("lift.headline.grade", outcome.grade)
    book.add("lift.headline.verdict", outcome.verdict)
    put(book, "lift.headline.ate", outcome.estimate.ate)
    put(book, "lift.headline.naive", outcome.estimate.naive)
    number(book, "lift.headline.mde", outcome.mde, "too_few")
    number(book, "lift.headline.needed", outcome.needed or np.nan, "not_needed")
    put(book, "lift.headline.net_yen", money.net)
    put(book, "lift.headline.extra_orders", money.extra_orders)
    number(book, "lift.headline.break_even_orders", money.break_even_orders, "no_margin")
    book.add("lift.headline.responses", money.responses)


def _losses(book: Ledger, study: Study) -> None:
    found = choices.losses(study)
    book.add("lift.stop.count", len(found))
    if found:
        book.add("lift.stop.campaign", choices.title(*found[0]))
        put(book, "lift.stop.net_yen", found[0][1].money.net)
    for place, (one, version) in enumerate(found, 1):
        book.add(f"lift.stop.{place}.campaign", choices.title(one, version))
        put(book, f"lift.stop.{place}.net_yen", version.money.net)


def _contrast(book: Ledger, study: Study) -> None:
    one = choices.contrast(study)
    if one is None:
        return
    named = {each.campaign: each.name for each in study.campaigns}
    book.add("lift.contrast.campaign", named.get(one.campaign, one.campaign))
    book.add("lift.contrast.new", one.pair[0])
    book.add("lift.contrast.old", one.pair[1])
    book.add("lift.contrast.overall", choices.overall(study, one))
    for place, level in enumerate(one.groups, 1):
        book.add(f"lift.contrast.group_{place}", level)
    put(book, "lift.versions.effect", one.effect.ate)
    number(book, "lift.versions.mde", one.mde, "too_few")
    number(book, "lift.versions.interaction_p", one.interaction_p, "one_group")


def _responders(book: Ledger, study: Study) -> None:
    found = choices.responders(study)
    if found is None:
        return
    number(book, "lift.responders.p", found.p, "one_group")
    number(book, "lift.responders.q", found.q, "one_group")
    groups = choices.groups(found)
    ranked = sorted(groups, key=lambda group: group.shrunken.value)
    for which, group in (("least", ranked[0]), ("most", ranked[-1])):
        put(book, f"lift.responders.{which}.ate", group.shrunken)
        book.add(f"lift.responders.{which}.customers", group.n)
    for place, group in enumerate(groups, 1):
        book.add(f"lift.responders.{place}.name", group.level)
        book.add(f"lift.responders.{place}.customers", group.n)
        book.add(f"lift.responders.{place}.response", group.response)
        put(book, f"lift.responders.{place}.ate", group.shrunken)
    book.add("lift.responders.customers", sum(group.n for group in choices.leave_out(study, found)))
    _order(book, study)


def _order(book: Ledger, study: Study) -> None:
    """Best share and yields; a best share is named only where the order is proven."""
    scored = choices.scored(study)
    if scored is None or not scored.proven:
        book.add("lift.responders.best_share", None, why="lift.no_order")
        return
    curve = scored.profit
    book.add("lift.responders.best_share", curve.best)
    put(book, "lift.responders.best_profit", curve.at(curve.best))
    put(book, "lift.responders.every_profit", curve.at(1.0))


def _calls(book: Ledger, study: Study) -> None:
    one = choices.call(study)
    if one is None:
        return
    book.add("lift.call.campaign", one.name)
    book.add("lift.call.grade", one.retention.grade)
    put(book, "lift.calls.ate", one.retention.estimate.ate)
    put(book, "lift.calls.naive", one.retention.estimate.naive)
    put(book, "lift.calls.yen", one.yen)
    number(book, "lift.calls.response_yen", one.response_yen, "no_margin")
    book.add("lift.calls.made", one.calls)
    number(book, "lift.calls.needed", one.calls_needed or np.nan, "not_needed")
    put(book, "lift.calls.total_yen", choices.total_yen(one))


def _design(book: Ledger, study: Study) -> None:
    design = study.design
    if design is None:
        return
    book.add("lift.design.eligible_customers", design.eligible)
    book.add("lift.design.control_customers", design.control)
    number(book, "lift.design.needed_customers", design.needed or np.nan, "no_cost")
    book.add("lift.design.baseline", design.baseline)
    book.add("lift.design.holdout", design.holdout)
    number(book, "lift.design.mde", design.mde, "too_few")
    number(book, "lift.design.mde_yen", design.mde_yen, "no_margin")
    number(book, "lift.design.worth", design.worth, "no_cost")
    book.add("lift.design.duration", design.duration)
