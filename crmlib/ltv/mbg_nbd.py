"""MBG/NBD: BG/NBD in which a customer may leave after the first purchase too, so that who bought once can be lost.

Source: Batislam, Denizel & Filiztekin (2007), International Journal of Research in Marketing 24, 201-209; Hoppe & Wagner
(2007), Marketing ZFP 29. Derived here: every purchase, the first included, is a chance to leave, so that n = x + 1 stands
where BG/NBD has n = x in everything that knows a and b. Checked against the published CDNOW result and `lifetimes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from crmlib.ltv import bg_nbd
from crmlib.ltv.bg_nbd import (
    BgNbd,
    Kernel,
    conditional_expected_purchases,
    expected_purchases,
    log_likelihood,
    probability_alive,
    purchases_while_alive,
)

if TYPE_CHECKING:
    from crmlib.ltv.patterns import Patterns

__all__ = [
    "MbgNbd", "conditional_expected_purchases", "expected_purchases", "fit", "log_likelihood", "probability_alive",
    "purchases_while_alive",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class MbgNbd(BgNbd):
    """A fitted MBG/NBD model: BG/NBD with one more chance to leave, at the first purchase."""

    NAME: ClassVar = "mbg_nbd"
    FIRST_CHANCE: ClassVar[int] = 1


def fit(patterns: Patterns, kernel: Kernel = "numpy") -> MbgNbd:
    """Maximum likelihood without a penalty; as `bg_nbd.fit`."""
    return bg_nbd.fit_as(MbgNbd, patterns, kernel)
