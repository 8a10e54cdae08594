"""The new data pages in every state: they can be drawn, fit the page, and show only numbers of the ledger."""

import nbformat
import numpy as np
import pytest

from crmlib import deck
from crmlib.deck import lint, pages
from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import intake as draw
from crmlib.figures.intake.books import _steps
from crmlib.intake import Balance
from crmlib.intake.questions import Question
from crmlib.numbers import intake as numbers
from crmlib.text import Words
from tests.made_up_intake import books, counts, facts, money, pairs, passport, report

FULL = dict.fromkeys(("orders", "customers", "order_lines", "products", "monthly_sales", "contacts", "campaigns", "costs", "interactions", "subscriptions", "leads", "tier_history", "referrals"), 1234567)  # fmt: skip
ACCOUNT = [
    ("2024-01-01", "used", "", 900_000_000_000), ("2024-01-01", "excluded", "cancelled", 30_000_000),
    ("2024-01-01", "excluded", "returned", 9_000_000), ("2024-02-01", "used", "", 800_000_000_000),
    ("2024-02-01", "excluded", "order_total_repeated", 70_000_000_000), ("2024-01-01", "quarantined", "bad_date", 1_000_000),
    (None, "excluded", "test_orders", 5_000),
]  # fmt: skip
PARTS = {
    "subtotal": 700_000_000_000,
    "shipping": 100,
    "tax": 55_000,
    "discount": 3,
    "points": 2,
    "coupon": 1,
    "fee": 7,
    "refund": 1,
}
ASKED = [
    Question("status_return", 31, 1000, example="5"),
    Question("set_aside", 1_234_567, 9_999_999, "chart.intake.reason.damaged_id", "order_20250401090000.csv:999999 9.99x+99", 123_456),
    Question("books_gap", 1, example="2024-01", money=-54_296),
    Question("identity", 8, 2708, example="name+kana+email+phone+address"),
    Question("absent", 0, subject="table.intake.name.contacts"),
]  # fmt: skip
STATES = {
    "nothing but orders": passport(),
    "no buyer is old enough": passport(before=counts(1, 0, 0), after=counts(1, 0, 0), margin=None),
    "everything, beyond the gate": passport(
        money=money(*ACCOUNT, **PARTS), books=books(("2024-01-01", 999_000_000_000), ("2024-02-01", 800_000_000_000)),
        facts=facts(**FULL), pairs=pairs("kana+phone", "name+kana+email+phone+address", level="sure"),
        after=counts(88, 48, 20), report=report(Balance(rows_read=9, rows_used=9)),
    ),
    "tied, nobody twice": passport(money=money(*ACCOUNT), books=books(("2024-01-01", 900_039_000_000), ("2024-02-01", 800_000_000_000)),
        facts=facts(orders=5, customers=3, contacts=4), report=report(currency="USD")),
    "partly joined": passport(facts=facts(**FULL).assign(joined=lambda frame: frame["rows"] // 2)),
}  # fmt: skip


def slides(found, asked, ledger):
    def one(name, *exhibits, **more):
        return Slide(f"intake.{name}", ledger, *exhibits, **more)

    variant = {name: ledger[f"intake.{name}.state"].value for name in ("records", "bridge", "identity", "questions")}
    yield one("records", Exhibit(draw.records, found), Exhibit(draw.records_table, found), variant=variant["records"])
    yield one("bridge", Exhibit(draw.bridge, found), Exhibit(draw.bridge_table, found), variant=variant["bridge"])
    yield one(
        "tie_out", Exhibit(draw.tie_out, found), Exhibit(draw.tie_out_table, found), variant=found.tie_out.verdict
    )
    merging = Exhibit(draw.identity, found.merging), Exhibit(draw.identity_table, found.merging)
    yield one("identity", *merging, variant=variant["identity"])
    table = Exhibit(draw.questions, asked, found.report.currency)
    yield one("questions", table, variant=variant["questions"], layout="full")


def made(found, asked):
    ledger = numbers.ledger(found, asked)
    outputs = [
        nbformat.v4.new_output("display_data", data=shown._repr_mimebundle_())
        for shown in (*slides(found, asked, ledger), ledger)
    ]
    cell = nbformat.v4.new_code_cell("x", outputs=outputs)
    return deck.collected([nbformat.v4.new_notebook(cells=[cell])], {"client": "a", "as_of": "2024-12-31"})


@pytest.mark.parametrize("state", STATES)
def test_the_pages_of_every_state_fit_and_show_only_the_ledgers_numbers(state):
    parts = made(STATES[state], ASKED if "everything" in state else [])
    lint.check(parts)
    assert all(len(pages.deck(parts, language)["slides"]) == 5 for language in ("ja", "en"))


def test_money_pages_carry_the_stamp_only_beyond_the_gate():
    beyond = pages.deck(made(STATES["everything, beyond the gate"], ASKED), "en")["slides"]
    assert {page["id"]: bool(page["stamp"]) for page in beyond} == {
        "intake.records": False, "intake.bridge": True, "intake.tie_out": True, "intake.identity": False, "intake.questions": True,
    }  # fmt: skip
    tied = pages.deck(made(STATES["tied, nobody twice"], []), "en")["slides"]
    assert not any(page["stamp"] for page in tied)


def test_bridge_and_table_say_the_same():
    found = STATES["everything, beyond the gate"]
    rows = {row[0]: row[1:] for row in draw.bridge_table(found, Words("en")).rows}
    assert rows["Shipping"] == ("100", "Deducted")
    assert found.bridge["net_sales"] + found.bridge["cost"] == found.bridge["margin"]


def test_what_is_not_in_the_export_is_a_dash_with_its_reason():
    rows = draw.bridge_table(STATES["nothing but orders"], Words("en")).rows
    assert {row[1:] for row in rows} == {("–", "Not in the export")}


def test_lacking_tables_are_named_beside_the_analysis():
    rows = {row[0]: row[1:] for row in draw.records_table(STATES["tied, nobody twice"], Words("en")).rows}
    assert rows["Effects"] == ("Campaigns", "Partly")
    assert all(
        row[-1] == "Whole" for row in draw.records_table(STATES["everything, beyond the gate"], Words("en")).rows
    )


def test_labels_of_neighbouring_months_do_not_lie_on_one_another():
    shares = np.array([0.01, 0.040, 0.041, 0.0, 0.0, 0.042, -0.04])
    assert _steps([1, 2, 5, 6], shares, 0.06) == [0, 1, 2, 0]
    assert _steps([1, 2], np.array([0.0, 0.029, 0.051]), 0.06) == [0, 0]
