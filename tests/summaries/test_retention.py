"""Cohort and gap counts against tables written by hand, and their laws."""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from crmlib import retention
from crmlib.retention.f2 import WINDOWS
from crmlib.summaries import orders
from crmlib.summaries import retention as summary

AS_OF = date(2024, 4, 30)
JANUARY = 2024 * 12
SCHEMA = {"customer_id": "string", "order_date": "date", "amount": "int64"}
DAYS = [
    ("a", date(2024, 1, 10)), ("a", date(2024, 1, 31)), ("a", date(2024, 3, 1)),
    ("b", date(2024, 1, 31)), ("b", date(2024, 2, 1)), ("b", date(2024, 2, 20)),
    ("c", date(2024, 2, 29)),
    ("d", date(2024, 4, 30)),
]  # fmt: skip


def occasions(days=DAYS, as_of: date = AS_OF) -> ir.Table:
    frame = pd.DataFrame([(c, d, 100) for c, d in days], columns=list(SCHEMA))
    return orders.occasions(orders.purchases(orders.days(ibis.memtable(frame, schema=SCHEMA)), as_of))


def rows(table: ir.Table) -> list[tuple]:
    return list(table.to_pandas().itertuples(index=False, name=None))


def random_days(seed: int) -> list[tuple[str, date]]:
    rng = np.random.default_rng(seed)
    drawn = zip(rng.integers(0, 60, 300), rng.integers(0, 400, 300), strict=True)
    return sorted({(f"c{c}", date(2023, 3, 1) + timedelta(days=int(d))) for c, d in drawn})


def test_cohort_sizes():
    assert rows(summary.cohort_sizes(occasions())) == [(JANUARY, 2), (JANUARY + 1, 1), (JANUARY + 3, 1)]


def test_cohort_activity_counts_each_customer_once_a_month():
    assert rows(summary.cohort_activity(occasions())) == [
        (JANUARY, 0, 2), (JANUARY, 1, 1), (JANUARY, 2, 1), (JANUARY + 1, 0, 1), (JANUARY + 3, 0, 1),
    ]  # fmt: skip


def test_gaps_have_the_gap_or_the_days_observed():
    assert rows(summary.gaps(occasions(), AS_OF)) == [
        (JANUARY, 90, 1, True, 1),  # b
        (JANUARY, 111, 21, True, 1),  # a: the second purchase, not the third
        (JANUARY + 1, 61, 61, False, 1),  # c
        (JANUARY + 3, 0, 0, False, 1),  # d, acquired on as_of
    ]


def test_a_december_cohort_reaches_into_the_next_year():
    table = occasions([("a", date(2023, 12, 31)), ("a", date(2024, 1, 1))])
    assert rows(summary.cohort_activity(table)) == [(JANUARY - 1, 0, 1), (JANUARY - 1, 1, 1)]


def test_purchases_after_as_of_change_nothing():
    early = date(2024, 2, 15)
    cut = [(c, d) for c, d in DAYS if d <= early]
    assert rows(summary.gaps(occasions(as_of=early), early)) == rows(summary.gaps(occasions(cut), early))
    assert (JANUARY, 15, 1, True, 1) in rows(summary.gaps(occasions(as_of=early), early))


@pytest.mark.parametrize("seed", [1, 2])
def test_row_order_and_names_change_nothing(seed):
    days = random_days(seed)
    names = {c: f"{997 - int(c[1:])}-x" for c, _ in days}
    other = [(names[c], d) for c, d in days[::-1]]
    for count in (summary.cohort_sizes, summary.cohort_activity, lambda table: summary.gaps(table, AS_OF)):
        assert rows(count(occasions(days))) == rows(count(occasions(other)))


def test_counts_of_two_halves_add_up_to_the_whole():
    days = random_days(3)
    halves = [[(c, d) for c, d in days if (int(c[1:]) % 2 == 0) is even] for even in (True, False)]
    keys = ["cohort", "observed", "days", "event"]
    parts = pd.concat([summary.gaps(occasions(half), AS_OF).to_pandas() for half in halves])
    whole = summary.gaps(occasions(days), AS_OF).to_pandas()
    pd.testing.assert_frame_equal(parts.groupby(keys, as_index=False)["n"].sum(), whole, check_dtype=False)
    assert whole["n"].sum() == len({c for c, _ in days})


def test_no_purchase_gives_no_rows():
    for table in (
        summary.cohort_sizes(occasions([])),
        summary.cohort_activity(occasions([])),
        summary.gaps(occasions([]), AS_OF),
    ):
        assert rows(table) == []


