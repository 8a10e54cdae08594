"""What has changed against the year before: the ledger of page 17."""

from __future__ import annotations

from dataclasses import replace

from crmlib.intervals import LEVEL, Estimate, difference, proportion, unknown
from crmlib.numbers.model import Ledger, Measure
from crmlib.numbers.tiers.enter import key_of, put, why_of
from crmlib.tiers import Migration, Study, up_and_down
from crmlib.tiers.change import FALSE_DISCOVERY

SURE = 0.99  # of the two findings on moves as a whole: every client is asked for them each year
MEASURES = (
    Measure("tiers.change.p", "parameter", "tiers.change.p"),
    Measure("tiers.change.tested", "count", "tiers.change.tested"),
    Measure("tiers.change.changed", "count", "tiers.change.changed"),
    Measure("tiers.change.false_discovery", "share", "tiers.change.false_discovery"),
    Measure("tiers.change.fall", "points", "tiers.change.fall"),
    Measure("tiers.change.fall_rate.{period}", "share", "tiers.change.fall_rate"),
    Measure("tiers.change.{before}.{after}", "points", "tiers.change.cell"),
    Measure("tiers.fall.{end}", "label", "tiers.fall.name"),
    Measure("tiers.fall.rate.{period}", "share", "tiers.fall.rate"),
    Measure("tiers.fall.difference", "points", "tiers.fall.difference"),
    Measure("tiers.fall.yen", "money", "tiers.fall.yen"),
)


def enter(book: Ledger, study: Study, scale: int) -> None:
    """The last year against the year before: all moves, falls as a whole, each cell, and the clearest fall.

    Args:
        book: The ledger.
        study: What moved.
        scale: Minor units per major unit.
    """
    found, size = study.change, len(study.moved.tiers)
    book.add("tiers.change.p", found.whole.p, why=why_of(found.whole.why), n=found.whole.n)
    why = why_of(found.why)
    book.add("tiers.change.tested", None if why else len(found.cells), why=why)
    book.add("tiers.change.changed", None if why else len(found.changed), why=why)
    book.add("tiers.change.false_discovery", FALSE_DISCOVERY)
    fall = [_fall_rate(study.moved, period) for period in (-2, -1)] if study.moved.periods > 1 else []
    for name, rate in zip(("earlier", "later"), fall, strict=False):
        put(book, f"tiers.change.fall_rate.{name}", rate)
    sure = [_fall_rate(study.moved, period, SURE) for period in (-1, -2)] if fall else []
    put(book, "tiers.change.fall", replace(difference(*sure), level=SURE) if sure else unknown(0, "one_period"))
    for cell in found.cells:
        put(book, f"tiers.change.{key_of(cell.before, size)}.{key_of(cell.after, size)}", cell.difference)
    put_order = study.order
    book.add("tiers.order.p", put_order.p, why=why_of(put_order.why), n=put_order.n)
    _fall(book, study, scale)


def _fall(book: Ledger, study: Study, scale: int) -> None:
    found, names = study.fall, study.moved.tiers
    put(book, "tiers.fall.difference", found.difference)
    if found.why:
        return
    for end, tier in (("from", found.before), ("to", found.after)):
        book.add(f"tiers.fall.{end}", names[tier])
    for period, rate in (("earlier", found.earlier), ("later", found.later)):
        put(book, f"tiers.fall.rate.{period}", rate)
    put(book, "tiers.fall.yen", found.cost, scale)


def _fall_rate(moved: Migration, period: int, level: float = LEVEL) -> Estimate:
    _, down, left = up_and_down(moved.counts(period))
    return proportion(down + left, int(moved.counts(period).sum()), level)
