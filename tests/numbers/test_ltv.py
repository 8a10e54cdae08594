"""Every number of the lifetime-value pages is in the ledger, as the reader sees it, or says why it is not known."""

import pytest

from crmlib.findings import ltv as findings
from crmlib.numbers import ltv as numbers
from crmlib.text import Words
from tests.made_up_ltv import client, study


@pytest.fixture(scope="module")
def ledger():
    return numbers.ledger(study(), client())


def test_the_keys_that_others_rely_on(ledger):
    for key in (
        *(f"ltv.bg_nbd.{name}" for name in ("r", "alpha", "a", "b", "log_likelihood")),
        *(f"ltv.gamma_gamma.{name}" for name in ("p", "q", "v", "log_likelihood")),
        *(
            f"ltv.holdout.{m}.{who}"
            for m in ("tracking", "conditional", *"01234567")
            for who in ("actual", "predicted")
        ),
        *(f"ltv.verdict.{use}" for use in ("ranking", "total", "individual")),
        *(f"ltv.clv.{months}m.{name}" for months in (12, 24, 36) for name in ("mean", "total", "median")),
        *(f"ltv.decile.{decile}.share" for decile in range(1, 11)),
        *(
            f"ltv.alive.{group}.{what}"
            for group in ("high", "middle", "low", "once")
            for what in ("customers", "value")
        ),
        *(f"ltv.{model}.log_likelihood" for model in ("mbg_nbd", "pareto_nbd", "mbg_cnbd", "nbd")),
        *(f"ltv.pareto_nbd.{name}" for name in ("r", "alpha", "s", "beta")),
        *(
            f"ltv.holdout.{model}.{m}.{who}"
            for model in ("bg_nbd", "mbg_nbd", "pareto_nbd", "mbg_cnbd", "nbd")
            for m in ("tracking", "conditional")
            for who in ("actual", "predicted")
        ),
        *(f"ltv.{what}.{medium}" for what in ("payback_months", "safe_cpo", "cpo") for medium in ("web", "all")),
        *(f"ltv.entry.{product}.{what}" for product in "123" for what in ("mean", "p_best")),
        *(f"ltv.at_risk.{what}" for what in ("customers", "yen")),
        *(f"ltv.bs.year.{year}" for year in range(1, 6)),
        "ltv.bs.multiple",
        "ltv.margin_clv.12m.mean",
    ):
        assert key in ledger


def test_parameters_and_values_carry_their_intervals(ledger):
    for key in ("ltv.bg_nbd.alpha", "ltv.gamma_gamma.v", "ltv.clv.24m.total", "ltv.holdout.gain"):
        number = ledger[key]
        assert number.lower < number.value < number.upper
        assert (number.level, number.n > 0) == (0.95, True)


def test_differences_are_those_of_the_displayed_figures(ledger):
    actual, predicted = (round(ledger[f"ltv.holdout.conditional.{who}"].value) for who in ("actual", "predicted"))
    assert ledger["ltv.holdout.gap"].value == actual - predicted
    assert ledger["ltv.holdout.conditional.predicted_error"].value == pytest.approx(predicted / actual - 1)
    naive, model = (round(ledger[f"ltv.holdout.distance.{who}"].value, 2) for who in ("naive", "predicted"))
    assert ledger["ltv.holdout.gain"].value == pytest.approx(naive - model)
    errors = [abs(ledger[f"ltv.holdout.{m}.predicted_error"].value) for m in ("tracking", "conditional")]
    assert ledger["ltv.holdout.total.predicted"].value == pytest.approx(max(errors))


def test_margin_value_is_sales_value_times_the_rate(ledger):
    sales, margin = ledger["ltv.clv.36m.median"], ledger["ltv.margin_clv.36m.median"]
    assert margin.value == pytest.approx(0.4 * sales.value)
    assert (margin.lower, margin.upper) == pytest.approx((0.4 * sales.lower, 0.4 * sales.upper))


def test_without_a_margin_rate_the_margin_is_unknown_and_the_pages_speak_of_sales():
    ledger = numbers.ledger(study(begun="sales"), client(margin_rate=None))
    assert (ledger["ltv.margin_clv.12m.mean"].value, ledger["ltv.margin_clv.12m.mean"].why) == (
        None,
        "ltv.no_margin_rate",
    )
    assert ledger["ltv.value_state"].value == "sales"


