"""The intake ledger and the texts that are filled from it."""

import datetime as dt
import re

import numpy as np
import pytest

from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import intake as figures
from crmlib.home import TEMPLATES
from crmlib.intake import Balance, FileReport, IntakeReport, MonthlySales
from crmlib.intake.fates import REASONS, RULES
from crmlib.numbers import intake as numbers
from crmlib.text import Words

CLEAN = Balance(rows_read=6, rows_used=6, amount_read=1234500, amount_used=1234500)
RULED = Balance(
    rows_read=6, rows_used=5, rows_excluded=1, amount_read=7, amount_used=6, amount_excluded=1, exclusions={"mine": 1}
)
DIRTY = Balance(
    rows_read=30, rows_used=2, rows_quarantined=21, rows_excluded=7, amount_read=100, amount_used=60, amount_quarantined=30,
    amount_excluded=10, reasons={code: i for i, code in enumerate(REASONS[:7])}, exclusions={"returned": 6, "cancelled": 1},
    repairs={"trimmed": 4},
)  # fmt: skip


def report(totals: Balance, currency: str = "JPY") -> IntakeReport:
    files = [FileReport("raw/a.csv", "orders", "0", "cp932", ",", "", totals)]
    return IntakeReport("2024-12-31", currency, files, totals, [], {}, totals.rows_used, "0", "0")


def sales(months: int = 14, orders: int = 3) -> MonthlySales:
    labels = tuple(f"{2023 + i // 12}-{i % 12 + 1:02d}" for i in range(months))
    amounts = np.arange(months, 0, -1) * 1000.0
    return MonthlySales(
        labels,
        amounts,
        np.ones(months, int),
        dt.date(2023, 1, 1),
        dt.date(2024, 2, 20),
        dt.date(2024, 2, 20),
        2,
        orders,
        0,
    )


def test_money_is_in_major_units() -> None:
    ledger = numbers.ledger(report(CLEAN, "USD"), sales())
    assert ledger["intake.amount.used"].value == 12345.0
    assert ledger["intake.rows.used_share"].value == 1.0
    assert ledger["intake.sales.year.2024"].value == 3000.0


def test_reasons_beyond_the_page_are_added_up() -> None:
    ledger = numbers.ledger(report(DIRTY), sales())
    shown = numbers.largest(DIRTY.reasons)
    assert list(shown.values()) == [6, 5, 4, 3, 3]
    assert ledger["intake.rows.quarantined.other"].value == 3
    assert ledger["intake.rows.quarantined.ragged_row"].value == 0


def test_no_order_number_is_unknowable_and_not_zero() -> None:
    number = numbers.ledger(report(CLEAN), sales(orders=0))["intake.orders"]
    assert (number.value, number.why) == (None, "intake.no_order_id")


@pytest.mark.parametrize(("totals", "state"), [(CLEAN, "whole"), (RULED, "excluded"), (DIRTY, "quarantined")])
@pytest.mark.parametrize("sold", ["steady", "gaps", "stale"])
def test_the_slides_of_every_state_can_be_made(totals: Balance, state: str, sold: str) -> None:
    done, found = report(totals), sales()
    assert numbers.state(done) == state
    ledger = numbers.ledger(done, found)
    rows = Exhibit(figures.ledger, done), Exhibit(figures.ledger_table, done)
    money = Exhibit(figures.sales, found, "JPY"), Exhibit(figures.sales_table, found, "JPY")
    titles = Slide("intake.ledger", ledger, *rows, variant=state).payload["texts"]
    assert titles["ja"]["title"] != titles["en"]["title"]
    assert Slide("intake.sales", ledger, *money, variant=sold).payload["texts"]["en"]["points"]


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
