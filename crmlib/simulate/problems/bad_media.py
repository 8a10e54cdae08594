"""A cohort from bad media: who came by the comparison sites in `bad_months` buys at `bad_rate` times the rate."""

from __future__ import annotations

from crmlib.simulate.draft import Draft
from crmlib.simulate.people import BAD_MEDIUM
from crmlib.simulate.problems import contrast


def shape(draft: Draft) -> None:
    """Slow that cohort down."""
    people = draft.people
    chosen = (people.medium == BAD_MEDIUM) & contrast.arrived(draft, draft.world.bad_months)
    people.pull[chosen] *= draft.world.bad_rate


def plant(draft: Draft) -> None:
    """Record the cohort's F2 against that of the other media in the same months."""
    people, world = draft.people, draft.world
    inside, bad = contrast.arrived(draft, world.bad_months), people.medium == BAD_MEDIUM
    names = [draft.clock.month_name(month) for month in range(*world.bad_months)]
    definition = (
        f"F2 within 180 days of à-la-carte customers of medium {BAD_MEDIUM + 1} who first bought in {names[0]} to {names[-1]}, "
        "minus that of the other media in the same months"
    )
    on = world.bad_rate != 1
    draft.truths.append(contrast.planted(draft, "bad_media.f2_180d", definition, (inside & bad, inside & ~bad), on))
