"""Counts for lifetime value against tables written by hand, and against pandas on random purchases."""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from crmlib.summaries import ltv as summary

CALIBRATION_END, AS_OF = date(2024, 3, 31), date(2024, 6, 30)
OCCASIONS = [
    ("a", date(2024, 1, 1), 100),
    ("a", date(2024, 2, 1), 70),
    ("a", date(2024, 5, 1), 30),
    ("b", date(2024, 3, 31), 500),
    ("c", date(2024, 3, 31), 40),
    ("d", date(2024, 4, 1), 10),
    ("d", date(2024, 4, 3), 20),
]


def table(rows) -> ir.Table:
    frame = pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"])
    return ibis.duckdb.connect().create_table("purchases", frame)


@pytest.fixture(scope="module")
def purchases() -> ir.Table:
    return table(OCCASIONS)


def rows(expression: ir.Table) -> list[tuple]:
    return list(expression.to_pandas().itertuples(index=False, name=None))


def test_patterns(purchases: ir.Table) -> None:
    assert rows(summary.patterns(purchases, AS_OF)) == [(0, 0, 91, 2), (1, 2, 90, 1), (2, 121, 181, 1)]


def test_amounts_are_those_of_the_repeats(purchases: ir.Table) -> None:
    assert rows(summary.amounts(purchases)) == [(1, 20, 1), (2, 100, 1)]


def test_values_keep_one_time_buyers_together(purchases: ir.Table) -> None:
    assert rows(summary.values(purchases, AS_OF)) == [(0, 0, 91, 0, 2), (1, 2, 90, 20, 1), (2, 121, 181, 100, 1)]


def test_holdout_leaves_later_customers_out(purchases: ir.Table) -> None:
    assert rows(summary.holdout(purchases, CALIBRATION_END)) == [(0, 0, 0, 0, 2), (1, 31, 90, 1, 1)]


def test_daily(purchases: ir.Table) -> None:
    got = [(day.date(), new, repeats) for day, new, repeats in rows(summary.daily(purchases, CALIBRATION_END))]
    march = date(2024, 3, 31)
    assert got == [(date(2024, 1, 1), 1, 0), (date(2024, 2, 1), 0, 1), (march, 2, 0), (date(2024, 5, 1), 0, 1)]


def test_first_day(purchases: ir.Table) -> None:
    assert summary.first_day(purchases).to_pandas() == pd.Timestamp(2024, 1, 1)


@pytest.fixture(scope="module")
def random_rows() -> list[tuple]:
    draw = np.random.default_rng(0)
    keys = {(f"c{draw.integers(300)}", AS_OF - timedelta(int(draw.integers(180)))) for _ in range(1500)}
    return [(customer, day, int(draw.integers(1, 9999))) for customer, day in sorted(keys)]


def test_row_order_changes_nothing(random_rows: list[tuple]) -> None:
    assert rows(summary.values(table(random_rows), AS_OF)) == rows(summary.values(table(random_rows[::-1]), AS_OF))


def test_customers_of_two_halves_add_up_to_the_whole(random_rows: list[tuple]) -> None:
    halves = [[row for row in random_rows if (int(row[0][1:]) % 2) == part] for part in (0, 1)]
    whole = summary.holdout(table(random_rows), CALIBRATION_END).to_pandas()
    parts = pd.concat([summary.holdout(table(half), CALIBRATION_END).to_pandas() for half in halves])
    added = parts.groupby(["frequency", "recency", "T", "purchases"], as_index=False)["weight"].sum()
    pd.testing.assert_frame_equal(added, whole)


def test_holdout_and_daily_tell_of_the_same_purchases(random_rows: list[tuple]) -> None:
    history = summary.holdout(table(random_rows), CALIBRATION_END).to_pandas()
    days = summary.daily(table(random_rows), CALIBRATION_END).to_pandas()
    assert days["customers"].sum() == history["weight"].sum()
    assert days["repeats"].sum() == history["weight"] @ (history["frequency"] + history["purchases"])


def test_patterns_agree_with_lifetimes(random_rows: list[tuple]) -> None:
    """lifetimes.utils.summary_data_from_transaction_data is the authority consultants know."""
    from lifetimes.utils import summary_data_from_transaction_data

    frame = pd.DataFrame(random_rows, columns=["customer_id", "order_date", "amount"])
    theirs = summary_data_from_transaction_data(
        frame, "customer_id", "order_date", "amount", observation_period_end=AS_OF
    )
    theirs["amount"] = (theirs["monetary_value"] * theirs["frequency"]).round()
    keys = ["frequency", "recency", "T", "amount"]
    grouped = theirs.astype(int).groupby(keys, as_index=False).size().rename(columns={"size": "weight"})
    pd.testing.assert_frame_equal(summary.values(table(random_rows), AS_OF).to_pandas(), grouped, check_dtype=False)
