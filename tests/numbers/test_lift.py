"""The lift ledger: the keys of the contract, reasons for what is unknown, a sentence for every state."""

import datetime as dt

import pytest

from crmlib.lift import choices
from crmlib.numbers import lift as numbers
from crmlib.text import Words
from tests.lift import made_up
from tests.summaries.test_lift import bought, contact, store

PARTS = ("ate", "rel", "naive", "p", "mde", "verdict", "grade")


@pytest.fixture(scope="module")
def ledger():
    return numbers.ledger(made_up.big(), "JPY")


def test_keys_of_the_contract(ledger):
    expected = {
        *(f"lift.1.{v}.{o}.{part}" for v in "AB" for o in ("purchase", "orders", "spend", "margin", "kept") for part in PARTS),
        *(f"lift.{campaign}.srm_p" for campaign in "1234"),
        "lift.1.A.net_yen", "lift.1.A.break_even_orders", "lift.3.gift.net_yen_per_1000", "lift.3.gift.roi",
        "lift.segment.1.A_segment_growing.purchase.ate", "lift.segment.1.B_frequency_3.purchase.shrunken",
        "lift.qini.1", "lift.phone.4.retention_180d.ate", "lift.phone.4.retention_180d.naive", "lift.phone.5.yen",
        "lift.versions.1.B_vs_A.interaction_p", "lift.versions.3.gift_vs_discount.same_budget", "lift.dose.1.rate",
        "lift.design.mde", "lift.payment.card.ate",
    }  # fmt: skip
    assert expected <= set(ledger)


def test_values_of_the_planted_client(ledger):
    assert [ledger[f"lift.{v}.purchase.verdict"].value for v in ("1.A", "3.gift", "2.mail")] == [
        "works",
        "works",
        "cannot_tell",
    ]
    assert ledger["lift.1.A.purchase.grade"].value == "A"
    assert ledger["lift.versions.1.B_vs_A.interaction_p"].value < 1e-4
    assert ledger["lift.versions.3.gift_vs_discount.same_budget"].value == "yes"
    phone = ledger["lift.phone.4.retention_180d.ate"]
    assert ledger["lift.phone.4.retention_180d.naive"].value > 0 > phone.upper
    assert (phone.unit, phone.level) == ("points", 0.95)
    assert ledger["lift.page.versions"].value == "turned"
    assert ledger["lift.page.calls"].value == "harm"


def test_what_the_campaigns_earn_adds_up(ledger):
    margin, net = ledger["lift.1.A.margin.ate"], ledger["lift.1.A.net_yen"]
    size, cost = ledger["lift.1.A.treated"].value, ledger["lift.1.A.cost"].value
    assert net.value == pytest.approx(margin.value * size - cost, rel=1e-6)
    assert net.lower == pytest.approx(margin.lower * size - cost, rel=1e-6)
    assert ledger["lift.1.A.break_even_orders"].value > 0


def test_nothing_planted_nothing_claimed():
    calm = numbers.ledger(made_up.calm(), "JPY")
    works = [key for key in calm if key.endswith("purchase.verdict") and calm[key].value == "works"]
    assert works == []
    assert calm["lift.page.campaigns"].value == "none"
    assert calm["lift.page.calls"].value == "open"


def test_a_small_client_is_told_what_it_would_take():
    small = numbers.ledger(made_up.small(), "JPY")
    assert small["lift.page.calls"].value in ("open", "absent")
    assert small["lift.1.A.purchase.verdict"].value == "cannot_tell"
    assert small["lift.1.A.purchase.needed"].value > small["lift.1.A.purchase.ate"].n


EMPTY = {
    "nothing": {"orders": bought(1, 2)},
    "holdout only": {"orders": bought(1, 2), "contacts": [contact(k, "control") for k in range(30)]},
    "two contacts": {"orders": bought(1, 2), "contacts": [contact(1), contact(2, "control")]},
    "no cost": {"orders": bought(1, 2), "contacts": [contact(k, "treated" if k % 2 else "control", cost=None) for k in range(90)]},
    "calls": {"orders": [r for k in range(80) for r in bought(k, -k - 1)],
              "contacts": [contact(k, channel="phone", campaign_id="t") for k in range(25)]},
}  # fmt: skip


@pytest.mark.parametrize("case", EMPTY)
def test_data_that_allow_nothing_have_reasons(case):
    study = made_up.study_of(store(**EMPTY[case]), dt.date(2024, 12, 31), margin_rate=float("nan"))
    ledger, words = numbers.ledger(study, "JPY"), Words("ja")
    unknown = [number for number in ledger.numbers.values() if number.value is None]
    assert all(f"why.{number.why}" in words for number in unknown)
    assert ledger["lift.page.campaigns"].value in ("absent", "unmeasured", "observed", "none")
    assert ledger["lift.campaigns.works"].value == 0


def test_broken_draws_are_graded_down_and_cannot_tell():
    """A holdout chosen among those who buy less: the sizes are as planned, what was bought before is not."""
    made = [
        row
        for k in range(400)
        for row in bought(k, *((-200, -100, -50) if k % 2 else (-300,)), *((5,) if k % 2 else ()))
    ]
    contacts = [contact(k, "treated" if k % 2 else "control") for k in range(400)]
    study = made_up.study_of(store(orders=made, contacts=contacts), dt.date(2024, 12, 31))
    (campaign,) = study.campaigns
    outcome = campaign.versions[0].outcomes["purchase"]
    assert campaign.balance_p < 0.001
    assert (outcome.grade, outcome.verdict) == ("C", "cannot_tell")


def test_a_planned_share_that_was_not_drawn_is_graded_down():
    made = [row for k in range(600) for row in bought(k, -30, *((5,) if k % 3 else ()))]
    contacts = [contact(k, "treated" if k % 3 else "control") for k in range(600)]
    listed = [{"campaign_id": "c", "name": "春", "holdout_share": 0.5}]
    study = made_up.study_of(store(orders=made, contacts=contacts, campaigns=listed), dt.date(2024, 12, 31))
    (campaign,) = study.campaigns
    assert campaign.srm_p < 0.001
    assert campaign.versions[0].outcomes["purchase"].grade == "C"
    assert campaign.name == "春"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_definition_has_words(language):
    words = Words(language)
    assert all(f"definition.{measure.definition}" in words for measure in numbers.MEASURES)


STATES = {
    "campaigns": ("pays", "works", "none", "observed", "unmeasured", "absent"),
    "versions": ("turned", "differs", "better", "worse", "open", "absent"),
    "responders": ("found", "groups", "alike", "absent"),
    "calls": ("harm", "fine", "even", "open", "absent"),
    "design": ("enough", "short", "unpriced", "absent"),
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", STATES)
def test_each_state_has_a_title_with_a_number_and_points(language, page):
    words = Words(language)
    for state in STATES[page]:
        assert any(c.isdigit() or c == "{" for c in words.raw(f"slide.lift.{page}.title_{state}"))
        assert isinstance(words.raw(f"slide.lift.{page}.points_{state}"), tuple)


def test_pages_that_would_only_say_what_to_log_are_left_out():
    empty = numbers.ledger(made_up.study_of(store(orders=bought(1, 2)), dt.date(2024, 12, 31)), "JPY")
    pages = [f"lift.{page}" for page in STATES]
    assert [page for page in pages if numbers.told(empty, page)] == ["lift.campaigns", "lift.design"]


def test_losses_are_listed_worst_first():
    found = choices.losses(made_up.big())
    assert found
    nets = [version.money.net.value for _, version in found]
    assert nets == sorted(nets)
    assert all(version.money.net.upper < 0 for _, version in found)
