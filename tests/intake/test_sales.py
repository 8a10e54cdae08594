"""Months from the first purchase to as_of."""

import datetime as dt

import pandas as pd
import pytest

from crmlib.intake import MonthlySales, monthly_sales

START = 2024 * 12 + 10  # 2024-11


def sales(counts: dict[int, tuple[int, int]], last: str, as_of: str) -> MonthlySales:
    months = pd.DataFrame(
        [(START + k, rows, 1, amount) for k, (rows, amount) in counts.items()],
        columns=["month", "rows", "customers", "amount"],
    )
    whole = {
        "rows": 3,
        "orders": 0,
        "customers": 2,
        "guest_rows": 1,
        "first": pd.Timestamp("2024-11-03"),
        "last": pd.Timestamp(last),
        "amount": 0,
    }
    return monthly_sales(months, pd.DataFrame([whole]), dt.date.fromisoformat(as_of), 100)


def test_months_without_a_purchase_are_zero_and_years_add_up() -> None:
    found = sales({0: (1, 1000), 2: (2, 550)}, "2025-01-20", "2025-01-31")
    assert found.months == ("2024-11", "2024-12", "2025-01")
    assert found.amounts.tolist() == [10.0, 0.0, 5.5]
    assert found.by_year() == {"2024": (10.0, 1), "2025": (5.5, 2)}
    assert (found.empty, found.partial, found.state) == (1, False, "gaps")


@pytest.mark.parametrize(
    ("as_of", "state", "partial"),
    [
        ("2024-12-31", "steady", False),
        ("2025-01-20", "gaps", True),
        ("2025-01-21", "stale", True),
        ("2024-12-30", "steady", True),
    ],
)
def test_state(as_of: str, state: str, partial: bool) -> None:
    found = sales({0: (1, 1000), 1: (1, 1)}, "2024-12-20", as_of)
    assert (found.state, found.partial) == (state, partial)
