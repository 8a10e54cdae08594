"""How long subscriptions last, by shipment: counted, by step, projected, and whether a skip or pause announces a cancel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.contract import Contract, Exposure, beta_discrete_weibull, from_tenures, sbg
from crmlib.intervals import LEVEL, Estimate, log_log, proportion, unknown, z
from crmlib.retention.cohort import SMALL_GROUP

Array = NDArray[np.float64]
BETTER = 3.841459  # 2 x the gain of log-likelihood from which the third parameter is kept (chi-square, 1 degree, 5 %)


@dataclass(frozen=True, eq=False)
class Continuation:
    """Share of subscriptions that make at least n renewals (shipment n + 1), counted. Index 0 is the first shipment.

    Args:
        unit: "application" or "customer".
        exposure: Who faced each renewal, and who was lost at it.
        survival: Share that makes at least n renewals, Kaplan-Meier.
        lower: Lower log-log limit.
        upper: Upper log-log limit.
        ratio: Share of all subscriptions that have made n renewals so far: those too young count as lost.
        why: Text key of why nothing can be said.
    """

    unit: str
    exposure: Exposure
    survival: Array
    lower: Array
    upper: Array
    ratio: Array
    why: str = ""

    @property
    def readable(self) -> int:
        """The last renewal that at least five subscriptions faced."""
        return int(np.flatnonzero(self.exposure.at_risk >= SMALL_GROUP).max(initial=-1)) + 1

    def share(self, renewals: int) -> Estimate:
        """Share that makes at least so many renewals; NaN beyond what five subscriptions have faced."""
        n = self.exposure.contracts
        if self.why or renewals > self.readable:
            return unknown(n, self.why or "too_young")
        faced = int(self.exposure.at_risk[renewals - 1]) if renewals else n
        value, low, high = (float(part[renewals]) for part in (self.survival, self.lower, self.upper))
        return Estimate(value, low, high, faced)

    def step(self, number: int) -> Estimate:
        """Share renewed at the n-th opportunity (1: from the first shipment to the second) of those who faced it."""
        if self.why or not 0 < number <= self.readable:
            return unknown(self.exposure.contracts, self.why or "too_young")
        return proportion(float(self.exposure.kept[number - 1]), int(self.exposure.at_risk[number - 1]))


@dataclass(frozen=True, eq=False)
class Projection:
    """The two contract models of one continuation, and which of them is used."""

    sbg: Contract
    bdw: Contract

    @property
    def used(self) -> Contract:
        """The beta-discrete-Weibull where its third parameter earns its place, the shifted beta-geometric otherwise."""
        if self.bdw.why:
            return self.sbg
        better = bool(self.sbg.why) or 2 * (self.bdw.log_likelihood - self.sbg.log_likelihood) > BETTER
        return self.bdw if better else self.sbg


@dataclass(frozen=True)
class Wavering:
    """Cancels after a skip or pause against cancels without one.

    Args:
        after: Share cancelled at an opportunity, of those who had skipped or paused before.
        without: The same of those who had not.
        difference: After minus without, at the same shipment number.
    """

    after: Estimate
    without: Estimate
    difference: Estimate


def continuation(tenures: pd.DataFrame, unit: str) -> Continuation:
    """Survival by renewal with censoring.

    Args:
        tenures: renewals, lost, n.
        unit: What one row counts.

    Source:
        Kaplan & Meier (1958) on renewals as time; Greenwood (1926).
    """
    exposure = from_tenures(tenures["renewals"], tenures["lost"].astype(bool), tenures["n"])
    at_risk, lost = exposure.at_risk.astype(float), exposure.lost.astype(float)
    survival = np.concatenate([[1.0], np.cumprod(1 - lost / np.maximum(at_risk, 1))])
    spread = np.divide(lost, at_risk * (at_risk - lost), out=np.zeros(len(lost)), where=at_risk > lost)
    lower, upper = log_log(survival, np.concatenate([[0.0], np.cumsum(spread)]))
    made = np.repeat(tenures["renewals"].to_numpy(np.int64), tenures["n"].to_numpy(np.int64))
    reached = np.array([(made >= renewals).sum() for renewals in range(len(survival))])
    ratio = reached / max(exposure.contracts, 1)
    return Continuation(unit, exposure, survival, lower, upper, ratio, _why(exposure))


def project(continued: Continuation) -> Projection:
    """Fit both contract models to what was counted."""
    return Projection(sbg.fit(continued.exposure), beta_discrete_weibull.fit(continued.exposure))


def wavering(opportunities: pd.DataFrame, level: float = LEVEL) -> Wavering:
    """Whether who has skipped or paused cancels more often at the same shipment number.

    Args:
        opportunities: opportunity, changed, lost, n.
        level: Of the difference's interval.

    Source:
        Mantel-Haenszel risk difference over shipment numbers with the variance of Sato (1989), Biometrics 45, 1323-1324.
    """
    table = opportunities.astype({"changed": bool, "lost": bool})
    faced = table.pivot_table("n", "opportunity", "changed", "sum", fill_value=0).reindex(
        columns=[True, False], fill_value=0
    )
    gone = table[table["lost"]].pivot_table("n", "opportunity", "changed", "sum", fill_value=0)
    gone = gone.reindex(index=faced.index, columns=[True, False], fill_value=0)
    (n1, n0), (a, b) = faced.to_numpy(float).T.reshape(2, -1), gone.to_numpy(float).T.reshape(2, -1)
    after, without = _cancelled(a, n1), _cancelled(b, n0)
    both = (n1 > 0) & (n0 > 0)
    if n1[both].sum() < SMALL_GROUP or (a + b)[both].sum() < SMALL_GROUP:
        return Wavering(after, without, unknown(int((n1 + n0).sum()), "too_few"))
    return Wavering(after, without, _risk_difference(a[both], b[both], n1[both], n0[both], level))


def _cancelled(lost: Array, seen: Array) -> Estimate:
    n = int(seen.sum())
    return proportion(float(lost.sum()), n) if n >= SMALL_GROUP else unknown(n, "too_few")


def _risk_difference(a: Array, b: Array, n1: Array, n0: Array, level: float) -> Estimate:
    total = n1 + n0
    weight = float((n1 * n0 / total).sum())
    value = float(((a * n0 - b * n1) / total).sum()) / weight
    p = (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / total**2
    q = (a * (n0 - b) + b * (n1 - a)) / (2 * total)
    error = float(np.sqrt(max(value * float(p.sum()) + float(q.sum()), 0.0))) / weight
    half = z(level) * error
    return Estimate(value, value - half, value + half, int(total.sum()), level=level)


def _why(exposure: Exposure) -> str:
    if exposure.contracts < SMALL_GROUP:
        return "too_few" if exposure.contracts else "no_subscription"
    return "" if exposure.at_risk.max(initial=0) >= SMALL_GROUP else "too_young"
