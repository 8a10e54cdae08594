"""From findings to money: rules for all of them, signs, factors, and reasons where there is none."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from crmlib.actions import MARGIN, SALES, SAVED
from crmlib.findings import records
from crmlib.findings.agenda import agenda, standing
from crmlib.findings.model import Finding, Findings
from crmlib.findings.stakes import CHANGES, RULES, stakes, touches
from crmlib.numbers import actions as numbers
from crmlib.numbers.model import Ledger, Number
from crmlib.schema import LANGUAGES
from crmlib.text import catalogue

AS_OF = dt.date(2025, 3, 31)
F2, LEAK, MEDIA, STOP, LINE = "retention.by_medium", "retention.leak", "ltv.payback", "lift.stop", "ltv.model"


def money(value, lower, upper, n=100):
    return Number(value, "money", lower, upper, 0.95, n)


def book():
    ledger = Ledger()
    ledger.numbers |= {
        "retention.by.medium.yen": money(1000.0, 500.0, 1500.0), "retention.by.medium.clearest": Number("web", "label"),
        "retention.by.medium.difference": Number(0.05, "points", 0.02, 0.08, 0.999, 900),
        "retention.leak.yen": money(3000.0, 1000.0, 5000.0), "retention.leak.change": Number(-0.4, "ratio", -0.6, -0.2, 0.999, 900),
        "retention.worth.new_a_year": Number(1000, "count"), "retention.f2_km.90d": Number(0.3, "share"),
        "ltv.overspend.all": money(700.0, 300.0, 900.0), "ltv.overspend.web": money(700.0, 300.0, 900.0),
        "ltv.overspend.tv": money(10.0, 0.0, 40.0), "ltv.safety_gap": money(-10.0, -20.0, -5.0),
        "ltv.holdout.gain": Number(0.3, "ratio", 0.1, 0.5, 0.95, 50),
        "lift.stop.net_yen": money(-400.0, -500.0, -300.0), "lift.stop.1.net_yen": money(-400.0, -500.0, -300.0),
        "lift.stop.1.campaign": Number("Birthday", "label"),
    }  # fmt: skip
    return ledger


def found():
    return Findings([
        Finding(F2, "positive", "retention.by.medium.difference", "D", "retention.by.medium.yen"),
        Finding(LEAK, "negative", "retention.leak.change", "D", "retention.leak.yen"),
        Finding(MEDIA, "negative", "ltv.safety_gap", "D", "ltv.overspend.all"),
        Finding(STOP, "negative", "lift.stop.net_yen", "A", "lift.stop.net_yen"),
        Finding(LINE, "positive", "ltv.holdout.gain", "D"),
    ])  # fmt: skip


CELLS = pd.DataFrame({
    F2: [True, False], LEAK: [True, True], MEDIA: [False, False], STOP: [True, False], LINE: [True, True],
    "n": [10, 20], "worth": [500_000, 500_000],
})  # fmt: skip


def test_every_finding_has_a_rule_and_its_short_words():
    for language in LANGUAGES:
        texts = catalogue(language)
        ids = {key.removeprefix("finding.").rpartition(".")[0] for key in texts if key.startswith("finding.")}
        assert ids == set(RULES)
        assert [one for one in ids if not {f"finding.{one}.name", f"finding.{one}.step"} <= set(texts)] == []
    assert set(RULES) >= CHANGES


def test_levers_and_kinds_are_known():
    assert {rule.lever for rule in RULES.values()} == {"entry", "spend", "contract", "contact", "cost", "none"}
    assert {rule.basis for rule in RULES.values()} == {SALES, MARGIN, SAVED, "ltv"}


def test_a_loss_is_below_zero_and_a_cost_is_saved():
    made = {one.finding: one for one in stakes(found(), book())}
    assert (made[F2].yen.value, made[F2].basis, made[F2].lever) == (1000.0, SALES, "entry")
    assert (made[LEAK].yen.value, made[LEAK].yen.lower, made[LEAK].yen.upper) == (-3000.0, -5000.0, -1000.0)
    assert (made[MEDIA].yen.value, made[MEDIA].basis) == (-700.0, SAVED)
    assert made[LINE].yen.why == "actions.no_money"


def test_a_difference_becomes_money_by_its_factors():
    ledger = book()
    ledger.numbers["base.chart.f2.change"] = Number(-0.05, "points", -0.08, -0.02, 0.99, 30)
    ledger.numbers["retention.worth.conversion"] = money(2000.0, 1000.0, 3000.0)
    one = Finding("base.f2_change", "negative", "base.chart.f2.change", "D")
    (made,) = stakes([one], ledger)
    assert (made.yen.value, made.yen.lower, made.yen.upper) == pytest.approx((-100_000.0, -160_000.0, -40_000.0))
    assert (made.yen.level, made.change) == (0.99, True)
    del ledger.numbers["retention.worth.conversion"]
    assert stakes([one], ledger)[0].yen.why == "actions.no_unit"


def test_what_a_fall_costs_is_shared_by_all_who_fell_or_left():
    """200 people, 5 fell and 45 left, 1 million lost together: 20,000 each. A balance of 10 points is 20 people: 400,000."""
    ledger = Ledger()
    ledger.numbers |= {
        "tiers.up_less_down": Number(0.1, "points", 0.05, 0.15, 0.99, 200), "tiers.fallen_yen": Number(1e6, "money", n=50),
        "tiers.change.fall": Number(-0.1, "points", -0.15, -0.05, 0.99, 300), "tiers.moved.down": Number(5, "count"),
    }  # fmt: skip
    made = Findings(
        Finding(name, "positive", key, "D")
        for name, key in (("tiers.balance", "tiers.up_less_down"), ("tiers.fall", "tiers.change.fall"))
    )
    for one in stakes(made, ledger):
        assert (one.yen.value, one.yen.lower, one.yen.upper) == pytest.approx((4e5, 2e5, 6e5))


def test_money_without_an_interval_is_none_with_the_reason():
    ledger = book()
    ledger.numbers["retention.leak.yen"] = Number(3000.0, "money")
    assert {one.finding: one.yen.why for one in stakes(found(), ledger)}[LEAK] == "actions.no_interval"


def test_whom_a_finding_touches_carries_the_names():
    said = touches(found(), book())
    assert said[F2] == ("medium", "web")
    assert said[LEAK] == ("entrant",)


def test_the_agenda_counts_once_and_lists_what_to_stop():
    made = agenda(found(), book(), CELLS, (AS_OF, 1, 0.5))
    # margin: 500 of 250,000 and 1,500 of 500,000, one lever: 250,000 x max(0.002, 0.003) + 250,000 x 0.003
    assert made.total.together.value == pytest.approx(1500.0)
    assert made.total.naive == pytest.approx(2000.0)
    assert made.losses.together.value == pytest.approx(1500.0)
    assert [(one.kind, one.name) for one in made.savings] == [("medium", "web"), ("campaign", "Birthday")]
    assert [one.finding for one in made.decide] == [LEAK, F2]
    assert (made.soon.isoformat(), made.check.isoformat()) == ("2025-04-30", "2025-06-30")


def test_without_a_margin_rate_everything_stays_in_sales():
    made = agenda(found(), book(), CELLS, (AS_OF, 1, None))
    assert made.total.naive == pytest.approx(4000.0)
    assert numbers.ledger(made, book(), CELLS, None)["actions.basis"].value == SALES


def whole():
    ledger = book()
    made = agenda(found(), ledger, CELLS, (AS_OF, 1, 0.5))
    ledger.numbers |= numbers.ledger(made, ledger, CELLS, 0.5).numbers
    return ledger


def test_the_ledger_says_how_each_finding_stands():
    ledger = whole()
    assert [standing(one, ledger) for one in found()] == ["gain", "loss", "saved", "saved", "open"]
    assert ledger["actions.state"].value == "decided"
    assert (ledger["actions.counted"].value, ledger["actions.stop.count"].value) == (2, 2)
    assert ledger["actions.saved"].value == pytest.approx(1100.0)
    assert ledger[f"actions.test_customers.{LEAK}"].value == 247
    # half and half of 247: (1.96 + 0.84) x sqrt(0.3 x 0.7 x (1/123 + 1/124))
    assert ledger[f"actions.test_mde.{LEAK}"].value == pytest.approx(
        2.8016 * (0.21 * (1 / 123 + 1 / 124)) ** 0.5, rel=1e-3
    )
    assert ledger[f"actions.test_needed.{F2}"].value == 2638  # 0.21 x (2.8016 / 0.05)^2 x 4
    assert ledger[f"actions.test_customers.{LINE}"].why == "actions.no_test"


def test_nothing_found_is_said():
    made = agenda([], Ledger(), pd.DataFrame({"n": [3], "worth": [0]}), (AS_OF, 1, 0.5))
    entered = numbers.ledger(made, Ledger(), pd.DataFrame({"n": [3], "worth": [0]}), 0.5)
    assert entered["actions.state"].value == "empty"
    assert (numbers.decisions(entered), numbers.stops(entered)) == (0, 0)
    assert (numbers.decisions(whole()), numbers.stops(whole())) == (1, 1)
    assert entered["actions.total"].why == "actions.nothing_decided"


def test_findings_json_is_whole_and_the_same_each_time():
    one = Finding("retention.by_medium", "positive", "retention.by.medium.difference", "D", "retention.by.medium.yen")
    ledger = whole()
    ledger.numbers |= {"retention.by.medium.rate": Number(0.4, "share"), "retention.by.window": Number(180, "days")}
    ledger.numbers["retention.by.medium.difference"] = Number(
        0.05, "points", 0.02, 0.08, 0.999, 900, "retention.by.difference"
    )
    text = records.dumps([one], ledger)
    assert text == records.dumps([one], ledger)
    (record,) = json.loads(text)
    assert record["observation"]["lower"] == 0.02
    assert (record["yen"]["value"], record["yen"]["basis"], record["yen"]["key"]) == (
        500.0,
        MARGIN,
        f"actions.stake.{F2}",
    )
    assert record["grade"] == "D"
    for name in ("sentence", "comparison", "owner_name", "first_step", "next_test"):
        assert all(record[name][language] for language in LANGUAGES)
    assert record["test"]["needed"] == 2638


def test_a_finding_of_the_data_keeps_its_own_money():
    ledger = whole()
    ledger.numbers["intake.books.gap"] = money(5.0, 4.0, 6.0)
    ledger.numbers["actions.stake.intake.books"] = Number(None, "money", why="actions.no_money")
    one = Finding("intake.books", "positive", "intake.books.gap", "D", "intake.books.gap")
    assert records.money(one, ledger) == "intake.books.gap"
    assert records.money(Finding(LINE, "positive", "ltv.holdout.gain", "D"), ledger) == f"actions.stake.{LINE}"
