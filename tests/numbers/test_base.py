"""The ledger of the base: keys that others rely on, definitions, small groups, clients of nothing."""

import datetime as dt

import pytest

from crmlib.base.cpm import CLASSES
from crmlib.findings import base as findings
from crmlib.numbers import base as numbers
from crmlib.text import catalogue
from tests import made_up_base, simulated
from tests.made_up_base import orders_of

TODAY = dt.date(2024, 12, 31)
KEYS = [
    "base.customers", "base.sales", "base.gini", "base.loyal.share", "base.loyal.multiple", "base.mode",
    *(f"base.decile.{tenth}.share" for tenth in range(1, 11)),
    *(f"base.cpm.{name}.customers" for name in CLASSES),
    *(f"base.growth.{name}" for name in ("new", "kept", "lost", "back")),
]  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return simulated.store(3_000, 1)


@pytest.fixture(scope="module")
def ledger(made):
    return made_up_base.read(made.store, made.as_of)[1]


def test_the_keys_that_others_rely_on_are_known(ledger):
    assert [key for key in KEYS if ledger[key].value is None] == []


def test_every_key_means_what_its_first_measure_says(ledger):
    for key in ledger:
        first = next(measure for measure in numbers.MEASURES if measure.matches(key))
        exact = [measure for measure in numbers.MEASURES if measure.pattern == key]
        assert not exact or exact == [first], key


def test_every_measure_is_defined_and_every_why_said():
    texts = catalogue("en")
    assert [m.pattern for m in numbers.MEASURES if f"definition.{m.definition}" not in texts] == []


def test_what_is_unknowable_says_why(ledger):
    texts = catalogue("ja")
    assert [key for key in ledger if ledger[key].value is None and f"why.{ledger[key].why}" not in texts] == []


def test_the_whole_is_the_sum_of_its_classes_and_deciles(ledger):
    assert sum(ledger[f"base.cpm.{name}.customers"].value for name in CLASSES) == ledger["base.customers"].value
    assert sum(ledger[f"base.decile.{tenth}.share"].value for tenth in range(1, 11)) == pytest.approx(1)
    parts = ("new", "back", "kept_frequency", "kept_value", "lost", "guests", "other")
    assert sum(ledger[f"base.growth.{part}"].value for part in parts) == ledger["base.growth.change"].value


def test_sales_hold_guests_and_customers_do_not():
    rows = orders_of((1, TODAY, 500), (None, TODAY, 300), (2, TODAY, 0), (3, TODAY, -100))
    _, ledger = made_up_base.read(made_up_base.store(orders=rows), TODAY)
    assert (ledger["base.customers"].value, ledger["base.sales"].value, ledger["base.samples"].value) == (1, 700, 2)


@pytest.mark.parametrize(
    "rows",
    [[], [(1, TODAY, 100)], [(None, TODAY, 100)], [(who, TODAY, 100) for who in range(40)], [(1, TODAY, -5)]],
    ids=["nothing", "one", "guest", "one day", "a return"],
)
def test_clients_of_next_to_nothing_have_a_reason_for_every_blank(rows):
    (whole, *_), ledger = made_up_base.read(made_up_base.store(orders=orders_of(*rows)), TODAY)
    assert whole.customers == ledger["base.customers"].value == len({who for who, _, yen in rows if who and yen > 0} | (
        {0} if (0, TODAY, 100) in rows else set()))  # fmt: skip
    assert [key for key in ledger if ledger[key].value is None and not ledger[key].why] == []
    assert len(findings.findings(ledger)) == 0


def test_cents_are_shown_in_dollars_and_the_amount_cut_comes_from_the_data():
    rows = [(who, TODAY - dt.timedelta(days=30 * turn), 1_000 * (who + 1)) for who in range(40) for turn in range(3)]
    store = made_up_base.store(orders=orders_of(*rows))
    _, dollars = made_up_base.read(store, TODAY, "USD", 100)
    _, yen = made_up_base.read(store, TODAY)
    assert dollars["base.sales"].value == yen["base.sales"].value / 100
    assert dollars["base.cpm.cut.amount"].value == dollars["base.cpm.suggested.amount"].value != 70_000
    assert yen["base.cpm.cut.amount"].value == 70_000
    assert "base.rfm.single.A" not in dollars
