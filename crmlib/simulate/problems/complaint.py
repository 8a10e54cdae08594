"""A complaint (a pump that leaks) that appears on a day, grows, and precedes leaving.

After an index purchase on day t >= START a customer complains three days later with probability
peak * (t - START) / (days - START), and then leaves with probability `complaint_leave`.
"""

from __future__ import annotations

import numpy as np

from crmlib.simulate import voice
from crmlib.simulate.draft import LANE_VOICE, Draft
from crmlib.simulate.problems import indexed, strata
from crmlib.simulate.truth import Planted

START, WAIT, STRATUM = 600, 3, 90


def plant(draft: Draft) -> None:
    """Let them complain and leave; record growth and harm."""
    key, world = draft.key("complaint"), draft.world
    index = indexed.purchases(draft, draft.half(LANE_VOICE, 0), START, WAIT)
    chance = world.complaint_peak * (index.day - WAIT - START) / (draft.clock.days - START)
    complains = key.child("complains").happens(index.who, chance)
    gone = complains & key.child("gone").happens(index.who, world.complaint_leave)
    seen = indexed.leave(draft, index, gone)
    voice.add(draft, "complaint", voice.Said(index.who[complains], index.day[complains], voice.PUMP))
    old, month = index.seen, (index.day - START) // STRATUM
    loss = -world.complaint_leave * strata.expected(complains[old], month[old], index.kept[old])
    error = strata.error(complains[old], month[old], seen[old])
    mean = float(chance.mean()) if chance.size else 0.0
    spread = float(np.sqrt((chance * (1 - chance)).sum()) / chance.size) if chance.size else None
    group = f"customers by their first purchase, second or later, from {draft.clock.iso(START)} on"
    draft.truths += [
        Planted("complaint.share", f"{group} (half a lane): share who complain of the pump {WAIT} days later", mean, spread, 0.0,
                "complaint", chance.size),
        Planted("complaint.effect_180d", f"{group}: share who buys in the 180 days after day {WAIT}, complaint minus none, within 90-day "
                "strata, weighted as those who complain", loss + 0.0, error, 0.0, "complaint", int(old.sum()), "points"),
        Planted("complaint.first_day", "first day on which the complaint can appear", float(START), None, 0.0 if world.complaint_peak else float(START), "complaint", 0, "days"),
    ]  # fmt: skip
