"""A best contact sequence among six: leads are drawn to a sequence of three contacts, and one wins more orders.

The best (letter, sample, phone) and the same contacts in the reverse order differ: order matters. Leads pass the
stages latent, prospect, negotiable, sales, order, repeat; those that order are customers of the base.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.simulate import campaigns
from crmlib.simulate.campaigns import DM, EMAIL, LETTER, PHONE, TRIAL
from crmlib.simulate.draft import A_LA_CARTE, Draft, Table
from crmlib.simulate.streams import Ints
from crmlib.simulate.truth import Planted

SEQUENCES = (
    (EMAIL, EMAIL, EMAIL), (EMAIL, DM, PHONE), (DM, LETTER, PHONE),
    (LETTER, TRIAL, PHONE), (PHONE, TRIAL, LETTER), (TRIAL, EMAIL, DM),
)  # fmt: skip
BEST = 3
COST = (160, 90, 2, 450, 0, 220, 600)  # yen by channel
STAGES = ("latent", "prospect", "negotiable", "sales", "order", "repeat")
PASS = (0.65, 0.60, 0.75)  # latent to prospect to negotiable to sales
BEFORE = (80, 50, 35, 7)  # days before the (would-be) order at which a lead enters the first four stages
STEPS = (33, 23, 13)  # days before at which the three contacts are made


@dataclass(frozen=True)
class Leads:
    """One entry per lead: how far it came (an index of STAGES up to 4), its sequence, its customer or -1, its anchor day."""

    stage: Ints
    sequence: Ints
    customer: Ints
    anchor: Ints


def plant(draft: Draft) -> None:
    """Make the leads, their contacts and their stages, and record what each sequence wins."""
    leads = _leads(draft)
    _contacts(draft, leads)
    _stages(draft, leads)
    reached = leads.stage >= 2
    for number in range(len(SEQUENCES)):
        size = int((reached & (leads.sequence == number)).sum())
        win = _win(draft)[number]
        error = np.sqrt(win * (1 - win) / size) if size else None
        what = f"share of negotiable leads contacted by sequence {number + 1} that order"
        draft.truths.append(
            Planted(f"sequence.{number + 1}.win", what, win, error, draft.world.sequence_rest, "sequence", size)
        )
    even = draft.world.sequence_best == draft.world.sequence_rest
    best = Planted(
        "sequence.best",
        "the sequence that wins most",
        "none" if even else str(BEST + 1),
        None,
        "none",
        "sequence",
        0,
        "label",
    )
    draft.truths += [best, *_conversions(leads)]


def _win(draft: Draft) -> list[float]:
    rest, best = draft.world.sequence_rest, draft.world.sequence_best
    return [best if number == BEST else rest for number in range(len(SEQUENCES))]


def _leads(draft: Draft) -> Leads:
    key, count = draft.key("sequence"), round(draft.world.leads * len(draft.people))
    who = np.arange(count)
    sequence = key.child("sequence").integer(who, len(SEQUENCES))
    stage = np.zeros(count, np.int64)
    for number, chance in enumerate(PASS):
        stage += (stage == number) & key.child(f"stage {number}").happens(who, chance)
    wins = (stage == 3) & key.child("wins").happens(who, np.asarray(_win(draft))[sequence] / PASS[2])
    fits = draft.people.of(A_LA_CARTE)
    fits = fits[draft.people.arrival[fits] >= max(BEFORE) + 10]
    fits = fits[np.argsort(key.child("which").bits(fits), kind="stable")]
    won = np.flatnonzero(wins)[: fits.size]
    customer = np.full(count, -1)
    customer[won] = fits[: won.size]
    anchor = max(BEFORE) + 10 + key.child("anchor").integer(who, draft.clock.days - max(BEFORE) - 10)
    anchor[won] = np.floor(draft.people.arrival[customer[won]])
    stage[won] = 4
    return Leads(stage, sequence, customer, anchor)


def _contacts(draft: Draft, leads: Leads) -> None:
    lead = np.flatnonzero(leads.stage >= 2)
    for step, before in enumerate(STEPS):
        channel = np.array(SEQUENCES)[leads.sequence[lead], step]
        rows = campaigns.contact_rows(
            lead, leads.anchor[lead] - before, lead=lead + 1, channel=channel, purpose=4, step=step + 1, campaign=-1,
            cost=np.asarray(COST), arm=channel,
        )  # fmt: skip
        blank = {name: np.full(lead.size, -1) for name in ("version", "arm")}
        rows = Table(
            {**rows.columns, **blank, "sequence": leads.sequence[lead] + 1}, rows.days, rows.labels, rows.people
        )
        draft.add("contacts", rows)


def _stages(draft: Draft, leads: Leads) -> None:
    number = np.arange(leads.stage.size)
    second = np.where(leads.customer >= 0, draft.base.nth(np.maximum(leads.customer, 0), 2), -1)
    for stage in range(len(STAGES)):
        days = second if stage == 5 else leads.anchor - (*BEFORE, 0)[stage]
        inside = (leads.stage >= min(stage, 4)) & (days >= 0)
        columns = {
            "lead_id": number[inside] + 1,
            "customer_id": np.where(stage >= 4, leads.customer[inside], -1),
            "stage": np.full(int(inside.sum()), stage),
            "stage_date": days[inside],
        }
        draft.add("leads", Table(columns, ("stage_date",), {"stage": STAGES}, ("customer_id",)))


def _conversions(leads: Leads) -> list[Planted]:
    found = []
    for number, chance in enumerate(PASS):
        size = int((leads.stage >= number).sum())
        name, what = (
            f"leads.{STAGES[number]}.passes",
            f"share of leads at stage {STAGES[number]} that reach {STAGES[number + 1]}",
        )
        error = np.sqrt(chance * (1 - chance) / size) if size else None
        found.append(Planted(name, what, chance, error, None, "base", size))
    return found
