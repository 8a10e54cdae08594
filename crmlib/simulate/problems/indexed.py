"""Index purchases: the first purchase of a customer, second or later, from a given day on; something may follow it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.simulate.draft import Draft
from crmlib.simulate.streams import Bools, Floats, Ints

KEPT = 180


@dataclass(frozen=True)
class Indexed:
    """Customers with their index purchase.

    Args:
        who: Customer.
        day: Day on which the event happens, or would (so many days after the index purchase).
        kept: 1 if the customer bought in the 180 days after `day`, had nothing happened.
        seen: Whether those 180 days are over by as_of.
    """

    who: Ints
    day: Ints
    kept: Floats
    seen: Bools


def purchases(draft: Draft, who: Ints, start: int, wait: int) -> Indexed:
    """The index purchases from day `start` on of `who`, with the event `wait` days later and before as_of."""
    bought = draft.base.nth_from(who, start, 2)
    inside = (bought >= 0) & (bought + wait < draft.clock.days)
    who, day = who[inside], bought[inside] + wait
    kept = (draft.base.count(who, day + 1, day + KEPT + 1) > 0).astype(float)
    return Indexed(who, day, kept, day + KEPT < draft.clock.days)


def leave(draft: Draft, index: Indexed, gone: Bools) -> Floats:
    """Let some leave; what is then seen of `kept`."""
    draft.leave(index.who[gone], index.day[gone])
    return np.where(gone, 0.0, index.kept)
