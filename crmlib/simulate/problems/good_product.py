"""One first product brings better customers: they buy at `good_rate` times the rate."""

from __future__ import annotations

from crmlib.simulate.draft import Draft
from crmlib.simulate.people import GOOD_PRODUCT
from crmlib.simulate.problems import contrast


def shape(draft: Draft) -> None:
    """Speed those customers up."""
    people = draft.people
    people.pull[people.product == GOOD_PRODUCT] *= draft.world.good_rate


def plant(draft: Draft) -> None:
    """Record the F2 of that product's customers against that of all other first products."""
    better = draft.people.product == GOOD_PRODUCT
    definition = (
        f"F2 within 180 days of à-la-carte customers whose first product is {GOOD_PRODUCT + 1}, minus that of all other "
        "à-la-carte customers"
    )
    on = draft.world.good_rate != 1
    draft.truths.append(contrast.planted(draft, "good_product.f2_180d", definition, (better, ~better), on))
