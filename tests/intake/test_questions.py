"""Each rule of the question sheet asks when its evidence is there, and not without it."""

import dataclasses

import pytest

from crmlib import config_file, intake, summaries
from crmlib.config import Client
from crmlib.figures.intake import questions as drawn
from crmlib.intake.details import Detail
from crmlib.intake.report import Balance
from crmlib.simulate import SimulationOptions, simulate
from crmlib.summaries import oddities, orders, records
from crmlib.text import Words
from tests.made_up_intake import books, counts, facts, money, odd, pairs, passport, report, sales, split

ALL = dict.fromkeys(
    ("orders", "customers", "order_lines", "products", "contacts", "interactions", "costs", "monthly_sales"), 10
)
SOURCE = {"table": "orders", "files": "raw/*", "columns": {"customer_id": "a", "order_date": "b", "amount": "c"}}


def client(**said):
    about = {
        "name": {"ja": "a", "en": "a"},
        "currency": "JPY",
        "as_of": "2024-12-31",
        "sources": [SOURCE | said.pop("source", {})],
    }
    return Client.model_validate({"zero_amount": "sample", **about, **said})


def asked(found=None, strange=None, **said):
    one = found or passport(facts=facts(**ALL))
    return [(q.id, q.count, q.example) for q in intake.ask(client(**said), one, strange or odd())]


def test_a_clean_client_is_asked_nothing():
    assert asked() == []


STATUSES = [
    ("保留", {}, "status"), ("5", {}, "status"), ("5", {"5": 3}, "status_return"), ("5", {"5": 1}, "status"),
    ("返品済", {}, "status_return"), ("キャンセル待ち", {}, "status_cancel"), ("Refunded", {}, "status_return"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "negative", "expected"), STATUSES)
def test_a_status_that_nobody_has_explained(word, negative, expected):
    told = dataclasses.replace(report(negative_statuses=negative), unknown_statuses={word: 3})
    assert asked(passport(report=told, facts=facts(**ALL))) == [(expected, 3, word)]


def test_rows_set_aside_and_rules_are_asked_with_their_money():
    details = [
        Detail("orders", "quarantined", "amount", "bad_amount", 4, 4, 700),
        Detail("orders", "excluded", "order_date", "after_as_of", 2, 2, 50),
        Detail("orders", "excluded", "order_id", "exact_duplicate", 1, 1, 10),
        Detail("orders", "excluded", "status", "cancelled", 9, 9, 90),
        Detail("orders", "repaired", "amount", "thousands", 9, 9, 90),
    ]
    told = report(details=details, tables={"orders": Balance(rows_read=6, rows_used=6)})
    assert asked(passport(report=told, facts=facts(**ALL))) == [
        ("set_aside", 4, ""), ("after_as_of", 2, "2024-12-31"), ("exact_duplicate", 1, "2024-12-31"),
    ]  # fmt: skip


def test_words_of_other_tables_are_asked():
    told = report(
        unknown_words={"interactions.kind": {"要望": 3, "他": 1}},
        tables={"interactions": Balance(rows_read=9, rows_used=9)},
    )
    assert asked(passport(report=told, facts=facts(**ALL))) == [("word", 4, "kind: 要望")]


@pytest.mark.parametrize(
    ("strange", "said", "expected"),
    [
        ({"zero": 3}, {}, []),
        ({"zero": 11}, {}, ["zero"]),
        ({"negative": 1}, {}, ["negative"]),
        ({"negative": 1}, {"source": {"returns": "negate"}}, []),
        ({"guests": 10}, {}, []),
        ({"guests": 11}, {}, ["guests"]),
        ({"bursts": [("2024-05-05", 1000, 20, 40, 10.0)]}, {}, ["burst"]),
        ({"bursts": [("2024-05-05", 1000, 19, 38, 10.0)]}, {}, []),
        ({"bursts": [("2024-05-05", 1000, 20, 41, 10.0)]}, {}, []),
        ({"bursts": [("2024-05-05", 1000, 20, 29, 10.0)]}, {}, []),
    ],
)
def test_amounts_guests_and_bursts(strange, said, expected):
    assert [name for name, _, _ in asked(strange=odd(**strange), **said)] == expected