def test_groups_add_up_to_all_customers_and_all_value(ledger):
    groups = ("high", "middle", "low", "once")
    assert sum(ledger[f"ltv.alive.{group}.customers"].value for group in groups) == ledger["ltv.customers"].value
    assert sum(ledger[f"ltv.alive.{group}.value"].value for group in groups) == pytest.approx(
        ledger["ltv.clv.12m.total"].value
    )
    assert ledger["ltv.decile.10.cumulative"].value == 1


@pytest.mark.parametrize(
    ("kind", "race", "value", "why"),
    [
        ("once", "unfitted", "unfitted", "ltv.no_repeat"),
        ("constant", "better", "unfitted", "ltv.constant_amounts"),
        ("nobody", "unfitted", "unfitted", "ltv.small_group"),
    ],
)
def test_what_cannot_be_known_is_null_with_a_reason_in_both_languages(kind, race, value, why):
    ledger = numbers.ledger(study(kind=kind), client())
    assert (ledger["ltv.race_state"].value, ledger["ltv.value_state"].value) == (race, value)
    assert (ledger["ltv.clv.12m.mean"].value, ledger["ltv.clv.12m.mean"].why) == (None, why)
    reasons = {number.why for number in ledger.numbers.values()} - {""}
    for language in ("ja", "en"):
        assert all(f"why.{reason}" in Words(language) for reason in reasons)


def test_every_number_has_a_definition_in_both_languages(ledger):
    for language in ("ja", "en"):
        assert all(f"definition.{number.definition}" in Words(language) for number in ledger.numbers.values())


def test_the_findings_follow_the_intervals(ledger):
    verdicts = {finding.id: finding.verdict for finding in findings.findings(ledger)}
    assert verdicts["ltv.model"] == "positive"
    gap = ledger["ltv.holdout.gap"]
    expected = "positive" if gap.lower > 0 else "negative" if gap.upper < 0 else "inconclusive"
    assert verdicts["ltv.holdout"] == expected


def test_money_pages_say_what_was_put_in(ledger):
    assert ledger["ltv.cpo.web"].value == 600
    assert ledger["ltv.cpr.web"].value == 4500
    assert ledger["ltv.pull_up.web"].value == 0.25
    assert ledger["ltv.entry.best"].value == "C"
    assert ledger["ltv.entry.3.mean"].value == pytest.approx(0.4 * (900 + 40 * 3 * 12), rel=0.01)
    assert ledger["ltv.safe_cpo.all"].value < ledger["ltv.curve.all.360d"].value
    assert ledger["ltv.safety_gap"].value == round(ledger["ltv.safe_cpo.all"].value) - round(
        ledger["ltv.cpo.all"].value
    )


def test_a_mixed_base_is_the_sum_of_its_parts(ledger):
    parts = [ledger[f"ltv.mixed.12m.{name}"].value for name in ("single", "subscription", "total")]
    assert parts[0] + parts[1] == pytest.approx(parts[2])
    assert parts[0] == pytest.approx(ledger["ltv.clv.12m.total"].value)


@pytest.mark.parametrize(
    ("begun", "state", "why"),
    [("sales", "no_margin", "ltv.no_margin_rate"), ("nothing", "no_costs", "ltv.no_costs")],
)
def test_what_the_client_did_not_send_is_named(begun, state, why):
    ledger = numbers.ledger(study(begun=begun), client(margin_rate=None))
    assert ledger["ltv.money_state"].value == state
    assert (ledger["ltv.safe_cpo.all"].value, ledger["ltv.safe_cpo.all"].why) == (None, why)


def test_a_medium_with_a_dot_in_its_name_does_not_split_the_key():
    assert numbers.part("Yahoo! Inc.") == "Yahoo! Inc_"


def test_products_own_rates_go_before_the_clients():
    ledger = numbers.ledger(study(), client(margin_rate=0.6))  # the made-up margins are 40 % of sales
    assert ledger["ltv.margin_rate"].value == pytest.approx(0.4)
    assert numbers.ledger(study(), client(margin_rate=0.4))["ltv.margin_rate"].value == 0.4
