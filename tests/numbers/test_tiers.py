"""The tiers ledger: keys of the contract, reasons, balances as displayed, verdicts; every definition in both languages."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib import tiers
from crmlib.findings import tiers as findings
from crmlib.numbers import tiers as numbers
from crmlib.numbers.model import Ledger
from crmlib.numbers.tiers.design import line_state
from crmlib.numbers.tiers.enter import key_of
from crmlib.programme import Tiers, resolved
from crmlib.programme.source import SEGMENTS, Source
from crmlib.text import Words
from tests.tiers.test_migration import YEARS, counted, random_histories
from tests.tiers.test_threshold import LINE, customers

NAMES = ("レギュラー", "シルバー", "ゴールド")
RULES = Tiers(order=NAMES, thresholds=(0, 30_000, LINE), basis="fiscal_year_sales", review="yearly")
COLUMNS = ["kind", "tier", "part", "customers", "gap", "amount"]


@dataclass(frozen=True)
class Client:
    currency: str = "JPY"
    scale: int = 1
    as_of: date = YEARS[-1]


def source(names=NAMES) -> Source:
    return Source("own", names, YEARS, YEARS, resolved(RULES, YEARS))


def results(names=NAMES, histories=None, margin: float | None = 0.5):
    moved = tiers.migration(counted(random_histories(1) if histories is None else histories), names, YEARS)
    paths = pd.DataFrame({"earlier": [0], "before": [1], "after": [1], "customers": [9]})
    study = tiers.study(moved, paths, pd.DataFrame())
    works = tiers.thresholds(customers(1, bunched=0.5).assign(tier=2), {1: 30_000, 2: LINE})
    amount = pd.DataFrame({"bin": range(1, 601), "customers": 5, "amount": [5 * 300 * k for k in range(1, 601)]})
    terms = tiers.terms((0, 30_000, LINE), (), margin, 0.05)
    near = pd.DataFrame([("rise", 1, 1, 7, 9_000, 600_000), ("rise", 1, 5, 9, 90_000, 1), ("keep", 2, 3, 4, 50_000, 9)], columns=COLUMNS)  # fmt: skip
    return study, tiers.designed(tiers.spend(amount, 300), terms, works, near, date(2024, 3, 31))


def book(names=NAMES, compared=(), **options) -> Ledger:
    study, made = results(names, **options)
    beside = pd.DataFrame(compared, columns=["review", "own", "derived", "same_amount", "customers"])
    return numbers.ledger(source(names), study, made, beside, Client())


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return book()


def test_keys_of_the_contract(ledger):
    keys = ("t1", "t2", "t3")
    expected = {
        *(f"tiers.rate.{a}.{b}" for a in keys for b in (*keys, "left")), *(f"tiers.n.{a}" for a in keys), "tiers.up_down_ratio",
        *(f"tiers.forecast.{a}.{k}" for a in keys for k in (1, 2, 3)),
        *(f"tiers.threshold.{a}.{part}" for a in keys[1:] for part in ("bunching", "rd", "verdict")),
        *(f"tiers.scenario.{name}.net_yen" for name in ("share_22", "share_25", "share_30", "line_80", "line_100", "line_120")),
    }  # fmt: skip
    assert expected <= set(ledger)


def test_no_key_holds_a_name_and_renaming_changes_no_number(ledger):
    other = book(("一般.会員", "ぎん", "きん"))
    assert set(other) == set(ledger)
    changed = [key for key in ledger if ledger[key] != other[key]]
    assert changed == [*(f"tiers.name.t{tier}" for tier in (1, 2, 3)), "tiers.fall.from", "tiers.fall.to"]


def test_rates_add_up_and_stocks_balance(ledger):
    for a in ("t1", "t2", "t3"):
        assert sum(ledger[f"tiers.rate.{a}.{b}"].value for b in ("t1", "t2", "t3", "left")) == pytest.approx(1)
        stock = {part: ledger[f"tiers.stock.{a}.{part}"].value for part in ("opening", "came", "went", "closing")}
        assert stock["opening"] + stock["came"] - stock["went"] == stock["closing"]
        money = {
            part: ledger[f"tiers.stock_yen.{a}.{part}"].value
            for part in ("opening", "came", "went", "grown", "closing")
        }
        assert money["opening"] + money["came"] - money["went"] + money["grown"] == pytest.approx(money["closing"])
        assert stock["opening"] == ledger[f"tiers.n.{a}"].value


def test_intervals_and_ratios(ledger):
    rate = ledger["tiers.rate.t3.t3"]
    assert (rate.unit, rate.level) == ("share", 0.95)
    assert rate.lower < rate.value < rate.upper
    up, down = ledger["tiers.up_down_ratio"], ledger["tiers.down_up_ratio"]
    assert up.value * down.value == pytest.approx(1)
    assert up.lower * down.upper == pytest.approx(1)
    assert ledger["tiers.scenario.share_22.net_yen"].level is None  # two cases, no interval of chance


def test_lists_and_lines(ledger):
    assert ledger["tiers.near.t2.customers"].value == 7
    assert ledger["tiers.near.customers"].value == 7
    assert ledger["tiers.at_risk.t3.missing"].value == 50_000
    assert ledger["tiers.threshold.t2.verdict"].value == "cannot_tell"
    assert ledger["tiers.threshold.t2.rd"].why == "tiers.too_few"
    assert (ledger["tiers.line.line"].value, ledger["tiers.line.verdict"].value) == (LINE, "creates")
    assert ledger["tiers.line_state"].value == "creates"


def test_money_is_entered_in_major_units():
    study, made = results()
    cents = numbers.ledger(
        source(), study, made, pd.DataFrame(columns=["own", "derived", "customers"]), Client("USD", 100)
    )
    assert cents["tiers.threshold.t3.line"].value == LINE / 100
    assert cents["tiers.fallen_yen"].value == pytest.approx(book()["tiers.fallen_yen"].value / 100)


def test_differences_between_history_and_rules_are_counted():
    found = book(compared=[(0, 1, 1, True, 90), (0, 1, 2, True, 8), (1, 2, 0, False, 2)])
    assert (found["tiers.history.compared"].value, found["tiers.history.different"].value) == (100, 10)
    assert book()["tiers.history.different"].why == "tiers.one_history"


def test_what_is_unknowable_is_null_with_a_reason():
    young = book(histories=random_histories(1)[:, :1])
    assert young["tiers.up_down_ratio"].why == "tiers.too_few"
    assert findings.findings(young)[0].id == "tiers.line"
    poor = book(margin=None)
    assert poor["tiers.scenario.line_80.net_yen"].why == "tiers.no_margin_rate"
    assert poor["tiers.scenario_state"].value == "no_margin"


def test_findings_agree_with_their_intervals(ledger):
    found = findings.findings(ledger)
    assert [one.id for one in found] == ["tiers.balance", "tiers.fall", "tiers.cell", "tiers.line"]
    for one in found:
        number = ledger[one.measure]
        assert (one.verdict == "positive") == (number.lower > 0)
        assert (one.verdict == "negative") == (number.upper < 0)
    assert found[3].verdict == "positive"
    for language in ("ja", "en"):
        for one in found:
            assert Words(language).fill(f"finding.{one.id}.{one.verdict}", ledger)


def test_keys_of_tiers():
    assert [key_of(k, 3) for k in range(4)] == ["t1", "t2", "t3", "left"]
    assert all("." not in name for names in SEGMENTS.values() for name in names)


def test_every_number_has_its_definition(ledger):
    for language in ("ja", "en"):
        words = Words(language)
        assert all(f"definition.{number.definition}" in words for number in ledger.numbers.values())
    assert all(np.isfinite(number.value) for number in ledger.numbers.values() if isinstance(number.value, float))


@pytest.mark.parametrize(("why", "state"), [("", "cannot_tell"), ("tiers.too_few", "few")])
def test_a_jump_that_is_not_known_is_not_spoken_of(why, state):
    line = SimpleNamespace(why="", verdict="cannot_tell", spend=SimpleNamespace(why=why))
    assert line_state(SimpleNamespace(works={2: line})) == state
