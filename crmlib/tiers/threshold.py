"""Does a threshold create spend, or does it merely label those who spend anyway? Bunching and discontinuity together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.intervals import Estimate, unknown, z
from crmlib.tiers import bunching as density
from crmlib.tiers.bunching import Bunching
from crmlib.tiers.discontinuity import Outcomes, jump, mean_jump, t_value

Array = NDArray[np.float64]
PARTS = 200  # bins of the summaries: half a per cent of the threshold
BANDWIDTH = 0.5  # log distance: from 39 % below to 65 % above
BANDWIDTHS = (0.3, 0.4, 0.5, 0.7, 0.9)
REACH = 1.2  # of the jump of the mean, which money asks for: all that lies between the neighbouring lines
DONUT = np.log(1.05)  # customers so near may have moved to their side of the line, so they are left out
PLACEBOS = (-0.7, -0.55, -0.4, 0.4, 0.55, 0.7)  # log distances of thresholds that are none
PLACEBO_BANDWIDTH = 0.3
# A line is said to create spend only at one in a thousand, because every client is asked for each of its lines each year.
SURE = 0.001
# Effects below these are too small to matter; a line all of whose intervals stay below them merely labels.
SMALL_SPEND, SMALL_STAY, SMALL_BUNCHING = 0.10, 0.05, 0.15
VERDICTS = ("creates", "labels", "cannot_tell")


@dataclass(frozen=True)
class Threshold:
    """Whether the line of one tier works.

    Args:
        tier: Number of the tier that begins at the line.
        line: The threshold, minor units.
        bunching: Density at the line.
        spend: Jump of the log of next period's spend of those who buy in it.
        stay: Jump of the share that buys in the next period.
        mean: Jump of the log of everyone's mean spend in the next period, those who buy nothing included.
        robust: The jump of log spend, bias-corrected (local quadratic).
        bandwidths: Jump of log spend by bandwidth.
        placebos: Jump of log spend at thresholds that are none, each from customers of one side of the line only.
        breaks: Break of the density at these, the same way.
        periods: Jump of log spend by period (number of the later review).
        n: Customers near the line.
        verdict: creates, labels or cannot_tell.
        near: Last period's spend of those who had come above the line, by less than three times and below the next line.
        recent: Share of the customers near the line who are there at the last review.
        kind: What the verdict rests on: spend, bunching (the break), stay, or mean where that contradicts them.
        evidence: That estimate with the interval that decides.
        why: Text key of why nothing can be said, "" otherwise.
    """

    tier: int
    line: int
    bunching: Bunching
    spend: Estimate
    stay: Estimate
    mean: Estimate
    robust: Estimate
    bandwidths: Mapping[float, Estimate]
    placebos: Mapping[float, Estimate]
    breaks: Mapping[float, Estimate]
    periods: Mapping[int, Estimate]
    n: int
    near: float
    recent: float
    verdict: str
    kind: str
    evidence: Estimate
    why: str = ""

    @property
    def placebo_alarms(self) -> int:
        """Placebo thresholds whose interval excludes zero."""
        return sum(not p.why and (p.lower > 0 or p.upper < 0) for p in self.placebos.values())


def threshold(bins: pd.DataFrame, tier: int, line: int, others: tuple[int, ...] = ()) -> Threshold:
    """Bunching and discontinuity at one threshold.

    Args:
        bins: As `summaries.tiers_line.near_line` returns them.
        tier: Number of the tier that begins at the line.
        line: The threshold, minor units.
        others: The other thresholds; customers beyond the next one on either side are left out.
    """
    known = bins[bins["customers"] > 0]
    periods = {int(str(review)): _jump_of(rows, line, others) for review, rows in known.groupby("review")}
    last = _between(known[known["review"] == known["review"].max()], line, others)
    now = _between(bins[bins["review"] == bins["review"].max()], line, others)["here"].sum()
    bins = _between(bins, line, others)
    here = bins["here"].to_numpy(float)  # what comes after is not needed to see who is missing below the line
    x, width = _log_bins(bins)
    shape = density.bunching(x, here, width)
    spend, stay, later = (outcomes(bins, name) for name in ("spend", "stay", "later"))
    hole = np.abs(spend.x) > DONUT
    found = {h: jump(spend.where(hole), h) for h in BANDWIDTHS}
    main, staying = found[BANDWIDTH], jump(stay.where(np.abs(stay.x) > DONUT), BANDWIDTH)
    mean = mean_jump(later.where(np.abs(later.x) > DONUT), REACH)
    placebos = {at: _placebo(spend, at) for at in PLACEBOS}
    breaks = {at: _placebo_break(x, here, width, at) for at in PLACEBOS}
    why = "too_few" if main.why and shape.why else ""
    evidence = (shape, main, staying, placebos, breaks)
    if why:
        return unobservable(tier, line, why)
    said, kind, proof = verdict(*evidence)
    if said == "creates" and mean.upper < 0:  # what is bought to reach the line is not bought after it
        said, kind, proof = "cannot_tell", "mean", _strict(mean, 0.0)
    return Threshold(
        tier, line, shape, main, staying, mean, jump(spend.where(hole), BANDWIDTH, 2), found, placebos, breaks, periods,
        int(here.sum()), float(last.loc[last["bin"] >= 0, "later"].sum()), float(now / here.sum()), said, kind, proof,
    )  # fmt: skip


def verdict(
    shape: Bunching,
    spend: Estimate,
    stay: Estimate,
    placebos: Mapping[float, Estimate],
    breaks: Mapping[float, Estimate],
) -> tuple[str, str, Estimate]:
    """creates: beyond reasonable doubt, and beyond every placebo; labels: every interval below what matters; else cannot_tell.

    Returns:
        Verdict, what it rests on (spend, bunching or stay), and that estimate with an interval of the level 1 - 2 `SURE`,
        made as wide as the largest placebo asks: the line creates spend where it lies above zero.
    """
    strict = {
        "spend": _strict(spend, _largest(placebos)),
        "bunching": _strict(shape.break_, _largest(breaks)),
        "stay": _strict(stay, 0.0),
    }
    proven = {kind: one.lower / (one.value - one.lower) for kind, one in strict.items() if one.lower > 0}
    if proven:
        kind = max(proven, key=lambda name: proven[name])
        return "creates", kind, strict[kind]
    small = (spend.upper < SMALL_SPEND, stay.upper < SMALL_STAY, shape.missing.upper < SMALL_BUNCHING)
    kind = "bunching" if spend.why and not shape.why else "spend"
    return "labels" if all(small) else "cannot_tell", kind, strict[kind]


def _strict(estimate: Estimate, least: float) -> Estimate:
    if estimate.why:
        return estimate
    level = 1 - 2 * SURE
    error = (estimate.upper - estimate.lower) / (2 * z())
    half = max(z(level), least) * error
    return Estimate(estimate.value, estimate.value - half, estimate.value + half, estimate.n, level=level)


def outcomes(bins: pd.DataFrame, name: str) -> Outcomes:
    """An outcome by log distance: spend (log, of those active), stay (the share that is active), later (spend of everyone)."""
    amount = bins["amount"].to_numpy(float) / np.maximum(bins["customers"].to_numpy(float), 1)
    middle = (bins["bin"].to_numpy(float) + 0.5) / PARTS + 1
    x = np.log(np.where(amount > 0, amount / bins.attrs["line"], middle))
    if name == "stay":
        active = bins["active"].to_numpy(float)
        return Outcomes(x, bins["customers"].to_numpy(float), active, active)
    names = ("customers", "later", "later_square") if name == "later" else ("active", "log_later", "log_square")
    return Outcomes(x, *(bins[column].to_numpy(float) for column in names))


def thresholds(bins: pd.DataFrame, lines: Mapping[int, int]) -> dict[int, Threshold]:
    """Every line of a programme.

    Args:
        bins: As `summaries.tiers_frames.near_lines` returns them, with a column tier.
        lines: Threshold by number of the tier, minor units.
    """
    every = tuple(lines.values())
    return {
        tier: threshold(bins[bins["tier"] == tier], tier, line, every)
        if (bins["tier"] == tier).any()
        else unobservable(tier, line, "too_few")
        for tier, line in lines.items()
    }


def unobservable(tier: int, line: int, why: str) -> Threshold:
    """A line about which nothing can be said, with the reason."""
    nothing = unknown(0, why)
    shape = density.unobservable(0, why)
    return Threshold(
        tier, line, shape, nothing, nothing, nothing, nothing, {}, {}, {}, {}, 0, 0.0, 0.0, "cannot_tell", "spend", nothing, why,
    )  # fmt: skip


def _between(bins: pd.DataFrame, line: int, others: tuple[int, ...]) -> pd.DataFrame:
    low = max((other for other in others if other < line), default=0)
    high = min((other for other in others if other > line), default=np.inf)
    bins = bins.assign(here=bins.get("here", bins["customers"]))
    sums = ["here", "customers", "amount", "active", "later", "later_square", "log_later", "log_square"]
    bins = bins.groupby("bin", as_index=False)[sums].sum()
    edges = 1 + bins["bin"] / PARTS
    kept = bins[(edges * line >= low) & ((edges + 1 / PARTS) * line <= high)].reset_index(drop=True)
    full = pd.DataFrame({"bin": np.arange(kept["bin"].min(), kept["bin"].max() + 1)}) if len(kept) else kept
    whole = full.merge(kept, how="left").fillna(0) if len(kept) else kept
    whole.attrs["line"] = line
    return whole


def _jump_of(bins: pd.DataFrame, line: int, others: tuple[int, ...]) -> Estimate:
    spend = outcomes(_between(bins, line, others), "spend")
    return jump(spend.where(np.abs(spend.x) > DONUT), BANDWIDTH)


def _log_bins(bins: pd.DataFrame) -> tuple[Array, Array]:
    edges = 1 + bins["bin"].to_numpy(float) / PARTS
    low, high = np.log(edges), np.log(edges + 1 / PARTS)
    return (low + high) / 2, high - low


def _placebo(spend: Outcomes, at: float) -> Estimate:
    own_side = (spend.x < -DONUT) if at < 0 else (spend.x > DONUT)
    return jump(spend.where(own_side).moved(at), PLACEBO_BANDWIDTH)


def _placebo_break(x: Array, n: Array, width: Array, at: float) -> Estimate:
    side = (x < -DONUT) if at < 0 else (x > DONUT)
    nearest = np.argmin(np.abs(x - at)) if x.size else 0
    moved = x[side] - (x[nearest] - width[nearest] / 2 if x.size else 0.0)
    return density.bunching(moved, n[side], width[side]).break_


def _largest(placebos: Mapping[float, Estimate]) -> float:
    seen = [abs(t_value(p)) for p in placebos.values() if not p.why]
    return max((t for t in seen if not np.isnan(t)), default=0.0)
