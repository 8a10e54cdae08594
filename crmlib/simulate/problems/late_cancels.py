"""Mis-dated cancels: a share of the cancelled orders is deducted in the client's books a month after the order's month."""

from __future__ import annotations

import numpy as np

from crmlib.simulate.draft import Draft
from crmlib.simulate.settle import CANCEL, Books
from crmlib.simulate.truth import Planted


def plant(draft: Draft, books: Books) -> Books:
    """Date them late and record orders and yen."""
    month = draft.clock.month(books.day)
    last = int(draft.clock.month(np.array([draft.clock.days - 1]))[0])
    late = (
        (books.status == CANCEL) & (month < last) & draft.key("late_cancels").happens(books.uid, draft.world.cancel_lag)
    )
    draft.booked = month + late
    count, yen = int(late.sum()), int(books.total[late].sum())
    what = "cancelled orders that monthly_sales deducts in the month after the order's"
    draft.truths += [
        Planted("late_cancels.orders", what, float(count), 0.0, 0.0, "late_cancels", count, "count"),
        Planted("late_cancels.yen", f"yen of {what}", float(yen), 0.0, 0.0, "late_cancels", count, "money"),
    ]
    return books
