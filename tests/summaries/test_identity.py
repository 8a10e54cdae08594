"""What stands under second numbers: all but the number that bought first, of each person."""

import datetime as dt

import ibis
import pandas as pd

from crmlib.summaries import identity

AS_OF = dt.date(2025, 3, 31)
GROUPS = pd.DataFrame({"customer_id": [7, 9], "merged_id": [3, 3]})  # 3, 7 and 9 are one person


def orders(*rows):
    return ibis.memtable(pd.DataFrame(rows, columns=["customer_id", "order_date", "amount"]))


def test_the_number_that_bought_first_is_kept_whatever_it_is():
    bought = orders(
        (7, dt.date(2024, 1, 1), 100), (3, dt.date(2024, 2, 1), 20), (3, dt.date(2024, 3, 1), 30), (9, dt.date(2025, 3, 31), 4),
        (9, dt.date(2025, 4, 1), 1_000), (5, dt.date(2023, 1, 1), 50_000),
    )  # fmt: skip
    assert identity.split(bought, GROUPS, AS_OF).to_pandas().to_dict("records") == [{"customers": 2, "amount": 54}]


def test_without_pairs_nothing_is_split():
    found = identity.split(orders((3, dt.date(2024, 1, 1), 100)), GROUPS.head(0), AS_OF).to_pandas()
    assert found.to_dict("records") == [{"customers": 0, "amount": 0}]
