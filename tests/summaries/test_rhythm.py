"""Gaps between purchases of the same product, by hand."""

from datetime import date

from crmlib.summaries import orders, rhythm
from tests.small_store import orders as order_rows
from tests.small_store import store

AS_OF = date(2024, 6, 30)
LINES = [
    (1, "2024-01-01", "a", 100), (1, "2024-01-31", "a", 100), (1, "2024-01-31", "a", 100), (1, "2024-03-01", "a", 100),
    (1, "2024-02-10", "b", 100), (2, "2024-01-05", "a", 100), (2, "2024-01-15", "a", -100), (2, "2024-07-15", "a", 100),
    (None, "2024-01-05", "a", 100), (3, "2024-01-05", None, 100),
]  # fmt: skip


def pairs(**tables):
    built = store(orders=order_rows([(1, "2024-01-01"), (1, "2024-01-11"), (2, "2024-02-01")]), **tables)
    return rhythm.pairs(built, orders.purchases(built.days, AS_OF), AS_OF)


def rows(table):
    return sorted(table.to_pandas().itertuples(index=False, name=None))


def test_gaps_by_customer_and_product():
    """Returns are no purchase, several lines of a day are one, later days and unknown customers or products are left out."""
    lines = [
        dict(zip(("customer_id", "order_date", "product_id", "amount"), (c, date.fromisoformat(d), p, a), strict=True))
        for c, d, p, a in LINES
    ]
    found = pairs(order_lines=lines)
    assert rows(found) == [(1, "a", 2, 60, 1800, 121), (1, "b", 0, 0, 0, 141), (2, "a", 0, 0, 0, 177)]
    assert rows(rhythm.rhythm(found)) == [("a", 0, 0, 1, 0), ("a", 2, 60, 1, 1800), ("b", 0, 0, 1, 0)]


def test_without_lines_everything_is_one_product():
    assert rows(pairs()) == [(1, "", 1, 10, 100, 171), (2, "", 0, 0, 0, 150)]
