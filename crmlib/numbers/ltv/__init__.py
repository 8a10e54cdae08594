"""The lifetime-value ledger: models and values, beginnings and media, protect list, customer balance sheet."""

from __future__ import annotations

from crmlib.config import Client
from crmlib.ltv.study import Study
from crmlib.numbers.ltv import model_pages, money_pages
from crmlib.numbers.ltv.measures import MEASURES
from crmlib.numbers.ltv.model_pages import race_state, value_state
from crmlib.numbers.ltv.money_pages import part
from crmlib.numbers.model import Ledger

ROUNDING = 0.001  # margins are kept in whole minor units

__all__ = ["MEASURES", "ledger", "part", "race_state", "value_state"]


def ledger(study: Study, client: Client) -> Ledger:
    """All numbers of the lifetime-value pages.

    Args:
        study: what the notebook found.
        client: currency and margin rate.
    """
    book = Ledger(MEASURES, client.currency)
    model_pages.enter(book, study, _margin_rate(client.margin_rate, study.begun.margin_rate))
    money_pages.enter(book, study)
    return book


def _margin_rate(given: float | None, realised: float) -> float | None:
    """The client's rate; what the products' own rates came to where they say otherwise, or where the client gives none."""
    if realised != realised:  # noqa: PLR0124  NaN: no rate is known
        return given
    return given if given is not None and abs(realised - given) < ROUNDING else realised
