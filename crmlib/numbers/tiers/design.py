"""What the lines do and what others would: the ledger of page 18."""

from __future__ import annotations

from crmlib.intervals import Estimate
from crmlib.numbers.model import Ledger, Measure
from crmlib.numbers.tiers.enter import key_of, put, whole, why_of
from crmlib.tiers import Design, Migration, Plan, Threshold
from crmlib.tiers.threshold import SURE
from crmlib.tiers.worth import worth

LINE = (
    ("line", "money"), ("n", "count"), ("bunching", "share"), ("rd", "ratio"), ("rd_stay", "points"), ("rd_mean", "ratio"), ("placebos", "count"),
    ("placebo_alarms", "count"), ("verdict", "label"), ("evidence", "ratio"), ("evidence_kind", "label"),
)  # fmt: skip
MEASURES = (
    Measure("tiers.line_state", "label", "tiers.line_state"),
    Measure("tiers.scenario_state", "label", "tiers.scenario_state"),
    Measure("tiers.next_review", "date", "tiers.next_review"),
    Measure("tiers.near.{tier}.customers", "count", "tiers.near.customers"),
    Measure("tiers.near.{tier}.missing", "money", "tiers.near.missing"),
    Measure("tiers.near.customers", "count", "tiers.near.customers"),
    Measure("tiers.near.missing", "money", "tiers.near.missing"),
    Measure("tiers.missed.{tier}.customers", "count", "tiers.missed.customers"),
    Measure("tiers.missed.customers", "count", "tiers.missed.customers"),
    Measure("tiers.at_risk.{tier}.customers", "count", "tiers.at_risk.customers"),
    Measure("tiers.at_risk.{tier}.missing", "money", "tiers.at_risk.missing"),
    Measure("tiers.at_risk.customers", "count", "tiers.at_risk.customers"),
    Measure("tiers.threshold_count", "count", "tiers.threshold_count"),
    Measure("tiers.best_net", "money", "tiers.scenario.net_yen"),
    Measure("tiers.sure", "share", "tiers.sure"),
    Measure("tiers.threshold.{tier}.line", "money", "tiers.threshold.line"),
    Measure("tiers.threshold.{tier}.n", "count", "tiers.threshold.n"),
    Measure("tiers.threshold.{tier}.bunching", "share", "tiers.threshold.bunching"),
    Measure("tiers.threshold.{tier}.excess", "count", "tiers.threshold.excess"),
    Measure("tiers.threshold.{tier}.density", "ratio", "tiers.threshold.density"),
    Measure("tiers.threshold.{tier}.rd", "ratio", "tiers.threshold.rd"),
    Measure("tiers.threshold.{tier}.rd_robust", "ratio", "tiers.threshold.rd_robust"),
    Measure("tiers.threshold.{tier}.rd_stay", "points", "tiers.threshold.rd_stay"),
    Measure("tiers.threshold.{tier}.rd_mean", "ratio", "tiers.threshold.rd_mean"),
    Measure("tiers.threshold.{tier}.rd_bandwidth.{percent}", "ratio", "tiers.threshold.rd_bandwidth"),
    Measure("tiers.threshold.{tier}.rd_period.{period}", "ratio", "tiers.threshold.rd_period"),
    Measure("tiers.threshold.{tier}.placebos", "count", "tiers.threshold.placebos"),
    Measure("tiers.threshold.{tier}.placebo_alarms", "count", "tiers.threshold.placebo_alarms"),
    Measure("tiers.threshold.{tier}.verdict", "label", "tiers.threshold.verdict"),
    *(Measure(f"tiers.line.{name}", unit, f"tiers.threshold.{name}") for name, unit in LINE),
    Measure("tiers.line.yen", "money", "tiers.line.yen"),
    Measure("tiers.line.topped_yen", "money", "tiers.line.topped_yen"),
    Measure("tiers.line.following_yen", "money", "tiers.line.following_yen"),
    Measure("tiers.benefit.{tier}", "share", "tiers.benefit"),
    Measure("tiers.benefit_cost", "money", "tiers.benefit_cost"),
    Measure("tiers.margin_rate", "share", "tiers.margin_rate"),
    Measure("tiers.scenario.{name}.line", "money", "tiers.scenario.line"),
    Measure("tiers.scenario.{name}.share", "share", "tiers.scenario.share"),
    Measure("tiers.scenario.{name}.customers", "count", "tiers.scenario.customers"),
    Measure("tiers.scenario.{name}.cost", "money", "tiers.scenario.cost"),
    Measure("tiers.scenario.{name}.covered", "share", "tiers.scenario.covered"),
    Measure("tiers.scenario.{name}.net_yen", "money", "tiers.scenario.net_yen"),
    Measure("tiers.frontier.{place}.cost", "money", "tiers.scenario.cost"),
    Measure("tiers.frontier.{place}.covered", "share", "tiers.scenario.covered"),
    Measure("tiers.frontier.{place}.line_{number}", "money", "tiers.scenario.line"),
)


