"""Duplicate customers: some who have bought twice register again, and from the third purchase on they are another id.

Name, kana, birthday and telephone are the same; e-mail and the way the address is written differ.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from crmlib.simulate.draft import LANE_SPARE, Draft
from crmlib.simulate.settle import Books
from crmlib.simulate.truth import Planted


def plant(draft: Draft, books: Books) -> Books:
    """Give the later orders to new ids; truth.json lists the pairs of ids."""
    who = draft.half(LANE_SPARE, 1)
    third = draft.base.nth(who, 3)
    twice = (third >= 0) & draft.key("duplicates").happens(who, draft.world.duplicates)
    who, third = who[twice], third[twice]
    first = len(draft.people) + draft.guests
    new, since = np.full(first, -1), np.full(first, np.iinfo(np.int64).max)
    new[who], since[who] = first + np.arange(who.size), third
    moved = books.day >= since[books.customer]
    draft.twins = who
    pairs = [[int(one) + 1, len(draft.people) + 1 + place] for place, one in enumerate(who)]
    draft.lists["duplicate_ids"] = pairs
    what = "customers registered under two ids (the pairs are in lists.duplicate_ids)"
    draft.truths.append(Planted("duplicates.pairs", what, float(who.size), 0.0, 0.0, "duplicates", who.size, "count"))
    return dataclasses.replace(books, customer=np.where(moved, new[books.customer], books.customer))
