"""Charts and tables of the pages on actions: nothing is cut off, the rows stand in the order in which to act."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from crmlib.actions import SAVED, Agenda, Saving, Stake, joint, savings
from crmlib.deck import body
from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import actions, export
from crmlib.figures.actions.gantt import tasks
from crmlib.figures.actions.tornado import largest
from crmlib.findings.model import Finding, Findings
from crmlib.findings.stakes import RULES
from crmlib.intervals import Estimate
from crmlib.numbers import actions as numbers
from crmlib.numbers.model import Ledger, Number
from crmlib.schema import LANGUAGES
from crmlib.text import Words

LOSS, GAIN, THERE, COST, OPEN = (
    "retention.leak",
    "retention.by_product",
    "ltv.holdout",
    "ltv.payback",
    "base.value_change",
)
MONEY = {LOSS: -5e6, GAIN: 7e5, THERE: 9e6, COST: -4e6, OPEN: 8e6}
DAY = dt.date(2025, 6, 30)


def found():
    verdicts = {LOSS: "negative", GAIN: "positive", THERE: "positive", COST: "positive", OPEN: "inconclusive"}
    return Findings(Finding(name, verdicts[name], f"m.{name}", "D") for name in (OPEN, THERE, GAIN, COST, LOSS))


def half(name):
    return 2 * abs(MONEY[name]) if name == OPEN else abs(MONEY[name]) / 2


def ledger():
    book = Ledger()
    for name, value in MONEY.items():
        book.numbers[f"actions.stake.{name}"] = Number(value, "money", value - half(name), value + half(name), 0.95, 9)
        book.numbers[f"actions.test_customers.{name}"] = Number(1234, "count")
        book.numbers[f"actions.test_mde.{name}"] = Number(0.045, "points")
    book.numbers |= {"actions.soon": Number("2025-04-30", "date"), "actions.check": Number("2025-06-30", "date")}
    book.numbers["actions.stop.1.yen"] = Number(3e6, "money", 2e6, 4e6, 0.95, 9)
    for part, value in (("now", 0.31), ("low", 0.2), ("high", 0.4)):
        book.numbers[f"base.chart.f2.{part}_level"] = Number(value, "share")
    return book


def agenda(*names, saved=("A very long name of a medium that nobody could print in one line",)):
    def stake(name):
        yen = Estimate(MONEY[name], MONEY[name] - half(name), MONEY[name] + half(name), 9)
        return Stake(name, "entry", yen, SAVED if name == COST else "margin", name != OPEN, name == THERE)

    stakes = tuple(stake(name) for name in names)
    cells = pd.DataFrame({name: [True] for name in names} | {"n": [9], "worth": [1e8]})
    total = joint([one for one in stakes if one.basis == "margin"], cells)
    kept = savings([Saving("medium", name, Estimate(3e6, 2e6, 4e6, 9)) for name in saved])
    return Agenda(stakes, total, total, kept, dt.date(2025, 4, 30), DAY)


def test_the_tornado_has_what_counts_first_then_what_is_there_then_what_is_open():
    assert [one.id for one in largest(found(), ledger())] == [LOSS, COST, GAIN, THERE, OPEN]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_medium_is_cut_back_to_its_cap_by_the_owner_of_its_finding(language):
    words, full = Words(language), agenda(*MONEY, saved=("paper",))
    _, name, owner = next(row for row in tasks(full, found(), words) if row[0] == "stop")
    row = actions.decisions(full, found(), ledger(), words=words).rows[2]
    assert name == row[1] == words.fill("saved.actions.medium", name="paper") != "paper"
    assert owner == row[3] == words.fill(f"owner.{next(one for one in found() if one.id == COST).owner}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_have_no_label_cut_off(language):
    words, full, bare = Words(language), agenda(*MONEY), agenda(OPEN, saved=())
    drawn = [
        actions.tornado(found(), ledger(), words=words), actions.tornado(Findings(), Ledger(), words=words),
        actions.gantt(full, found(), words=words), actions.gantt(bare, found(), words=words),
        actions.saving(full, "JPY", words=words), actions.saving(bare, "JPY", words=words),
    ]  # fmt: skip
    for figure in drawn:
        export.svg(figure)
        assert export.clipped(figure) == []


def test_the_plan_ends_with_the_day_of_checking():
    rows = tasks(agenda(*MONEY), found(), Words("en"))
    assert [kind for kind, *_ in rows] == ["decide", "decide", "stop", "test", "check"]
    assert rows[0][1] == "Leak before F2"
    assert rows[-1] == ("check", "2025-06-30", "Data team")


def test_decisions_name_money_owner_day_and_the_size_of_the_test():
    table = actions.decisions(agenda(*MONEY), found(), ledger(), words=Words("en"))
    assert table.rows[0][:5] == (
        "Decide", "Leak before F2", "−¥5.0m (−¥7.5m to −¥2.5m)", "Head of CRM", "Add a contact before that day",
    )  # fmt: skip
    assert table.rows[0][5:] == ("2025-04-30", "F2 within 90 days", "1,234 customers; sees +4.5 points")
    assert [row[0] for row in table.rows] == ["Decide", "Decide", "Stop", "Test"]
    assert list(table.highlight) == [0, 1]


def test_key_figures_stand_with_their_limits():
    table = actions.kpis(ledger(), words=Words("en"))
    assert table.rows == [("F2 by month", "31.0%", "20.0% – 40.0%")]
    assert actions.kpis(Ledger(), words=Words("en")).rows == [("Too few months", "", "")]


def test_first_steps_mark_what_is_to_be_done():
    table = actions.first_steps(found(), ledger(), words=Words("en"))
    assert list(table.highlight) == [0, 1, 2]
    assert table.rows[1][0] == "Media above safe cost"


def test_labels_name_what_is_decided_stopped_and_tested():
    made = actions.labels(agenda(*MONEY), "sales")
    assert made["first"]["en"] == "Leak before F2"
    assert made["decide"]["en"] == "Leak before F2, F2 by first product"
    assert made["stop"]["en"] == "A very long name… above its safe cost"
    assert made["basis"] == {"ja": Words("ja").fill("chart.actions.sales"), "en": "sales"}


STATES = {"decided": (5, True), "changing": (5, False), "saving": (0, True), "open": (0, False)}


@pytest.mark.parametrize("state", STATES)
def test_the_first_page_and_the_decisions_fit_with_the_longest_words(state):
    """Page 1 is left out of a deck when it does not fit: the longest findings, two long media, amounts in all digits."""
    proven, saved = STATES[state]
    names = sorted(RULES, key=lambda name: -len(Words("en").fill(f"finding.{name}.name")))[:9]
    sizes = {name: 88_888_888.0 + 1_000 * place for place, name in enumerate(names)}
    sure = names[:proven]

    def stake(name):
        yen = Estimate(-sizes[name], -sizes[name] - 99_999, -66_666_666.0 if name in sure else 66_666_666.0, 9)
        return Stake(name, "entry", yen, "margin", name in sure)

    stakes = tuple(map(stake, names))
    cells = pd.DataFrame({name: [True] for name in names} | {"n": [9], "worth": [9.9e9]})
    total = joint(stakes, cells)
    media = [f"A very long name of a medium, number {place}" for place in (1, 2)] if saved else []
    kept = savings([Saving("medium", name, Estimate(88_888.0, 66_666.0, 99_999.0, 9)) for name in media])
    plan = Agenda(stakes, total, total, kept, dt.date(2025, 4, 30), DAY)
    book = numbers.ledger(plan, Ledger(), cells, 0.45)
    told = Findings(Finding(name, "negative" if name in sure else "inconclusive", f"m.{name}", "D") for name in names)
    assert book["actions.state"].value == state
    about = {"labels": actions.labels(plan), "variant": state}
    first = Slide(
        "summary.decision",
        book,
        Exhibit(actions.tornado, told, book),
        Exhibit(actions.first_steps, told, book),
        **about,
    )
    full = Slide("actions.decide", book, Exhibit(actions.decisions, plan, told, book), layout="full", **about)
    for language in LANGUAGES:
        for slide in (first, full):
            payload = slide.payload
            texts = {name: {"chapter": "", **own} for name, own in payload["texts"].items()}
            assert len(body.pages({**payload, "texts": texts}, Words(language))) == 1
