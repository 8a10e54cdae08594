"""The lift ledger: every campaign, version and outcome; versions, responders, calls, doses, the next test."""

from crmlib.lift.studies import Study
from crmlib.numbers.lift import choosing, entries, measures, pages
from crmlib.numbers.lift.measures import FAULTS, OUTCOMES
from crmlib.numbers.lift.pages import told
from crmlib.numbers.model import Ledger

__all__ = ["FAULTS", "MEASURES", "OUTCOMES", "ledger", "told"]

MEASURES = (*measures.MEASURES, *choosing.MEASURES)


def ledger(study: Study, currency: str) -> Ledger:
    """All numbers of the study.

    Args:
        study: As `lift.study` computes it.
        currency: ISO code; money of the study is in its major units.
    """
    book = Ledger(MEASURES, currency)
    entries.enter(book, study)
    pages.enter(book, study)
    choosing.enter(book, study)
    return book
