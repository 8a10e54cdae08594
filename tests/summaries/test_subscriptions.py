"""Subscriptions counted by hand: skips, pauses, cancels, reactivation, two applications of one customer."""

from datetime import date

import ibis
import pandas as pd
import pytest

from crmlib import schema
from crmlib.summaries import subscriptions
from tests.small_store import events, store

AS_OF = date(2024, 12, 31)
NAMES = ["1", "2", "3", "4", "5", "6", "7"]
EVENTS = [
    # runs, two shipments, the third not due yet
    *events("1", 1, ("start", "2024-11-01", 0), ("ship", "2024-11-01", 1), ("ship", "2024-12-01", 2)),
    # skipped at shipment 1, then went on, then cancelled
    *events("2", 2, ("start", "2024-08-01", 0), ("ship", "2024-08-01", 1), ("skip", "2024-08-25", 1), ("ship", "2024-10-01", 2), ("cancel", "2024-10-31", 2)),
    # cancelled after the first
    *events("3", 3, ("start", "2024-10-01", 0), ("ship", "2024-10-01", 1), ("cancel", "2024-10-20", 1)),
    # the same customer's second application, paused now
    *events("4", 3, ("start", "2024-10-05", 0), ("ship", "2024-10-05", 1), ("ship", "2024-11-05", 2), ("pause", "2024-12-01", 2)),
    # cancelled, then taken up again
    *events("5", 5, ("start", "2024-06-01", 0), ("ship", "2024-06-01", 1), ("cancel", "2024-07-01", 1), ("ship", "2024-11-01", 2), ("ship", "2024-12-01", 3)),
    # begun, nothing shipped
    *events("6", 6, ("start", "2024-12-30", 0)),
    # cancelled after as_of: still running
    *events("7", 7, ("start", "2024-12-01", 0), ("ship", "2024-12-01", 1), ("cancel", "2025-01-02", 1)),
]  # fmt: skip


def tables(rows=EVENTS, as_of=AS_OF):
    history = subscriptions.history(store(subscriptions=rows).subscriptions, as_of)
    return history, subscriptions.applications(history)


def found(table):
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in table.to_pandas().itertuples(index=False, name=None)
    ]


def test_applications():
    _, applications = tables()
    frame = applications.to_pandas().set_index("subscription_id").loc[NAMES]
    assert frame["shipments"].tolist() == [2, 2, 1, 2, 3, 0, 1]
    assert frame["renewals"].tolist() == [1, 1, 0, 2, 2, 0, 0]  # a pause says that the application goes on
    assert frame["lost"].tolist() == [False, True, True, False, False, False, False]
    assert frame["returned"].tolist() == [False, False, False, False, True, False, False]


def test_tenures_in_both_units():
    _, applications = tables()
    assert found(subscriptions.tenures(applications)) == [
        (0, False, 1), (0, True, 1), (1, False, 1), (1, True, 1), (2, False, 2)
    ]  # fmt: skip
    # customer 3 goes on by the second application
    assert found(subscriptions.customer_tenures(applications)) == [
        (0, False, 1),
        (1, False, 1),
        (1, True, 1),
        (2, False, 2),
    ]


def test_the_first_interruption_of_each():
    history, applications = tables()
    assert found(subscriptions.interruptions(history, applications)) == [
        (0, None, 1), (1, "cancel", 2), (1, "skip", 1), (1, None, 1), (2, "pause", 1)
    ]  # fmt: skip


def test_opportunities_with_an_outcome():
    history, applications = tables()
    assert found(subscriptions.opportunities(history, applications)) == [
        (1, False, False, 4), (1, False, True, 1), (2, False, False, 2), (2, True, True, 1)
    ]  # fmt: skip


def test_without_shipment_numbers_they_are_counted():
    unnumbered = [{**row, "shipment": None} for row in EVENTS]
    history, applications = tables(unnumbered)
    frame = applications.to_pandas().set_index("subscription_id").loc[NAMES]
    assert frame["shipments"].tolist() == [2, 2, 1, 2, 3, 0, 1]
    assert found(subscriptions.interruptions(history, applications)) == found(subscriptions.interruptions(*tables()))


def test_row_order_and_names_change_nothing():
    other = [
        {**row, "subscription_id": "x" + row["subscription_id"], "customer_id": -row["customer_id"]}
        for row in EVENTS[::-1]
    ]
    for one, two in zip(counts(EVENTS), counts(other), strict=True):
        assert found(one) == found(two)


def counts(rows):
    history, applications = tables(rows)
    return (
        subscriptions.tenures(applications), subscriptions.customer_tenures(applications),
        subscriptions.interruptions(history, applications), subscriptions.opportunities(history, applications),
    )  # fmt: skip


def test_two_halves_add_up_to_the_whole():
    half = [row for row in EVENTS if row["customer_id"] <= 3], [row for row in EVENTS if row["customer_id"] > 3]
    for whole, *parts in zip(counts(EVENTS), counts(half[0]), counts(half[1]), strict=True):
        frames = pd.concat([part.to_pandas() for part in parts])
        keys = [name for name in frames.columns if name != "n"]
        added = frames.groupby(keys, as_index=False, dropna=False)["n"].sum()
        assert sorted(map(str, added.itertuples(index=False, name=None))) == sorted(
            map(str, whole.to_pandas().itertuples(index=False, name=None))
        )


def test_events_after_as_of_change_nothing():
    early = date(2024, 10, 15)
    cut = [row for row in EVENTS if row["event_date"] <= early]
    _, applications = tables(EVENTS, early)
    assert found(subscriptions.tenures(applications)) == found(subscriptions.tenures(tables(cut, early)[1]))


def test_rows_without_a_number_and_unknown_events_are_left_out():
    odd = [{**EVENTS[0], "subscription_id": None}, {**EVENTS[1], "event": "moved"}]
    assert found(subscriptions.tenures(tables([*EVENTS, *odd])[1])) == found(subscriptions.tenures(tables()[1]))


def test_what_a_shipment_brings():
    history, applications = tables()
    days = pd.DataFrame(
        {
            "customer_id": [1, 1, 3, 9],
            "order_date": pd.to_datetime(["2024-11-01", "2024-12-01", "2024-10-06", "2024-10-01"]).date,
            "amount": [3000, 5000, 9, 9],
        }
    )
    occasions = ibis.memtable(days, schema={"customer_id": "int64", "order_date": "date", "amount": "int64"})
    row = subscriptions.worth(history, applications, occasions, AS_OF).to_pandas().iloc[0]
    assert (row["shipments"], row["amount"], row["new_a_year"]) == (2, 8000, 7)


def test_reasons_are_counted():
    rows = [{**row, "reason": "price" if row["subscription_id"] == "3" else None} for row in EVENTS]
    assert found(subscriptions.reasons(store(subscriptions=rows).subscriptions, AS_OF)) == [(None, 2), ("price", 1)]


def test_no_subscriptions_give_no_rows():
    for table in counts([]):
        assert found(table) == []


@pytest.mark.parametrize("dialect", ["bigquery", "databricks", "pyspark", "snowflake"])
def test_expressions_compile_for_other_engines(dialect):
    table = ibis.table(dict(schema.STORE["subscriptions"]), name="subscriptions")
    history = subscriptions.history(table, AS_OF)
    applications = subscriptions.applications(history)
    for expression in (
        subscriptions.tenures(applications), subscriptions.customer_tenures(applications),
        subscriptions.interruptions(history, applications), subscriptions.opportunities(history, applications),
    ):  # fmt: skip
        assert "SELECT" in ibis.to_sql(expression, dialect=dialect)
