"""What to decide, what to stop, what to test, and when the answer is checked."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from crmlib.actions.joint import Total
from crmlib.actions.stakes import SAVED, Stake
from crmlib.intervals import LEVEL, Estimate, unknown

DECIDE, STOP, TEST = 3, 2, 2  # how many of each a president can keep in mind
SOON, DAYS, WEEKS = 30, 90, 13
# findings that lead to one and the same step: only the largest of them is decided
SAME_STEP = dict.fromkeys(("base.entry_product", "retention.by_product", "ltv.entry"), "first product")


@dataclass(frozen=True)
class Saving:
    """Something that costs more than it brings, for certain.

    Args:
        kind: campaign, medium or calls.
        name: The client's word.
        yen: What stopping it saves, major units.
    """

    kind: str
    name: str
    yen: Estimate


@dataclass(frozen=True)
class Agenda:
    """What follows from the findings.

    Args:
        stakes: Of every finding, in the order of the findings, all in one measure of money.
        total: What the counted ones come to together.
        losses: The same of those that are losses only.
        savings: What to stop, the largest first.
        soon: Day by which what is stopped has stopped and first steps are taken.
        check: Day on which the same calculation is made again.
    """

    stakes: tuple[Stake, ...]
    total: Total
    losses: Total
    savings: tuple[Saving, ...]
    soon: dt.date
    check: dt.date

    @property
    def decide(self) -> tuple[Stake, ...]:
        """What is decided and worth money, the largest first."""
        found = _largest(stake for stake in self.stakes if stake.counted and stake.basis != SAVED)
        return _distinct(found)[:DECIDE]

    @property
    def stop(self) -> tuple[Saving, ...]:
        """The largest savings."""
        return self.savings[:STOP]

    @property
    def test(self) -> tuple[Stake, ...]:
        """What is open and might be worth most."""
        decided = [stake.finding for stake in self.decide]
        found = _largest(
            stake for stake in self.stakes if not stake.proven and not stake.yen.why and stake.basis != SAVED
        )
        return _distinct(found, decided)[:TEST]

    @property
    def saved(self) -> Estimate:
        """All savings: a cost is spent once, so they add up; the ends too, whatever their errors have in common."""
        if not self.savings:
            return unknown(0, "actions.nothing_to_stop")
        parts = [saving.yen for saving in self.savings]
        value, lower, upper = (sum(getattr(one, end) for one in parts) for end in ("value", "lower", "upper"))
        return Estimate(value, lower, upper, len(parts), level=LEVEL)


def _largest(stakes: object) -> tuple[Stake, ...]:
    return tuple(sorted(stakes, key=lambda one: (-one.size.value, one.finding)))  # type: ignore[call-overload]


def _distinct(found: Sequence[Stake], before: Sequence[str] = ()) -> tuple[Stake, ...]:
    """Without those whose step another one before them asks for already."""
    taken, kept = {SAME_STEP.get(name, name) for name in before}, []
    for stake in found:
        step = SAME_STEP.get(stake.finding, stake.finding)
        if step not in taken:
            kept.append(stake)
        taken.add(step)
    return tuple(kept)


def check_day(as_of: dt.date, days: int = DAYS) -> dt.date:
    """The end of the month that is nearest to so many days after as_of, never before it.

    Args:
        as_of: Last day of the data.
        days: Length of the plan.

    Example:
        >>> check_day(dt.date(2025, 3, 31)), check_day(dt.date(1998, 6, 10))
        (datetime.date(2025, 6, 30), datetime.date(1998, 8, 31))
    """
    aim = as_of + dt.timedelta(days=days)
    this = aim.replace(day=calendar.monthrange(aim.year, aim.month)[1])
    before = aim.replace(day=1) - dt.timedelta(days=1)
    return before if aim - before < this - aim and before > as_of else this


def savings(found: Sequence[Saving]) -> tuple[Saving, ...]:
    """The certain ones, the largest first.

    Args:
        found: In any order.
    """
    certain = [one for one in found if not one.yen.why and one.yen.lower > 0]
    return tuple(sorted(certain, key=lambda one: (-one.yen.value, one.kind, one.name)))
