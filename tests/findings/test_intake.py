"""Findings on the data: exact differences and their tolerances; nothing where nothing is wrong or nothing was sent."""

import pytest

from crmlib.findings import intake as findings
from crmlib.numbers import intake as numbers
from crmlib.text import Words
from tests import made_up_intake as made_up

IDS = ("intake.books", "intake.late_cancels", "intake.duplicates")


def ledger(**parts):
    return numbers.ledger(made_up.passport(**parts), ())


def verdicts(book):
    return {one.id: one.verdict for one in findings.findings(book)}


def test_a_second_number_is_found_with_its_money():
    book = ledger(second=made_up.split(20, 90_000))
    found = {one.id: one for one in findings.findings(book)}["intake.duplicates"]
    assert (found.verdict, book[found.money].value) == ("positive", 90_000)
    assert book[found.measure].lower == pytest.approx(18.95)
    assert book[found.money].lower == pytest.approx(90_000 * 18.95 / 20)


def test_a_single_pair_among_many_may_be_chance():
    book = ledger(second=made_up.split(1, 5_000), pairs=made_up.pairs(persons=20_000))
    assert verdicts(book)["intake.duplicates"] == "inconclusive"


def test_nobody_twice_is_no_finding():
    assert verdicts(ledger(second=made_up.split(0, 0)))["intake.duplicates"] == "inconclusive"


def test_a_gap_beyond_the_gate_is_found_and_its_bounds_are_the_gate():
    tied, more = (ledger(books=made_up.books(("2024-01-01", sales))) for sales in (1_234_500, 1_300_000))
    assert verdicts(tied)["intake.books"] == "inconclusive"
    assert more["intake.books.gap"].value == 65_500
    assert verdicts(more)["intake.books"] == "positive"
    gap = more["intake.books.gap"]
    assert gap.upper - gap.value == gap.value - gap.lower == pytest.approx(0.005 * 1_300_000)


def test_without_books_nothing_is_said_of_them():
    book = ledger(books=made_up.books())
    assert not {"intake.books", "intake.late_cancels"} & set(verdicts(book))
    assert book["intake.books.gap"].why == "intake.no_books"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_finding_has_words(language):
    words, book = Words(language), ledger(second=made_up.split(20, 90_000))
    known = {one.id for one in findings.findings(book)}
    for name in set(IDS) & known:
        for part in ("positive", "negative", "inconclusive", "first_step", "next_test"):
            assert len(words.fill(f"finding.{name}.{part}", book)) > 10
