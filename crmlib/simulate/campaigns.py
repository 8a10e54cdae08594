"""A randomised campaign: who is eligible, which arm, which extra orders, what it cost, and the truth of its effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.simulate.draft import LANE_CAMPAIGN, Draft, Table
from crmlib.simulate.streams import Floats, Ints
from crmlib.simulate.truth import Planted

WINDOW = 30  # days after sending in which the extra order falls and in which orders are counted
SEGMENTS = ("growing", "loyal")  # fewer than 3 purchases before, 3 or more
CHANNELS = ("dm", "catalogue", "email", "phone", "line", "letter", "sample")
DM, CATALOGUE, EMAIL, PHONE, LINE, LETTER, TRIAL = range(7)
PURPOSES = ("promotion", "thanks", "selling", "service", "onboarding")


@dataclass(frozen=True)
class Campaign:
    """What is sent: arms with their shares, the probability of one extra order by arm and segment, yen per contact.

    Arm 0 is the holdout. `number` is the campaign's id and names its draws.
    """

    problem: str
    number: int
    channel: int
    arms: tuple[str, ...]
    shares: tuple[float, ...]
    effect: tuple[tuple[float, float], ...]
    cost: tuple[int, ...]


@dataclass(frozen=True)
class Sent:
    """Who was drawn for a campaign: day, arm and segment (an index of SEGMENTS) of each."""

    who: Ints
    day: Ints
    arm: Ints
    segment: Ints
    extra: Ints  # the day of the extra order, -1 for none


def run(draft: Draft, campaign: Campaign, who: Ints, day: Ints) -> Sent:
    """Randomise the eligible among `who` (two purchases or more before `day`, so F2 is untouched), send, and sell."""
    inside = (day >= 0) & (day + WINDOW < draft.clock.days)
    who, day = who[inside], day[inside]
    before = draft.base.count(who, 0, day)
    eligible = before >= 2
    who, day, before = who[eligible], day[eligible], before[eligible]
    key = draft.key(campaign.problem)
    arm = key.child("arm").choice(who, campaign.shares).astype(np.int64)
    segment = (before >= 3).astype(np.int64)
    buys = key.child("buys").uniform(who) < np.asarray(campaign.effect)[arm, segment]
    extra = np.where(buys, day + 1 + key.child("wait").integer(who, WINDOW - 2), -1)
    draft.sell(who[buys], extra[buys], campaign.number)
    sent = Sent(who, day, arm, segment, extra)
    draft.add("contacts", _contacts(campaign, sent))
    return sent


def lane(draft: Draft) -> Ints:
    """The customers to whom campaigns are sent."""
    return draft.people.in_lane(LANE_CAMPAIGN)


def _contacts(campaign: Campaign, sent: Sent) -> Table:
    return contact_rows(
        sent.who, sent.day, channel=campaign.channel, purpose=0, campaign=campaign.number,
        version=campaign.arms, arm=sent.arm, segment=sent.segment, cost=campaign.cost,
    )  # fmt: skip


def contact_rows(who: Ints, day: Ints, **facts: object) -> Table:
    """Contacts of customers; facts not given are blank. The holdout (arm 0 of a campaign) has no cost."""
    size, arm = who.size, np.asarray(facts.get("arm", np.full(who.size, -1)))
    cost = np.asarray(facts.get("cost", 0), dtype=np.int64)

    def full(name: str) -> Ints:
        return np.broadcast_to(np.asarray(facts.get(name, -1), dtype=np.int64), size).copy()

    columns = {
        "customer_id": who if "lead" not in facts else np.full(size, -1),
        "lead_id": full("lead"),
        "campaign_id": full("campaign"),
        "channel": full("channel"),
        "version": arm,
        "step": full("step"),
        "purpose": full("purpose"),
        "segment": full("segment"),
        "arm": np.where(arm < 0, -1, np.minimum(arm, 1)),
        "sent_date": day,
        "cost": cost[arm] if cost.ndim else np.full(size, cost),
    }
    labels = {"channel": CHANNELS, "purpose": PURPOSES, "segment": SEGMENTS, "arm": ("control", "treated")}
    labels["version"] = tuple(str(name) for name in facts.get("version", ("",)))  # type: ignore[attr-defined]
    return Table(columns, ("sent_date",), labels, ("customer_id",))


def effects(draft: Draft, campaign: Campaign, sent: Sent, pairs: tuple[tuple[int, int], ...]) -> list[Planted]:
    """The truth of one arm against another for each pair, by segment and over all.

    The measure is the number of days with a valid order in the 30 days after sending. An extra order that falls on a
    day on which the customer buys anyway adds none, so the truth is effect * (1 - own order days / 28).
    """
    own = draft.base.count(sent.who, sent.day + 1, sent.day + WINDOW - 1)
    new = (sent.extra >= 0) & (draft.base.count(sent.who, sent.extra, sent.extra + 1) == 0)
    counts = draft.base.count(sent.who, sent.day + 1, sent.day + WINDOW + 1) + new
    free = 1 - own / (WINDOW - 2)
    groups = [("all", np.full(sent.who.size, True)), *((s, sent.segment == i) for i, s in enumerate(SEGMENTS))]
    return [
        _effect(campaign, arms, name, _Part(sent.arm[inside], sent.segment[inside], counts[inside], free[inside]))
        for arms in pairs
        for name, inside in groups
    ]


@dataclass(frozen=True)
class _Part:
    arm: Ints
    segment: Ints
    counts: Ints
    free: Floats


def _effect(campaign: Campaign, arms: tuple[int, int], segment: str, part: _Part) -> Planted:
    table = np.asarray(campaign.effect)
    gain = (table[arms[0], part.segment] - table[arms[1], part.segment]) * part.free
    sides = [part.counts[part.arm == arm] for arm in arms]
    error = np.sqrt(sum(side.var(ddof=1) / side.size if side.size > 1 else np.inf for side in sides))
    one, other = (campaign.arms[arm] for arm in arms)
    definition = (
        f"campaign {campaign.number}, version '{one}' minus '{other}', segment {segment}: mean number of days with a valid "
        f"order in the days 1 to {WINDOW} after sent_date"
    )
    value = float(gain.mean()) if gain.any() else 0.0
    name, size = f"{campaign.problem}.{one}_minus_{other}.{segment}", sum(side.size for side in sides)
    return Planted(name, definition, value, float(error), 0.0, campaign.problem, size, "points")
