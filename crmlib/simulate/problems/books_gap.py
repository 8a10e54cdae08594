"""A gap between books and data: in two months the client's own sales hold orders that the export lacks."""

from __future__ import annotations

from crmlib.simulate.draft import Draft
from crmlib.simulate.settle import Books
from crmlib.simulate.truth import Planted

MONTHS = (20, 21)


def plant(draft: Draft, books: Books) -> Books:
    """Add `books_gap` of each month's valid sales to the books."""
    month = draft.clock.month(books.day)
    for number in MONTHS:
        sales = int(books.total[books.valid & (month == number)].sum())
        draft.unseen[number] = round(draft.world.books_gap * sales)
        name = draft.clock.month_name(number)
        what = f"net_sales of {name} in monthly_sales minus the valid orders of that month"
        value = float(draft.unseen[number])
        draft.truths.append(Planted(f"books_gap.{name}.yen", what, value, 0.0, 0.0, "books_gap", 1, "money"))
    draft.lists["books_gap_months"] = [draft.clock.month_name(number) for number in MONTHS if draft.unseen[number]]
    return books