def enter(book: Ledger, made: Design, scale: int) -> None:
    """Lines, lists and scenarios.

    Args:
        book: The ledger.
        made: The result.
        scale: Minor units per major unit.
    """
    book.add("tiers.line_state", line_state(made))
    book.add("tiers.scenario_state", scenario_state(made))
    book.add(
        "tiers.next_review",
        made.coming.isoformat() if made.coming else None,
        why="" if made.coming else why_of("no_line"),
    )
    book.add("tiers.sure", SURE)
    book.add("tiers.threshold_count", len(made.works))
    size = len(made.terms.thresholds)
    for tier, found in made.works.items():
        _threshold(book, found, f"tiers.threshold.{key_of(tier, size)}", scale)
    top = highest(made)
    if top is not None:
        _highest(book, top, scale)
    _lists(book, made, scale)
    _scenarios(book, made, scale)


def line_yen(book: Ledger, made: Design, moved: Migration, scale: int) -> None:
    """What the highest line brings in a year, as a whole and by how it does.

    Args:
        book: The ledger.
        made: The design.
        moved: Yearly migration.
        scale: Minor units per major unit.
    """
    found = highest(made)
    if found is None or found.why:
        return
    spent = 0.0 if not moved.periods else float(moved.amount_after[-1, found.tier : len(moved.tiers)].sum())
    brought = worth(found, spent)
    for name, part in (("yen", brought.total), ("topped_yen", brought.topped), ("following_yen", brought.following)):
        put(book, f"tiers.line.{name}", part, scale)


def line_state(made: Design) -> str:
    """Which text fits the threshold page: of the highest line, or that there is none."""
    top = highest(made)
    if top is None:
        return "no_line"
    if top.verdict == "cannot_tell" and not top.why and top.spend.why:
        return "few"
    return "unseen" if top.why else top.verdict


def scenario_state(made: Design) -> str:
    """Which text fits the scenario page: gain (another line pays), stay (none does), shares only, or no margin."""
    if made.terms.margin_rate is None:
        return "no_margin"
    if not made.plans:
        return "few" if made.shares[0].net.why else "shares"
    return "gain" if made.best else "stay"


def highest(made: Design) -> Threshold | None:
    """The test of the highest line; of the highest about which something can be said where there is one."""
    ranked = [made.works[tier] for tier in sorted(made.works, reverse=True)]
    return next((found for found in ranked if not found.why), ranked[0] if ranked else None)


def _threshold(book: Ledger, found: Threshold, key: str, scale: int) -> None:
    book.add(f"{key}.line", found.line / scale)
    book.add(f"{key}.n", found.n)
    book.add(f"{key}.verdict", found.verdict)
    parts = {
        "bunching": found.bunching.missing, "excess": found.bunching.excess, "density": found.bunching.density,
        "rd": found.spend, "rd_robust": found.robust, "rd_stay": found.stay, "rd_mean": found.mean,
    }  # fmt: skip
    for name, estimate in parts.items():
        put(book, f"{key}.{name}", estimate)
    for width, estimate in found.bandwidths.items():
        put(book, f"{key}.rd_bandwidth.{round(100 * width)}", estimate)
    for period, estimate in found.periods.items():
        put(book, f"{key}.rd_period.{period}", estimate)
    seen = sum(not placebo.why for placebo in found.placebos.values())
    book.add(f"{key}.placebos", seen)
    book.add(f"{key}.placebo_alarms", found.placebo_alarms)


