"""F2 leak: who has not bought a second time `leak_day` days after the first is given up with probability `leak`.

P(F2 within W) = F(D) + (1 - leak) (F(W) - F(D)) for W > D. The share is estimated by what is missing between D and W.
"""

from __future__ import annotations

import numpy as np

from crmlib.simulate import alacarte
from crmlib.simulate.draft import A_LA_CARTE, Draft
from crmlib.simulate.truth import Planted

WITHIN = 180


def shape(draft: Draft) -> None:
    """Give every à-la-carte customer the leak."""
    draft.people.leak[draft.people.kind == A_LA_CARTE] = draft.world.leak


def plant(draft: Draft) -> None:
    """Record day and share."""
    people, world, clock = draft.people, draft.world, draft.clock
    arrival = np.floor(people.arrival[people.of(A_LA_CARTE)])
    mature = arrival + WITHIN < clock.days
    n = int(mature.sum())
    late = alacarte.repeat_probability(people, world, clock, WITHIN)[mature]
    early = alacarte.repeat_probability(people, world, clock, world.leak_day - 1)[mature]
    window = float((late - early).mean()) if n else 0.0
    whole = window / (1 - world.leak) if world.leak < 1 else np.nan  # what would come between D and W without the leak
    error = np.sqrt(window * (1 - window) / n) / whole if n and whole else np.inf
    share = (
        f"share given up on day {world.leak_day}: 1 - (F2 between that day and {WITHIN} days) / (the same under the BG/NBD "
        "of truth, à-la-carte customers with that many days behind them)"
    )
    day = "days after the first purchase from which fewer second purchases come than before"
    neutral = float(world.leak_day) if world.leak == 0 else 0.0
    draft.truths += [
        Planted("f2_leak.share", share, world.leak, float(error), 0.0, "f2_leak", n),
        Planted("f2_leak.day", day, float(world.leak_day), None, neutral, "f2_leak", n, "days"),
    ]
