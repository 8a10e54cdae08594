"""Ledger, findings and pages of retention as a whole: keys of the contract, both languages, clients with almost nothing."""

import numpy as np
import pytest

from crmlib.deck import build, collect
from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import retention as charts
from crmlib.findings import retention as findings
from crmlib.numbers import retention as numbers
from crmlib.text import Words


def book(parts):
    matrix, second, trend, found = parts
    return numbers.ledger(matrix, second, trend, "JPY", found)


def slides(parts):
    _, second, _, found = parts
    ledger, entries, subscribed = book(parts), found.entries, found.subscriptions
    pages = {
        "steps": ("steps.state", (charts.steps, found.steps), (charts.steps_table, found.steps)),
        "f2": ("f2_state", (charts.f2, second), (charts.f2_table, second)),
        "leak": ("leak.state", (charts.leak, entries.leak), (charts.leak_table, entries.leak)),
        "groups": ("by.state", (charts.groups, entries.groups), (charts.groups_table, entries.groups)),
        "bad_months": ("bad_months.state", (charts.bad_months, entries.bad), (charts.bad_months_table, entries.bad)),
        "subscription": ("subscription.state", (charts.subscription, subscribed), (charts.subscription_table, subscribed)),
        "projection": ("subscription.model_state", (charts.projection, subscribed), (charts.model_table, subscribed)),
        "next_need": ("need.state", (charts.next_need, found.needs), (charts.needs_table, found.needs)),
        "definitions": ("definition.state", (charts.definitions_table, found.definitions), (charts.continuation_table, found.definitions)),
    }  # fmt: skip
    return ledger, [
        Slide(
            f"retention.{name}",
            ledger,
            *[Exhibit(*one) for one in exhibits],
            variant=ledger[f"retention.{state}"].value,
        )
        for name, (state, *exhibits) in pages.items()
    ]


def deck(parts, language):
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    ledger, shown = slides(parts)
    bundles = [one._repr_mimebundle_() for one in (ledger, findings.findings(ledger), *shown)]
    cell = new_code_cell("", execution_count=1, outputs=[new_output("display_data", data=data) for data in bundles])
    meta = {"client": "Test", "as_of": "2025-03-31"}
    return build.deck(collect.collected([new_notebook(cells=[cell])], meta), language)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_fits_and_prints_only_numbers_of_the_ledger(client, language):
    assert len(deck(client, language)["slides"]) == 9


@pytest.mark.parametrize("language", ["ja", "en"])
def test_clients_with_almost_nothing_have_every_page_with_its_reason(poor, language):
    assert len(deck(poor, language)["slides"]) == 9


def test_keys_of_the_contract(client):
    ledger = book(client)
    expected = {
        *(f"retention.f{n}_{kind}.{days}d" for n in range(2, 7) for kind in ("rate", "km") for days in (90, 180, 365)),
        *(f"retention.subscription.survival.{n}" for n in range(1, 13)),
        "retention.subscription.sbg.alpha", "retention.subscription.sbg.beta", "retention.leak.day", "retention.bad_months.medium",
        "retention.definition.f2.year_ratio", "retention.definition.continuation.mean_of_longest", "retention.worth.points_yen",
    }  # fmt: skip
    assert expected <= set(ledger)


def test_money_is_its_factors(client):
    ledger, (_, _, _, found) = book(client), client
    worth = found.worth
    points = ledger["retention.worth.points_yen"]
    assert points.value == pytest.approx(0.03 * worth.new_a_year * worth.conversion.value)
    assert points.lower < points.value < points.upper
    assert ledger["retention.leak.yen"].value == pytest.approx(
        found.entries.leak.lost.value * found.entries.bought_a_year * worth.after(found.entries.leak.day.value).value
    )
    ahead = ledger["retention.subscription.ahead"].value
    assert ledger["retention.subscription.worth.point_yen"].value == pytest.approx(
        0.01 * worth.applications_a_year * worth.shipment.value * (1 + ahead)
    )


def test_survival_and_shipment_say_the_same(client):
    ledger = book(client)
    for n in range(1, 12):
        assert (
            ledger[f"retention.subscription.survival.{n}"].value
            == ledger[f"retention.subscription.shipment.{n + 1}"].value
        )


def test_findings_rest_on_intervals_that_hold_together(client):
    ledger = book(client)
    found = findings.findings(ledger)
    assert {one.id for one in found} >= {
        "retention.f2_trend",
        "retention.leak",
        "retention.bad_months",
        "retention.by_product",
    }
    for one in found:
        number = ledger[one.measure]
        assert number.level == (0.98 if one.id == "retention.bad_months" else 0.999)
        assert (one.verdict == "inconclusive") == (number.lower <= 0 <= number.upper)
        assert one.money == "" or ledger[one.money].unit == "money"


def test_every_finding_is_said_in_both_languages(client):
    ledger = book(client)
    for language in ("ja", "en"):
        for one in findings.findings(ledger):
            for text in (one.verdict, "first_step", "next_test"):
                assert Words(language).fill(f"finding.{one.id}.{text}", ledger)


def test_unknowable_numbers_are_null_with_a_why_in_both_languages(poor):
    ledger = book(poor)
    for number in ledger.numbers.values():
        assert number.value is not None or all(f"why.{number.why}" in Words(language) for language in ("ja", "en"))


def test_every_key_has_the_unit_of_its_own_measure(client):
    """A pattern with a varying part must not catch the key of another measure."""
    ledger = book(client)
    for key in ledger:
        exact = [measure for measure in numbers.MEASURES if measure.pattern == key]
        assert not exact or ledger[key].definition == exact[0].definition


def test_tiny_groups_are_never_shown_with_values(client):
    _, _, _, found = client
    for dimension in found.entries.groups.values():
        assert all(group.n >= 5 for group in dimension.groups)
        shown = charts.groups_table(found.entries.groups, Words("en"))
        assert len(shown.rows) == 4


def test_the_definitions_table_marks_one_headline_and_dashes_what_is_unknown(poor):
    _, _, _, found = poor
    tables = (
        charts.definitions_table(found.definitions, Words("en")),
        charts.continuation_table(found.definitions, Words("en")),
    )
    assert [len(table.highlight) for table in tables] == [1, 1]
    unknown = [one for one in found.definitions if one.value.why and one.family == "continuation"]
    if unknown:
        assert all(
            row[1] == "–"
            for row in tables[1].rows
            if np.isnan(unknown[0].value.value)
            and row[0] in {Words("en").fill(f"table.retention.by.{one.id}") for one in unknown}
        )
