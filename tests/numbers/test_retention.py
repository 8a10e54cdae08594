"""The retention ledger: its keys, its reasons, its differences; every definition in both languages."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib import retention
from crmlib.numbers import retention as numbers
from crmlib.numbers.model import Ledger
from crmlib.text import Words

JANUARY = 2023 * 12


def book(rows, active=(), as_of: date = date(2024, 6, 30)) -> Ledger:
    gaps = pd.DataFrame(rows, columns=["cohort", "observed", "days", "event", "n"]).astype({"event": bool})
    sizes = gaps.groupby("cohort", as_index=False)["n"].sum()
    counts = pd.DataFrame(active, columns=["cohort", "period", "active"])
    matrix = retention.by_cohort(counts, sizes, as_of)
    return numbers.ledger(matrix, retention.f2(gaps), retention.f2_trend(gaps), "JPY")


@pytest.fixture
def ledger() -> Ledger:
    rows = [
        (JANUARY, 500, 40, True, 37), (JANUARY, 500, 500, False, 63),
        (JANUARY + 1, 470, 40, True, 21), (JANUARY + 1, 470, 300, True, 9), (JANUARY + 1, 470, 470, False, 71),
    ]  # fmt: skip
    return book(rows, [(JANUARY, 1, 30), (JANUARY, 2, 9), (JANUARY + 1, 1, 20)])


def test_keys_of_the_contract(ledger):
    expected = {
        *(f"retention.{kind}.{days}d" for kind in ("f2_rate", "f2_km") for days in (90, 180, 365)),
        *(f"retention.f2_days.{name}" for name in ("median", "p75", "p90")),
        *(f"retention.f2_at_risk.{day}" for day in (0, 30, 60, 90, 180, 270, 365)),
        *(f"retention.f2_trend.{name}" for name in ("earlier", "later", "difference")),
        "retention.f2_naive", "retention.f2_hazard.peak_week", "retention.cohort.test_p", "retention.cohort.mean.1",
        "retention.cohort.2023-01.n", "retention.cohort.2023-01.1", "retention.cohort.2023-02.16",
    }  # fmt: skip
    assert expected <= set(ledger)


def test_values_intervals_and_units(ledger):
    share = ledger["retention.f2_rate.90d"]
    assert (share.value, share.n, share.unit, share.level) == (pytest.approx(58 / 201), 201, "share", 0.95)
    assert share.lower < share.value < share.upper
    assert ledger["retention.cohort.2023-01.1"].value == 0.3
    assert ledger["retention.cohort.mean_last"].value == ledger["retention.cohort.mean.12"].value
    assert ledger["retention.cohort.last_period"].value == 12
    assert ledger["retention.f2_hazard.contact_day"].value == 7 * ledger["retention.f2_hazard.peak_week"].value
    assert ledger["retention.period.to"].value == "2024-06-30"


def test_what_is_unknowable_is_null_with_a_reason(ledger):
    for key, why in (("f2_days.p90", "not_reached"), ("cohort.2023-02.17", "immature")):
        number = ledger[f"retention.{key}"]
        assert (number.value, number.why) == (None, f"retention.{why}")
    assert ledger["retention.cohort.2023-02.16"].value == 0  # observed, nobody came


def test_the_printed_difference_is_that_of_the_printed_shares(ledger):
    earlier, later = (round(ledger[f"retention.f2_trend.{half}"].value * 100, 1) for half in ("earlier", "later"))
    gap = ledger["retention.f2_trend.difference"]
    assert round(gap.value * 100, 1) == round(later - earlier, 1)
    assert gap.lower < gap.value < gap.upper
    assert (gap.unit, gap.n) == ("points", 201)


def test_quarters_are_entered_when_the_page_shows_them():
    rows = [(JANUARY + m, 30 * (20 - m), 10, True, 20) for m in range(18)]
    ledger = book(rows, [(JANUARY, 1, 4), (JANUARY + 1, 1, 5), (JANUARY + 2, 1, 6)])
    assert ledger["retention.cohort.2023-Q1.1"].value == 0.25
    assert ledger["retention.cohort.2023-Q1.n"].value == 60
    assert ledger["retention.cohort.2023-01.1"].value == 0.2


@pytest.mark.parametrize(
    ("rows", "as_of", "cohorts", "second"),
    [
        ([], date(2024, 6, 30), "no_customers", "no_customers"),
        ([(JANUARY, 500, 9, True, 1)], date(2024, 6, 30), "too_few", "too_few"),
        ([(JANUARY, 0, 0, False, 40)], date(2023, 1, 1), "too_young", "too_young"),
        ([(JANUARY, 500, 500, False, 40)], date(2024, 6, 30), "no_repeat", "no_repeat"),
    ],
)
def test_states_of_data_that_allow_nothing(rows, as_of, cohorts, second):
    ledger = book(rows, as_of=as_of)
    assert ledger["retention.cohort_state"].value == cohorts
    assert ledger["retention.f2_state"].value == second
    assert ledger["retention.f2_hazard.peak_week"].why == f"retention.{second}"
    assert ledger["retention.f2_trend.difference"].value is None


@pytest.mark.parametrize(("first", "state"), [(60, "different"), (31, "alike")])
def test_state_of_the_cohort_page_follows_the_test(first, state):
    rows = [(JANUARY + m, 500 - 30 * m, 40, True, 100) for m in (0, 1)]
    ledger = book(rows, [(JANUARY, 1, first), (JANUARY + 1, 1, 30)])
    assert ledger["retention.cohort_state"].value == state


def test_young_and_short_data_have_states_of_their_own():
    young = book([(JANUARY, 58, 10, True, 40), (JANUARY, 58, 58, False, 40)], [(JANUARY, 1, 9)], date(2023, 2, 28))
    assert young["retention.cohort_state"].value == "young"
    quarter = book([(JANUARY, 100, 10, True, 40), (JANUARY, 100, 100, False, 40)], as_of=date(2023, 4, 20))
    assert quarter["retention.f2_state"].value == "quarter"
    assert quarter["retention.f2_km.180d"].why == "retention.too_young"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_definition_and_reason_has_words(language, ledger):
    words = Words(language)
    assert all(f"definition.{measure.definition}" in words for measure in numbers.MEASURES)
    assert all(f"why.{number.why}" in words for number in ledger.numbers.values() if number.why)


def test_currency_does_not_matter_and_floats_are_rounded(ledger):
    assert ledger.currency == "JPY"
    values = [number.value for number in ledger.numbers.values() if isinstance(number.value, float)]
    assert all(value == float(f"{value:.10g}") and np.isfinite(value) for value in values)


def test_the_quoted_month_rests_on_half_of_the_customers():
    rows = [(JANUARY, 270, 10, True, 40), (JANUARY + 3, 180, 10, True, 30), (JANUARY + 6, 90, 10, True, 30)]
    ledger = book(rows, [(JANUARY, 8, 40)], date(2023, 9, 30))
    assert ledger["retention.cohort.mean.8"].value == 1  # of the oldest cohort alone
    assert ledger["retention.cohort.last_period"].value == 5
