"""Interactions: what customers wrote or said, as codes of texts; the words are in templates/simulate/words.toml.

A text is an opening, one of four bodies of its topic about a product, and a closing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crmlib.simulate.draft import BASE, MEMBERSHIP, SUBSCRIPTION, Draft, Table
from crmlib.simulate.people import PRODUCTS
from crmlib.simulate.streams import Bools, Ints

BODIES, OPENINGS, CLOSINGS = 4, 6, 6
KINDS = ("inquiry", "complaint", "incident", "praise")
BACKGROUND = (0.24, 0.18, 0.14, 0.12, 0.10, 0.09, 0.08, 0.05)  # topics 0..7
KIND_OF_TOPIC = (0, 0, 0, 0, 0, 1, 1, 3, 1, 2)
PUMP, DAMAGE = 8, 9
PUMPS = 17  # the first of the three products that come in a bottle with a pump
RATE = 0.05
CHANNELS = ("phone", "email", "form", "line")


@dataclass(frozen=True)
class Said:
    """Interactions.

    Args:
        who: The customers.
        day: When, each.
        topic: Of what, each or all.
        apology: Whether the shop's reply was one; None where nothing happened that asks for it.
    """

    who: Ints
    day: Ints
    topic: Ints | int
    apology: Bools | None = None


def background(draft: Draft) -> None:
    """Everyday inquiries after one order in twenty: they mean nothing."""
    key, orders = draft.key("voice"), draft.orders
    asked = np.isin(orders.source, (BASE, MEMBERSHIP, SUBSCRIPTION)) & key.child("asks").happens(orders.uid, RATE)
    chosen = orders.where(asked)
    day = chosen.day + 1 + key.child("wait").integer(chosen.uid, 20)
    topic = key.child("topic").choice(chosen.uid, BACKGROUND).astype(np.int64)
    kept = (day < draft.clock.days) & (day <= draft.leaves[chosen.customer])
    add(draft, "voice", Said(chosen.customer[kept], day[kept], topic[kept]))


def add(draft: Draft, name: str, said: Said) -> None:
    """Append interactions, drawn from the key of this name."""
    key, who = draft.key(f"{name} texts"), said.who
    place = who * 4096 + said.day
    topics = np.broadcast_to(np.asarray(said.topic, dtype=np.int64), who.size).copy()
    body = topics * BODIES + key.child("body").integer(place, BODIES)
    columns = {
        "customer_id": who,
        "interaction_date": said.day,
        "channel": key.child("channel").choice(place, (0.5, 0.2, 0.2, 0.1)).astype(np.int64),
        "kind": np.asarray(KIND_OF_TOPIC)[topics],
        "_opening": key.child("opening").integer(place, OPENINGS),
        "_body": body * PRODUCTS + np.where(topics == PUMP, PUMPS + place % 3, draft.people.product[who]),
        "_closing": key.child("closing").integer(place, CLOSINGS),
        "apology": np.full(who.size, -1) if said.apology is None else said.apology.astype(np.int64),
    }
    labels = {"channel": CHANNELS, "kind": KINDS, "apology": ("no", "yes")}
    labels |= {"_opening": ("@openings",), "_body": ("@bodies",), "_closing": ("@closings",)}
    draft.add(
        "interactions",
        Table(columns, ("interaction_date",), labels, ("customer_id",), {"text": ("_opening", "_body", "_closing")}),
    )
