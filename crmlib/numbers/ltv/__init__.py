"""The lifetime-value ledger: models and values, beginnings and media, protect list, customer balance sheet."""

from __future__ import annotations

from crmlib.config import Client
from crmlib.ltv.study import Study
from crmlib.numbers.ltv import model_pages, money_pages
from crmlib.numbers.ltv.measures import MEASURES
from crmlib.numbers.ltv.model_pages import race_state, value_state
from crmlib.numbers.ltv.money_pages import part
from crmlib.numbers.model import Ledger

__all__ = ["MEASURES", "ledger", "part", "race_state", "value_state"]


def ledger(study: Study, client: Client) -> Ledger:
    """All numbers of the lifetime-value pages.

    Args:
        study: what the notebook found.
        client: currency and margin rate.
    """
    book = Ledger(MEASURES, client.currency)
    model_pages.enter(book, study, client.margin_rate or _known(study.begun.margin_rate))
    money_pages.enter(book, study)
    return book


def _known(rate: float) -> float | None:
    """The margin rate that the products' own rates came to, where the client gives none."""
    return rate if rate == rate else None  # noqa: PLR0124  NaN
