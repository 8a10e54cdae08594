"""Incidents (a parcel that arrives damaged) with and without an apology: random after an index purchase, and followed by leaving."""

from __future__ import annotations

import numpy as np

from crmlib.simulate import voice
from crmlib.simulate.draft import LANE_VOICE, Draft
from crmlib.simulate.problems import indexed
from crmlib.simulate.streams import Floats
from crmlib.simulate.truth import Planted

START, WAIT = 400, 2
HAPPENS, APOLOGY = 0.30, 0.50


def plant(draft: Draft) -> None:
    """Damage, apologise to a random half, let some leave, and record what an incident and an apology do."""
    key, (alone, sorry) = draft.key("incident"), draft.world.incident_leave
    index = indexed.purchases(draft, draft.half(LANE_VOICE, 1), START, WAIT)
    hit = key.child("hit").happens(index.who, HAPPENS)
    apology = hit & key.child("apology").happens(index.who, APOLOGY)
    gone = hit & key.child("gone").happens(index.who, np.where(apology, sorry, alone))
    seen = indexed.leave(draft, index, gone)
    voice.add(draft, "incident", voice.Said(index.who[hit], index.day[hit], voice.DAMAGE, apology[hit]))
    old = index.seen
    spared, struck, soothed = (seen[old & group] for group in (~hit, hit & ~apology, apology))
    kept = float(index.kept[old].mean()) if old.any() else 0.0
    what = (
        f"customers by their first purchase, second or later, from {draft.clock.iso(START)} on (half a lane): share who buys in the "
        f"180 days after day {WAIT}, "
    )
    draft.truths += [
        _planted(
            "no_apology_180d", what + "incident without apology minus no incident", -alone * kept, (struck, spared)
        ),
        _planted("apology_180d", what + "incident with apology minus no incident", -sorry * kept, (soothed, spared)),
        _planted(
            "apology_gain_180d", what + "incident with apology minus without", (alone - sorry) * kept, (soothed, struck)
        ),
    ]


def _planted(name: str, definition: str, value: float, groups: tuple[Floats, Floats]) -> Planted:
    sizes = [group.size for group in groups]
    error = np.sqrt(sum(group.var(ddof=1) / group.size for group in groups)) if min(sizes) > 1 else np.inf
    return Planted(f"incident.{name}", definition, value + 0.0, float(error), 0.0, "incident", sum(sizes), "points")
