"""Numbers of the base as it stands: concentration, typical customer, loyalty, classes."""

from __future__ import annotations

from crmlib.base import Whole
from crmlib.base.cpm import CLASSES
from crmlib.base.loyalty import DIMENSIONS, GROUPS
from crmlib.intervals import unknown
from crmlib.numbers.base.entering import estimate, number
from crmlib.numbers.model import Ledger, Measure

SMALL_GROUP = 5
GROUP_UNITS = {
    "customers": "count", "share": "share", "sales_share": "share", "amount": "money", "year": "money",
    "purchases": "ratio", "tenure": "days",
}  # fmt: skip

MEASURES = (
    Measure("base.as_of", "date", "base.as_of"),
    Measure("base.customers", "count", "base.customers"),
    Measure("base.typical.state", "label", "base.state"),
    Measure("base.samples", "count", "base.samples"),
    Measure("base.period.{end}", "date", "base.period"),
    Measure("base.state", "label", "base.state"),
    Measure("base.decile.{decile}.share", "share", "base.decile"),
    Measure("base.top20.share", "share", "base.top20"),
    Measure("base.gini", "ratio", "base.gini"),
    Measure("base.amount.{statistic}", "money", "base.amount"),
    Measure("base.below_mean.share", "share", "base.below_mean"),
    Measure("base.modal.from", "money", "base.modal"),
    Measure("base.modal.to", "money", "base.modal"),
    Measure("base.modal.share", "share", "base.modal"),
    Measure("base.modal.purchases", "count", "base.modal.purchases"),
    Measure("base.modal.purchases_share", "share", "base.modal.purchases"),
    Measure("base.loyal.multiple", "ratio", "base.loyal.multiple"),
    Measure("base.loyal.point", "money", "base.loyal.point"),
    Measure("base.loyal.state", "label", "base.state"),
    Measure("base.loyal.line.amount", "money", "base.loyal.line"),
    Measure("base.loyal.line.tenure", "days", "base.loyal.line"),
    Measure("base.loyal.line.purchases", "count", "base.loyal.line"),
    Measure("base.semi.lacking.{dimension}", "share", "base.semi.lacking"),
    Measure("base.semi.missing.amount", "money", "base.semi.missing"),
    Measure("base.semi.missing.tenure", "days", "base.semi.missing"),
    Measure("base.semi.missing.frequency", "count", "base.semi.missing"),
    Measure("base.semi.near", "count", "base.semi.near"),
    *(
        Measure(f"base.{group}.{name}", unit, f"base.group.{name}")
        for group in GROUPS
        for name, unit in GROUP_UNITS.items()
    ),
    Measure("base.cpm.{name}.customers", "count", "base.cpm.customers"),
    Measure("base.cpm.{name}.share", "share", "base.cpm.share"),
    Measure("base.cpm.{name}.sales", "money", "base.cpm.sales"),
    Measure("base.cpm.{name}.year", "money", "base.cpm.year"),
    Measure("base.cpm.{name}.before", "share", "base.cpm.before"),
    Measure("base.cpm.{name}.change", "count", "base.cpm.change"),
    Measure("base.cpm.cut.amount", "money", "base.cpm.cut"),
    Measure("base.cpm.cut.{name}", "days", "base.cpm.cut"),
    Measure("base.cpm.suggested.amount", "money", "base.cpm.suggested"),
    Measure("base.cpm.suggested.{name}", "days", "base.cpm.suggested"),
    Measure("base.cpm.reclassified.{name}", "share", "base.cpm.reclassified"),
    Measure("base.rule.{rule}.{rank}", "count", "base.rule"),
    Measure("base.rfm.{preset}.{rank}", "count", "base.rfm"),
    Measure("base.rfm.{preset}.{rank}.sales_share", "share", "base.rfm.sales_share"),
)


def enter(book: Ledger, whole: Whole) -> None:
    """Enter the base as it stands."""
    book.add("base.customers", whole.customers)
    book.add("base.samples", whole.samples)
    for end, day in zip(("from", "to"), whole.period or (None, None), strict=True):
        book.add(f"base.period.{end}", day and day.isoformat(), why="base.no_customers")
    state = "no_customers" if not whole.customers else whole.concentration.why or "known"
    book.add("base.state", state)
    for place, share in enumerate(whole.concentration.deciles, 1):
        estimate(book, f"base.decile.{place}.share", share)
    estimate(book, "base.top20.share", whole.concentration.top)
    estimate(book, "base.gini", whole.concentration.gini)
    _typical(book, whole)
    _loyalty(book, whole)
    _classes(book, whole)
    _rules(book, whole)


