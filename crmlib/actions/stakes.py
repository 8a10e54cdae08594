"""`Stake`: the money of one finding a year, whom it touches, and by which lever it would be won."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crmlib.intervals import Estimate, times

SALES, MARGIN = "sales", "margin"
SAVED = "saved"  # a cost that need not be spent: no customer's worth, so nothing overlaps
NONE = Estimate(float("nan"), float("nan"), float("nan"), 0)


@dataclass(frozen=True)
class Stake:
    """What one finding is worth.

    Args:
        finding: Id of the finding.
        lever: What is done: stakes of one lever on one customer win the same money, so only the largest counts there.
        yen: A year, major units; above 0 a gain, below 0 a loss. NaN with a why where it cannot be had.
        basis: sales, margin, or saved (a cost).
        decided: Whether the finding's verdict is.
        change: Whether it compares a time with another: a gain is then already there, and nothing is left to win.
    """

    finding: str
    lever: str
    yen: Estimate
    basis: str
    decided: bool
    change: bool = False

    @property
    def proven(self) -> bool:
        """Whether the finding is decided, and its money too is certain to differ from nothing."""
        return self.decided and not self.yen.why and (self.yen.lower > 0 or self.yen.upper < 0)

    @property
    def counted(self) -> bool:
        """Whether it counts in a total: proven, and there is something to win or to win back."""
        return self.proven and not (self.change and self.yen.value > 0)

    @property
    def size(self) -> Estimate:
        """The money without its sign."""
        if self.yen.value >= 0 or self.yen.why:
            return self.yen
        return times(self.yen, -1)


def in_margin(stake: Stake, rate: float | None) -> Stake:
    """The stake in gross margin, where the rate is known; sales stay sales where it is not.

    Args:
        stake: Any.
        rate: Gross margin as a share of sales; None when unknown.
    """
    if stake.basis != SALES or rate is None:
        return stake
    return replace(stake, yen=times(stake.yen, rate), basis=MARGIN)
