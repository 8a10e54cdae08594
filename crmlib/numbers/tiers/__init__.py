"""The tiers ledger. Tiers have the keys t1 (lowest) to tn, whatever they are called; their names stand under tiers.name."""

from __future__ import annotations

import pandas as pd

from crmlib.config import Client
from crmlib.numbers.model import Ledger
from crmlib.numbers.tiers import changes, design, migration
from crmlib.numbers.tiers.enter import key_of
from crmlib.programme.source import Source
from crmlib.tiers import Design, Study

MEASURES = (*migration.MEASURES, *changes.MEASURES, *design.MEASURES)


def ledger(chosen: Source, study: Study, design_: Design, compared: pd.DataFrame, client: Client) -> Ledger:
    """All numbers of the tier pages.

    Args:
        chosen: Where the tiers come from.
        study: What moved.
        design_: What the lines do and what others would.
        compared: The client's own tiers beside those of the rules (`summaries.tiers_own.differences`); empty where only
            one of them exists.
        client: Currency and its scale.
    """
    book = Ledger(MEASURES, client.currency)
    book.add("tiers.as_of", client.as_of.isoformat())
    book.add("tiers.members", round(design_.spent.customers.sum()))
    migration.enter(book, chosen, study, client.scale)
    migration.compare(book, compared)
    design.enter(book, design_, client.scale)
    design.line_yen(book, design_, study.moved, client.scale)
    return book


__all__ = ["MEASURES", "key_of", "ledger"]
