"""Two problems of the rank programme: a line that creates spend, and a year in which more gold members fall."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from crmlib.simulate import members, ranks
from crmlib.simulate.draft import Draft
from crmlib.simulate.members import NEAR, Spend
from crmlib.simulate.truth import Planted

BAND = 0.5  # log yen on either side of the line that the plain regression uses


def cliff(draft: Draft) -> None:
    """Record jump and bunching at the gold line (members.py plants them)."""
    world = draft.world
    spent = members.spend(draft.people, world, draft.clock, draft.options.seed)
    line = f"{world.thresholds[1]:,} yen"
    jump = (
        f"jump at {line} of log spend in the second fiscal year, given log spend x in the first: regression on x and x >= line within "
        f"{BAND} of it, without the window of bunching (5 % below to 2 % above), both years active"
    )
    tops = (
        f"share of members of the first year whose spend in it would end up to 5 % below {line} and who top it up: 1 - observed / expected "
        "by the lognormal law of first-year spend"
    )
    creates = world.cliff_jump != 0 or world.cliff_bunching != 0
    expected = _near(draft, spent)
    error = np.sqrt((1 - world.cliff_bunching) / expected) if expected else None
    n = int(spent.members_in(0).sum())
    draft.truths += [
        Planted("rank_cliff.jump", jump, world.cliff_jump, _jump_error(draft, spent), 0.0, "rank_cliff", n, "ratio"),
        Planted("rank_cliff.bunching", tops, world.cliff_bunching, error, 0.0, "rank_cliff", round(expected)),
        Planted("rank_cliff.verdict", "whether the gold line creates spend or merely labels", "creates" if creates else "labels",
                None, "labels", "rank_cliff", n, "label"),
        Planted("rank_cliff.silver_jump", "the same jump at the silver line: always 0, it merely labels", 0.0, None, 0.0, "base", n, "ratio"),
    ]  # fmt: skip


def fall(draft: Draft) -> None:
    """Record the planted fall, and the transition matrix of every year."""
    world, joining = draft.world, draft.clock.arrivals_by_year
    spent = members.spend(draft.people, world, draft.clock, draft.options.seed)
    matrices = ranks.transitions(world, joining)
    for year, matrix in enumerate(matrices):
        before = members.tier(spent.yen[spent.members_in(year), year], world)
        for one in range(3):
            size = int((before == one).sum())
            draft.truths += [_cell(year, one, other, float(matrix[one, other]), size) for other in range(3)]
    calm = ranks.transitions_without_fall(world, joining)[-1][2, 0] if matrices else 0.0
    last = int((members.tier(spent.yen[:, -2], world) == 2).sum()) if matrices else 0
    chance = matrices[-1][2, 0] if matrices else 0.0
    error = float(np.sqrt(chance * (1 - chance) / last) / (1 - calm)) if last else None
    what = f"extra share of gold members of the last year but one who are regular in the last, beyond {calm:.4f}"
    draft.truths.append(Planted("rank_fall.share", what, world.rank_fall, error, 0.0, "rank_fall", last))


def _cell(year: int, one: int, other: int, chance: float, size: int) -> Planted:
    name = f"tiers.year_{year + 1}_to_{year + 2}.{ranks.TIERS[one]}.{ranks.TIERS[other]}"
    what = f"share of {ranks.TIERS[one]} members of fiscal year {year + 1} who are {ranks.TIERS[other]} in the next"
    error = np.sqrt(chance * (1 - chance) / size) if size else None
    return Planted(name, what, chance, error, None, "base", size)


def _near(draft: Draft, spent: Spend) -> float:
    world = draft.world
    low, high = (np.log(world.thresholds[1] * f / world.spend_median) / world.spend_sd for f in (NEAR, 1.0))
    return float(spent.members_in(0).sum() * (1 - world.idle) * (ndtr(high) - ndtr(low)))


def _jump_error(draft: Draft, spent: Spend) -> float | None:
    """Residual spread over what the step explains beyond a line, in the band of the regression."""
    world = draft.world
    line = np.log(world.thresholds[1])
    with np.errstate(divide="ignore"):
        x = np.log(spent.yen[:, 0]) - line
    used = (np.abs(x) < BAND) & ~((x >= np.log(NEAR)) & (x <= np.log(1.02))) & (spent.yen[:, 1] > 0)
    x, step = x[used], (x[used] >= 0).astype(float)
    if step.size < 4 or step.min() == step.max():
        return None
    design = np.stack([np.ones_like(x), x], axis=1)
    rest = step - design @ np.linalg.lstsq(design, step, rcond=None)[0]
    return float(world.spend_sd * np.sqrt(1 - world.spend_memory**2) / np.sqrt(rest @ rest))
