"""The money bridge, the tie-out with the client's own figures, and what merging customers would change."""

from __future__ import annotations

from crmlib.intake import tie_out
from crmlib.intake.bridge import BACK, PARTS
from crmlib.intake.passport import F2_DAYS, MergeEffect, Passport
from crmlib.intake.tie_out import TieOut
from crmlib.intervals import LEVEL, proportion
from crmlib.numbers.model import Ledger, Measure

MONTHS_SHOWN = 4  # months of the tie-out's table: those with the largest unexplained differences
SIDES = ("as_is", "merged")
PRINTED = 3  # decimals of a printed share
NO_BOOKS, IMMATURE = "intake.no_books", "intake.immature"

MEASURES = (
    Measure("intake.bridge.size.{step}", "money", "intake.bridge.size"),
    Measure("intake.bridge.part.{part}", "money", "intake.bridge.part"),
    Measure("intake.bridge.state", "label", "intake.bridge.state"),
    Measure("intake.bridge.margin_share", "share", "intake.bridge.margin_share"),
    Measure("intake.bridge.{step}", "money", "intake.bridge"),
    Measure("intake.tie_out.verdict", "label", "intake.tie_out.verdict"),
    Measure("intake.tie_out.gate", "share", "intake.tie_out.gate"),
    Measure("intake.tie_out.months", "count", "intake.tie_out.months"),
    Measure("intake.tie_out.gaps", "count", "intake.tie_out.gaps"),
    Measure("intake.tie_out.share", "share", "intake.tie_out.share"),
    Measure("intake.tie_out.size", "share", "intake.tie_out.share"),
    Measure("intake.tie_out.difference", "money", "intake.tie_out.difference"),
    Measure("intake.tie_out.unexplained", "money", "intake.tie_out.unexplained"),
    Measure("intake.tie_out.late_cancels", "money", "intake.tie_out.late_cancels"),
    Measure("intake.tie_out.aside", "money", "intake.tie_out.aside"),
    Measure("intake.tie_out.{side}.total", "money", "intake.tie_out.total"),
    Measure("intake.tie_out.share.month.{month}", "share", "intake.tie_out.share"),
    Measure("intake.tie_out.{what}.month.{month}", "money", "intake.tie_out.month"),
    Measure("intake.identity.state", "label", "intake.identity.state"),
    Measure("intake.identity.persons", "count", "intake.identity.persons"),
    Measure("intake.identity.sure", "count", "intake.identity.sure"),
    Measure("intake.identity.possible", "count", "intake.identity.possible"),
    Measure("intake.identity.households", "count", "intake.identity.households"),
    Measure("intake.identity.evidence.{keys}", "count", "intake.identity.evidence"),
    Measure("intake.identity.customers.{side}", "count", "intake.identity.customers"),
    Measure("intake.identity.fewer", "count", "intake.identity.fewer"),
    Measure("intake.identity.f2_days", "days", "intake.identity.f2_days"),
    Measure("intake.identity.f2.{side}", "share", "intake.identity.f2"),
    Measure("intake.identity.f2.change", "points", "intake.identity.f2.change"),
)


def enter(found: Ledger, passport: Passport) -> None:
    """Enter bridge, tie-out and identity.

    Args:
        found: The ledger.
        passport: The intake; money in minor units.
    """
    _bridge(found, passport)
    _tie_out(found, passport.tie_out, passport.report.scale)
    _identity(found, passport.merging)


def _bridge(found: Ledger, passport: Passport) -> None:
    bridge, scale = passport.bridge, passport.report.scale
    for step in bridge.steps:
        found.add(f"intake.bridge.{step.name}", step.amount / scale)
    for name in BACK:
        found.add(f"intake.bridge.size.{name}", -bridge[name] / scale)
    for part in PARTS:
        amount = bridge.parts[part]
        found.add(f"intake.bridge.part.{part}", None if amount is None else amount / scale, why="intake.not_in_export")
    found.add("intake.bridge.state", bridge_state(passport))
    known = bridge.margin_known and bridge["net_sales"] != 0
    share = bridge["margin"] / bridge["net_sales"] if known else None
    found.add("intake.bridge.margin_share", share, why="intake.no_margin")


def bridge_state(passport: Passport) -> str:
    """Which words the bridge's page needs: margin, or net where no margin is known."""
    return "margin" if passport.bridge.margin_known else "net"


def _tie_out(found: Ledger, tie: TieOut, scale: int) -> None:
    told = bool(tie.months)
    found.add("intake.tie_out.verdict", tie.verdict)
    found.add("intake.tie_out.gate", tie_out.GATE)
    found.add("intake.tie_out.months", len(tie.months))
    found.add("intake.tie_out.gaps", int(tie.gaps.sum()) if told else 0)
    found.add("intake.tie_out.share", tie.share, why=NO_BOOKS)
    found.add("intake.tie_out.size", abs(tie.share), why=NO_BOOKS)
    sums = {
        "difference": tie.difference().sum(), "unexplained": tie.unexplained.sum(), "aside": tie.aside.sum(),
        "books.total": tie.books["net"].sum(), "data.total": tie.data["net"].sum(),
    }  # fmt: skip
    for name, amount in sums.items():
        found.add(f"intake.tie_out.{name}", int(amount) / scale if told else None, why=NO_BOOKS)
    late = tie.late_cancels
    found.add("intake.tie_out.late_cancels", None if late is None else late / scale, why="intake.not_late")
    for place, month in enumerate(tie.months):
        _month(found, tie, (place, month.isoformat()[:7]), scale)


def _month(found: Ledger, tie: TieOut, at: tuple[int, str], scale: int) -> None:
    place, month = at
    amounts = {
        "books": tie.books["net"].iloc[place], "data": tie.data["net"].iloc[place],
        "difference": tie.difference()[place], "unexplained": tie.unexplained[place],
    }  # fmt: skip
    for name, amount in amounts.items():
        found.add(f"intake.tie_out.{name}.month.{month}", int(amount) / scale)
    found.add(f"intake.tie_out.share.month.{month}", float(tie.shares[place]), why=NO_BOOKS)


def identity_state(merging: MergeEffect) -> str:
    """Which words the identity page needs: absent (no customer file), none or found."""
    if merging.candidates.persons == 0:
        return "absent"
    return "found" if len(merging.candidates.pairs) else "none"


def _identity(found: Ledger, merging: MergeEffect) -> None:
    found.add("intake.identity.state", identity_state(merging))
    found.add("intake.identity.persons", merging.candidates.persons)
    found.add("intake.identity.sure", merging.sure)
    found.add("intake.identity.possible", merging.possible)
    found.add("intake.identity.households", merging.candidates.households)
    for keys, count in merging.candidates.pairs["evidence"].value_counts().sort_index().items():
        found.add(f"intake.identity.evidence.{keys}", int(count))
    for side, customers in zip(SIDES, merging.customers, strict=True):
        found.add(f"intake.identity.customers.{side}", customers)
    found.add("intake.identity.fewer", merging.customers[0] - merging.customers[1])
    found.add("intake.identity.f2_days", F2_DAYS)
    shares = [proportion(*both) for both in zip(merging.converted, merging.matured, strict=True)]
    for side, share, n in zip(SIDES, shares, merging.matured, strict=True):
        bounds = {"lower": share.lower, "upper": share.upper, "level": LEVEL}
        found.add(f"intake.identity.f2.{side}", share.value, why=IMMATURE, n=n, **bounds)
    as_is, merged = (round(share.value, PRINTED) for share in shares)  # the change of the figures that the reader sees
    found.add("intake.identity.f2.change", merged - as_is, why=IMMATURE)
