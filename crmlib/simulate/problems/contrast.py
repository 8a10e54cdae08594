"""A planted difference in F2 between two groups of à-la-carte customers."""

from __future__ import annotations

import numpy as np

from crmlib.simulate import alacarte
from crmlib.simulate.draft import A_LA_CARTE, Draft
from crmlib.simulate.streams import Bools, Ints
from crmlib.simulate.truth import Planted


def planted(draft: Draft, name: str, definition: str, groups: tuple[Bools, Bools], on: bool) -> Planted:
    """Mean P(F2 within 180 days) of the first group minus that of the second, customers with 180 days behind them.

    Args:
        draft: With purchases.
        name: `problem.f2_180d`.
        definition: The two groups in words.
        groups: Masks over all people.
        on: Whether it is planted; otherwise the truth is 0.
    """
    who = draft.people.of(A_LA_CARTE)
    mature = np.floor(draft.people.arrival[who]) + 180 < draft.clock.days
    chance = alacarte.repeat_probability(draft.people, draft.world, draft.clock, 180)
    parts = [chance[mature & group[who]] for group in groups]
    sizes = [part.size for part in parts]
    if not min(sizes):
        return Planted(name, definition, 0.0, None, 0.0, name.split(".", maxsplit=1)[0], sum(sizes), "points")
    error = np.sqrt(sum((part.mean() * (1 - part.mean())) / part.size for part in parts))
    value = float(parts[0].mean() - parts[1].mean()) if on else 0.0
    return Planted(name, definition, value, float(error), 0.0, name.split(".", maxsplit=1)[0], min(sizes), "points")


def arrived(draft: Draft, months: tuple[int, int]) -> Bools:
    """Who arrived in these months (the second excluded)."""
    month: Ints = draft.clock.month(np.floor(draft.people.arrival).astype(np.int64))
    return (month >= months[0]) & (month < months[1])