def _highest(book: Ledger, found: Threshold, scale: int) -> None:
    """The tested line again under keys that texts can name, with the estimate that its verdict rests on."""
    book.add("tiers.line.line", found.line / scale)
    book.add("tiers.line.n", found.n)
    jumps = {"rd": found.spend, "rd_stay": found.stay, "rd_mean": found.mean}
    for name, estimate in {"bunching": found.bunching.missing, **jumps}.items():
        put(book, f"tiers.line.{name}", estimate)
    book.add("tiers.line.placebos", sum(not placebo.why for placebo in found.placebos.values()))
    book.add("tiers.line.placebo_alarms", found.placebo_alarms)
    book.add("tiers.line.verdict", found.verdict)
    put(book, "tiers.line.evidence", found.evidence)
    book.add("tiers.line.evidence_kind", found.kind)


def _lists(book: Ledger, made: Design, scale: int) -> None:
    size = len(made.near)
    for tier, near in enumerate(made.near):
        key = key_of(tier, size)
        book.add(f"tiers.near.{key}.customers", near.misses)
        book.add(f"tiers.near.{key}.missing", near.missing / scale)
        book.add(f"tiers.at_risk.{key}.customers", near.at_risk)
        book.add(f"tiers.at_risk.{key}.missing", near.to_keep / scale)
        book.add(f"tiers.missed.{key}.customers", near.missed)
    why = "" if size else why_of("no_line")
    book.add("tiers.missed.customers", sum(near.missed for near in made.near) if size else None, why=why)
    book.add("tiers.near.customers", sum(near.misses for near in made.near) if size else None, why=why)
    book.add("tiers.near.missing", sum(near.missing for near in made.near) / scale if size else None, why=why)
    book.add("tiers.at_risk.customers", sum(near.at_risk for near in made.near) if size else None, why=why)


def _scenarios(book: Ledger, made: Design, scale: int) -> None:
    terms, size = made.terms, len(made.terms.thresholds)
    book.add("tiers.margin_rate", terms.margin_rate, why="" if terms.margin_rate else why_of("no_margin_rate"))
    for tier, share in enumerate(terms.benefits if size else ()):
        book.add(f"tiers.benefit.{key_of(tier, size)}", share)
    present = next((one for one in made.plans if one.thresholds == terms.thresholds), None)
    book.add("tiers.benefit_cost", present.cost / scale if present else None, why="" if present else why_of("no_line"))
    if made.best:
        put(book, "tiers.best_net", made.best.net, scale)
    for one in made.plans:
        _plan(book, one, scale)
    for place, one in enumerate(made.frontier, 1):
        book.add(f"tiers.frontier.{place}.cost", one.cost / scale)
        book.add(f"tiers.frontier.{place}.covered", one.covered)
        for tier, line in enumerate(one.thresholds):
            if tier:
                book.add(f"tiers.frontier.{place}.line_{key_of(tier, size)}", line / scale)
    for raised in made.shares:
        key = f"tiers.scenario.share_{round(100 * raised.share)}"
        book.add(f"{key}.share", raised.share)
        number = whole(raised.customers)
        book.add(f"{key}.customers", number, why="" if number is not None else why_of("too_few"))
        put(book, f"{key}.net_yen", _case(raised.net), scale)


def _plan(book: Ledger, one: Plan, scale: int) -> None:
    key = f"tiers.scenario.{one.name}"
    book.add(f"{key}.line", one.thresholds[-1] / scale)
    book.add(f"{key}.customers", whole(one.customers[-1]))
    book.add(f"{key}.cost", one.cost / scale)
    book.add(f"{key}.covered", one.covered)
    put(book, f"{key}.net_yen", one.net, scale)


def _case(net: Estimate) -> Estimate:
    """The ends of a scenario are cases and not limits of confidence: they carry no level."""
    return Estimate(net.value, net.lower, net.upper, net.n, net.why, None)  # type: ignore[arg-type]
