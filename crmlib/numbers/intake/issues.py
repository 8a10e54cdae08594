"""What the data findings rest on: the gap to the books, cancels booked late, customers under two numbers."""

from __future__ import annotations

import numpy as np

from crmlib.intake.passport import MergeEffect, Passport
from crmlib.intake.tie_out import GATE, TieOut
from crmlib.numbers.intake.books import NO_BOOKS
from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("intake.books.gap", "money", "intake.books.gap"),
    Measure("intake.books.late", "money", "intake.books.late"),
    Measure("intake.second.customers", "count", "intake.second.customers"),
    Measure("intake.second.yen", "money", "intake.second.yen"),
)
EXACT = 1.0  # level of bounds that are no matter of chance
# Of the sure pairs at least so many are one person: what tests/identity/test_recovery.py holds the rules to.
RIGHT = 0.95
CHANCE = 0.0005  # pairs per person that may be namesakes who share a telephone by chance: so few are no finding


def enter(found: Ledger, passport: Passport) -> None:
    """Enter the three, with bounds: the gate of the tie-out, none (exact), and how sure the pairs are.

    Args:
        found: The ledger.
        passport: The intake; money in minor units.
    """
    tie, scale = passport.tie_out, passport.report.scale
    if tie.months:
        gap, slack = (part / scale for part in _gap(tie))
        found.add("intake.books.gap", gap, lower=gap - slack, upper=gap + slack, level=EXACT)
        late = tie.late_cancels
        exact = {} if late is None else {"lower": late / scale, "upper": late / scale, "level": EXACT}
        found.add("intake.books.late", None if late is None else late / scale, why="intake.not_late", **exact)
    else:
        for name in ("gap", "late"):
            found.add(f"intake.books.{name}", None, why=NO_BOOKS)
    _second(found, passport.merging, scale)


def _gap(tie: TieOut) -> tuple[float, float]:
    """Unexplained money of the months beyond the gate (of all months where none is), and the gate of these months."""
    months = tie.gaps if tie.gaps.any() else np.ones(len(tie.months), dtype=bool)
    books = np.abs(tie.books["net"].to_numpy(float))
    return float(tie.unexplained[months].sum()), float(GATE * books[months].sum())


def _second(found: Ledger, merging: MergeEffect, scale: int) -> None:
    if not merging.candidates.persons:
        for name in ("customers", "yen"):
            found.add(f"intake.second.{name}", None, why="intake.no_persons")
        return
    sure, yen = merging.split, merging.split_amount / scale
    least, most = max(RIGHT * sure - CHANCE * merging.candidates.persons, 0.0), sure + merging.possible
    low, high = (least / sure, most / sure) if sure else (1.0, 1.0)  # the possible pairs taken to buy as the sure ones
    found.add("intake.second.customers", sure, lower=least, upper=most, level=EXACT)
    found.add("intake.second.yen", yen, lower=low * yen, upper=high * yen, level=EXACT)