@pytest.mark.parametrize("dialect", ["bigquery", "databricks", "pyspark", "snowflake"])
def test_expressions_compile_for_other_engines(dialect):
    table = orders.occasions(orders.purchases(orders.days(ibis.table(SCHEMA, name="orders")), AS_OF))
    for expression in (summary.cohort_sizes(table), summary.cohort_activity(table), summary.gaps(table, AS_OF)):
        assert "SELECT" in ibis.to_sql(expression, dialect=dialect)


def test_steps_by_hand():
    """b: gaps 1 and 19; a: 21 and 30; then everybody waits. Observation of those who came again, 111 and 89 days, is rounded down."""
    assert rows(summary.steps(occasions(), AS_OF)) == [
        (2, 0, 0, False, 1), (2, 61, 61, False, 1), (2, 90, 1, True, 1), (2, 90, 21, True, 1),
        (3, 60, 19, True, 1), (3, 90, 30, True, 1), (4, 60, 60, False, 1), (4, 70, 70, False, 1),
    ]  # fmt: skip


def test_rounded_observation_reaches_the_same_windows():
    """One customer for each number of days from 0 to 800; of three, two came again after a half of these days."""
    first = [AS_OF - timedelta(days=k) for k in range(801)]
    days = [(f"c{k}", day) for k, day in enumerate(first)]
    days += [(f"c{k}", first[k] + timedelta(days=k // 2)) for k in range(2, 801) if k % 3]
    exact = summary.waits(occasions(days).filter(ibis._.ordinal == 1), AS_OF)
    found = exact.join(summary.coarse(exact), "customer_id").to_pandas()
    assert (found["observed_right"] <= found["observed"]).all()
    assert (found["observed"] - found["observed_right"]).max() < summary.STEP
    for window in WINDOWS:
        assert ((found["observed"] >= window) == (found["observed_right"] >= window)).all()
    steps = summary.steps(occasions(days), AS_OF).to_pandas()
    one, other = retention.f2(summary.gaps(occasions(days), AS_OF).to_pandas()), retention.ladder(steps)[2]
    assert (one.matured, one.curve_at, one.naive) == (other.matured, other.curve_at, other.naive)
    assert 0 <= one.curve.horizon - other.curve.horizon < summary.STEP


def test_steps_end_with_the_sixth_purchase():
    days = [("a", date(2024, 1, d)) for d in range(1, 10)]
    found = summary.steps(occasions(days), AS_OF).to_pandas()
    assert found["step"].tolist() == [2, 3, 4, 5, 6]
    assert found["event"].all()


def test_years_by_hand():
    """The last year begins on 1 May 2023, the year before it on 1 May 2022; both ends of both days."""
    days = [
        ("old", date(2022, 4, 30)), ("back", date(2022, 4, 30)), ("back", date(2024, 1, 1)),
        ("kept", date(2022, 5, 1)), ("kept", date(2023, 5, 1)), ("prior", date(2023, 4, 30)),
        ("new", date(2023, 5, 1)), ("twice", date(2024, 4, 1)), ("twice", date(2024, 4, 30)),
    ]  # fmt: skip
    found = summary.years(occasions(days), AS_OF).to_pandas().iloc[0].to_dict()
    assert found == {
        "days": 366, "known": 6, "active_last": 4, "active_prior": 2, "kept": 1, "lapsed_prior": 2, "back": 1,
        "new_last": 2, "new_repeated": 1, "second_last": 3,
    }  # fmt: skip


def test_steps_and_years_of_two_halves_add_up_to_the_whole():
    days = random_days(5)
    halves = [[(c, d) for c, d in days if (int(c[1:]) % 2 == 0) is even] for even in (True, False)]
    parts = pd.concat([summary.steps(occasions(half), AS_OF).to_pandas() for half in halves])
    whole = summary.steps(occasions(days), AS_OF).to_pandas()
    added = parts.groupby(["step", "observed", "days", "event"], as_index=False)["n"].sum()
    pd.testing.assert_frame_equal(added, whole, check_dtype=False)
    sums = sum(summary.years(occasions(half), AS_OF).to_pandas().iloc[0] for half in halves)
    one = summary.years(occasions(days), AS_OF).to_pandas().iloc[0]
    assert sums.drop("days").to_dict() == one.drop("days").to_dict()


@pytest.mark.parametrize("dialect", ["bigquery", "databricks", "pyspark", "snowflake"])
def test_the_later_counts_compile_for_other_engines(dialect):
    table = orders.occasions(orders.purchases(orders.days(ibis.table(SCHEMA, name="orders")), AS_OF))
    for expression in (summary.steps(table, AS_OF), summary.years(table, AS_OF)):
        assert "SELECT" in ibis.to_sql(expression, dialect=dialect)
