import pandas as pd
import pytest

from crmlib import intake
from crmlib.intake.scorecard import KINDS, NEEDS
from crmlib.numbers import intake as numbers
from crmlib.schema import STORE
from tests.made_up_intake import books, counts, facts, money, pairs, passport, report


def card(**changed):
    table = facts(orders=100, customers=100, contacts=100, interactions=100)
    for name, joined in changed.items():
        table.loc[table["table"] == name, "joined"] = joined
    return intake.score_records(table)


def test_every_table_of_the_store_has_its_kind():
    assert sorted(table for tables in KINDS.values() for table in tables) == sorted(STORE)
    assert all(table in STORE for tables in NEEDS.values() for table in tables)


@pytest.mark.parametrize(("joined", "state"), [(100, "usable"), (95, "usable"), (94, "partial"), (0, "partial")])
def test_a_kind_is_usable_where_its_rows_join(joined, state):
    found = card(contacts=joined)
    assert found.state("communication") == state
    assert found.usable == 4 - (state == "partial")


def test_purchases_of_guests_are_usable():
    assert card(orders=10).state("purchases") == "usable"


def test_what_was_not_sent_is_wanted_and_what_it_unlocks_is_told():
    found = card()
    assert set(found.wanted) == set(STORE) - {"orders", "customers", "contacts", "interactions"}
    assert found.lacking("lift") == ("campaigns",)
    assert found.lacking("ltv") == ("costs",)
    assert not found.whole("lift")


def test_a_margin_comes_from_the_client_or_from_the_products_or_not_at_all():

    sold = pd.DataFrame({"amount": [200], "margin": [50.0]})
    assert intake.margin_rate(0.4, sold) == 0.4
    assert intake.margin_rate(None, sold) == 0.25
    assert intake.margin_rate(None, sold * 0) is None


def test_the_ledger_knows_why_a_number_is_missing():
    ledger = numbers.ledger(passport(margin=None, before=counts(1, 0, 0), after=counts(1, 0, 0)), [])
    whys = {key: ledger[key].why for key in ledger if ledger[key].value is None}
    assert whys["intake.bridge.margin_share"] == "intake.no_margin"
    assert whys["intake.tie_out.share"] == "intake.no_books"
    assert whys["intake.bridge.part.tax"] == "intake.not_in_export"
    assert whys["intake.identity.f2.merged"] == "intake.immature"


def test_the_change_of_f2_is_that_of_the_printed_figures():
    found = passport(pairs=pairs("kana+phone"), before=counts(10, 3000, 1001), after=counts(9, 2999, 1002))
    ledger = numbers.ledger(found, [])
    assert ledger["intake.identity.f2.change"].value == 0.0  # 33.4 % and 33.4 %
    assert ledger["intake.identity.fewer"].value == 1


def test_bridge_and_books_are_in_major_units():
    account = money(("2024-01-01", "used", "", 900), ("2024-01-01", "excluded", "cancelled", 100))

    found = numbers.ledger(
        passport(money=account, books=books(("2024-01-01", 1000)), report=report(currency="USD")), []
    )
    assert found["intake.bridge.gross"].value == 10.0
    assert found["intake.bridge.size.cancelled"].value == 1.0
    assert found["intake.tie_out.difference.month.2024-01"].value == 1.0
    assert found["intake.tie_out.verdict"].value == "beyond"
