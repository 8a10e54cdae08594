"""One simulated client of 2,700 for the tests of ledger and pages, and some that have almost nothing."""

import datetime as dt

import pytest

from tests import simulated, small_store
from tests.retention.simulated_clients import details

AS_OF = dt.date(2024, 12, 31)
REPEATS = [(i, f"2023-{1 + i % 12:02d}-{1 + (7 * k + i) % 28:02d}") for i in range(120) for k in range(1 + i % 3)]


@pytest.fixture(scope="session")
def client():
    made = simulated.store(2700, 1)
    return details(made.store, made.as_of)


POOR = {
    "nobody": {"orders": []},
    "one customer": {"orders": small_store.orders([(1, "2024-01-01")])},
    "one day": {"orders": small_store.orders([(i, "2024-12-31") for i in range(50)])},
    "orders only": {"orders": small_store.orders(REPEATS)},
    "all censored": {
        "orders": small_store.orders(REPEATS),
        "subscriptions": [
            event for i in range(20) for event in small_store.events(str(i), i, ("start", "2024-12-05", 0), ("ship", "2024-12-05", 1))
        ],
    },
}  # fmt: skip


@pytest.fixture(scope="session", params=POOR)
def poor(request):
    return details(small_store.store(**POOR[request.param]), AS_OF)
