"""Purchase occasions, customers and months against tables written by hand."""

import subprocess
import sys
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
import pytest

from crmlib import summaries
from crmlib.errors import DataError
from crmlib.schema import STORE
from crmlib.summaries import orders as summary

AS_OF = date(2024, 12, 31)
ROWS = [
    ("o1", "a", date(2024, 1, 5), 100),
    ("o2", "a", date(2024, 1, 5), 50),  # same day: one occasion of 150
    ("o3", "a", date(2024, 3, 1), 70),
    ("o4", "b", date(2024, 2, 1), 0),  # a sample
    ("o5", "b", date(2024, 2, 9), 300),
    ("o6", "c", date(2024, 2, 9), 500),
    ("o6", "c", date(2024, 2, 9), -800),  # returned: the day sums to less than zero
    ("o7", None, date(2024, 2, 9), 900),  # guest
    ("o8", "a", date(2025, 1, 1), 999),  # after as_of
]


@pytest.fixture
def orders() -> ir.Table:
    frame = pd.DataFrame(ROWS, columns=["order_id", "customer_id", "order_date", "amount"])
    return ibis.duckdb.connect().create_table("orders", frame)


def rows(table: ir.Table) -> list[tuple]:
    frame = table.to_pandas()
    dated = frame.assign(**{c: frame[c].dt.date for c in frame.select_dtypes("datetime").columns})
    return sorted(dated.itertuples(index=False, name=None))


def customer_days(orders: ir.Table) -> ir.Table:
    return summary.purchases(summary.days(orders), AS_OF)


def test_purchases_are_customer_days(orders: ir.Table) -> None:
    assert rows(summary.purchases(summary.days(orders), AS_OF)) == [
        ("a", date(2024, 1, 5), 150),
        ("a", date(2024, 3, 1), 70),
        ("b", date(2024, 2, 9), 300),
    ]


def test_zero_amount_can_count_as_a_purchase_but_a_return_never_does(orders: ir.Table) -> None:
    kept = rows(summary.purchases(summary.days(orders), AS_OF, zero_amount="purchase"))
    assert ("b", date(2024, 2, 1), 0) in kept
    assert all(customer != "c" for customer, _, _ in kept)


def test_as_of_is_the_last_day_that_counts(orders: ir.Table) -> None:
    assert ("a", date(2025, 1, 1), 999) in rows(summary.purchases(summary.days(orders), date(2025, 1, 1)))


def test_customers(orders: ir.Table) -> None:
    assert rows(summary.customers(summary.purchases(summary.days(orders), AS_OF))) == [
        ("a", date(2024, 1, 5), date(2024, 3, 1), 1, 220, 150),
        ("b", date(2024, 2, 9), date(2024, 2, 9), 0, 300, 300),
    ]


def test_occasions_know_their_place(orders: ir.Table) -> None:
    found = rows(
        summary.occasions(summary.purchases(summary.days(orders), AS_OF)).mutate(next=ibis._["next"].fill_null(AS_OF))
    )
    assert found == [
        ("a", date(2024, 1, 5), 150, 1, date(2024, 1, 5), date(2024, 3, 1), 150),
        ("a", date(2024, 3, 1), 70, 2, date(2024, 1, 5), AS_OF, 220),
        ("b", date(2024, 2, 9), 300, 1, date(2024, 2, 9), AS_OF, 300),
    ]


def test_standing_is_customers_without_the_first_amount(orders: ir.Table) -> None:
    purchases = summary.purchases(summary.days(orders), AS_OF)
    assert rows(summary.standing(summary.occasions(purchases).cache())) == rows(
        summary.customers(purchases).drop("first_amount")
    )


def test_sums_leave_as_whole_numbers(orders: ir.Table) -> None:
    frame = summary.customers(summary.purchases(summary.days(orders), AS_OF)).to_pandas()
    assert {str(frame[c].dtype) for c in ("frequency", "amount", "first_amount")} == {"int64"}


def test_sales_by_month_counts_guests_in_sales_only(orders: ir.Table) -> None:
    january = 2024 * 12
    assert rows(summary.sales_by_month(orders, AS_OF)) == [
        (january, 2, 1, 150),
        (january + 1, 5, 2, 900),
        (january + 2, 1, 1, 70),
    ]


@pytest.mark.parametrize("dialect", ["bigquery", "databricks", "pyspark", "snowflake"])
def test_compiles_for_warehouses(orders: ir.Table, dialect: str) -> None:
    customers = summary.customers(summary.purchases(summary.days(orders), AS_OF))
    assert "GROUP BY" in str(ibis.to_sql(customers, dialect=dialect))
    assert "OVER (" in str(ibis.to_sql(summary.standing(summary.occasions(customer_days(orders))), dialect=dialect))


def test_a_client_without_a_store_is_told_what_to_do(tmp_path) -> None:
    with pytest.raises(DataError, match="there is no store\n  Hint: Run `crmlib intake` for this client first"):
        summaries.open_store(tmp_path)


def test_a_notebook_s_engine_draws_no_progress_bar(tmp_path) -> None:
    """DuckDB draws one in a notebook, on the terminal of the run."""
    (tmp_path / "store").mkdir()
    columns = {name: pd.Series(dtype="object") for name in STORE["orders"]}
    pd.DataFrame(columns).to_parquet(tmp_path / "store" / "orders.parquet")
    code = (
        "from ipykernel.zmqshell import ZMQInteractiveShell\n"
        "ZMQInteractiveShell.instance()\n"
        "import sys, duckdb\n"
        "from crmlib import summaries\n"
        "asked = \"SELECT current_setting('enable_progress_bar')\"\n"
        "ours = summaries.open_store(sys.argv[1]).orders.get_backend().con\n"
        "print(duckdb.connect().execute(asked).fetchone(), ours.execute(asked).fetchone())"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(True,) (False,)"
