"""The programme: rules that hang together, review dates, which tiers a client is shown in."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest
from pydantic import ValidationError

from crmlib.errors import CrmError
from crmlib.programme import (
    Tiers,
    calendar_of,
    month_number,
    next_review,
    resolved,
    review_date,
    review_months,
    source,
    yearly,
)

RANKS = {"order": ("R", "S", "G"), "thresholds": (0, 30_000, 100_000)}
APRIL_2022, MARCH_2025 = date(2022, 4, 1), date(2025, 3, 31)


@dataclass(frozen=True)
class Client:
    as_of: date = MARCH_2025
    tiers: Tiers | None = None
    scale: int = 1
    fiscal_year_start: int = 4


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"thresholds": (0, 5)}, "one for each tier in order"),
        ({"thresholds": (0, 5, 5)}, "each higher than the one before"),
        ({"order": ("R", "R", "G")}, "a tier is named twice"),
        ({"keep": (0, 40_000, 90_000)}, "none above the tier's threshold"),
        ({"keep": (0, 20_000)}, "keep: one for each tier"),
        ({"benefits": (0.1,)}, "benefits: one share for each tier"),
        ({"review_months": (4, 1)}, "each month once, in order"),
        ({"grace": 1}, "Extra inputs are not permitted"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(given, message):
    with pytest.raises(ValidationError, match=message):
        Tiers(**{**RANKS, **given})


@pytest.mark.parametrize(
    ("review", "start", "months"),
    [("yearly", 4, (3,)), ("yearly", 1, (12,)), ("quarterly", 4, (3, 6, 9, 12)), ("quarterly", 2, (1, 4, 7, 10)), ("monthly", 4, tuple(range(1, 13)))],
)  # fmt: skip
def test_reviews_follow_the_fiscal_year(review, start, months):
    assert review_months(Tiers(**RANKS, review=review), start) == months


def test_review_months_of_the_client_win():
    rules = Tiers(**RANKS, review="quarterly", review_months=(1, 4, 7, 10))
    assert review_months(rules, 4) == (1, 4, 7, 10)
    assert next_review(rules, date(2025, 1, 31)) == date(2025, 4, 30)


def test_a_review_falls_on_the_last_day_of_a_short_month():
    assert review_date(month_number(date(2024, 2, 10))) == date(2024, 2, 29)
    assert review_date(month_number(date(2023, 2, 10)), 30) == date(2023, 2, 28)
    assert review_date(month_number(date(2023, 4, 10)), 20) == date(2023, 4, 20)


def test_a_purchase_on_the_review_day_belongs_to_that_review():
    assert month_number(date(2024, 3, 20), 20) == month_number(date(2024, 3, 1), 20)
    assert month_number(date(2024, 3, 21), 20) == month_number(date(2024, 4, 20), 20)


def test_the_calendar_begins_when_twelve_months_lie_in_the_data():
    rules = Tiers(**RANKS, review="quarterly")
    days = calendar_of(rules, date(2022, 4, 2), MARCH_2025, 4)
    assert days[0] == date(2023, 3, 31)
    assert days[-1] == MARCH_2025
    assert len(days) == 9
    assert calendar_of(rules, date(2025, 1, 1), MARCH_2025, 4) == ()


def test_a_review_on_as_of_has_taken_place_and_the_next_one_has_not():
    rules = Tiers(**RANKS, review="yearly")
    assert calendar_of(rules, APRIL_2022, date(2025, 3, 30), 4)[-1] == date(2024, 3, 31)
    assert next_review(rules, date(2025, 3, 30), 4) == MARCH_2025
    assert next_review(rules, MARCH_2025, 4) == date(2026, 3, 31)


def test_yearly_reviews_are_counted_back_from_the_last():
    days = calendar_of(Tiers(**RANKS), APRIL_2022, MARCH_2025, 4)
    assert yearly(days) == (date(2023, 3, 31), date(2024, 3, 31), MARCH_2025)
    assert yearly(()) == ()


def test_amounts_are_resolved_to_minor_units():
    made = resolved(Tiers(**RANKS, keep=(0, 20_000, 80_000)), [MARCH_2025], scale=100)
    assert made.thresholds == (0, 3_000_000, 10_000_000)
    assert made.keep == (0, 2_000_000, 8_000_000)
    assert made.remembers
    assert not resolved(Tiers(**RANKS), [MARCH_2025]).remembers


def held(rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["rule", "review_date", "tier", "customers", "amount", "lowest", "highest"])


def history(rule: str, days, names=("R", "S", "G")) -> list[tuple]:
    ends = ((1, 0, 29_998), (2, 30_239, 99_267), (3, 100_286, 400_000))
    means = (10_000, 50_000, 150_000)
    return [(rule, day, name, 100, 100 * mean, low, high) for day in days for name, (_, low, high), mean in zip(names, ends, means, strict=True)]  # fmt: skip


FISCAL = [date(2023, 3, 31), date(2024, 3, 31), MARCH_2025]
QUARTERS = [*FISCAL, date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
BOTH = held(history("rolling_12m", QUARTERS) + history("fiscal_year", FISCAL))


def test_the_rule_whose_dates_are_those_of_the_calendar_is_chosen():
    rules = Tiers(**RANKS, basis="fiscal_year_sales", review="yearly")
    found = source.source(BOTH, Client(tiers=rules), (APRIL_2022, MARCH_2025))
    assert (found.kind, found.rule, found.reviews, found.guessed) == ("own", "fiscal_year", tuple(FISCAL), False)
    named = rules.model_copy(update={"history_rule": "rolling_12m"})
    assert source.source(BOTH, Client(tiers=named), (APRIL_2022, MARCH_2025)).rule == "rolling_12m"


def test_lines_are_read_off_a_history_without_rules():
    found = source.source(BOTH, Client(), (APRIL_2022, MARCH_2025))
    assert (found.rule, found.tiers, found.guessed) == ("rolling_12m", ("R", "S", "G"), True)
    assert found.lines == {1: 30_000, 2: 100_000}
    assert source.coming(found, Client()) == date(2025, 6, 30)


def test_tiers_whose_amounts_overlap_have_no_lines():
    rows = [("", day, name, 10, amount, 0, 500_000) for day in FISCAL for name, amount in (("A", 5), ("B", 9))]
    found = source.source(held(rows), Client(), (APRIL_2022, MARCH_2025))
    assert (found.tiers, found.lines, found.programme) == (("A", "B"), {}, None)
    assert source.coming(found, Client()) is None


def test_a_history_without_amounts_keeps_its_tiers():
    rows = [("", day, name, n, None, None, None) for day in FISCAL for name, n in (("B", 5), ("A", 90))]
    assert source.source(held(rows), Client(), (APRIL_2022, MARCH_2025)).tiers == ("A", "B")


def test_reviews_after_as_of_and_unknown_tiers_are_told_apart():
    rules = Tiers(order=("R", "S"), thresholds=(0, 30_000), review="yearly")
    found = source.source(
        held(history("", [*FISCAL, date(2026, 3, 31)])), Client(tiers=rules), (APRIL_2022, MARCH_2025)
    )
    assert found.calendar == tuple(FISCAL)
    assert found.unknown == ("G",)


def test_without_history_the_rules_and_without_rules_loyal_customers():
    rules = Tiers(**RANKS, review="yearly")
    empty = held([])
    assert source.source(empty, Client(tiers=rules), (APRIL_2022, MARCH_2025)).kind == "rules"
    loyal = source.source(empty, Client(), (APRIL_2022, date(2025, 3, 15)))
    assert (loyal.kind, loyal.tiers) == ("loyal", ("other", "semi", "loyal"))
    assert loyal.reviews == (date(2023, 3, 15), date(2024, 3, 15), date(2025, 3, 15))


@pytest.mark.parametrize("kind", source.SEGMENTS)
def test_a_segmentation_can_be_asked_for(kind):
    found = source.source(BOTH, Client(), (APRIL_2022, MARCH_2025), kind)
    assert (found.kind, found.tiers, found.lines) == (kind, source.SEGMENTS[kind], {})


def test_an_unknown_segmentation_is_an_error():
    with pytest.raises(CrmError, match=r"segments 'loyl' is not one of rank, loyal, decile, cpm, spiral. .*loyal"):
        source.source(BOTH, Client(), (APRIL_2022, MARCH_2025), "loyl")


def test_no_purchase_at_all_has_a_first_day():
    assert source.first_day(pd.NaT, MARCH_2025) == MARCH_2025
    assert source.first_day(pd.Timestamp(2024, 2, 29), MARCH_2025) == date(2024, 2, 29)
