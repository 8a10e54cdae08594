"""The ledger of the customer base."""

from __future__ import annotations

import datetime as dt

from crmlib.base import Goods, Months, Pipeline, Whole, Years
from crmlib.numbers.base import goods as goods_numbers
from crmlib.numbers.base import months as months_numbers
from crmlib.numbers.base import stages as stages_numbers
from crmlib.numbers.base import whole as whole_numbers
from crmlib.numbers.base import years as years_numbers
from crmlib.numbers.model import Ledger

MEASURES = (
    *whole_numbers.MEASURES,
    *years_numbers.MEASURES,
    *months_numbers.MEASURES,
    *stages_numbers.MEASURES,
    *goods_numbers.MEASURES,
)


def ledger(parts: tuple[Whole, Years, Months, Pipeline, Goods], as_of: dt.date, currency: str) -> Ledger:
    """All numbers of the pages of the base.

    Args:
        parts: The readings of the base: whole, years, months, pipeline, goods.
        as_of: Last day of the data.
        currency: ISO code of money values (major units).
    """
    whole, years, months, pipeline, goods = parts
    book = Ledger(MEASURES, currency)
    book.add("base.as_of", as_of.isoformat())
    whole_numbers.enter(book, whole)
    years_numbers.enter(book, years)
    months_numbers.enter(book, months)
    stages_numbers.enter(book, pipeline)
    goods_numbers.enter(book, goods)
    return book
