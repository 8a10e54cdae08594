"""The intake ledger and the texts that are filled from it."""

import re

import pytest

from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import intake as figures
from crmlib.home import TEMPLATES
from crmlib.intake import Balance, MonthlySales
from crmlib.intake.fates import REASONS, RULES
from crmlib.numbers import intake as numbers
from crmlib.numbers.model import Ledger
from crmlib.text import Words
from tests.made_up_intake import CLEAN, passport, report, sales

RULED = Balance(
    rows_read=6, rows_used=5, rows_excluded=1, amount_read=7, amount_used=6, amount_excluded=1, exclusions={"mine": 1}
)
DIRTY = Balance(
    rows_read=30, rows_used=2, rows_quarantined=21, rows_excluded=7, amount_read=100, amount_used=60, amount_quarantined=30,
    amount_excluded=10, reasons={code: i for i, code in enumerate(REASONS[:7])}, exclusions={"returned": 6, "cancelled": 1},
    repairs={"trimmed": 4},
)  # fmt: skip


def ledger(totals: Balance = CLEAN, currency: str = "JPY", sold: MonthlySales | None = None) -> Ledger:
    return numbers.ledger(passport(report=report(totals, currency), sales=sold or sales()), [])


def test_money_is_in_major_units() -> None:
    found = ledger(CLEAN, "USD")
    assert found["intake.amount.used"].value == 12345.0
    assert found["intake.rows.used_share"].value == 1.0
    assert found["intake.sales.year.2024"].value == 3000.0


def test_reasons_beyond_the_page_are_added_up() -> None:
    found = ledger(DIRTY)
    shown = numbers.largest(DIRTY.reasons)
    assert list(shown.values()) == [6, 5, 4, 3, 3]
    assert found["intake.rows.quarantined.other"].value == 3
    assert found["intake.rows.quarantined.ragged_row"].value == 0


def test_no_order_number_is_unknowable_and_not_zero() -> None:
    number = ledger(sold=sales(orders=0))["intake.orders"]
    assert (number.value, number.why) == (None, "intake.no_order_id")


@pytest.mark.parametrize(("totals", "state"), [(CLEAN, "whole"), (RULED, "excluded"), (DIRTY, "quarantined")])
@pytest.mark.parametrize("sold", ["steady", "gaps", "stale"])
def test_the_slides_of_every_state_can_be_made(totals: Balance, state: str, sold: str) -> None:
    done, found = report(totals), sales()
    assert numbers.state(done) == state
    book = numbers.ledger(passport(report=done, sales=found), [])
    rows = Exhibit(figures.ledger, done), Exhibit(figures.ledger_table, done)
    money = Exhibit(figures.sales, found, "JPY"), Exhibit(figures.sales_table, found, "JPY")
    titles = Slide("intake.ledger", book, *rows, variant=state).payload["texts"]
    assert titles["ja"]["title"] != titles["en"]["title"]
    assert Slide("intake.sales", book, *money, variant=sold).payload["texts"]["en"]["points"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_code_has_words(language: str) -> None:
    words = Words(language)
    assert all(f"chart.intake.reason.{code}" in words for code in (*REASONS, "other"))
    assert all(f"chart.intake.rule.{code}" in words for code in (*RULES, "other"))
    assert all(f"definition.{measure.definition}" in words for measure in numbers.MEASURES)


def test_every_code_of_the_texts_is_a_code() -> None:
    text = (TEMPLATES / "text" / "en" / "intake.toml").read_text("utf-8")
    named = {
        part: set(re.findall(r"^(\w+) =", text.split(f"[chart.intake.{part}]")[1].split("\n[")[0], re.MULTILINE))
        for part in ("reason", "rule")
    }
    assert named == {"reason": {*REASONS, "other"}, "rule": {*RULES, "other"}}
