"""Selling by phone: who bought often in the last year is called more, and a call drives away with probability `phone_harm`.

Who is called depends only on the number of purchase days in the 365 days before the call (0, 1, 2-3, 4 and more), so
comparing within those strata is unbiased; comparing called with not called is not: the naive difference is positive.
A year later a service call, at random in the same strata, does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.simulate import campaigns
from crmlib.simulate.draft import LANE_PHONE, LANE_SPARE, Draft, Table
from crmlib.simulate.problems import strata
from crmlib.simulate.streams import Bools, Floats, Ints
from crmlib.simulate.truth import Planted

DAY, KEPT = 800, 180
CUTS = (1, 2, 4)
CALLED = np.array([0.02, 0.10, 0.45, 0.85])
COST = 450


@dataclass(frozen=True)
class Calls:
    """Eligible customers (two purchases or more before, one of them in the last 540 days), stratum, called, kept."""

    who: Ints
    stratum: Ints
    called: Bools
    kept: Floats  # bought in the 180 days after the day of the call, had nobody been called


def plant(draft: Draft) -> None:
    """Call, let some leave, and record what the calls did."""
    key, harm = draft.key("phone"), draft.world.phone_harm
    calls = _eligible(draft, draft.people.in_lane(LANE_PHONE))
    gone = calls.called & key.child("gone").happens(calls.who, harm)
    draft.leave(calls.who[gone], np.full(int(gone.sum()), DAY))
    draft.add("contacts", _rows(calls, purpose=2, campaign=4))
    seen = np.where(gone, 0.0, calls.kept)
    value = -harm * strata.expected(calls.called, calls.stratum, calls.kept)
    what = f"phone calls (campaign 4, selling) on {draft.clock.iso(DAY)}: share who buys in the {KEPT} days after"
    draft.truths += [
        Planted("phone.effect_180d", f"{what}, called minus not called within strata of purchase days in the year before, weighted as the called",
                value + 0.0, strata.error(calls.called, calls.stratum, seen), 0.0, "phone", calls.who.size, "points"),
        Planted("phone.naive_180d", f"{what}, called minus not called, nothing adjusted (as it stands in the files)",
                _naive(calls, seen), 0.0, None, "base", calls.who.size, "points"),
    ]  # fmt: skip
    _service(draft)


def _service(draft: Draft) -> None:
    calls = _eligible(draft, draft.half(LANE_SPARE, 0))
    draft.add("contacts", _rows(calls, purpose=3, campaign=5))
    what = f"service calls (campaign 5) on {draft.clock.iso(DAY)}: as phone.effect_180d"
    error = strata.error(calls.called, calls.stratum, calls.kept)
    draft.truths.append(Planted("phone.service_180d", what, 0.0, error, 0.0, "phone", calls.who.size, "points"))


def _eligible(draft: Draft, who: Ints) -> Calls:
    key = draft.key("phone")
    fits = (draft.base.count(who, 0, DAY) >= 2) & (draft.base.count(who, DAY - 540, DAY) >= 1)
    who = who[fits]
    stratum = np.searchsorted(CUTS, draft.base.count(who, DAY - 365, DAY), side="right")
    kept = (draft.base.count(who, DAY + 1, DAY + KEPT + 1) > 0).astype(float)
    return Calls(who, stratum, key.child("called").happens(who, CALLED[stratum]), kept)


def _naive(calls: Calls, seen: Floats) -> float:
    if calls.called.all() or not calls.called.any():
        return 0.0
    return float(seen[calls.called].mean() - seen[~calls.called].mean())


def _rows(calls: Calls, purpose: int, campaign: int) -> Table:
    who = calls.who[calls.called]
    return campaigns.contact_rows(
        who, np.full(who.size, DAY), channel=campaigns.PHONE, purpose=purpose, campaign=campaign, cost=COST
    )