def _typical(book: Ledger, whole: Whole) -> None:
    found = whole.typical
    alike = found.mode_from <= found.mean.value < found.mode_to
    state = "no_customers" if not whole.customers else found.why or ("alike" if alike else "known")
    book.add("base.typical.state", state)
    estimate(book, "base.amount.median", found.median)
    estimate(book, "base.amount.mean", found.mean)
    estimate(book, "base.below_mean.share", found.below_mean)
    for name, value in (("from", found.mode_from), ("to", found.mode_to), ("share", found.mode_share)):
        number(book, f"base.modal.{name}", value)
    book.add("base.modal.purchases", found.purchases or None, why="base.too_few")
    number(book, "base.modal.purchases_share", found.purchases_share)


def _loyalty(book: Ledger, whole: Whole) -> None:
    found = whole.loyalty
    why = found.why or "too_few"
    book.add("base.loyal.state", found.why or "known")
    for name, group in found.groups.items():
        hidden = bool(found.why) or 0 < group.customers < SMALL_GROUP
        book.add(f"base.{name}.customers", group.customers)
        estimate(book, f"base.{name}.share", group.share if not found.why else unknown(group.customers, why))
        number(book, f"base.{name}.sales_share", float("nan") if hidden else group.sales_share, why)
        for key, value in (("amount", group.amount), ("year", group.year)):
            estimate(book, f"base.{name}.{key}", unknown(group.customers, why) if hidden else value)
        for key, mean in (("purchases", group.purchases), ("tenure", group.tenure)):
            number(book, f"base.{name}.{key}", float("nan") if hidden else mean, why)
    small = 0 < found.groups["loyal"].customers < SMALL_GROUP
    for key, one in (("multiple", found.multiple), ("point", found.point)):
        estimate(book, f"base.loyal.{key}", unknown(one.n, "too_few") if small and not one.why else one)
    _lines(book, whole, hidden=bool(found.why) or small)


def _lines(book: Ledger, whole: Whole, *, hidden: bool) -> None:
    found, nan = whole.loyalty, float("nan")
    lines = {"amount": found.lines["amount"] / whole.scale, "tenure": found.lines["tenure"]}
    lines["purchases"] = found.lines["frequency"] + 1
    for name, line in lines.items():
        number(book, f"base.loyal.line.{name}", nan if hidden else line)
    for name in DIMENSIONS:
        lacking = found.lacking[name]
        estimate(book, f"base.semi.lacking.{name}", unknown(lacking.n, "too_few") if hidden else lacking)
        number(book, f"base.semi.missing.{name}", nan if hidden else found.missing[name], "nothing_lacking")
    book.add("base.semi.near", None if hidden else found.near, why="base.too_few")


def _classes(book: Ledger, whole: Whole) -> None:
    found = whole.portfolio
    for name in CLASSES:
        size = found.customers[name]
        book.add(f"base.cpm.{name}.customers", size)
        estimate(book, f"base.cpm.{name}.share", found.share(name) if whole.customers else unknown(0, "no_customers"))
        hidden = 0 < size < SMALL_GROUP
        for key, sums in (("sales", found.amount), ("year", found.year)):
            number(book, f"base.cpm.{name}.{key}", float("nan") if hidden else sums[name])
    for kind, cuts in (("cut", found.cuts), ("suggested", whole.sensitivity.suggestion)):
        book.add(f"base.cpm.{kind}.amount", cuts.amount / whole.scale)
        for name in ("lapse", "young", "settled"):
            book.add(f"base.cpm.{kind}.{name}", getattr(cuts, name))
    sides = {"lower": whole.sensitivity.lower, "upper": whole.sensitivity.upper}
    for side, moved in sides.items():
        for name, share in moved.items():
            number(book, f"base.cpm.reclassified.{name}_{side}", share, "no_customers")
    number(book, "base.cpm.reclassified.suggested", whole.sensitivity.suggested, "no_customers")


def _rules(book: Ledger, whole: Whole) -> None:
    for rule, ranks in whole.rules.items():
        for rank, size in ranks.items():
            book.add(f"base.rule.{rule}.{rank}", size)
    book.add("base.rule.rakuraku.prospect", whole.samples)
    for preset, found in whole.rfm.items():
        for rank, size in found.ranks.items():
            book.add(f"base.rfm.{preset}.{rank}", size)
            number(book, f"base.rfm.{preset}.{rank}.sales_share", found.sales[rank])
