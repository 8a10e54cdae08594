"""The finding on F2 follows its interval; the words exist for each verdict and each state of the data."""

import pytest

from crmlib.findings import retention as findings
from crmlib.numbers.model import Ledger
from crmlib.numbers.retention import MEASURES
from crmlib.text import Words

DIFFERENCE = "retention.f2_trend.difference"


def ledger(value, lower=None, upper=None, state="observable", fade=7) -> Ledger:
    book = Ledger(MEASURES, "JPY")
    book.add(
        DIFFERENCE,
        value,
        lower=lower,
        upper=upper,
        level=0.95,
        n=900,
        why="" if value is not None else "retention.one_cohort",
    )
    book.add("retention.f2_state", state)
    book.add("retention.f2_hazard.fade_week", fade, why="" if fade else "retention.not_reached")
    book.add("retention.f2_trend.earlier", 0.5)
    book.add("retention.f2_trend.later", 0.4)
    book.add("retention.f2_trend.window", 365)
    book.add("retention.f2_trend.from", "2024-03")
    return book


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [(0.01, 0.09, "positive"), (-0.09, -0.01, "negative"), (-0.01, 0.09, "inconclusive"), (0.0, 0.1, "inconclusive")],
)
def test_only_an_interval_that_excludes_zero_is_a_finding(lower, upper, verdict):
    (found,) = findings.findings(ledger(0.04, lower, upper))
    assert (found.id, found.verdict, found.measure, found.grade) == ("retention.f2_trend", verdict, DIFFERENCE, "D")


def test_without_two_halves_or_second_purchases_nothing_is_claimed():
    assert findings.findings(ledger(None)) == ()
    assert findings.findings(ledger(0.0, -0.01, 0.01, state="no_repeat")) == ()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("part", ["positive", "negative", "inconclusive", "first_step", "next_test"])
def test_the_finding_has_words(language, part):
    text = Words(language).fill(f"finding.retention.f2_trend.{part}", ledger(-0.1, -0.15, -0.05))
    assert len(text) > 20
    assert "{" not in text
    assert ("−10.0" in text) == (part not in ("first_step", "next_test"))


@pytest.mark.parametrize(
    ("state", "fade", "text"),
    [
        ("observable", 7, "fading"),
        ("quarter", None, "steady"),
        ("no_repeat", None, "no_repeat"),
        ("too_young", None, "too_young"),
    ],
)
def test_text_of_the_days_page(state, fade, text):
    assert findings.days_text(ledger(None, state=state, fade=fade)) == text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    ("slide", "states"),
    [
        ("cohort", ["different", "alike", "untested", "young", "no_customers", "too_few", "too_young", "no_repeat"]),
        ("f2", ["quarter", "no_customers", "too_few", "too_young", "no_repeat"]),
        ("f2_days", ["fading", "steady", "no_customers", "too_few", "too_young", "no_repeat"]),
    ],
)
def test_each_state_has_a_title_and_points_of_its_own(language, slide, states):
    words = Words(language)
    for state in states:
        assert any(c.isdigit() or c == "{" for c in words.raw(f"slide.retention.{slide}.title_{state}"))
        assert isinstance(words.raw(f"slide.retention.{slide}.points_{state}"), tuple)