def test_zeros_are_asked_about_until_client_yaml_says_what_they_are():
    said = {"name": {"ja": "a", "en": "a"}, "currency": "JPY", "as_of": "2024-12-31", "sources": [SOURCE]}
    found = intake.ask(Client.model_validate(said), passport(facts=facts(**ALL)), odd(zero=1))
    assert [one.id for one in found] == ["zero"]


def test_months_without_a_purchase():
    gap = sales()
    gap.rows[3] = 0
    assert asked(passport(sales=gap, facts=facts(**ALL))) == [("gap", 1, "2023-04")]


BOOKS = [
    ([("2024-01-01", 1_234_500)], []),
    ([("2024-01-01", 1_300_000)], [("books_gap", 1, "2024-01")]),
    ([("2024-01-01", 1_234_500), ("2024-02-01", 5)], [("only_books", 1, "2024-02")]),
    ([("2023-12-01", 5)], [("only_books", 1, "2023-12"), ("only_data", 1, "2024-01")]),
    ([("2024-01-01", 1_122_273)], [("books_tax", 1, "")]),
]


@pytest.mark.parametrize(("told", "expected"), BOOKS)
def test_books_and_data(told, expected):
    assert asked(passport(books=books(*told), facts=facts(**ALL))) == expected


def test_parts_that_do_not_add_up():
    assert asked(passport(money=money(subtotal=5), facts=facts(**ALL))) == [("parts", 6, "")]


def test_possible_duplicates():
    assert asked(passport(pairs=pairs("kana+phone"), facts=facts(**ALL))) == [("identity", 1, "kana+phone")]


def test_tables_that_were_not_sent_are_requested():
    found = intake.ask(client(), passport(facts=facts(**{**ALL, "contacts": 0})), odd())
    assert [(one.id, one.subject) for one in found] == [("absent", "table.intake.name.contacts")]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_question_has_words_and_keeps_the_clients_text_inert(language):
    words = Words(language)
    told = dataclasses.replace(report(), unknown_statuses={"=1+1 {x}<b>": 3})
    found = intake.ask(client(), passport(report=told, pairs=pairs("kana+phone")), odd(zero=50, negative=2, guests=50))
    table = drawn(found, "JPY", words=words)
    assert len(table.rows) == len(found) > 8
    assert "=1+1 {x}<b>" in table.rows[0][0]
    assert drawn([], "JPY", words=words).rows == [(words.fill("question.intake.none"), "–", "–", "–")]


def test_a_simulated_client_without_dirt_and_problems_is_asked_nothing(tmp_path):
    simulate(tmp_path / "calm", SimulationOptions(600, seed=2, null=True, layout="plain"))
    assert sheet(tmp_path / "calm") == []


def test_a_dirty_one_is_asked_about_what_was_planted(tmp_path):
    simulate(tmp_path / "messy", SimulationOptions(1500, seed=2, dirt=0.5, layout="plain"))
    found = {one.id for one in sheet(tmp_path / "messy")}
    assert found >= {"set_aside", "after_as_of", "exact_duplicate", "books_gap", "late_cancels", "identity"}


def sheet(folder):
    """The questions of a client from its files, as the notebook asks them."""
    one = config_file.load(folder).model_copy(update={"zero_amount": "sample"})
    one.model_fields_set.add("zero_amount")
    one._folder = folder
    told = intake.run(one)
    store, account = summaries.open_store(folder), intake.load_money(folder)
    overview, months = (
        orders.overview(store.orders, one.as_of).to_pandas(),
        orders.sales_by_month(store.orders, one.as_of).to_pandas(),
    )
    found = intake.Passport(
        told,
        intake.monthly_sales(months, overview, one.as_of, one.scale),
        intake.money_bridge(account, one.margin_rate),
        intake.compare_books(account, store.monthly_sales.to_pandas(), one.as_of),
        intake.score_records(records.facts(store).to_pandas()),
        intake.merge_effect(intake.load_candidates(folder), counts(), counts(), split()),
    )
    strange = (oddities.amounts(store.orders, one.as_of), oddities.bursts(store.orders, one.as_of))
    return list(intake.ask(one, found, intake.Oddities(*(table.to_pandas() for table in strange))))
